// What is shown is stored, whatever the database does meanwhile.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { addAction, appendParagraphs } from '#lib/card/edit.ts';
import { actionsIn, fragmentKeys } from '#lib/card/read.ts';
import { documents, documentStates, journal } from '#server/database/schema/sync.ts';
import { compact, load } from '#server/sync/documents.ts';
import { Folding } from '#server/sync/folding.ts';
import { openDoor, type Door } from '../actors/door.ts';
import { knock, sitDown, until, type Peer } from '../actors/peer.ts';
import { openWeather } from '../actors/weather.ts';

const weather = openWeather();
let door: Door;
beforeAll(async () => {
  door = await openDoor(weather.change);
});
const folding = new Folding();
afterAll(async () => {
  await folding.close();
  await door.close();
});

const words = (peer: Peer) => actionsIn(peer.doc).map(({ what }) => what);
const name = () => `cards/${door.table.cardId}`;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function stored(): Promise<Y.Doc> {
  const found = await load(door.database.db, name());
  if (!found) throw new Error('no document');
  return found.document;
}

test('JOURNAL1: nobody is shown, and nobody is told saved, what is not committed', async () => {
  const writer = await sitDown(door.address('police'), true);
  const reader = await sitDown(door.address('health'));
  await pause(50);
  const release = weather.hold();
  addAction(writer.doc, { what: 'not yet' });
  await until('it is sent', () => writer.sent() > 0);
  const told = writer.saved();
  const newcomer = sitDown(door.address('idva'));
  await pause(200);
  expect(words(reader)).toEqual([]);
  expect(writer.saved()).toBe(told);
  release();
  await until('it is shown and told', () => words(reader).length === 1 && writer.saved() === writer.sent());
  expect(words(await newcomer)).toEqual(['not yet']);
  for (const peer of [writer, reader, await newcomer]) peer.leave();
});

test('JOURNAL2: where a commit fails twice the room is loaded afresh, nobody was told saved, and the words come again', async () => {
  const writer = await sitDown(door.address('police'), true);
  const reader = await sitDown(door.address('health'));
  await pause(50);
  weather.fail(2);
  const told = writer.saved();
  addAction(writer.doc, { what: 'after all' });
  await until('both are sent away', () => writer.closes.includes(4503) && reader.closes.includes(4503));
  expect(writer.saved()).toBe(told);
  expect(actionsIn(await stored())).toHaveLength(1);
  await until('it is stored after all', () => words(reader).includes('after all'));
  expect(actionsIn(await stored())).toHaveLength(2);
  writer.leave();
  reader.leave();
});

test('JOURNAL3: where the answer to a commit is lost, what was stored is found, once', async () => {
  const writer = await sitDown(door.address('police'), true);
  const reader = await sitDown(door.address('health'));
  await pause(50);
  weather.lose(1);
  addAction(writer.doc, { what: 'once' });
  await until('the room is loaded afresh', () => reader.closes.includes(4503));
  await until('it is shown', () => words(reader).includes('once'));
  await until('it is acknowledged', () => writer.saved() === writer.sent() && writer.sent() > 0);
  expect(actionsIn(await stored()).filter(({ what }) => what === 'once')).toHaveLength(1);
  writer.leave();
  reader.leave();
});

test('JOURNAL4: a commit that fails for one room is made for the others', async () => {
  const table = await sitDown(door.address('idva'), true);
  const safe = await sitDown(door.address('idva', 'protected'), true);
  await pause(50);
  const [row] = await door.database.db
    .select()
    .from(documents)
    .where(eq(documents.name, `protected/${door.table.cardId}`));
  const found = await load(door.database.db, `protected/${door.table.cardId}`);
  // Somebody else has taken the protected document's next number.
  const taken = Y.encodeStateAsUpdate(new Y.Doc());
  await door.database.db.insert(journal).values({
    documentId: row?.id ?? '',
    seq: (found?.seq ?? 0) + 1,
    update: taken,
    sections: [],
    authors: []
  });
  addAction(table.doc, { what: 'in the other room' });
  appendParagraphs(safe.doc, 'voice', undefined, ['She fears the school run']);
  await until('one room is loaded afresh', () => safe.closes.includes(4503));
  await until('both are stored', () => table.saved() === table.sent() && safe.saved() === safe.sent());
  expect(table.closes).toEqual([]);
  table.leave();
  safe.leave();
});

