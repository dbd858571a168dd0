// The sync server as its clients meet it: unmodified y-websocket, and sockets that mean harm.
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { addAction, appendParagraphs, setActionWords } from '#lib/card/edit.ts';
import { actionsIn, blocksOf, fragmentAt, plainText } from '#lib/card/read.ts';
import type { Section } from '#lib/domain/permission.ts';
import { auditEvents } from '#server/database/schema/decisions.ts';
import { journal, quarantine } from '#server/database/schema/sync.ts';
import { openDoor, type Door } from '../actors/door.ts';
import { knock, sitDown, until } from '../actors/peer.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

const agency = (of: 'police' | 'idva' | 'health'): Section => `agency/${door.table.agencies[of]}`;
const factsOf = (doc: Y.Doc, of: 'police' | 'idva' | 'health') =>
  plainText(blocksOf(fragmentAt(doc, agency(of), 'family/facts')));

test('SYNC1: two unmodified clients write one card and read each other', async () => {
  const [police, health] = [await sitDown(door.address('police')), await sitDown(door.address('health'))];
  appendParagraphs(police.doc, agency('police'), 'family/facts', ['Two calls in May']);
  const id = addAction(health.doc, { what: 'Visit' });
  await until(
    'both have both',
    () => factsOf(health.doc, 'police') === 'Two calls in May' && actionsIn(police.doc).length === 1
  );
  setActionWords(police.doc, id, 'Visit her at the surgery');
  await until('the words', () => actionsIn(health.doc)[0]?.what === 'Visit her at the surgery');
  police.leave();
  health.leave();
});

test('SYNC2: whoever asks for it is told what is saved, and an unmodified client nothing it does not know', async () => {
  const told = await sitDown(door.address('police'), true);
  const plain = await sitDown(door.address('health'));
  for (const words of ['one', 'two', 'three']) addAction(told.doc, { what: words });
  await until('all is saved', () => told.saved() === told.sent());
  expect(told.sent()).toBeGreaterThan(2);
  expect(plain.house).toEqual([]);
  told.leave();
  plain.leave();
});

test('SYNC3: a forged update to another agency’s section is refused whole, and nothing of it is stored or sent', async () => {
  const bystander = await knock(door.address('idva'));
  const reader = await sitDown(door.address('health'));
  const forger = await sitDown(door.address('police'), true);
  const before = await door.database.db.$count(journal);
  forger.doc.transact(() => {
    appendParagraphs(forger.doc, agency('police'), 'family/facts', ['smuggled beside']);
    appendParagraphs(forger.doc, agency('health'), 'family/facts', ['forged words']);
  });
  await until('the refusal', () => forger.closes.includes(4403));
  expect(forger.house.find(({ kind }) => kind === 'refused')).toMatchObject({
    reason: 'not-yours-to-write',
    section: agency('health')
  });
  expect(await door.database.db.$count(journal)).toBe(before);
  expect(factsOf(reader.doc, 'health')).toBe('');
  const bytes = Buffer.concat(bystander.received).toString('latin1');
  for (const words of ['smuggled', 'forged']) expect(bytes).not.toContain(words);
  await until('the evidence', async () => (await door.database.db.$count(quarantine)) > 0);
  const kept = await door.database.db.select().from(quarantine);
  expect(kept.map(({ reason, section }) => ({ reason, section }))).toContainEqual({
    reason: 'not-yours-to-write',
    section: agency('health')
  });
  bystander.socket.close();
  reader.leave();
  forger.leave();
});

test('SYNC4: without a session 401, from an Origin that is not ours 403, and what one may not have is what does not exist, 404', async () => {
  const at = door.address('police');
  const nobody = '00000000-0000-4000-8000-000000000000';
  await expect(knock({ ...at, cookie: '' })).rejects.toThrow('401');
  await expect(knock(at, { origin: 'https://elsewhere.example' })).rejects.toThrow('403');
  const absent = [
    { ...at, document: `cards/${nobody}` },
    { ...at, document: 'something/else' },
    { ...at, url: at.url.replace(door.table.meetingId, nobody) },
    door.address('stranger'),
    door.address('observer', 'protected')
  ];
  for (const address of absent) await expect(knock(address)).rejects.toThrow('404');
  (await knock(at, { origin: 'https://room.example' })).socket.close();
  (await knock(at)).socket.close();
});

