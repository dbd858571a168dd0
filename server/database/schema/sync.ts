// Live documents and the journal that makes them durable.
import { bigint, index, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import { at, bytes, id, now } from './columns.ts';
import { areas, users } from './identity.ts';
import { cards, meetings } from './meetings.ts';

export const documents = pgTable(
  'documents',
  {
    id: id(),
    areaId: uuid()
      .notNull()
      .references(() => areas.id),
    meetingId: uuid()
      .notNull()
      .references(() => meetings.id),
    cardId: uuid()
      .notNull()
      .references(() => cards.id),
    /** As on the wire: cards/<cardId>, protected/<cardId>. */
    name: text().notNull().unique(),
    lockedAt: at()
  },
  (t) => [index('documents_card').on(t.cardId)]
);

/** Every update that was ever shown to anyone, in order. Rows are added, never changed. */
export const journal = pgTable(
  'journal',
  {
    documentId: uuid()
      .notNull()
      .references(() => documents.id),
    seq: bigint({ mode: 'number' }).notNull(),
    update: bytes().notNull(),
    /** Null: the server itself (the sections it makes when the document is created). */
    userId: uuid().references(() => users.id),
    sessionId: uuid(),
    sections: text().array().notNull(),
    /** Yjs client ids whose new structs the update carries. */
    authors: bigint({ mode: 'number' }).array().notNull(),
    at: now()
  },
  (t) => [primaryKey({ columns: [t.documentId, t.seq] })]
);

/** A base compacted from the journal up to `seq`, beside it and never instead of it. */
export const documentStates = pgTable('document_states', {
  documentId: uuid()
    .primaryKey()
    .references(() => documents.id),
  seq: bigint({ mode: 'number' }).notNull(),
  state: bytes().notNull(),
  at: now()
});

/** A Yjs client id belongs, per document, to the first user who used it. */
export const clientIds = pgTable(
  'client_ids',
  {
    documentId: uuid()
      .notNull()
      .references(() => documents.id),
    client: bigint({ mode: 'number' }).notNull(),
    userId: uuid()
      .notNull()
      .references(() => users.id),
    at: now()
  },
  (t) => [primaryKey({ columns: [t.documentId, t.client] })]
);

/** Refused bytes, kept as evidence and never applied. */
export const quarantine = pgTable(
  'quarantine',
  {
    id: id(),
    documentId: uuid()
      .notNull()
      .references(() => documents.id),
    userId: uuid()
      .notNull()
      .references(() => users.id),
    sessionId: uuid().notNull(),
    reason: text().notNull(),
    section: text(),
    update: bytes().notNull(),
    at: now()
  },
  (t) => [index('quarantine_document').on(t.documentId)]
);

/** Edits that arrived after the lock: kept with their author and times, in no decision. */
export const lateEdits = pgTable(
  'late_edits',
  {
    id: id(),
    documentId: uuid()
      .notNull()
      .references(() => documents.id),
    cardId: uuid()
      .notNull()
      .references(() => cards.id),
    userId: uuid()
      .notNull()
      .references(() => users.id),
    sessionId: uuid().notNull(),
    update: bytes().notNull(),
    hash: text().notNull(),
    sections: text().array().notNull(),
    /** When the author's device says it was written; null where it did not say. */
    writtenAt: at(),
    arrivedAt: now()
  },
  (t) => [unique('late_edits_once').on(t.documentId, t.hash), index('late_edits_card').on(t.cardId)]
);
