// The face of the live documents: rooms that people write in together, each with one serial queue, a guard
// before it and a journal behind it. Nothing leaves a room that is not durable.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { and, asc, eq, gt, or } from 'drizzle-orm';
import type * as Y from 'yjs';
import type { CardMember } from '#lib/card/schema.ts';
import { documentKinds, type DocumentKind, type Section } from '#lib/domain/permission.ts';
import { closeCodes } from '#lib/protocol/sync.ts';
import { openRecorder } from '../audit/audit.ts';
import type { Config } from '../config.ts';
import type { Database, Queries, Transaction } from '../database/database.ts';
import { documents, journal } from '../database/schema/sync.ts';
import type { Session } from '../identity/session.ts';
import type { Log } from '../log.ts';
import { unmeasured, type Measure } from '../metrics/metrics.ts';
import { containersMissing, createDocuments, nameOf } from './documents.ts';
import { Gateway } from './gateway.ts';
import { openJournal } from './journal.ts';
import { readAuthorship, type WrittenDocument } from './authorship.ts';
import { readLateEdits, withLateEdits } from './kept.ts';
import { lockCard, readCard } from './lock.ts';
import { Rooms } from './rooms.ts';

/** What a person may do with one document. Judged at each connection; changed rights close the connection. */
export interface Admission {
  /** The name, agency codes and role that everyone sees beside this person: awareness is stamped with it. */
  readonly who: { readonly name: string; readonly agencies: readonly string[]; readonly role: string };
  readonly sections: readonly Section[];
  mayWrite(section: Section): boolean;
  /** By the rights at the lock: whether a late edit to this section would have been this person's to make. */
  mayWriteEver(section: Section): boolean;
}

/** The card's documents as they are stored. The caller only reads them, and keeps none. */
export interface CardDocuments {
  readonly cards: Y.Doc;
  readonly protected: Y.Doc;
  /** How far each document's journal goes. */
  readonly seq: Readonly<Record<DocumentKind, number>>;
}

/** One row of a card's journal, without its bytes. */
export interface JournalEntry {
  readonly kind: DocumentKind;
  readonly seq: number;
  /** Null: the server itself. */
  readonly userId: string | null;
  readonly sections: readonly Section[];
  readonly at: Date;
}

export interface LateEdit {
  readonly id: string;
  readonly kind: DocumentKind;
  readonly userId: string;
  readonly writtenAt: Date | null;
  readonly arrivedAt: Date;
  readonly sections: readonly Section[];
  /** The words it would have added, by section. */
  readonly text: string;
  /** Late edits of the same author that it stands on: it can't be brought in without them. */
  readonly needs: readonly string[];
}

export interface Sync {
  /** Answers an upgrade at /sync/<meetingId>/<document name>: 401, 403 or 404 before it completes. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Makes a card's documents with the containers that only the server makes, in the caller's transaction. */
  create(
    tx: Transaction,
    card: {
      areaId: string;
      meetingId: string;
      cardId: string;
      members: readonly CardMember[];
      agencies: readonly string[];
    }
  ): Promise<void>;
  /** Adds the containers of members and agencies that joined later, through the rooms' queues. What is there already stays. */
  extend(cardId: string, members: readonly CardMember[], agencies: readonly string[]): Promise<void>;
  /** Reads a card's documents as they are stored, after what was accepted before the call. */
  read<T>(cardId: string, read: (documents: CardDocuments) => T): Promise<T>;
  /**
   * The lock, a barrier in the rooms' queues: what was accepted before is stored; then, in one transaction,
   * both documents are marked locked and `write` is given them as loaded from the stored bytes. When it
   * commits, everyone connected is told. Where `write` throws, nothing was locked and the error is the caller's.
   * `by` is the chair's name, for people to read.
   */
  lock<T>(
    cardId: string,
    by: string,
    write: (tx: Transaction, documents: CardDocuments, at: Date) => Promise<T>
  ): Promise<T>;
  /** The rows after `since`, in order: who wrote where and when. */
  history(cardId: string, since?: Readonly<Record<DocumentKind, number>>): Promise<JournalEntry[]>;
  lateEdits(cardId: string, queries?: Queries): Promise<LateEdit[]>;
  /**
   * A locked card's documents as they would read with these late edits in them, made afresh from what is stored
   * in the caller's transaction. The documents themselves stay as they were locked.
   */
  withLateEdits(
    queries: Queries,
    cardId: string,
    ids: ReadonlySet<string>
  ): Promise<Readonly<Record<DocumentKind, Y.Doc>>>;
  /** Who wrote what of what stands in a document, from the journal; undefined where there is no such document. */
  authorship(kind: DocumentKind, cardId: string): Promise<WrittenDocument | undefined>;
  /** Closes the sync connections of these people or cards, to be judged again when they return. */
  rejudge(whose: { userId?: string; sessionId?: string; cardId?: string; meetingId?: string }): void;
  /** Called after each commit, and after each late edit; for what is shown beside the document. */
  onEdited(
    listener: (edit: { cardId: string; userId: string; sections: readonly Section[]; late: boolean }) => void
  ): void;
  /** How many documents are open in memory. */
  openDocuments(): number;
  /** Who is connected to documents, and how many wait to be. */
  present(): { readonly connections: number; readonly people: ReadonlySet<string>; readonly waiting: number };
  /** How long the oldest update has been waiting to be stored (ms), and whether the newest commit failed just now. */
  journalState(): { readonly behind: number; readonly failing: boolean };
  /** Stores what is waiting, tells everyone to come back in a moment, and ends. */
  close(): Promise<void>;
}

