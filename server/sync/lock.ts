// The lock of a card, and reading it: barriers in the queues of both its rooms. While they are held, nothing
// moves in either document, and what is stored is what everybody has seen. Carries the LOCK rules.
import { eq, sql } from 'drizzle-orm';
import * as Y from 'yjs';
import { documentKinds, type DocumentKind, type Section } from '#lib/domain/permission.ts';
import { rootKind } from '#lib/card/schema.ts';
import type { Database, Transaction } from '../database/database.ts';
import { cards } from '../database/schema/meetings.ts';
import { documents } from '../database/schema/sync.ts';
import type { Log } from '../log.ts';
import { load, nameOf, type StoredDocument } from './documents.ts';
import { RoomDropped, type Room } from './room.ts';
import type { Rooms } from './rooms.ts';
import type { CardDocuments } from './sync.ts';

type Both<T> = Readonly<Record<DocumentKind, T>>;

/** A lock that did not happen, and why. */
export class LockError extends Error {
  override name = 'LockError';
}

/** Does something with both of a card's rooms while nothing moves in them. */
export async function withBothHeld<T>(
  rooms: Rooms,
  cardId: string,
  act: (rooms: Both<Room>) => T | Promise<T>
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const entered: Room[] = [];
    const releases: (() => void)[] = [];
    try {
      // In the same order always, so that two who want both don't wait for each other.
      for (const kind of documentKinds) {
        const room = await rooms.enter(nameOf(kind, cardId), cardId);
        if (!room) throw new LockError(`card ${cardId} has no document of the kind '${kind}'`);
        entered.push(room);
        releases.push(await room.hold());
      }
      const [cards, protectedOne] = entered;
      if (cards && protectedOne) return await act({ cards, protected: protectedOne });
    } catch (error) {
      if (!(error instanceof RoomDropped) || attempt === 3) throw error;
    } finally {
      for (const release of releases) release();
      for (const room of entered) room.leave();
    }
  }
}

/** Reads the documents as they are stored. */
export function readCard<T>(rooms: Rooms, cardId: string, read: (documents: CardDocuments) => T): Promise<T> {
  return withBothHeld(rooms, cardId, ({ cards, protected: protectedOne }) =>
    read({
      cards: cards.document,
      protected: protectedOne.document,
      seq: { cards: cards.seq, protected: protectedOne.seq }
    })
  );
}

interface LockNeeds {
  readonly database: Database;
  readonly rooms: Rooms;
  readonly log: Log;
  readonly now: () => Date;
}

/** Locks a card; see the face in sync.ts. */
export function lockCard<T>(
  { database, rooms, log, now }: LockNeeds,
  cardId: string,
  by: string,
  write: (tx: Transaction, documents: CardDocuments, at: Date) => Promise<T>
): Promise<T> {
  return withBothHeld(rooms, cardId, async (held) => {
    let committing = false;
    try {
      const { written, at } = await database.db.transaction(async (tx) => {
        await tx.select({ id: cards.id }).from(cards).where(eq(cards.id, cardId)).for('update');
        // Appends of any process share these rows until they commit, and then see that they are locked.
        await tx
          .select({ id: documents.id })
          .from(documents)
          .where(eq(documents.cardId, cardId))
          .for('update');
        const at = now();
        const stored = await loadBoth(tx, cardId);
        compare(stored, held, log);
        const written = await write(tx, asDocuments(stored), at);
        await tx.update(documents).set({ lockedAt: at }).where(eq(documents.cardId, cardId));
        committing = true;
        return { written, at };
      });
      for (const room of [held.cards, held.protected]) room.lock(at, by);
      return written;
    } catch (error) {
      // Whether a commit without an answer was made, what is stored says.
      if (committing) for (const room of [held.cards, held.protected]) room.drop();
      throw error;
    }
  });
}

async function loadBoth(tx: Transaction, cardId: string): Promise<Both<StoredDocument>> {
  const [cards, protectedOne] = [
    await load(tx, nameOf('cards', cardId)),
    await load(tx, nameOf('protected', cardId))
  ];
  if (!cards || !protectedOne) throw new LockError(`card ${cardId} has lost a document`);
  if (cards.lockedAt ?? protectedOne.lockedAt) throw new LockError(`card ${cardId} is locked already`);
  return { cards, protected: protectedOne };
}

function asDocuments(stored: Both<StoredDocument>): CardDocuments {
  return {
    cards: stored.cards.document,
    protected: stored.protected.document,
    seq: { cards: stored.cards.seq, protected: stored.protected.seq }
  };
}

/** What is stored must read as what everybody saw: a decision is made of the one and was agreed on the other. */
function compare(stored: Both<StoredDocument>, live: Both<Room>, log: Log): void {
  for (const kind of documentKinds) {
    if (reading(stored[kind].document) === reading(live[kind].document)) continue;
    log.fatal(
      { document: stored[kind].id },
      'a lock was stopped: what is stored differs from what was shown'
    );
    for (const room of [live.cards, live.protected]) room.drop(); // everybody reads what is stored, and then decides
    throw new LockError('What is stored differs from what was shown. Nothing was locked.');
  }
}

/** A document's content as one text, whatever order its maps were filled in and whether an empty root was ever named. */
function reading(document: Y.Doc): string {
  const names = [...document.share.keys()].sort() as Section[];
  const sections = names.map((name) => [name, contentOf(document, name)] as const);
  return JSON.stringify(sections.filter(([, content]) => content.length > 0));
}

function contentOf(document: Y.Doc, section: Section): string | unknown[] {
  if (rootKind(section) === 'xml-fragment') return document.getXmlFragment(section).toString();
  const entries = [...document.getMap(section)].sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, value]) => [key, value instanceof Y.Map ? sorted(value) : String(value)]);
}

function sorted(record: Y.Map<unknown>): unknown {
  return [...record].sort(([a], [b]) => (a < b ? -1 : 1)).map(([field, value]) => [field, String(value)]);
}
