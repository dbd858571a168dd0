// Decisions: numbered, chained and never changed. Triggers in the migrations hold what is said here.
import { sql } from 'drizzle-orm';
import { boolean, date, integer, index, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { at, id, now } from './columns.ts';
import { familyMembers } from './families.ts';
import { agencies, areas, users } from './identity.ts';
import { cards, meetings } from './meetings.ts';

/** The head of an area's chain, stored apart so that a removed last row is found too. Its row is locked by every lock. */
export const decisionHeads = pgTable('decision_heads', {
  areaId: uuid()
    .primaryKey()
    .references(() => areas.id),
  number: integer().notNull(),
  hash: text().notNull()
});

export const decisions = pgTable(
  'decisions',
  {
    id: id(),
    areaId: uuid()
      .notNull()
      .references(() => areas.id),
    number: integer().notNull(),
    meetingId: uuid()
      .notNull()
      .references(() => meetings.id),
    cardId: uuid()
      .notNull()
      .references(() => cards.id),
    /** 1 is the lock's; an amendment adds the next. */
    version: integer().notNull(),
    schemaVersion: integer().notNull(),
    salt: text().notNull(),
    /** SHA-256, hex, over salt, canonical content and the predecessor's hash. */
    hash: text().notNull(),
    previousHash: text().notNull(),
    lockedBy: uuid()
      .notNull()
      .references(() => users.id),
    lockedAt: at().notNull()
  },
  (t) => [
    unique('decisions_number').on(t.areaId, t.number),
    unique('decisions_version').on(t.cardId, t.version),
    index('decisions_meeting').on(t.meetingId)
  ]
);

/** The content as RFC 8785 text, apart from its row so that a lawful erasure leaves the chain whole. */
export const decisionContents = pgTable('decision_contents', {
  decisionId: uuid()
    .primaryKey()
    .references(() => decisions.id),
  canonical: text().notNull()
});

/** Actions as they stood at the lock. An action nobody accepted has no agency that is bound by it. */
export const actions = pgTable(
  'actions',
  {
    id: id(),
    areaId: uuid()
      .notNull()
      .references(() => areas.id),
    decisionId: uuid()
      .notNull()
      .references(() => decisions.id),
    cardId: uuid()
      .notNull()
      .references(() => cards.id),
    actionId: text().notNull(),
    what: text().notNull(),
    memberId: uuid().references(() => familyMembers.id),
    agencyId: uuid().references(() => agencies.id),
    due: date({ mode: 'string' }),
    accepted: boolean().notNull()
  },
  (t) => [
    unique('actions_once').on(t.decisionId, t.actionId),
    index('actions_agency').on(t.areaId, t.agencyId)
  ]
);

/** Who looked at what, when and what for; who was connected; who did what. Added to, never changed. */
export const auditEvents = pgTable(
  'audit_events',
  {
    id: id(),
    areaId: uuid()
      .notNull()
      .references(() => areas.id),
    at: now(),
    /** Null only for what the server did by itself. */
    userId: uuid().references(() => users.id),
    sessionId: uuid(),
    act: text().notNull(),
    purpose: text().notNull(),
    familyId: uuid(),
    meetingId: uuid(),
    cardId: uuid(),
    /** Ids and counts only, never a family's words. */
    detail: jsonb().$type<Record<string, unknown>>().notNull().default({})
  },
  (t) => [
    index('audit_events_area').on(t.areaId, t.at),
    index('audit_events_card').on(t.cardId),
    /** Who was connected to a meeting when, which reports are reckoned from. */
    index('audit_events_connections')
      .on(t.meetingId, t.at)
      .where(sql`${t.cardId} is null and ${t.act} in ('connected', 'disconnected')`)
  ]
);
