// Two areas in one database, as `create-area` makes them, and the production process: a coordinator of one uses
// every id of the other, and is answered as for ids that she made up.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Outsider, signIn, type CardTold, type MeetingListed } from '../actors/outsider.ts';
import { until } from '../actors/peer.ts';
import { freshDatabase, type Place } from '../house.ts';
import { startServer, type RunningServer } from '../prepare/server.ts';

const root = path.join(import.meta.dirname, '../..');
const password = 'four unrelated words';
let place: Place;
let server: RunningServer;
let links: string[] = [];

interface Area {
  readonly coordinator: Outsider;
  readonly email: string;
  readonly userId: string;
  readonly membershipId: string;
  readonly invitationId: string;
  readonly agencyId: string;
  readonly meetingId: string;
  readonly cardId: string;
  readonly caseId: string;
  readonly familyId: string;
}
let north: Area;
let south: Area;

async function createArea(name: string): Promise<string> {
  const given = ['--name', name, '--coordinator', `${name}@area.example`];
  const env = { PATH: process.env.PATH, ...place.env };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path.join(root, 'server/cli/create-area.ts'), ...given],
    { env }
  );
  return /\/invitation\/[\w-]+/.exec(stdout)?.[0] ?? '';
}

const found = (pattern: RegExp, text: string): string => {
  const value = pattern.exec(text)?.[1];
  if (!value) throw new Error(`${pattern} is not on the page`);
  return value;
};

/** An area with an agency, an invitation, families of the sample and a meeting, made over its pages. */
async function furnish(name: string, link: string): Promise<Area> {
  const email = `${name}@area.example`;
  const chosen = await new Outsider(server.url, '').form(link, { password, again: password, name });
  expect(chosen.status).toBe(303);
  const coordinator = await signIn(server.url, email, password);
  const session = await coordinator.get<{ user: { id: string }; memberships: { id: string }[] }>(
    '/api/session'
  );
  await coordinator.form('/settings?/agency', { code: 'POL', name: 'Police', core: 'yes', kind: 'police' });
  const settings = await (await coordinator.ask('/settings')).text();
  const agencyId = found(/name="agencyId" value="([0-9a-f-]{36})"/, settings);
  await coordinator.form('/people?/invite', {
    email: `rep-${name}@area.example`,
    name: 'Rep',
    place: `rep/${agencyId}`
  });
  const people = await (await coordinator.ask('/people')).text();
  const file = 'police-notifications-last-month-windows-1252.csv';
  const form = new FormData();
  form.set('file', new File([fs.readFileSync(path.join(root, 'samples', file))], file));
  form.set('order', '{}');
  const imported = await coordinator.ask('/intake/import', {
    method: 'POST',
    headers: { origin: server.url },
    body: form
  });
  expect(imported.status).toBe(200);
  const { incidents } = (await imported.json()) as { incidents: { familyId: string }[] };
  const planning = await (await coordinator.ask('/meetings/new')).text();
  const caseId = found(/<input[^>]*name="caseIds"[^>]*value="([0-9a-f-]{36})"/, planning);
  const planned = await coordinator.form('/meetings/new', {
    date: '2027-03-01',
    time: '10:00',
    place: name,
    chairId: session.user.id,
    caseIds: caseId
  });
  expect(planned.status).toBe(303);
  const [meeting] = await coordinator.get<MeetingListed[]>('/api/meetings');
  return {
    coordinator,
    email,
    userId: session.user.id,
    membershipId: session.memberships[0]?.id ?? '',
    invitationId: found(/name="invitationId" value="([0-9a-f-]{36})"/, people),
    agencyId,
    meetingId: meeting?.id ?? '',
    cardId: meeting?.cards[0]?.id ?? '',
    caseId,
    familyId: incidents[0]?.familyId ?? ''
  };
}

beforeAll(async () => {
  place = await freshDatabase();
  links = [await createArea('north'), await createArea('south')];
  server = await startServer({ ...place.env, LOG_LEVEL: 'debug' });
  north = await furnish('north', links[0] ?? '');
  south = await furnish('south', links[1] ?? '');
}, 120_000);
afterAll(async () => {
  await server.stop();
  await place.remove();
});

/** An answer without what differs by itself: the page's nonce, and the id that was asked for. */
async function told(answer: Response, id = ' '): Promise<string> {
  const text = (await answer.text()).replace(/nonce="[^"]*"/g, '').replaceAll(id, 'ID');
  return `${answer.status} ${answer.headers.get('location') ?? ''} ${text}`;
}

test('ATTACK10: an id of another area is answered as one that was made up, by every page, answer and socket', async () => {
  const { coordinator } = south;
  const pages: [(id: string) => string, string][] = [
    [(id) => `/meetings/${id}`, north.meetingId],
    [(id) => `/meetings/${id}/agenda`, north.meetingId],
    [(id) => `/meetings/${id}/minutes`, north.meetingId],
    [(id) => `/api/meetings/${id}/decisions`, north.meetingId],
    [(id) => `/api/meetings/${id}/decisions.csv`, north.meetingId],
    [(id) => `/api/cards/${id}`, north.cardId],
    [(id) => `/families/${id}`, north.familyId]
  ];
  for (const [where, id] of pages) {
    const none = randomUUID();
    const foreign = await told(await coordinator.ask(where(id)), id);
    expect(foreign, where('…')).toBe(await told(await coordinator.ask(where(none)), none));
    expect(foreign).toMatch(/^404/);
    expect((await north.coordinator.ask(where(id))).status, where('…')).toBe(200);
  }
  expect(await coordinator.knock(`/sync/${north.meetingId}/cards/${north.cardId}`)).toBe(404);
  expect(await coordinator.knock(`/sync/${south.meetingId}/cards/${north.cardId}`)).toBe(404);
  const board = coordinator.events(north.meetingId);
  await until('it is refused', () => board.fault !== undefined);
  expect(board.fault?.data?.code).toBe('not-found');
});

