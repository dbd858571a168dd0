// Time as a meeting spends it: from when on which family was at the table, and what the chair added to a
// family's minutes. Rows are added, never changed; a turn ends where the next one begins.
import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, uuid } from 'drizzle-orm/pg-core';
import { id, now } from './columns.ts';
import { users } from './identity.ts';
import { cards, meetings } from './meetings.ts';

export const turns = pgTable(
  'turns',
  {
    id: id(),
    meetingId: uuid()
      .notNull()
      .references(() => meetings.id),
    /** Null: from here on no family is at the table. */
    cardId: uuid().references(() => cards.id),
    by: uuid()
      .notNull()
      .references(() => users.id),
    at: now()
  },
  (t) => [index('turns_meeting').on(t.meetingId, t.at)]
);

export const addedMinutes = pgTable(
  'added_minutes',
  {
    id: id(),
    cardId: uuid()
      .notNull()
      .references(() => cards.id),
    /** Below 0: taken back again. */
    minutes: integer().notNull(),
    by: uuid()
      .notNull()
      .references(() => users.id),
    at: now()
  },
  (t) => [
    index('added_minutes_card').on(t.cardId),
    check('added_minutes_some', sql`${t.minutes} between -60 and 60 and ${t.minutes} <> 0`)
  ]
);
