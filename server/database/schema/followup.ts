// What is said of a locked decision's actions afterwards, and whom its outcome was told to. Rows are added, never
// changed, and triggers in the migrations hold that: the newest stands, the rest is its history. An action is
// named by its card and its id in the plan, so that an amended decision's actions keep their history.
import { sql } from 'drizzle-orm';
import { boolean, check, date, index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { id, now } from './columns.ts';
import { familyMembers } from './families.ts';
import { agencies, areas, users } from './identity.ts';
import { cards } from './meetings.ts';

const said = {
  id: id(),
  areaId: uuid()
    .notNull()
    .references(() => areas.id),
  cardId: uuid()
    .notNull()
    .references(() => cards.id),
  by: uuid()
    .notNull()
    .references(() => users.id),
  at: now()
};

/** What became of an action, as the agency that has it says. */
export const actionUpdates = pgTable(
  'action_updates',
  {
    ...said,
    actionId: text().notNull(),
    /** Whose action it was then; null: nobody's. */
    agencyId: uuid().references(() => agencies.id),
    state: text({ enum: ['open', 'done', 'not-possible', 'not-done'] }).notNull(),
    /** The day on which it was so. */
    on: date({ mode: 'string' }).notNull(),
    note: text(),
    /** Written down by the coordinator for the agency. */
    noted: boolean().notNull()
  },
  (t) => [
    index('action_updates_card').on(t.cardId, t.at),
    index('action_updates_area').on(t.areaId),
    check('action_updates_note', sql`${t.state} in ('open', 'done') or ${t.note} is not null`)
  ]
);

/** An agency's answer, after the lock, to an action that nobody had accepted. It changes nothing of the decision. */
export const actionAnswers = pgTable(
  'action_answers',
  {
    ...said,
    actionId: text().notNull(),
    agencyId: uuid()
      .notNull()
      .references(() => agencies.id),
    answer: text({ enum: ['accepted', 'declined'] }).notNull(),
    due: date({ mode: 'string' }),
    reason: text()
  },
  (t) => [
    index('action_answers_card').on(t.cardId, t.at),
    index('action_answers_area').on(t.areaId),
    check('action_answers_reason', sql`${t.answer} = 'accepted' or ${t.reason} is not null`)
  ]
);

/** Whether the outcome was told to a victim or to the referrer. How it was told is of the protected class. */
export const outcomeTellings = pgTable(
  'outcome_tellings',
  {
    ...said,
    whom: text({ enum: ['victim', 'referrer'] }).notNull(),
    /** Which victim; null for the referrer. */
    memberId: uuid().references(() => familyMembers.id),
    agencyId: uuid().references(() => agencies.id),
    /** `open` takes back what was said before. */
    told: text({ enum: ['told', 'not-safe', 'open'] }).notNull(),
    on: date({ mode: 'string' }).notNull(),
    how: text()
  },
  (t) => [
    index('outcome_tellings_card').on(t.cardId, t.at),
    check('outcome_tellings_whom', sql`(${t.whom} = 'victim') = (${t.memberId} is not null)`)
  ]
);

/** That an agency was reminded. How many actions it was told of is not kept: not everybody may know. */
export const reminders = pgTable(
  'reminders',
  {
    id: id(),
    areaId: uuid()
      .notNull()
      .references(() => areas.id),
    agencyId: uuid()
      .notNull()
      .references(() => agencies.id),
    way: text({ enum: ['copied', 'mail'] }).notNull(),
    by: uuid()
      .notNull()
      .references(() => users.id),
    at: now()
  },
  (t) => [index('reminders_area').on(t.areaId, t.at)]
);