test('ATTACK10: no form and no command of one area touches another’s', async () => {
  const before = await north.coordinator.get<CardTold>(`/api/cards/${north.cardId}`);
  const people = await told(await north.coordinator.ask('/people'));
  const own = `/meetings/${south.meetingId}/agenda`;
  const other = `/meetings/${north.meetingId}/agenda`;
  const details = { date: '2027-03-02', time: '10:00', place: 'Taken' };
  const forms: [string, Record<string, string>, string][] = [
    ['/people?/end', { membershipId: north.membershipId }, 'membershipId'],
    ['/people?/renew', { userId: north.userId }, 'userId'],
    ['/people?/withdraw', { invitationId: north.invitationId }, 'invitationId'],
    ['/people?/invite', { email: 'x@y.example', name: 'X', place: `rep/${north.agencyId}` }, 'place'],
    ['/settings?/core', { agencyId: north.agencyId, core: 'no' }, 'agencyId'],
    ['/meetings/new', { ...details, chairId: north.userId }, 'chairId'],
    ['/meetings/new', { ...details, chairId: south.userId, observerIds: north.userId }, 'observerIds'],
    ['/meetings/new', { ...details, chairId: south.userId, caseIds: north.caseId }, 'caseIds'],
    [`${own}?/add`, { caseIds: north.caseId }, 'caseIds'],
    [`${own}?/withdraw`, { cardId: north.cardId }, 'cardId'],
    [`${own}?/order`, { order: north.cardId }, 'order'],
    [`${own}?/call`, { cardId: south.cardId, agencyId: north.agencyId }, 'agencyId'],
    [`${own}?/call`, { cardId: north.cardId, agencyId: south.agencyId }, 'cardId'],
    [`${own}?/takeOff`, { cardId: north.cardId, agencyId: south.agencyId }, 'cardId'],
    [`/families/${south.familyId}?/join`, { other: north.familyId }, 'other'],
    [`/families/${south.familyId}?/apart`, { other: north.familyId }, 'other']
  ];
  for (const [where, fields, field] of forms) {
    const none = field === 'place' ? `rep/${randomUUID()}` : randomUUID();
    const foreign = await south.coordinator.form(where, fields);
    expect([400, 404, 409], where).toContain(foreign.status);
    const made = await south.coordinator.form(where, { ...fields, [field]: none });
    expect(await told(foreign, fields[field] ?? ''), `${where} ${field}`).toBe(await told(made, none));
  }
  for (const act of ['change', 'add', 'withdraw', 'order', 'call', 'takeOff'])
    expect(
      (await south.coordinator.form(`${other}?/${act}`, { ...details, cardId: north.cardId })).status
    ).toBe(404);
  const board = await south.coordinator.enter(south.meetingId);
  const commands: [string, Record<string, unknown>][] = [
    ['card.show', {}],
    ['person.exclude', { userId: north.userId }],
    ['rating.set', { memberId: null, rating: 'red', agencyId: north.agencyId }],
    ['ratings.reveal', {}],
    ['joint.set', { memberId: null, rating: 'red', reason: 'x' }],
    ['card.lock', {}]
  ];
  for (const [type, fields] of commands) {
    const foreign = await board.send(type, { ...fields, cardId: north.cardId });
    expect(foreign.ok, type).toBe(false);
    expect(foreign).toEqual(await board.send(type, { ...fields, cardId: randomUUID() }));
  }
  for (const [type, fields] of [
    ['chair.give', {}],
    ['attendance.set', { mode: 'room' }],
    ['person.exclude', { cardId: south.cardId }]
  ] as const) {
    const foreign = await board.send(type, { ...fields, userId: north.userId });
    expect(foreign.ok, type).toBe(false);
    expect(foreign).toEqual(await board.send(type, { ...fields, userId: randomUUID() }));
  }
  board.close();
  expect(await north.coordinator.get<CardTold>(`/api/cards/${north.cardId}`)).toEqual(before);
  expect(await told(await north.coordinator.ask('/people'))).toBe(people);
});

test('ATTACK10: what one area holds is in no page of another’s, though both have the same families', async () => {
  const ids = [north.meetingId, north.cardId, north.caseId, north.familyId, north.agencyId, north.userId];
  for (const page of [
    '/',
    '/people',
    '/settings',
    '/families',
    '/meetings/new',
    `/meetings/${south.meetingId}/agenda`
  ]) {
    const text = await (await south.coordinator.ask(page)).text();
    for (const id of ids) expect(text, page).not.toContain(id);
    expect(text).not.toContain(north.email);
  }
  const look = async (area: Area) =>
    (
      await area.coordinator.ask('/intake/look', {
        method: 'POST',
        headers: { origin: server.url, 'content-type': 'application/json' },
        body: JSON.stringify({ occurrences: ['4826411552'], marks: [] })
      })
    ).text();
  expect(await look(north)).not.toBe(await look(south));
  for (const id of ids) expect(await look(south)).not.toContain(id);
  // An open link is another's to use, whoever is signed in, and says nothing once it is used.
  const used = await (await south.coordinator.ask(links[0] ?? '')).text();
  expect(used).not.toContain(north.email);
});