test('SYNC5: who connects is in the audit before anything is sent, and who leaves too', async () => {
  const peer = await knock(door.address('idva', 'protected'));
  const rows = async () =>
    (await door.database.db.select().from(auditEvents)).filter(
      ({ userId, detail }) => userId === door.table.people.idva && detail.document === 'protected'
    );
  expect((await rows()).map(({ act, purpose, cardId }) => ({ act, purpose, cardId }))).toEqual([
    { act: 'connected', purpose: 'the meeting', cardId: door.table.cardId }
  ]);
  peer.socket.close();
  await peer.closed;
  for (let tries = 0; tries < 100 && (await rows()).length < 2; tries++)
    await new Promise((on) => setTimeout(on, 10));
  expect((await rows()).map(({ act }) => act)).toEqual(['connected', 'disconnected']);
});

test('SYNC6: whatever a socket sends closes that one socket', async () => {
  const reader = await sitDown(door.address('health'));
  const harm: ((bare: Awaited<ReturnType<typeof knock>>) => void)[] = [
    ({ socket }) => socket.send('text'),
    ({ socket }) => socket.send(Uint8Array.of(99, 1, 2)),
    ({ socket }) => socket.send(Uint8Array.of(0, 2, 200, 1)),
    ({ update }) => update(Uint8Array.of(1, 255, 255, 255, 127, 5, 0)),
    ({ update }) => update(new Uint8Array(1024 * 1024)),
    ({ socket }) => {
      (socket as unknown as { _socket: { write(bytes: Uint8Array): void } })._socket.write(
        Uint8Array.of(0xb2, 0x80, 0, 0, 0, 0)
      );
    }
  ];
  for (const act of harm) {
    const bare = await knock(door.address('police'));
    act(bare);
    expect(await bare.closed).toBeGreaterThan(1001);
  }
  expect(reader.closes).toEqual([]);
  expect(reader.provider.wsconnected).toBe(true);
  reader.leave();
});

test('SYNC9: when rights may have changed the connection closes with 4503 and is judged again', async () => {
  const bare = await knock(door.address('police'));
  const other = await knock(door.address('health'));
  door.signOut('police');
  door.sync.rejudge({ sessionId: door.table.people.police });
  expect(await bare.closed).toBe(4503);
  await expect(knock(door.address('police'))).rejects.toThrow('401');
  expect(other.socket.readyState).toBe(other.socket.OPEN);
  other.socket.close();
});

test('AWARE1: whoever shows themselves is shown as the server knows them', async () => {
  const reader = await sitDown(door.address('health'));
  const bare = await knock(door.address('idva'));
  bare.awareness([{ client: 4242, clock: 1, state: { cursor: 7, user: { name: 'The chair', id: 'x' } } }]);
  await until('she is seen', () => reader.provider.awareness.getStates().has(4242));
  expect(reader.provider.awareness.getStates().get(4242)).toEqual({
    cursor: 7,
    user: { id: door.table.people.idva, name: 'The idva', agencies: ['idva'], role: 'rep' }
  });
  bare.socket.close();
  await until('she has left', () => !reader.provider.awareness.getStates().has(4242));
  reader.leave();
});

