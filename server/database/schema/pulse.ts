// The two questions at the end of a meeting. What was answered and who answered stand apart, and nothing leads from
// the one to the other: answers are counted up in place, by month and by how people sat, and who answered has
// neither a time nor an id of its own. See docs/decisions/015-a-pulse-without-names.md.
import { sql } from 'drizzle-orm';
import { check, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { areas, users } from './identity.ts';
import { meetings } from './meetings.ts';

const times = () => integer().notNull().default(0);

export const pulseCounts = pgTable(
  'pulse_counts',
  {
    areaId: uuid()
      .notNull()
      .references(() => areas.id),
    /** London's month in which the meeting was opened, YYYY-MM. */
    month: text().notNull(),
    mode: text({ enum: ['room', 'remote'] }).notNull(),
    followYes: times(),
    followPartly: times(),
    followNo: times(),
    heardYes: times(),
    heardPartly: times(),
    heardNo: times()
  },
  (t) => [
    primaryKey({ columns: [t.areaId, t.month, t.mode] }),
    check('pulse_counts_mode', sql`${t.mode} in ('room', 'remote')`)
  ]
);

/** Who has answered, so that nobody is asked or counted twice. */
export const pulseAnswered = pgTable(
  'pulse_answered',
  {
    meetingId: uuid()
      .notNull()
      .references(() => meetings.id),
    userId: uuid()
      .notNull()
      .references(() => users.id)
  },
  (t) => [primaryKey({ columns: [t.meetingId, t.userId] })]
);
