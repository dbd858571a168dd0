import { eq } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditEvents } from '#server/database/schema/decisions.ts';
import { agencies, sessions, users } from '#server/database/schema/identity.ts';
import { meetings } from '#server/database/schema/meetings.ts';
import type { Ended } from '#server/identity/identity.ts';
import type { Session } from '#server/identity/session.ts';
import { openTestServices } from '../house.ts';

let open: Awaited<ReturnType<typeof openTestServices>>;
let coordinator: Session;
const password = 'four unrelated words';
const ended: Ended[] = [];

const signInAt = (email: string, given: string, address: string, headers: Record<string, string> = {}) =>
  open.services.identity.handle(
    new Request('http://localhost/api/auth/sign-in/email', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ email, password: given })
    }),
    address
  );
const cookieOf = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
const sessionBy = (cookie: string) => open.services.identity.sessionOf(new Headers({ cookie }));

async function arrive(email: string): Promise<{ cookie: string; session: Session }> {
  const cookie = cookieOf(await signInAt(email, password, '192.0.2.1'));
  const session = await sessionBy(cookie);
  if (!session) throw new Error(`${email} has no session`);
  return { cookie, session };
}

/** Invites a rep of an agency, who accepts. */
async function rep(email: string, code: string): Promise<void> {
  const [agency] = await open.services.database.db.select().from(agencies).where(eq(agencies.code, code));
  const invited = await open.services.people.invite(coordinator, {
    email,
    name: email,
    role: 'rep',
    agencyId: agency?.id ?? null
  });
  if (!('token' in invited) || !invited.token) throw new Error('no link');
  await open.services.people.accept(invited.token, password);
}

beforeAll(async () => {
  open = await openTestServices();
  open.services.identity.onEnded((what) => ended.push(what));
  const { token } = await open.services.people.createArea('North', 'first@area.example');
  await open.services.people.accept(token, password);
  coordinator = (await arrive('first@area.example')).session;
  await rep('rep@area.example', 'HOU');
});
afterAll(() => open.close());

test('ID1: a session says who, in which area, with which places', async () => {
  const { session } = await arrive('rep@area.example');
  expect(session).toMatchObject({
    user: { email: 'rep@area.example' },
    area: { name: 'North', demo: false }
  });
  expect(session.memberships).toMatchObject([{ role: 'rep', agency: { code: 'HOU', name: 'Housing' } }]);
  expect(await sessionBy('same-room.session_token=forged.signature')).toBeNull();
  expect(await sessionBy('')).toBeNull();
});

test('ID1: the cookie is HttpOnly, SameSite, and holds no data of the session', async () => {
  const [cookie = ''] = (await signInAt('rep@area.example', password, '192.0.2.1')).headers.getSetCookie();
  expect(cookie).toMatch(/; HttpOnly/i);
  expect(cookie).toMatch(/; SameSite=Lax/i);
  expect(cookie).not.toMatch(/; Secure/i);
});

test('ID2: nothing tells whether an account exists', async () => {
  const tell = async (answer: Response) => [
    answer.status,
    await answer.text(),
    [...answer.headers.keys()].sort().join()
  ];
  const known = await tell(await signInAt('rep@area.example', 'wrong password', '192.0.2.2'));
  const unknown = await tell(await signInAt('nobody@area.example', 'wrong password', '192.0.2.2'));
  expect(known).toEqual(unknown);
  expect(known[0]).toBe(401);
});

test('ID2: a wrong password takes as long as a name that nobody has', async () => {
  const spent = async (email: string) => {
    const began = performance.now();
    await signInAt(email, 'wrong password', '192.0.2.9');
    return performance.now() - began;
  };
  const known: number[] = [];
  const unknown: number[] = [];
  for (let n = 0; n < 6; n++) {
    known.push(await spent('first@area.example'));
    unknown.push(await spent(`nobody-${n}@area.example`));
  }
  // The fastest of each: what else the machine does only ever adds. Hashing is some 50 ms, a look-up 2.
  const ratio = Math.min(...known) / Math.min(...unknown);
  expect(ratio).toBeGreaterThan(0.5);
  expect(ratio).toBeLessThan(2);
});

test('ID3: failures are limited per account, and a success clears them', async () => {
  for (let n = 0; n < 10; n++)
    expect((await signInAt('limited@area.example', 'wrong', '192.0.2.3')).status).toBe(401);
  expect((await signInAt('limited@area.example', 'wrong', '192.0.2.4')).status).toBe(429);
  for (let n = 0; n < 8; n++) await signInAt('rep@area.example', 'wrong', '192.0.2.3');
  expect((await signInAt('rep@area.example', password, '192.0.2.3')).status).toBe(200);
  expect((await signInAt('rep@area.example', 'wrong', '192.0.2.3')).status).toBe(401);
});