test('AWARE2: nobody shows themselves in another’s name, and what is echoed of others claims nothing', async () => {
  const chair = await sitDown(door.address('chair'));
  const reader = await sitDown(door.address('health'));
  const id = chair.doc.clientID;
  const seen = () =>
    reader.provider.awareness.getStates().get(id) as { mark?: string; user?: { name: string } } | undefined;
  chair.provider.awareness.setLocalStateField('mark', 'hers');
  await until('she is seen', () => seen()?.mark === 'hers');
  const bare = await knock(door.address('idva'));
  bare.awareness([{ client: id, clock: 1000, state: { mark: 'forged' } }]);
  bare.awareness([{ client: id, clock: 1001, state: null }]);
  bare.awareness([
    { client: 777, clock: 1, state: { mark: 'echo' } },
    { client: id, clock: 1002, state: { mark: 'forged' } }
  ]);
  bare.awareness([{ client: 778, clock: 1, state: { mark: 'x'.repeat(5000) } }]);
  bare.awareness([{ client: 779, clock: 1, state: { mark: 'own' } }]);
  await until('his own is seen', () => reader.provider.awareness.getStates().has(779));
  expect(seen()?.mark).toBe('hers');
  const others = [...reader.provider.awareness.getStates().keys()];
  for (const client of [777, 778]) expect(others).not.toContain(client);
  expect(bare.socket.readyState).toBe(bare.socket.OPEN);
  bare.socket.close();
  chair.leave();
  reader.leave();
});

test('GUARD7: a client id belongs to the first who used it, in a cursor or in words, also after everybody left', async () => {
  const victim = await sitDown(door.address('health'), true);
  addAction(victim.doc, { what: 'hers' });
  await until('it is saved', () => victim.saved() === victim.sent());
  const id = victim.doc.clientID;
  victim.leave();
  const cursor = await knock(door.address('idva'));
  cursor.awareness([{ client: 31337, clock: 1, state: {} }]);
  await new Promise((resolve) => setTimeout(resolve, 100));
  cursor.socket.close();
  await until('nobody is there', () => door.sync.openDocuments() === 0);
  for (const forged of [id, 31337]) {
    const doc = new Y.Doc();
    const forger = await sitDown(door.address('coordinator'), true, doc);
    const own = doc.clientID;
    doc.clientID = forged;
    addAction(doc, { what: 'in another’s name' });
    await until('it is refused', () => forger.closes.includes(4403));
    expect(forger.house.find(({ kind }) => kind === 'refused')).toMatchObject({ reason: 'another-author' });
    doc.clientID = own; // y-websocket can't take its leave under another
    forger.leave();
  }
});

test('SYNC11: an update that stands on something missing is asked for again, and at the third time the connection closes', async () => {
  const bare = await knock(door.address('health'));
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  for (const what of ['one', 'two', 'three', 'four']) addAction(doc, { what });
  const asked = () => bare.received.filter((bytes) => bytes[0] === 0 && bytes[1] === 0).length;
  await until('it is welcomed', () => asked() === 1);
  for (const update of updates.slice(1, 3)) bare.update(update);
  await until('it is asked', () => asked() === 3);
  expect(bare.house).toEqual([]);
  bare.update(updates[3] ?? new Uint8Array());
  expect(await bare.closed).toBe(4403);
  expect(bare.house.at(-1)).toMatchObject({ kind: 'refused', reason: 'gap' });
});

test('SYNC12: keys that overtake the answer to what was missing are neither refused nor lost', async () => {
  const bare = await knock(door.address('health'));
  const reader = await sitDown(door.address('idva'));
  const doc = new Y.Doc();
  const typed: Uint8Array[] = [];
  addAction(doc, { what: 'typed without a line' }); // and not sent: the answer to the server's first question carries it
  doc.on('update', (update: Uint8Array) => typed.push(update));
  for (let n = 0; n < 8; n++) addAction(doc, { what: `key ${n}` });
  for (const update of typed) bare.update(update);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(bare.house).toEqual([]);
  bare.answer(Y.encodeStateAsUpdate(doc));
  await until(
    'all are shown',
    () => actionsIn(reader.doc).filter(({ what }) => /^key \d$/.test(what)).length === 8
  );
  await until('all are acknowledged', () => bare.house.some((it) => it.kind === 'saved' && it.count === 9));
  addAction(doc, { what: 'and on' });
  bare.update(typed.at(-1) ?? new Uint8Array());
  await until('it goes on', () => bare.house.some((it) => it.kind === 'saved' && it.count === 10));
  bare.socket.close();
  reader.leave();
});
