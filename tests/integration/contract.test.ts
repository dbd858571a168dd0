// Issue 2's contract over HTTP and the sync wire, as another program meets it: the demonstration's own process,
// plain clients, and nothing of our source.
import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';
import * as Y from 'yjs';
import * as encoding from 'lib0/encoding';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  demonstration,
  everyone,
  knock,
  signIn,
  type CardTold,
  type Demonstration,
  type MeetingListed,
  type Outsider
} from '../actors/outsider.ts';
import { until } from '../actors/peer.ts';

let demo: Demonstration;
let people: Awaited<ReturnType<typeof everyone>>;
let meeting: MeetingListed;
const who = (name: string) => people.who(name);
const cardAt = (position: number) => {
  const card = meeting.cards[position - 1];
  if (!card) throw new Error(`no card at ${position}`);
  return card.id;
};
const url = (document: string) => `/sync/${meeting.id}/${document}`;

beforeAll(async () => {
  demo = await demonstration();
  people = await everyone(demo.url);
  [meeting] = (await (await who('Joy')).get<MeetingListed[]>('/api/meetings')) as [MeetingListed];
}, 120_000);
afterAll(() => demo.stop());

const nobody = () => fetch(`${demo.url}/api/session`);

test('CONTRACT1: --accounts tells everyone with role and agency, and each of them signs in with the demonstration’s password', async () => {
  expect(people.list.length).toBeGreaterThan(12);
  for (const account of people.list) {
    expect(account).toEqual({
      email: expect.stringContaining('@'),
      name: expect.any(String),
      role: expect.stringMatching(/^(chair|deputy|coordinator|rep|observer|administrator)$/),
      agency: account.agency && { id: expect.any(String), code: expect.any(String), name: expect.any(String) }
    });
    if (account.role === 'administrator') continue;
    const person = await signIn(demo.url, account.email);
    const session = await person.get<{ user: { name: string }; area: object; memberships: object[] }>(
      '/api/session'
    );
    expect(session).toMatchObject({ user: { name: account.name }, area: { id: expect.any(String) } });
    expect(session.memberships.length).toBeGreaterThan(0);
    const [listed] = await person.get<MeetingListed[]>('/api/meetings');
    expect(listed?.role, account.name).toBe(account.role);
  }
}, 60_000);