export interface SyncNeeds {
  readonly database: Database;
  readonly log: Log;
  readonly config: Pick<Config, 'origins'>;
  /** Who a request's headers belong to; null where the session has ended or never was. */
  sessionOf(headers: Headers): Promise<Session | null>;
  /**
   * What a person may do with a document of a card of a meeting; null where it does not exist for them.
   * `screen`: the room's screen asks, which this person opened.
   */
  judge(
    session: Session,
    meetingId: string,
    document: { readonly kind: DocumentKind; readonly cardId: string; readonly screen: boolean }
  ): Promise<Admission | null>;
  readonly measure?: Measure;
  readonly now?: () => Date;
}

type Edited = Parameters<Parameters<Sync['onEdited']>[0]>[0];

/** Opens the live documents. Whoever calls it calls `close` when done, before the database is closed. */
export function openSync({
  database,
  log,
  config,
  sessionOf,
  judge,
  measure = unmeasured,
  now = () => new Date()
}: SyncNeeds): Sync {
  const listeners: ((edit: Edited) => void)[] = [];
  const journalOfAll = openJournal(database, log, measure);
  const edited = (edit: Edited) => {
    for (const listener of listeners) listener(edit);
  };
  const rooms = new Rooms({ database, log, journal: journalOfAll, measure, now, edited });
  const recorded = openRecorder(database.db);
  const gateway = new Gateway({
    origins: config.origins,
    rooms,
    log,
    measure,
    now,
    sessionOf,
    judge,
    record: (session, act, { meetingId, cardId, kind }) =>
      recorded(session, {
        act,
        purpose: 'the meeting',
        meetingId,
        cardId,
        detail: { document: kind }
      })
  });
  return {
    upgrade: (request, socket, head) => gateway.upgrade(request, socket, head),
    create: (tx, card) => createDocuments(tx, card, card.members, card.agencies),
    async extend(cardId, members, agencies) {
      for (const kind of documentKinds) {
        const room = await rooms.enter(nameOf(kind, cardId), cardId);
        try {
          await room?.add((document) => containersMissing(document, kind, members, agencies));
        } finally {
          room?.leave();
        }
      }
    },
    read: (cardId, read) => readCard(rooms, cardId, read),
    lock: (cardId, by, write) => lockCard({ database, rooms, log, now }, cardId, by, write),
    history: (cardId, since) => readHistory(database, cardId, since),
    lateEdits: (cardId, queries = database.db) => readLateEdits(queries, cardId),
    withLateEdits,
    authorship: (kind, cardId) => readAuthorship(database.db, kind, cardId),
    rejudge: (whose) => gateway.close(closeCodes.again, whose),
    onEdited: (listener) => void listeners.push(listener),
    openDocuments: () => rooms.open.size,
    present: () => gateway.present(),
    journalState: () => journalOfAll.state(),
    async close() {
      gateway.shut();
      await journalOfAll.idle();
      gateway.close(closeCodes.again);
      await gateway.idle();
      await journalOfAll.idle();
      await rooms.idle();
    }
  };
}

async function readHistory(
  { db }: Database,
  cardId: string,
  since: Readonly<Record<DocumentKind, number>> | undefined
): Promise<JournalEntry[]> {
  const wanted = documentKinds.map((kind) =>
    and(eq(documents.name, nameOf(kind, cardId)), gt(journal.seq, since?.[kind] ?? 0))
  );
  const rows = await db
    .select({
      name: documents.name,
      seq: journal.seq,
      userId: journal.userId,
      sections: journal.sections,
      at: journal.at
    })
    .from(journal)
    .innerJoin(documents, eq(documents.id, journal.documentId))
    .where(or(...wanted))
    .orderBy(asc(journal.at), asc(journal.seq));
  return rows.map(({ name, sections, ...row }) => ({
    ...row,
    kind: name.startsWith('cards/') ? 'cards' : 'protected',
    sections: sections as Section[]
  }));
}