test('ID3: a flood at one moment gets no more tries than are allowed', async () => {
  const flood = await Promise.all(
    Array.from({ length: 24 }, () => signInAt('flooded@area.example', 'wrong', '192.0.2.10'))
  );
  expect(flood.filter((answer) => answer.status === 401)).toHaveLength(10);
  expect(flood.filter((answer) => answer.status === 429)).toHaveLength(14);
});

test('ID1: what is no cookie of ours is nobody, and breaks nothing', async () => {
  for (const value of ['%E0%A4%A', 'a.b.c', '', '{}', 'x'.repeat(4000)])
    expect(await sessionBy(`same-room.session_token=${value}`)).toBeNull();
});

test('ID4: twelve people behind one address are let in together', async () => {
  const together = await Promise.all(
    Array.from({ length: 12 }, () => signInAt('rep@area.example', password, '192.0.2.5'))
  );
  expect(together.map((answer) => answer.status)).toEqual(Array<number>(12).fill(200));
});

test('ID5: a foreign Origin is refused, ours and none are not', async () => {
  const from = async (origin?: string) =>
    (await signInAt('rep@area.example', password, '192.0.2.6', origin ? { origin } : {})).status;
  expect(await from('https://elsewhere.example')).toBe(403);
  expect(await from(open.services.config.origins[0])).toBe(200);
  expect(await from()).toBe(200);
});

test('ID6: a link works once, and an unused one says only what it is for', async () => {
  const invited = await open.services.people.invite(coordinator, {
    email: 'once@area.example',
    name: 'Once',
    role: 'rep',
    agencyId: null
  });
  const token = 'token' in invited ? (invited.token ?? '') : '';
  expect(await open.services.people.link(token)).toEqual({
    kind: 'invitation',
    name: 'Once',
    email: 'once@area.example'
  });
  expect(await open.services.people.accept(token, 'short')).toHaveProperty('refused');
  const both = await Promise.all([
    open.services.people.accept(token, password),
    open.services.people.accept(token, 'another password')
  ]);
  expect(both.filter((each) => 'email' in each)).toHaveLength(1);
  expect(await open.services.people.link(token)).toBeUndefined();
  expect(await open.services.people.link('made-up')).toBeUndefined();
});

test('ID7: a renewed password ends the sessions that stood on the old one', async () => {
  await rep('renewed@area.example', 'HEA');
  const { cookie, session } = await arrive('renewed@area.example');
  const link = await open.services.people.renew(coordinator, session.user.id);
  await open.services.people.accept('token' in link ? link.token : '', 'quite another password');
  expect(await sessionBy(cookie)).toBeNull();
  expect(ended).toContainEqual({ userId: session.user.id });
  expect((await signInAt('renewed@area.example', password, '192.0.2.7')).status).toBe(401);
});

test('ID8: an ended place ends at once: sessions, sockets and sign-in, but not the history', async () => {
  await rep('leaving@area.example', 'CSC');
  const { cookie, session } = await arrive('leaving@area.example');
  expect(await open.services.people.end(coordinator, session.memberships[0]?.id ?? '')).toEqual({
    ended: true
  });
  expect(await sessionBy(cookie)).toBeNull();
  expect(ended).toContainEqual({ userId: session.user.id });
  expect((await signInAt('leaving@area.example', password, '192.0.2.8')).status).toBe(401);
  const { db } = open.services.database;
  expect(await db.select().from(users).where(eq(users.email, 'leaving@area.example'))).toHaveLength(1);
  expect(await db.select().from(sessions).where(eq(sessions.userId, session.user.id))).toHaveLength(0);
});

test('ID9: signing out ends that session alone, and says which to the sockets', async () => {
  const [first, second] = await Promise.all([arrive('rep@area.example'), arrive('rep@area.example')]);
  await open.services.identity.handle(
    new Request('http://localhost/api/auth/sign-out', { method: 'POST', headers: { cookie: first.cookie } }),
    '192.0.2.1'
  );
  expect(await sessionBy(first.cookie)).toBeNull();
  expect(await sessionBy(second.cookie)).not.toBeNull();
  expect(ended).toContainEqual({ sessionId: first.session.id });
});

