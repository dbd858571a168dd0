// Amendments of decisions: what a later version amends, what of late edits and proposed corrections it took in.
// Rows are added, never changed; triggers in the migrations hold that.
import { sql } from 'drizzle-orm';
import { check, index, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { at, id, now } from './columns.ts';
import { decisions } from './decisions.ts';
import { agencies, users } from './identity.ts';
import { cards } from './meetings.ts';
import { lateEdits } from './sync.ts';

/** One row for each decision of a version after the first. A version is amended once: by the next. */
export const amendments = pgTable(
  'amendments',
  {
    decisionId: uuid()
      .primaryKey()
      .references(() => decisions.id),
    amends: uuid()
      .notNull()
      .references(() => decisions.id),
    by: uuid()
      .notNull()
      .references(() => users.id),
    at: at().notNull(),
    reason: text().notNull()
  },
  (t) => [unique('amendments_once').on(t.amends)]
);

/** What somebody at the card would have corrected in the record: a note to the chair, in no decision. */
export const proposedCorrections = pgTable(
  'proposed_corrections',
  {
    id: id(),
    cardId: uuid()
      .notNull()
      .references(() => cards.id),
    by: uuid()
      .notNull()
      .references(() => users.id),
    agencyId: uuid().references(() => agencies.id),
    at: now(),
    /** The part of the card that it is about; null: the record as a whole. */
    section: text(),
    key: text(),
    words: text().notNull()
  },
  (t) => [index('proposed_corrections_card').on(t.cardId, t.at)]
);

/** A late edit, or a proposed correction, is taken in once. */
export const takenIn = pgTable(
  'taken_in',
  {
    id: id(),
    decisionId: uuid()
      .notNull()
      .references(() => decisions.id),
    lateEditId: uuid()
      .unique()
      .references(() => lateEdits.id),
    proposalId: uuid()
      .unique()
      .references(() => proposedCorrections.id)
  },
  (t) => [
    index('taken_in_decision').on(t.decisionId),
    check('taken_in_one', sql`num_nonnulls(${t.lateEditId}, ${t.proposalId}) = 1`)
  ]
);
