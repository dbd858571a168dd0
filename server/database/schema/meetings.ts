// Meetings, the cards on their agendas, and the facts that people state at them.
// Facts are rows that are added, never changed: the newest of its kind stands, the rest is its history.
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid
} from 'drizzle-orm/pg-core';
import { at, id, now } from './columns.ts';
import { cases, families, familyMembers } from './families.ts';
import { agencies, areas, users } from './identity.ts';

export const meetings = pgTable(
  'meetings',
  {
    id: id(),
    areaId: uuid()
      .notNull()
      .references(() => areas.id),
    startsAt: at().notNull(),
    place: text().notNull(),
    videoLink: text(),
    chairId: uuid()
      .notNull()
      .references(() => users.id),
    deputyId: uuid().references(() => users.id),
    /** Who holds the chair now. */
    heldBy: uuid()
      .notNull()
      .references(() => users.id),
    state: text({ enum: ['planned', 'open', 'closed'] })
      .notNull()
      .default('planned'),
    currentCardId: uuid(),
    /** The confidentiality statement as it read when the meeting opened. */
    statement: text(),
    /** The minutes planned for each family, as the area's setting stood when the meeting opened. */
    minutesPerFamily: integer(),
    openedAt: at(),
    closedAt: at(),
    closeReason: text(),
    createdBy: uuid()
      .notNull()
      .references(() => users.id),
    createdAt: now()
  },
  (t) => [
    index('meetings_area').on(t.areaId, t.startsAt),
    check('meetings_state', sql`${t.state} in ('planned', 'open', 'closed')`)
  ]
);

