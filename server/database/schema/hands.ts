// What is said at the table with a hand or for a neighbour: hands raised and lowered, and a laptop that two
// agencies share. Rows are added, never changed; the newest of its kind stands.
import { sql } from 'drizzle-orm';
import { check, index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { id, now } from './columns.ts';
import { agencies, users } from './identity.ts';
import { meetings } from './meetings.ts';

const said = {
  id: id(),
  meetingId: uuid()
    .notNull()
    .references(() => meetings.id),
  by: uuid()
    .notNull()
    .references(() => users.id),
  at: now()
};

export const hands = pgTable(
  'hands',
  {
    ...said,
    userId: uuid().references(() => users.id),
    /** Someone without a board, as attendance names them. */
    name: text(),
    agencyId: uuid().references(() => agencies.id),
    act: text({ enum: ['raised', 'lowered'] }).notNull()
  },
  (t) => [
    index('hands_meeting').on(t.meetingId, t.at),
    check('hands_who', sql`(${t.userId} is null) <> (${t.name} is null)`),
    check('hands_act', sql`${t.act} in ('raised', 'lowered')`)
  ]
);

export const laptops = pgTable(
  'laptops',
  {
    ...said,
    /** At whose laptop. */
    userId: uuid()
      .notNull()
      .references(() => users.id),
    /** For which agency, beside their own. */
    agencyId: uuid()
      .notNull()
      .references(() => agencies.id),
    act: text({ enum: ['shared', 'ended'] }).notNull()
  },
  (t) => [
    index('laptops_meeting').on(t.meetingId, t.at),
    check('laptops_act', sql`${t.act} in ('shared', 'ended')`)
  ]
);