test('CONTRACT2: meetings are told with role, state and cards, positions counted among those one may see', async () => {
  expect(meeting).toMatchObject({ id: expect.any(String), state: 'open', role: 'chair' });
  expect(new Date(meeting.startsAt).toISOString()).toBe(meeting.startsAt);
  expect(meeting.cards.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(meeting.cards.map(({ state }) => state)).toEqual(['shown', ...Array<string>(5).fill('waiting')]);
  for (const card of meeting.cards) expect(card.family).toEqual({ reference: expect.any(String) });
  const [called] = await (await who('Dana')).get<MeetingListed[]>('/api/meetings');
  expect(called?.cards.map(({ position }) => position)).toEqual([1, 2]);
  expect(called?.cards.map(({ id }) => id)).toEqual([cardAt(2), cardAt(4)]);
  expect(await (await who('Ruth')).get('/api/meetings')).toEqual([]);
});

test('CONTRACT3: a card is told with version, members, agencies, documents and what this person may write', async () => {
  const told = async (name: string) => (await who(name)).get<CardTold>(`/api/cards/${cardAt(1)}`);
  const police = await told('Peter');
  expect(police.id).toBe(cardAt(1));
  expect(police.version).toBeDefined();
  for (const member of police.members)
    expect(member).toMatchObject({ id: expect.any(String), role: expect.any(String) });
  expect(police.members.map(({ role }) => role)).toEqual(expect.arrayContaining(['victim', 'harming']));
  for (const agency of police.agencies)
    expect(agency).toMatchObject({
      id: expect.any(String),
      code: expect.any(String),
      name: expect.any(String),
      core: expect.any(Boolean)
    });
  const mine = (card: CardTold) =>
    card.documents.flatMap(({ name, sections }) =>
      sections.filter(({ mayWrite }) => mayWrite).map((section) => `${name.split('/')[0]} ${section.name}`)
    );
  expect(police.documents.map(({ name }) => name).sort()).toEqual([
    `cards/${cardAt(1)}`,
    `protected/${cardAt(1)}`
  ]);
  const joint = ['cards analysis', 'cards plan', 'cards questions', 'protected safety'];
  const sorted = (names: string[]) => names.sort();
  expect(sorted(mine(police))).toEqual(sorted([`cards agency/${people.agency('POL')}`, ...joint]));
  expect(sorted(mine(await told('Ines')))).toEqual(
    sorted([`cards agency/${people.agency('IDV')}`, 'protected voice', ...joint])
  );
  expect(sorted(mine(await told('Joy')))).toEqual(sorted(['cards summary', ...joint]));
  expect(mine(await told('Carys')).filter((name) => name.startsWith('cards agency/')).length).toBe(
    police.agencies.length
  );
  const observer = await told('Ola');
  expect(observer.documents.map(({ name }) => name)).toEqual([`cards/${cardAt(1)}`]);
  expect(mine(observer)).toEqual([]);
});

test('CONTRACT4: without a session 401, and what is another’s exactly as what does not exist', async () => {
  const paths = [
    '/api/session',
    '/api/meetings',
    `/api/cards/${cardAt(1)}`,
    `/api/meetings/${meeting.id}/decisions`
  ];
  for (const where of paths) {
    const answer = await fetch(demo.url + where);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([401, 'application/problem+json']);
    expect(await answer.json()).toMatchObject({ status: 401, title: expect.any(String) });
  }
  const same = async (person: Outsider, wheres: string[]) => {
    const [first, ...rest] = await Promise.all(wheres.map((where) => person.whole(where)));
    expect(first).toContain('404');
    for (const each of rest) expect(each).toBe(first);
  };
  const dana = await who('Dana');
  await same(dana, [`/api/cards/${cardAt(1)}`, `/api/cards/${randomUUID()}`, '/api/cards/x%00y']);
  await same(await who('Ruth'), [`/api/cards/${cardAt(1)}`, `/api/cards/${randomUUID()}`]);
  for (const tail of ['decisions', 'decisions.csv'])
    await same(dana, [`/api/meetings/${meeting.id}/${tail}`, `/api/meetings/${randomUUID()}/${tail}`]);
  expect(await dana.knock(url(`cards/${cardAt(1)}`))).toBe(404);
  expect(await dana.knock(url(`cards/${randomUUID()}`))).toBe(404);
});

test('CONTRACT5: the upgrade is answered 401 to nobody, 403 to a foreign Origin, 404 for what is not one’s own', async () => {
  const mine = url(`cards/${cardAt(1)}`);
  const police = await who('Peter');
  expect(await police.knock(mine)).toBe(101);
  expect(await police.knock(mine, { origin: demo.url })).toBe(101);
  for (const origin of [
    'https://evil.example',
    'null',
    `${demo.url}.evil.example`,
    demo.url.replace('http', 'https')
  ]) {
    expect(await police.knock(mine, { origin }), origin).toBe(403);
    expect(await police.knock('/events/?EIO=4&transport=websocket', { origin }), origin).toBe(403);
  }
  expect(await knock(demo.url + mine, {})).toBe(401);
  expect(await knock(demo.url + mine, { cookie: 'same-room.session_token=made.up' })).toBe(401);
  const others = [
    `cards/${randomUUID()}`,
    'cards/x',
    `research/${people.agency('POL')}/${randomUUID()}`,
    '__proto__'
  ];
  for (const name of others) expect(await police.knock(url(name)), name).toBe(404);
  expect(await police.knock(`/sync/${randomUUID()}/cards/${cardAt(1)}`)).toBe(404);
  expect(await (await who('Ola')).knock(url(`protected/${cardAt(1)}`))).toBe(404);
  expect(await (await who('Sam')).knock(url(`protected/${cardAt(1)}`))).toBe(101);
  expect((await nobody()).status).toBe(401);
});

test('CONTRACT6: two unmodified y-websocket clients write one card at once and agree, with acks for who asked', async () => {
  const document = `cards/${cardAt(5)}`;
  const police = await (await who('Peter')).open(meeting.id, document, true);
  const health = await (await who('Hannah')).open(meeting.id, document);
  const mine = police.fragment(`agency/${people.agency('POL')}`, 'family/facts');
  const theirs = health.fragment(`agency/${people.agency('HEA')}`, 'family/facts');
  for (let n = 0; n < 10; n++) {
    police.paragraph(mine, `police ${n}`);
    health.paragraph(theirs, `health ${n}`);
    police.paragraph(police.fragment('analysis', 'worries'), `worry of police ${n}`);
    health.paragraph(health.fragment('analysis', 'worries'), `worry of health ${n}`);
  }
  const agree = () =>
    ['analysis', `agency/${people.agency('POL')}`, `agency/${people.agency('HEA')}`].every(
      (root) => police.text(root) === health.text(root)
    );
  await until('they agree', () => agree() && police.text('analysis').includes('worry of health 9'));
  await until('saved is said', () => police.said.some(({ kind, count }) => kind === 'saved' && count === 21));
  expect(police.said.every(({ kind }) => kind === 'saved')).toBe(true);
  expect(Number.isNaN(Date.parse(police.said[0]?.at ?? ''))).toBe(false);
  expect(health.said).toEqual([]);
  const later = await (await who('Joy')).open(meeting.id, document);
  expect(later.text('analysis')).toBe(police.text('analysis'));
  for (const each of [police, health, later]) each.leave();
});

type Forge = (doc: Y.Doc) => void;
const container = (doc: Y.Doc, root: string, key: string) =>
  doc.getMap(root).get(key) as Y.XmlFragment | undefined;

test('CONTRACT7: whatever is forged is refused with 4403, reaches nobody, and others stay', async () => {
  const document = `cards/${cardAt(1)}`;
  const idva = `agency/${people.agency('IDV')}`;
  const attacker = await who('Priya');
  const reader = await (await who('Ines')).open(meeting.id, document);
  const before = Y.encodeStateAsUpdate(reader.doc);
  const forged: Record<string, Forge> = {
    'another agency’s section': (doc) =>
      container(doc, idva, 'family/facts')?.push([new Y.XmlElement('paragraph')]),
    'the summary': (doc) => doc.getXmlFragment('summary').push([new Y.XmlElement('paragraph')]),
    'a root of no schema': (doc) => void doc.getMap('mine').set('a', 1),
    'a deletion in another’s section': (doc) => container(doc, idva, 'family/facts')?.delete(0, 1),
    'a container replaced': (doc) =>
      void doc.getMap(`agency/${people.agency('HOU')}`).set('family/facts', new Y.XmlFragment()),
    'a container deleted': (doc) => doc.getMap('analysis').delete('worries'),
    'an element of no schema': (doc) =>
      container(doc, 'analysis', 'worries')?.push([new Y.XmlElement('script')]),
    'an entry with a field of no schema': (doc) => {
      const made = new Y.Map();
      made.set('html', '<b>');
      doc.getMap('plan').set('action/x', made);
    },
    'a key named __proto__': (doc) => void doc.getMap('plan').set('__proto__', new Y.Map())
  };
  for (const [what, forge] of Object.entries(forged)) {
    const writer = await attacker.open(meeting.id, document, true);
    forge(writer.doc);
    await until(`${what} is refused`, () => writer.closes.length > 0);
    expect(writer.closes, what).toEqual([4403]);
    expect(writer.said.find(({ kind }) => kind === 'refused')).toMatchObject({
      reason: expect.any(String),
      message: expect.any(String)
    });
    writer.leave();
  }
  const later = await (await who('Joy')).open(meeting.id, document);
  expect(Y.encodeStateAsUpdate(later.doc)).toEqual(before);
  expect(Y.encodeStateAsUpdate(reader.doc)).toEqual(before);
  expect(reader.closes).toEqual([]);
  for (const each of [reader, later]) each.leave();
});

/** Sends bytes as a sync update by a bare socket; gives the close code. */
async function sendBytes(person: Outsider, document: string, bytes: Uint8Array): Promise<number> {
  const socket = new WebSocket(`${demo.url.replace('http', 'ws')}${url(document)}`, {
    headers: { cookie: person.cookie }
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.on('open', resolve));
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 0);
  encoding.writeVarUint(encoder, 2);
  encoding.writeVarUint8Array(encoder, bytes);
  socket.send(encoding.toUint8Array(encoder));
  return closed;
}

test('CONTRACT7: nobody writes under another’s client id, sends rubbish, or more than a card can want', async () => {
  const document = `cards/${cardAt(3)}`;
  const reader = await (await who('Ines')).open(meeting.id, document);
  const police = await (await who('Peter')).open(meeting.id, document);
  police.paragraph(police.fragment('analysis', 'needs'), 'a need that the police wrote');
  await until('the reader has it', () => reader.text('analysis').includes('a need that'));
  const stolen = police.doc.clientID;
  police.leave();
  const priya = await who('Priya');
  const writer = await priya.open(meeting.id, document);
  const own = writer.doc.clientID;
  writer.doc.clientID = stolen;
  writer.paragraph(writer.fragment('analysis', 'needs'), 'in the name of the police');
  await until('it is refused', () => writer.closes.length > 0);
  expect(writer.closes).toEqual([4403]);
  writer.doc.clientID = own; // the provider takes leave in its own name
  writer.leave();
  const huge = new Y.Doc();
  huge.getMap('analysis').set('x', 'y'.repeat(3_000_000));
  for (const bytes of [
    new Uint8Array([1, 2, 3, 4, 5, 6, 7]),
    new Uint8Array(0),
    new Uint8Array(64).fill(0xff)
  ])
    expect(await sendBytes(priya, document, bytes)).toBe(4403);
  // A frame larger than any message is ended by the WebSocket layer itself.
  expect([4403, 1009]).toContain(await sendBytes(priya, document, Y.encodeStateAsUpdate(huge)));
  expect(reader.closes).toEqual([]);
  expect(reader.text('analysis')).not.toContain('in the name');
  reader.leave();
});

test('CONTRACT8: who shows themselves at a card is shown as the server knows them', async () => {
  const document = `cards/${cardAt(2)}`;
  const chair = await (await who('Joy')).open(meeting.id, document);
  const priya = await (await who('Priya')).open(meeting.id, document);
  priya.provider.awareness.setLocalState({
    user: { name: 'Joy Okafor', role: 'chair', agencies: ['POL'] },
    cursor: null
  });
  const shown = () => JSON.stringify(chair.provider.awareness.getStates().get(priya.doc.clientID) ?? null);
  await until('the chair sees somebody', () => shown() !== 'null');
  expect(shown()).toContain('Priya Nair');
  expect(shown()).not.toContain('Joy');
  priya.leave();
  await until('and sees them go', () => shown() === 'null');
  chair.leave();
});

test('CONTRACT9: nothing of a card reaches who may not see it, and nobody’s socket stays after signing out', async () => {
  const dana = await (await who('Dana')).enter(meeting.id, 'remote');
  for (const card of meeting.cards.filter(({ id }) => ![cardAt(2), cardAt(4)].includes(id))) {
    expect(dana.bytes).not.toContain(card.id);
    expect(dana.bytes).not.toContain(card.family.reference);
  }
  dana.close();
  const leaving = await signIn(demo.url, 'grace.whitlock@demo.example');
  const events = await leaving.enter(meeting.id);
  const writer = await leaving.open(meeting.id, `cards/${cardAt(1)}`);
  await leaving.form('/sign-out', {});
  await until('both are closed', () => events.ended && writer.closes.length > 0, 2000);
  expect((await leaving.ask('/api/session')).status).toBe(401);
  expect(await leaving.knock(url(`cards/${cardAt(1)}`))).toBe(401);
  writer.leave();
  const again = leaving.events(meeting.id);
  await until('it is refused', () => again.fault !== undefined);
  expect(again.fault?.data?.code).toBe('signed-out');
});