test('ID10: a coordinator reaches the people of their own area alone', async () => {
  const { token } = await open.services.people.createArea('South', 'first@south.example');
  await open.services.people.accept(token, password);
  const south = (await arrive('first@south.example')).session;
  const { people } = await open.services.people.list(south);
  expect(people.map((person) => person.email)).toEqual(['first@south.example']);
  const other = (await arrive('rep@area.example')).session;
  expect(await open.services.people.renew(south, other.user.id)).toHaveProperty('refused');
  expect(await open.services.people.end(south, other.memberships[0]?.id ?? '')).toHaveProperty('refused');
  expect(
    await open.services.people.invite(south, {
      email: 'rep@area.example',
      name: 'Rep',
      role: 'rep',
      agencyId: null
    })
  ).toHaveProperty('refused');
});

test('ID10: an agency of another area can’t be given, nor changed', async () => {
  const { token } = await open.services.people.createArea('East', 'first@east.example');
  await open.services.people.accept(token, password);
  const east = (await arrive('first@east.example')).session;
  const [theirs] = (await open.services.people.list(coordinator)).agencies;
  const agencyId = theirs?.id ?? '';
  expect(
    await open.services.people.invite(east, {
      email: 'new@east.example',
      name: 'New',
      role: 'rep',
      agencyId
    })
  ).toHaveProperty('refused');
  expect(await open.services.settings.setCore(east, agencyId, false)).toHaveProperty('refused');
});

test('ID11: a link of one area gives nobody a password who has a place in another', async () => {
  const { token: first } = await open.services.people.createArea('Far', 'first@far.example');
  await open.services.people.accept(first, password);
  const far = (await arrive('first@far.example')).session;
  const asked = { email: 'wanted@area.example', name: 'Wanted', role: 'rep', agencyId: null };
  const theirs = await open.services.people.invite(far, asked);
  await rep('wanted@area.example', 'EDU');
  const { cookie } = await arrive('wanted@area.example');
  const taken = await open.services.people.accept(
    'token' in theirs ? (theirs.token ?? '') : '',
    'a password of another area'
  );
  expect(taken).toHaveProperty('refused');
  expect(await sessionBy(cookie)).not.toBeNull();
  expect((await signInAt('wanted@area.example', 'a password of another area', '192.0.2.11')).status).toBe(
    401
  );
});

test('ID11: withdrawn, replaced, or of somebody who has left, a link opens nothing', async () => {
  const asked = { email: 'maybe@area.example', name: 'Maybe', role: 'rep', agencyId: null };
  const link = async () => {
    const invited = await open.services.people.invite(coordinator, asked);
    return 'token' in invited ? (invited.token ?? '') : '';
  };
  const first = await link();
  const second = await link();
  expect(await open.services.people.link(first)).toBeUndefined();
  const [pending] = (await open.services.people.list(coordinator)).invitations.filter(
    ({ email }) => email === asked.email
  );
  expect(await open.services.people.withdraw(coordinator, pending?.id ?? '')).toEqual({ withdrawn: true });
  expect(await open.services.people.accept(second, password)).toHaveProperty('refused');

  await rep('gone@area.example', 'SUB');
  const { session } = await arrive('gone@area.example');
  const renewal = await open.services.people.renew(coordinator, session.user.id);
  await open.services.people.end(coordinator, session.memberships[0]?.id ?? '');
  const used = await open.services.people.accept('token' in renewal ? renewal.token : '', password);
  expect(used).toHaveProperty('refused');
});

test('ID12: an area keeps a coordinator, and its first one says their own name', async () => {
  expect(await open.services.people.end(coordinator, coordinator.memberships[0]?.id ?? '')).toHaveProperty(
    'refused'
  );
  const { token } = await open.services.people.createArea('Named', 'someone@named.example');
  expect(await open.services.people.link(token)).toMatchObject({ name: '' });
  await open.services.people.accept(token, password, 'Nia Pritchard');
  expect((await arrive('someone@named.example')).session.user.name).toBe('Nia Pritchard');
  const invited = await open.services.people.invite(coordinator, {
    email: 'given@area.example',
    name: 'Given Name',
    role: 'rep',
    agencyId: null
  });
  await open.services.people.accept('token' in invited ? (invited.token ?? '') : '', password, 'Chair');
  expect((await arrive('given@area.example')).session.user.name).toBe('Given Name');
});