export const meetingObservers = pgTable(
  'meeting_observers',
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

/** Who held the chair from when, and by which act. */
export const chairHistory = pgTable(
  'chair_history',
  {
    id: id(),
    meetingId: uuid()
      .notNull()
      .references(() => meetings.id),
    userId: uuid()
      .notNull()
      .references(() => users.id),
    act: text({ enum: ['named', 'taken', 'given'] }).notNull(),
    by: uuid()
      .notNull()
      .references(() => users.id),
    at: now()
  },
  (t) => [index('chair_history_meeting').on(t.meetingId)]
);

/** A case at one meeting: one live document. */
export const cards = pgTable(
  'cards',
  {
    id: id(),
    areaId: uuid()
      .notNull()
      .references(() => areas.id),
    meetingId: uuid()
      .notNull()
      .references(() => meetings.id),
    caseId: uuid()
      .notNull()
      .references(() => cases.id),
    familyId: uuid()
      .notNull()
      .references(() => families.id),
    position: integer().notNull(),
    /** Grows with every fact stated on the card. */
    version: integer().notNull().default(0),
    shownAt: at(),
    revealedAt: at(),
    lockedAt: at(),
    notReachedAt: at(),
    withdrawnAt: at()
  },
  (t) => [
    uniqueIndex('cards_case')
      .on(t.meetingId, t.caseId)
      .where(sql`${t.withdrawnAt} is null`),
    index('cards_meeting').on(t.meetingId, t.position),
    index('cards_case_all').on(t.caseId)
  ]
);

export const cardMembers = pgTable(
  'card_members',
  {
    cardId: uuid()
      .notNull()
      .references(() => cards.id),
    memberId: uuid()
      .notNull()
      .references(() => familyMembers.id),
    position: integer().notNull()
  },
  (t) => [primaryKey({ columns: [t.cardId, t.memberId] })]
);

export const cardAgencies = pgTable(
  'card_agencies',
  {
    cardId: uuid()
      .notNull()
      .references(() => cards.id),
    agencyId: uuid()
      .notNull()
      .references(() => agencies.id)
  },
  (t) => [primaryKey({ columns: [t.cardId, t.agencyId] })]
);

/** A conflict of interest: for this person the card does not exist. */
export const conflicts = pgTable(
  'conflicts',
  {
    id: id(),
    cardId: uuid()
      .notNull()
      .references(() => cards.id),
    userId: uuid()
      .notNull()
      .references(() => users.id),
    declaredBy: uuid()
      .notNull()
      .references(() => users.id),
    at: now()
  },
  (t) => [unique('conflicts_once').on(t.cardId, t.userId)]
);

export const attendance = pgTable(
  'attendance',
  {
    id: id(),
    meetingId: uuid()
      .notNull()
      .references(() => meetings.id),
    cardId: uuid().references(() => cards.id),
    userId: uuid().references(() => users.id),
    name: text(),
    agencyId: uuid().references(() => agencies.id),
    mode: text({ enum: ['room', 'remote', 'papers', 'apologies', 'left'] }).notNull(),
    by: uuid()
      .notNull()
      .references(() => users.id),
    at: now()
  },
  (t) => [
    index('attendance_meeting').on(t.meetingId, t.at),
    check('attendance_who', sql`(${t.userId} is null) <> (${t.name} is null)`)
  ]
);

/** A command done once, however often it is sent. */
export const commands = pgTable(
  'commands',
  {
    userId: uuid()
      .notNull()
      .references(() => users.id),
    commandId: text().notNull(),
    bodyHash: text().notNull(),
    result: jsonb().$type<unknown>(),
    at: now()
  },
  (t) => [primaryKey({ columns: [t.userId, t.commandId] })]
);

const stated = {
  id: id(),
  cardId: uuid()
    .notNull()
    .references(() => cards.id),
  by: uuid()
    .notNull()
    .references(() => users.id),
  at: now()
};

/** The agency at whose laptop it was stated for another in the same room; null: at its own, or by the coordinator. */
const laptopOf = () => uuid().references(() => agencies.id);

export const recordStates = pgTable(
  'record_states',
  {
    ...stated,
    memberId: uuid()
      .notNull()
      .references(() => familyMembers.id),
    agencyId: uuid()
      .notNull()
      .references(() => agencies.id),
    /** Null takes an earlier answer back: nothing said yet. */
    record: text({ enum: ['known', 'none', 'not-searched', 'cannot-say'] }),
    searched: jsonb().$type<{ systems: string; from: string; to: string }>(),
    reason: text(),
    /** Written by the coordinator for an agency that spoke without a keyboard. */
    noted: boolean().notNull(),
    laptopOf: laptopOf(),
    afterReveal: boolean().notNull()
  },
  (t) => [index('record_states_card').on(t.cardId, t.at)]
);

export const ratings = pgTable(
  'ratings',
  {
    ...stated,
    /** Null: the family as a whole. */
    memberId: uuid().references(() => familyMembers.id),
    agencyId: uuid()
      .notNull()
      .references(() => agencies.id),
    rating: text({ enum: ['blue', 'red', 'amber', 'green'] }),
    basis: text({ enum: ['own-record', 'heard'] }),
    reason: text(),
    noted: boolean().notNull(),
    laptopOf: laptopOf(),
    afterReveal: boolean().notNull()
  },
  (t) => [index('ratings_card').on(t.cardId, t.at)]
);

export const jointRatings = pgTable(
  'joint_ratings',
  {
    ...stated,
    memberId: uuid().references(() => familyMembers.id),
    rating: text({ enum: ['blue', 'red', 'amber', 'green'] }).notNull(),
    reason: text().notNull()
  },
  (t) => [index('joint_ratings_card').on(t.cardId, t.at)]
);

export const dissents = pgTable(
  'dissents',
  {
    ...stated,
    memberId: uuid().references(() => familyMembers.id),
    agencyId: uuid().references(() => agencies.id),
    laptopOf: laptopOf(),
    /** Null: the agency agrees by now. */
    reason: text()
  },
  (t) => [index('dissents_card').on(t.cardId, t.at)]
);

/** An agency's answer to an action as it read: the reading is the hash of the words, owner and date accepted. */
export const acceptances = pgTable(
  'acceptances',
  {
    ...stated,
    actionId: text().notNull(),
    agencyId: uuid()
      .notNull()
      .references(() => agencies.id),
    answer: text({ enum: ['accepted', 'declined', 'taken-back'] }).notNull(),
    reading: text(),
    reason: text()
  },
  (t) => [
    index('acceptances_card').on(t.cardId, t.at),
    check('acceptances_reading', sql`(${t.answer} = 'accepted') = (${t.reading} is not null)`)
  ]
);

/** An agency read what the coordinator noted for it, up to this point of the journal, and stands by it. */
export const noteConfirmations = pgTable('note_confirmations', {
  ...stated,
  agencyId: uuid()
    .notNull()
    .references(() => agencies.id),
  seq: integer().notNull()
});
