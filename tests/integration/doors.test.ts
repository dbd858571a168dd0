// What the real server answers at its doors: pages and routes as another program and a browser meet them.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '#server/config.ts';
import { openServices } from '#server/services.ts';
import { insertDemonstration } from '#server/demo/area.ts';
import { accounts, password as demoPassword } from '#server/demo/people.ts';
import { countFailure, failuresAllowed } from '#server/identity/limits.ts';
import { freshDatabase, type Place } from '../house.ts';
import { startServer, type RunningServer } from '../prepare/server.ts';

const password = 'four unrelated words';
const people = Array.from({ length: 12 }, (_, n) => `rep-${n}@area.example`);
let place: Place;
let server: RunningServer;
let unused = '';

beforeAll(async () => {
  place = await freshDatabase();
  const { services, close } = await openServices(readConfig({ ...place.env, PORT: '0' }));
  const { token } = await services.people.createArea('North', 'first@area.example');
  await services.people.accept(token, password, 'Carys Bevan');
  const session = await sessionThrough(services.identity);
  for (const email of people) {
    const invited = await services.people.invite(session, {
      email,
      name: email,
      role: 'rep',
      agencyId: null
    });
    await services.people.accept('token' in invited ? (invited.token ?? '') : '', password);
  }
  const last = await services.people.invite(session, {
    email: 'last@area.example',
    name: 'Last',
    role: 'administrator',
    agencyId: null
  });
  unused = 'token' in last ? (last.token ?? '') : '';
  await close();
  server = await startServer(place.env);
}, 120_000);
afterAll(async () => {
  await server.stop();
  await place.remove();
});

type Identity = Awaited<ReturnType<typeof openServices>>['services']['identity'];
async function sessionThrough(identity: Identity) {
  const answer = await identity.handle(
    new Request('http://localhost/api/auth/sign-in/email', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'first@area.example', password })
    }),
    '192.0.2.1'
  );
  const session = await identity.sessionOf(new Headers({ cookie: cookieOf(answer) }));
  if (!session) throw new Error('The coordinator has no session');
  return session;
}

function cookieOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
}
const ask = (path: string, cookie = '', init: RequestInit = {}) =>
  fetch(server.url + path, { redirect: 'manual', ...init, headers: { cookie, ...init.headers } });
const signIn = (email: string, given = password) =>
  ask('/api/auth/sign-in/email', '', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: given })
  });
/** Sends a form as a browser without script does. */
const send = (path: string, form: Record<string, string>, origin = server.url) =>
  ask(path, '', {
    method: 'POST',
    headers: { origin, accept: 'text/html' },
    body: new URLSearchParams(form)
  });

test('ID4: twelve people behind one address sign in within ten seconds, as programs without an Origin', async () => {
  const began = Date.now();
  const answers = await Promise.all(people.map((email) => signIn(email)));
  expect(answers.map((answer) => answer.status)).toEqual(Array<number>(12).fill(200));
  expect(Date.now() - began).toBeLessThan(10_000);
});

test('ID1: GET /api/session says who is asking, and 401 in problem details to nobody', async () => {
  const nobody = await ask('/api/session');
  expect(nobody.status).toBe(401);
  expect(nobody.headers.get('content-type')).toBe('application/problem+json');
  expect(await nobody.json()).toMatchObject({ status: 401, title: expect.any(String) });
  const session = await (await ask('/api/session', cookieOf(await signIn('first@area.example')))).json();
  expect(session).toEqual({
    user: { id: expect.any(String), name: 'Carys Bevan', email: 'first@area.example' },
    area: { id: expect.any(String), name: 'North' },
    memberships: [{ id: expect.any(String), role: 'coordinator', agency: null }]
  });
});