test('AREA1: an agency is added and made core, and both are in the audit', async () => {
  const { settings, trail } = open.services;
  const agency = { code: 'vol', name: 'Voluntary sector', core: false, kind: 'other' };
  expect(await settings.addAgency(coordinator, agency)).toEqual({ added: 'Voluntary sector' });
  expect(await settings.addAgency(coordinator, agency)).toHaveProperty('refused');
  expect(await settings.addAgency(coordinator, { ...agency, code: 'four' })).toHaveProperty('refused');
  const added = (await settings.read(coordinator)).agencies.at(-1);
  expect(added).toMatchObject({ code: 'VOL', core: false });
  await settings.setCore(coordinator, added?.id ?? '', true);
  expect((await settings.read(coordinator)).agencies.at(-1)).toMatchObject({ code: 'VOL', core: true });
  const { rows } = await trail.read(coordinator, { act: 'settings-changed' });
  expect(rows.map((row) => row.purpose)).toEqual(['an agency made core', 'an agency added']);
});

test('AREA2: sealing stays as it is while a meeting is open', async () => {
  const { settings, database } = open.services;
  const { statement } = await settings.read(coordinator);
  const [meeting] = await database.db
    .insert(meetings)
    .values({
      areaId: coordinator.area.id,
      startsAt: new Date(),
      place: 'Town hall',
      chairId: coordinator.user.id,
      heldBy: coordinator.user.id,
      createdBy: coordinator.user.id,
      state: 'open'
    })
    .returning();
  expect(await settings.setTerms(coordinator, { statement, sealed: false })).toHaveProperty('refused');
  expect(await settings.setTerms(coordinator, { statement: 'Ours.', sealed: true })).toEqual({
    changed: true
  });
  await database.db
    .update(meetings)
    .set({ state: 'closed' })
    .where(eq(meetings.id, meeting?.id ?? ''));
  expect(await settings.setTerms(coordinator, { statement: 'Ours.', sealed: false })).toEqual({
    changed: true
  });
  expect(await settings.read(coordinator)).toMatchObject({ statement: 'Ours.', sealed: false });
});

test('AUDIT1: reading the audit is in the audit, and shows the own area alone', async () => {
  const first = await open.services.trail.read(coordinator, {});
  expect(first.rows[0]).toMatchObject({ act: 'audit-opened', by: coordinator.user.name });
  expect(first.rows.some((row) => row.act === 'signed-in')).toBe(true);
  const onlyEnded = await open.services.trail.read(coordinator, { act: 'membership-ended' });
  expect(new Set(onlyEnded.rows.map((row) => row.act))).toEqual(new Set(['membership-ended']));
  const { token } = await open.services.people.createArea('West', 'first@west.example');
  await open.services.people.accept(token, password);
  const west = (await arrive('first@west.example')).session;
  expect((await open.services.trail.read(west, {})).rows.every((row) => row.by === west.user.name)).toBe(
    true
  );
});

test('AUDIT2: what can’t be recorded is not read', async () => {
  const nobody = { ...coordinator, user: { ...coordinator.user, id: randomUUID() } };
  await expect(open.services.trail.read(nobody, {})).rejects.toThrow();
});

test('AUDIT3: by person, act and London’s day, newest first, a page at a time', async () => {
  const { database, trail } = open.services;
  const summer = (time: string) => new Date(`2026-07-01T${time}Z`);
  const about = { areaId: coordinator.area.id, userId: coordinator.user.id, purpose: 'a test' };
  await database.db.insert(auditEvents).values([
    { ...about, act: 'export-made', at: summer('22:59:59') },
    { ...about, act: 'export-made', at: summer('23:00:00') }, // the second of July, in London
    { ...about, act: 'imported', at: summer('23:30:00') }
  ]);
  const read = async (asked: Record<string, string>) =>
    (await trail.read(coordinator, asked)).rows.map((row) => `${row.act} ${row.at}`);
  expect(await read({ day: '2026-07-01' })).toEqual(['export-made 2026-07-01T22:59:59.000Z']);
  expect(await read({ day: '2026-07-02' })).toEqual([
    'imported 2026-07-01T23:30:00.000Z',
    'export-made 2026-07-01T23:00:00.000Z'
  ]);
  expect(await read({ day: '2026-07-02', act: 'imported', userId: coordinator.user.id })).toHaveLength(1);
  expect(await read({ day: '2026-07-02', userId: randomUUID() })).toEqual([]);
  expect(await read({ day: 'nonsense', page: '-3' })).not.toEqual([]);
  await database.db
    .insert(auditEvents)
    .values(Array.from({ length: 120 }, () => ({ ...about, act: 'imported', at: summer('09:00:00') })));
  const pages = [await trail.read(coordinator, { day: '2026-07-01' })];
  pages.push(await trail.read(coordinator, { day: '2026-07-01', page: '2' }));
  expect(pages.map(({ rows, more }) => [rows.length, more])).toEqual([
    [100, true],
    [21, false]
  ]);
});
