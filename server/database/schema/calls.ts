// Calls to those who are not at the table: asking somebody in, what they answered, and when they came and went.
// Rows are added, never changed; a call stands as its last step says.
import { sql } from 'drizzle-orm';
import { boolean, check, index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { id, now } from './columns.ts';
import { agencies, users } from './identity.ts';
import { cards, meetings } from './meetings.ts';

export const calls = pgTable(
  'calls',
  {
    id: id(),
    meetingId: uuid()
      .notNull()
      .references(() => meetings.id),
    cardId: uuid()
      .notNull()
      .references(() => cards.id),
    /** One person is asked, or whoever of an agency answers first. */
    userId: uuid().references(() => users.id),
    agencyId: uuid().references(() => agencies.id),
    by: uuid()
      .notNull()
      .references(() => users.id),
    at: now()
  },
  (t) => [
    index('calls_meeting').on(t.meetingId, t.at),
    check('calls_whom', sql`(${t.userId} is null) <> (${t.agencyId} is null)`)
  ]
);

export const callSteps = pgTable(
  'call_steps',
  {
    id: id(),
    callId: uuid()
      .notNull()
      .references(() => calls.id),
    step: text({ enum: ['coming', 'in-5', 'cannot', 'in', 'out', 'withdrawn'] }).notNull(),
    reason: text(),
    by: uuid()
      .notNull()
      .references(() => users.id),
    at: now()
  },
  (t) => [
    index('call_steps_call').on(t.callId, t.at),
    check('call_steps_step', sql`${t.step} in ('coming', 'in-5', 'cannot', 'in', 'out', 'withdrawn')`)
  ]
);

/** A remote person says whether nobody can overhear; the newest row of theirs stands. */
export const overhearConfirmations = pgTable(
  'overhear_confirmations',
  {
    id: id(),
    meetingId: uuid()
      .notNull()
      .references(() => meetings.id),
    userId: uuid()
      .notNull()
      .references(() => users.id),
    /** False: somebody can overhear by now. */
    alone: boolean().notNull().default(true),
    at: now()
  },
  (t) => [index('overhear_confirmations_meeting').on(t.meetingId, t.at)]
);