test('ID2: the form and the route answer alike whether an account exists or not', async () => {
  const told = async (answer: Response) => {
    const headers = [...answer.headers].filter(
      ([name]) => !['date', 'content-length', 'etag'].includes(name)
    );
    return { status: answer.status, body: await answer.text(), headers };
  };
  const wrong = 'not the password';
  expect(await told(await signIn('first@area.example', wrong))).toEqual(
    await told(await signIn('xxxxx@area.example', wrong))
  );
  const typed = async (email: string) => {
    const { status, body } = await told(await send('/sign-in?/password', { email, password: wrong }));
    return { status, body: body.replaceAll(email, 'EMAIL').replaceAll(/nonce="[^"]*"/g, '') };
  };
  expect(await typed('first@area.example')).toEqual(await typed('xxxxx@area.example'));
});

test('ID5: a form from a foreign Origin is refused', async () => {
  const form = { email: 'first@area.example', password };
  expect((await send('/sign-in?/password', form, 'https://elsewhere.example')).status).toBe(403);
  expect((await send('/sign-in?/password', form)).status).toBe(303);
});

test('ID6: looking at a link uses nothing up; choosing a password does, once', async () => {
  for (let n = 0; n < 3; n++) {
    const page = await ask(`/invitation/${unused}`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('last@area.example');
  }
  const chosen = { password, again: password };
  const used = await send(`/invitation/${unused}`, chosen);
  expect([used.status, used.headers.get('location')]).toEqual([303, '/sign-in?welcome']);
  expect((await send(`/invitation/${unused}`, chosen)).status).toBe(400);
  expect((await signIn('last@area.example')).status).toBe(200);
  expect(server.output()).not.toContain(unused);
});

test('ID13: what is not one’s own answers as what does not exist; without a session one is led to sign in', async () => {
  const rep = cookieOf(await signIn('rep-0@area.example'));
  const answers = [];
  for (const path of ['/people', '/audit', '/settings', '/no-such-page']) {
    const page = await ask(path, rep);
    answers.push([page.status, (await page.text()).includes('There is nothing here for you')]);
  }
  expect(answers).toEqual(Array(4).fill([404, true]));
  const away = await ask('/people?x=1');
  expect([away.status, away.headers.get('location')]).toEqual([303, '/sign-in?to=%2Fpeople%3Fx%3D1']);
});

test('ID13: signing in leads back within the site, and nowhere else', async () => {
  const form = { email: 'first@area.example', password };
  const led = async (to: string) =>
    (await send(`/sign-in?/password&to=${encodeURIComponent(to)}`, form)).headers.get('location');
  expect(await led('/audit?day=2026-11-24')).toBe('/audit?day=2026-11-24');
  for (const to of [
    '//evil.example',
    '/\t/evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:x'
  ])
    expect(new URL((await led(to)) ?? '', server.url).origin).toBe(server.url);
});

test('ID13: every answer carries the headers that guard it', async () => {
  for (const path of ['/sign-in', '/api/session', '/api/auth/get-session', '/no-such-page', '/people']) {
    const { headers } = await ask(path);
    expect(headers.get('x-content-type-options'), path).toBe('nosniff');
    expect(headers.get('cache-control'), path).toMatch(/no-store/);
    expect(headers.get('referrer-policy'), path).toBe('same-origin');
  }
  const policy = (await ask('/sign-in')).headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
});

test('ID14: outside a demonstration nobody sits down by one click', async () => {
  expect(await (await ask('/sign-in')).text()).not.toContain('Sit down');
  const { email = '' } = accounts()[0] ?? {};
  expect((await send('/sign-in?/demonstration', { email })).status).toBe(404);
  expect((await send('/sign-in?/demonstration', { email: 'first@area.example' })).status).toBe(404);
  expect((await signIn(email, demoPassword)).status).toBe(401);
});

test('ID15: a trusted proxy says whose address it is, and what comes past it counts for its own', async () => {
  const other = await freshDatabase();
  const { services, close } = await openServices(readConfig({ ...other.env, PORT: '0' }));
  for (let n = 0; n < failuresAllowed.address; n++)
    await countFailure(services.database, { email: `${n}@area.example`, address: '203.0.113.9' }, new Date());
  await close();
  const proxied = await startServer({ ...other.env, TRUST_PROXY: 'yes' });
  const from = async (headers: Record<string, string>) => {
    const body = JSON.stringify({ email: 'nobody@area.example', password });
    const json = { 'content-type': 'application/json', ...headers };
    return (await fetch(`${proxied.url}/api/auth/sign-in/email`, { method: 'POST', headers: json, body }))
      .status;
  };
  try {
    expect(await from({ 'x-forwarded-for': '203.0.113.9' })).toBe(429);
    expect(await from({ 'x-forwarded-for': '203.0.113.9, 203.0.113.10' })).toBe(401);
    expect(await from({})).toBe(401);
  } finally {
    await proxied.stop();
    await other.remove();
  }
  expect((await ask('/api/session', '', { headers: { 'x-forwarded-for': 'nonsense' } })).status).toBe(401);
});

test('ID14: production refuses a database that holds a demonstration', async () => {
  const other = await freshDatabase();
  try {
    const { services, close } = await openServices(readConfig({ ...other.env, PORT: '0' }));
    await insertDemonstration(services.database);
    await close();
    await expect(startServer(other.env)).rejects.toThrow('holds a demonstration');
  } finally {
    await other.remove();
  }
});
