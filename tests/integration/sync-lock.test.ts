// The lock against people who go on typing, and what becomes of edits that arrive after it.
import { and, eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { addAction, appendParagraphs } from '#lib/card/edit.ts';
import { actionsIn } from '#lib/card/read.ts';
import { encodeWritten } from '#lib/protocol/sync.ts';
import { documents, journal, lateEdits, quarantine } from '#server/database/schema/sync.ts';
import { load } from '#server/sync/documents.ts';
import { openDoor, type Door } from '../actors/door.ts';
import { sitDown, until } from '../actors/peer.ts';

let door: Door;
beforeEach(async () => {
  door = await openDoor();
});
afterEach(() => door.close());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const lock = (write?: () => Promise<void>) =>
  door.sync.lock(door.table.cardId, 'The chair', async (_tx, { cards }) => {
    await write?.();
    return actionsIn(cards).map(({ what }) => what);
  });

async function storedActions(): Promise<string[]> {
  const stored = await load(door.database.db, `cards/${door.table.cardId}`);
  return stored ? actionsIn(stored.document).map(({ what }) => what) : [];
}

test('LOCK1: a decision holds every edit saved before the lock and none after it, while people go on typing', async () => {
  const writers = [await sitDown(door.address('police'), true), await sitDown(door.address('health'), true)];
  const reader = await sitDown(door.address('idva'), true);
  const typed = writers.map((): string[] => []);
  const typing = setInterval(() => {
    for (const [index, writer] of writers.entries()) {
      if (!writer.provider.wsconnected) continue;
      const what = `action ${index} ${typed[index]?.length}`;
      typed[index]?.push(what);
      addAction(writer.doc, { what });
    }
  }, 4);
  await until('they type', () => actionsIn(reader.doc).length > 20);
  const decided = await lock();
  await pause(150);
  clearInterval(typing);
  expect(decided.length).toBeGreaterThan(20);
  expect([...(await storedActions())].sort()).toEqual([...decided].sort());
  await until('everyone is told', () => reader.house.some(({ kind }) => kind === 'locked'));
  expect(
    actionsIn(reader.doc)
      .map(({ what }) => what)
      .sort()
  ).toEqual([...decided].sort());
  for (const writer of writers) {
    await until('late typing ends', () => writer.closes.includes(4423));
    expect(writer.house.find((each) => each.kind === 'locked' && each.late)).toBeDefined();
  }
  const late = await door.sync.lateEdits(door.table.cardId);
  expect(late.length).toBeGreaterThanOrEqual(2);
  // The first update of each was its answer to what the server holds.
  for (const [index, writer] of writers.entries())
    for (const what of typed[index]?.slice(0, writer.saved() - 1) ?? []) expect(decided).toContain(what);
  for (const peer of [...writers, reader]) peer.leave();
});

test('LOCK2: what refuses the decision leaves the card as it was, and people write on', async () => {
  const writer = await sitDown(door.address('police'), true);
  await expect(lock(() => Promise.reject(new Error('not ready')))).rejects.toThrow('not ready');
  addAction(writer.doc, { what: 'written on' });
  await until('it is saved', () => writer.saved() === writer.sent());
  expect(writer.closes).toEqual([]);
  expect(await lock()).toEqual(['written on']);
  await expect(lock()).rejects.toThrow('locked already');
  expect(writer.closes).toEqual([]);
  writer.leave();
});

test('LOCK3: a lock is stopped where what is stored differs from what was shown', async () => {
  const writer = await sitDown(door.address('police'), true);
  addAction(writer.doc, { what: 'seen by all' });
  await until('it is saved', () => writer.saved() === writer.sent());
  const [row] = await door.database.db
    .select()
    .from(documents)
    .where(eq(documents.name, `cards/${door.table.cardId}`));
  const elsewhere = new Y.Doc();
  addAction(elsewhere, { what: 'slipped in' });
  const update = Y.encodeStateAsUpdate(elsewhere);
  const documentId = row?.id ?? '';
  await door.database.db
    .insert(journal)
    .values({ documentId, seq: 1000, update, sections: ['plan'], authors: [] });
  await expect(lock()).rejects.toThrow('differs');
  const open = await door.database.db
    .select()
    .from(documents)
    .where(and(eq(documents.id, documentId)));
  expect(open[0]?.lockedAt).toBeNull();
  writer.leave();
});

test('LATE1: an edit that arrives after the lock is kept once, with its author and its time on the device, however often it is sent', async () => {
  const doc = new Y.Doc();
  const early = await sitDown(door.address('health'), true, doc);
  early.provider.disconnect();
  addAction(doc, { what: 'typed on the train' });
  addAction(doc, { what: 'and in the tunnel' });
  expect(await lock()).toEqual([]);
  const late: string[] = [];
  door.sync.onEdited((edit) => edit.late && late.push(edit.userId));
  const at = new Date('2026-11-24T09:15:00Z');
  early.provider.on('status', ({ status }) => {
    if (status === 'connected') early.provider.ws?.send(encodeWritten(at));
  });
  for (let times = 1; times <= 3; times++) {
    early.provider.connect();
    await until('it is turned away', () => early.closes.filter((code) => code === 4423).length === times);
  }
  const kept = await door.sync.lateEdits(door.table.cardId);
  expect(kept).toMatchObject([
    {
      userId: door.table.people.health,
      writtenAt: at,
      sections: ['plan'],
      text: 'typed on the train\nand in the tunnel'
    }
  ]);
  expect(late).toEqual([door.table.people.health]);
  expect(await storedActions()).toEqual([]);
  early.leave();
});

test('LATE2: a late edit is judged by the rights at the lock', async () => {
  const doc = new Y.Doc();
  const early = await sitDown(door.address('health'), true, doc);
  early.provider.disconnect();
  appendParagraphs(doc, `agency/${door.table.agencies.police}`, 'family/facts', ['in their name']);
  await lock();
  early.provider.connect();
  await until('it is refused', () => early.closes.includes(4403));
  expect(await door.database.db.$count(lateEdits)).toBe(0);
  await until('the evidence', async () => (await door.database.db.$count(quarantine)) === 1);
  early.leave();
});

test('LATE3: whoever only reads a locked card stays connected', async () => {
  const reader = await sitDown(door.address('health'), true);
  await lock();
  const again = await sitDown(door.address('police'), true);
  await until('both know', () =>
    [reader, again].every(({ house }) => house.some(({ kind }) => kind === 'locked'))
  );
  await pause(150); // whoever is sent away is told of the lock first
  expect([...reader.closes, ...again.closes]).toEqual([]);
  reader.leave();
  again.leave();
});
