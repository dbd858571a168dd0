// The server's part in what a browser keeps while it has no line: whose the wrapping keys are and for how long,
// sessions that stand idle, and a copy that goes on from a kept one.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { addAction, appendParagraphs } from '#lib/card/edit.ts';
import { actionsIn, blocksOf, fragmentAt, plainText } from '#lib/card/read.ts';
import type { Section } from '#lib/domain/permission.ts';
import { readConfig } from '#server/config.ts';
import { deviceKeys, sessions } from '#server/database/schema/identity.ts';
import { quarantine } from '#server/database/schema/sync.ts';
import { openDeviceKeys, type DeviceKeyBook } from '#server/identity/device-keys.ts';
import { openIdentity, type Ended, type Identity } from '#server/identity/identity.ts';
import type { Session } from '#server/identity/session.ts';
import { openLog } from '#server/log.ts';
import { openDoor, type Door } from '../actors/door.ts';
import { knock, sitDown, until } from '../actors/peer.ts';
import { openTestServices } from '../house.ts';

const hour = 3_600_000;
const password = 'four unrelated words';
let open: Awaited<ReturnType<typeof openTestServices>>;
let door: Door;
let clock = Date.now();
/** What sessions go by: a day later every one of them would have run out. */
let hand = Date.now();
let book: DeviceKeyBook;
let identity: Identity;
const ended: Ended[] = [];

beforeAll(async () => {
  open = await openTestServices();
  door = await openDoor();
  const { database } = open.services;
  const now = () => new Date(clock);
  book = openDeviceKeys({ database, log: openLog({ logLevel: 'silent' }), now });
  identity = openIdentity({
    config: readConfig({ ...open.place.env, PORT: '0' }),
    database,
    now: () => new Date(hand)
  });
  identity.onEnded((what) => ended.push(what));
  for (const [area, email] of [
    ['North', 'ada@area.example'],
    ['South', 'ben@area.example']
  ] as const) {
    const { token } = await open.services.people.createArea(area, email);
    await open.services.people.accept(token, password);
  }
});
afterAll(async () => {
  book.close();
  await door.close();
  await open.close();
});

async function signIn(email: string): Promise<{ session: Session; headers: Headers }> {
  const answer = await identity.handle(
    new Request('http://localhost/api/auth/sign-in/email', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password })
    }),
    '192.0.2.1'
  );
  const cookie = answer.headers.getSetCookie().map((each) => each.split(';')[0]);
  const headers = new Headers({ cookie: cookie.join('; ') });
  const session = await identity.sessionOf(headers);
  if (!session) throw new Error(`${email} is not in`);
  return { session, headers };
}

test('OFFLINE1: a device key is its session’s and its person’s: the same at each asking, and nobody else’s', async () => {
  const [ada, ben] = [await signIn('ada@area.example'), await signIn('ben@area.example')];
  const first = await book.of(ada.session);
  expect(first.current.key).toMatch(/^[\w-]{43}$/);
  expect(await book.of(ada.session)).toEqual(first);
  const [again, other] = [await signIn('ada@area.example'), await book.of(ben.session)];
  const later = await book.of(again.session);
  expect(later.current.key).not.toBe(first.current.key);
  expect(later.earlier).toEqual([first.current]);
  expect(JSON.stringify(other)).not.toContain(first.current.id);
  const [one, two] = await Promise.all([book.of(again.session), book.of(again.session)]);
  expect(one).toEqual(two);
});

test('OFFLINE2: a day after its session ended a device key is deleted', async () => {
  const before = await signIn('ada@area.example');
  const { current } = await book.of(before.session);
  await book.ended({ sessionId: before.session.id });
  clock += 23 * hour;
  const within = await signIn('ada@area.example');
  expect((await book.of(within.session)).earlier.map(({ id }) => id)).toContain(current.id);
  clock += 2 * hour;
  expect((await book.of(within.session)).earlier.map(({ id }) => id)).not.toContain(current.id);
  expect(await open.services.database.db.$count(deviceKeys, eq(deviceKeys.id, current.id))).toBe(0);
});

