// The course of a meeting: its phases, who agreed to the statement, where the table is with each family, and
// what was done to the agenda. All of it facts: rows are added, never changed; the database sees to it.
import { sql } from 'drizzle-orm';
import { boolean, check, date, index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { id, now } from './columns.ts';
import { familyMembers } from './families.ts';
import { users } from './identity.ts';
import { cards, meetings } from './meetings.ts';

const ofMeeting = {
  id: id(),
  meetingId: uuid()
    .notNull()
    .references(() => meetings.id),
  by: uuid()
    .notNull()
    .references(() => users.id),
  at: now()
};
const ofCard = {
  id: id(),
  cardId: uuid()
    .notNull()
    .references(() => cards.id),
  by: uuid()
    .notNull()
    .references(() => users.id),
  at: now()
};

export const meetingPhases = pgTable(
  'meeting_phases',
  { ...ofMeeting, phase: text({ enum: ['open', 'break', 'closing', 'closed'] }).notNull() },
  (t) => [
    index('meeting_phases_meeting').on(t.meetingId, t.at),
    check('meeting_phases_phase', sql`${t.phase} in ('open', 'break', 'closing', 'closed')`)
  ]
);

/** The confidentiality statement: read aloud to the room, or not after all, or agreed to by a person, as it read then. */
export const statementActs = pgTable(
  'statement_acts',
  {
    ...ofMeeting,
    act: text({ enum: ['read', 'not-read', 'agreed'] }).notNull(),
    /** The statement's words, as SHA-256 in hex. */
    reading: text().notNull()
  },
  (t) => [
    index('statement_acts_meeting').on(t.meetingId, t.at),
    check('statement_acts_act', sql`${t.act} in ('read', 'not-read', 'agreed')`)
  ]
);

export const cardStages = pgTable(
  'card_stages',
  {
    ...ofCard,
    stage: text({ enum: ['new', 'information', 'analysis', 'ratings', 'conclusion', 'plan'] }).notNull()
  },
  (t) => [
    index('card_stages_card').on(t.cardId, t.at),
    check(
      'card_stages_stage',
      sql`${t.stage} in ('new', 'information', 'analysis', 'ratings', 'conclusion', 'plan')`
    )
  ]
);

/** What was done to a family's place on the agenda while the meeting went on. */
export const agendaActs = pgTable(
  'agenda_acts',
  {
    ...ofCard,
    act: text({ enum: ['moved', 'parked', 'taken-back', 'withdrawn', 'put-back'] }).notNull(),
    reason: text()
  },
  (t) => [
    index('agenda_acts_card').on(t.cardId, t.at),
    check('agenda_acts_act', sql`${t.act} in ('moved', 'parked', 'taken-back', 'withdrawn', 'put-back')`),
    check('agenda_acts_reason', sql`${t.act} <> 'withdrawn' or ${t.reason} is not null`)
  ]
);

/** Two families on one agenda are linked, or no longer: the newest row of a pair stands. */
export const cardLinks = pgTable(
  'card_links',
  {
    ...ofCard,
    withCardId: uuid()
      .notNull()
      .references(() => cards.id),
    linked: boolean().notNull(),
    /** They are taken together: one stands after the other on the agenda. */
    together: boolean().notNull(),
    reason: text().notNull()
  },
  (t) => [
    index('card_links_card').on(t.cardId),
    index('card_links_with').on(t.withCardId),
    check('card_links_order', sql`${t.cardId} < ${t.withCardId}`)
  ]
);

/** A family member added at the table, or one whose name, role or birth was mended; how they read before stays here. */
export const memberChanges = pgTable(
  'member_changes',
  {
    ...ofCard,
    memberId: uuid()
      .notNull()
      .references(() => familyMembers.id),
    act: text({ enum: ['added', 'mended', 'taken-off'] }).notNull(),
    reason: text().notNull(),
    forenames: text(),
    surname: text(),
    role: text({ enum: ['victim', 'harming', 'child', 'unborn', 'other'] }).notNull(),
    born: date({ mode: 'string' }),
    wasForenames: text(),
    wasSurname: text(),
    wasRole: text({ enum: ['victim', 'harming', 'child', 'unborn', 'other'] }),
    wasBorn: date({ mode: 'string' })
  },
  (t) => [
    index('member_changes_member').on(t.memberId),
    check('member_changes_act', sql`${t.act} in ('added', 'mended', 'taken-off')`)
  ]
);