test('JOURNAL5: the journal tells who wrote where, and outlives its compaction', async () => {
  const [police, health] = [
    await sitDown(door.address('police'), true),
    await sitDown(door.address('health'), true)
  ];
  const before = (await door.sync.history(door.table.cardId)).filter(({ kind }) => kind === 'cards');
  const since = { cards: before.at(-1)?.seq ?? 0, protected: 1000 };
  addAction(police.doc, { what: 'of the police' });
  await until('saved', () => police.saved() === police.sent());
  appendParagraphs(health.doc, `agency/${door.table.agencies.health}`, 'family/facts', ['of health']);
  await until('saved', () => health.saved() === health.sent());
  const of = async () =>
    (await door.sync.history(door.table.cardId, since)).map(({ userId, sections }) => ({ userId, sections }));
  const expected = [
    { userId: door.table.people.police, sections: ['plan'] },
    { userId: door.table.people.health, sections: [`agency/${door.table.agencies.health}`] }
  ];
  expect(await of()).toEqual(expected);
  const plain = Y.encodeStateAsUpdate(await stored());
  await compact(door.database, name(), folding);
  expect(await door.database.db.$count(documentStates)).toBe(1);
  expect(Y.encodeStateAsUpdate(await stored())).toEqual(plain);
  expect(await of()).toEqual(expected);
  police.leave();
  health.leave();
});

test('SYNC7: a room is gone from memory when the last has left and all is stored, and whoever returns at that moment finds all', async () => {
  await until('nobody is there', () => door.sync.openDocuments() === 0);
  for (let round = 0; round < 5; round++) {
    const writer = await sitDown(door.address('police'));
    await pause(20);
    const release = weather.hold();
    addAction(writer.doc, { what: `last words ${round}` });
    await pause(20);
    writer.leave();
    if (round % 2) await pause(20);
    const returning = sitDown(door.address('health'));
    await pause(round * 5);
    release();
    expect(words(await returning)).toContain(`last words ${round}`);
    (await returning).leave();
    await until('nobody is there', () => door.sync.openDocuments() === 0);
  }
});

test('SYNC8: a reader who does not read is dropped before memory fills, and the others read on', async () => {
  const writer = await sitDown(door.address('police'), true);
  const slow = await knock(door.address('idva'));
  slow.socket.send(Uint8Array.of(0, 0, 1, 0));
  await until('it is synced', () => slow.received.some((bytes) => bytes[0] === 0 && bytes[1] === 1));
  slow.socket.pause();
  const much = 'x'.repeat(300_000);
  for (let round = 0; round < 20 && door.sync.openDocuments() === 1; round++) {
    addAction(writer.doc, { what: much });
    await until('it is saved', () => writer.saved() === writer.sent());
  }
  slow.socket.resume();
  expect(await slow.closed).toBe(1006);
  expect(writer.closes).toEqual([]);
  writer.leave();
});

test('SYNC10: the containers of whoever joins the card later are made once, by the server, for everybody', async () => {
  const reader = await sitDown(door.address('health'));
  const { stranger } = door.table.agencies;
  const member = { id: '33333333-3333-4333-8333-333333333333', role: 'harming' } as const;
  const agencies = [...Object.values(door.table.agencies)];
  const extend = () => door.sync.extend(door.table.cardId, [...door.table.members, member], agencies);
  await Promise.all([extend(), extend()]);
  await until('they arrive', () => fragmentKeys(reader.doc, `agency/${stranger}`).length === 10);
  expect(fragmentKeys(reader.doc, 'plan')).toContain(`response/${member.id}/support`);
  const rows = await door.sync.history(door.table.cardId, { cards: 1, protected: 1 });
  expect(rows.filter(({ userId, kind }) => userId === null && kind === 'cards')).toHaveLength(1);
  reader.leave();
});