test('OFFLINE2: whoever has no place any more has no device keys', async () => {
  const { db } = open.services.database;
  const ada = await signIn('ada@area.example');
  const { token } = (await open.services.people.invite(ada.session, {
    email: 'cy@area.example',
    name: 'Cy',
    role: 'administrator',
    agencyId: null
  })) as { token: string };
  await open.services.people.accept(token, password);
  const cy = await signIn('cy@area.example');
  await book.of(cy.session);
  await open.services.people.end(ada.session, cy.session.memberships[0]?.id ?? '');
  expect(await db.$count(deviceKeys, eq(deviceKeys.userId, cy.session.user.id))).toBe(0);
});

test('IDLE2: a watched session at which nobody moves is ended by the server; one that nobody watches is not', async () => {
  const { db } = open.services.database;
  const [watched, program] = [await signIn('ada@area.example'), await signIn('ada@area.example')];
  await identity.moved(watched.session);
  hand += 14 * 60_000;
  expect(await identity.sessionOf(watched.headers)).not.toBeNull();
  await identity.moved(watched.session);
  hand += 17 * 60_000;
  expect(await identity.sessionOf(watched.headers)).not.toBeNull();
  ended.length = 0;
  hand += 2 * 60_000;
  expect(await identity.sessionOf(watched.headers)).toBeNull();
  await identity.endIdle();
  expect(ended).toEqual([{ sessionId: watched.session.id }]);
  expect(await db.$count(sessions, eq(sessions.id, watched.session.id))).toBe(0);
  expect(await identity.sessionOf(program.headers)).not.toBeNull();
});

const section = (): Section => `agency/${door.table.agencies.police}`;
const factsOf = (doc: Y.Doc) => plainText(blocksOf(fragmentAt(doc, section(), 'family/facts')));

test('OFFLINE10: copies that go on from kept ones, in two tabs under ids of their own, are taken once and without a gap', async () => {
  const before = await sitDown(door.address('police'), true);
  const reader = await sitDown(door.address('health'));
  appendParagraphs(before.doc, section(), 'family/facts', ['Sent. ']);
  await until('it is saved', () => before.saved() === before.sent());
  before.leave();
  appendParagraphs(before.doc, section(), 'family/facts', ['Typed without a line.']);
  addAction(before.doc, { what: 'Ring her' });
  const kept = Y.encodeStateAsUpdate(before.doc);
  // Others go on meanwhile.
  appendParagraphs(reader.doc, `agency/${door.table.agencies.health}`, 'family/facts', ['Seen in May.']);
  const tabs = [new Y.Doc(), new Y.Doc()].map((doc, tab) => {
    Y.applyUpdate(doc, kept);
    appendParagraphs(doc, section(), 'family/facts', [`Tab ${tab}.`]);
    return doc;
  });
  const peers = await Promise.all(tabs.map((doc) => sitDown(door.address('police'), true, doc)));
  await until(
    'the reader has all',
    () => /Tab 0/.test(factsOf(reader.doc)) && /Tab 1/.test(factsOf(reader.doc))
  );
  expect(factsOf(reader.doc).match(/Typed without a line/g)).toHaveLength(1);
  expect(actionsIn(reader.doc)).toHaveLength(1);
  expect(peers.flatMap(({ closes }) => closes)).toEqual([]);
  for (const peer of peers) await until('all is acknowledged', () => peer.saved() === peer.sent());
  expect(await door.database.db.$count(quarantine)).toBe(0);
  for (const peer of [...peers, reader]) peer.leave();
});

test('OFFLINE8: a page that says in whose name it writes is not let in in another’s', async () => {
  const as = (who: 'police' | 'health') => {
    const address = door.address('police');
    return { ...address, document: `${address.document}?as=${door.table.people[who]}&x=` };
  };
  await expect(knock(as('health'))).rejects.toThrow('401');
  const own = await knock(as('police'));
  own.socket.close();
});
