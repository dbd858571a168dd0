// Somebody who wants what is not hers, at the demonstration's own process: other sites' forms, forged headers,
// hostile words, floods, and every page that a role may not read.
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  demonstration,
  everyone,
  Outsider,
  signIn,
  type CardTold,
  type Demonstration,
  type MeetingListed
} from '../actors/outsider.ts';
import { until } from '../actors/peer.ts';

let demo: Demonstration;
let people: Awaited<ReturnType<typeof everyone>>;
let meeting: MeetingListed;
const who = (name: string) => people.who(name);
const cardAt = (position: number) => meeting.cards[position - 1]?.id ?? '';
const hostile = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"'`;

beforeAll(async () => {
  demo = await demonstration({ LOG_LEVEL: 'debug' });
  people = await everyone(demo.url);
  [meeting] = (await (await who('Joy')).get<MeetingListed[]>('/api/meetings')) as [MeetingListed];
}, 120_000);
afterAll(() => demo.stop());

/** A request with any header, also those that fetch sets by itself. */
function raw(
  where: string,
  { method = 'GET', body = '', headers = {} as Record<string, string> }
): Promise<{ status: number; headers: http.IncomingHttpHeaders; text: string }> {
  const { port } = new URL(demo.url);
  return new Promise((resolve, reject) => {
    const request = http.request({ host: 'localhost', port, path: where, method, headers }, (answer) => {
      let text = '';
      answer.on('data', (bytes) => (text += bytes));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

const acts = (id: string, familyId: string) => [
  '/sign-in?/password',
  '/sign-in?/demonstration',
  '/sign-out',
  '/people?/invite',
  '/people?/withdraw',
  '/people?/renew',
  '/people?/end',
  '/settings?/agency',
  '/settings?/core',
  '/settings?/terms',
  '/meetings/new',
  `/meetings/${id}/agenda?/change`,
  `/meetings/${id}/agenda?/add`,
  `/meetings/${id}/agenda?/withdraw`,
  `/meetings/${id}/agenda?/order`,
  `/meetings/${id}/agenda?/call`,
  `/meetings/${id}/agenda?/takeOff`,
  `/families/${familyId}?/join`,
  `/families/${familyId}?/apart`,
  `/families/${familyId}?/unjoin`,
  '/invitation/x',
  '/intake/import',
  '/intake/look',
  '/api/auth/sign-in/email',
  '/api/auth/sign-out'
];

test('ATTACK2: another site’s page can’t act in a person’s name, whatever it calls the body', async () => {
  const { cookie } = await who('Carys');
  const bodies: [string | undefined, string][] = [
    ['application/x-www-form-urlencoded', 'email=a'],
    ['text/plain', 'email=a'],
    [
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'
    ],
    ['application/json', '{"occurrences":[],"marks":[]}'],
    [undefined, '{"occurrences":[],"marks":[]}']
  ];
  for (const where of acts(meeting.id, randomUUID()))
    for (const [type, body] of bodies)
      for (const origin of ['https://evil.example', 'http://localhost:1', 'null']) {
        const headers = {
          cookie,
          origin,
          host: new URL(demo.url).host,
          ...(type ? { 'content-type': type } : {})
        };
        const answer = await raw(where, { method: 'POST', body, headers });
        expect([403, 415], `${where} as ${type} from ${origin}: ${answer.text}`).toContain(answer.status);
        expect(answer.headers['set-cookie']).toBeUndefined();
      }
  expect((await (await who('Carys')).ask('/api/session')).status).toBe(200);
}, 60_000);

test('ATTACK3: another name for this machine is not served, and forged headers of a proxy change nothing', async () => {
  const { cookie } = await who('Carys');
  const { host } = new URL(demo.url);
  for (const other of ['evil.example', `evil.example:${new URL(demo.url).port}`, `${host}.evil.example`])
    for (const where of ['/', '/api/session', '/sign-in'])
      expect((await raw(where, { headers: { host: other, cookie } })).status, other).toBe(421);
  const forged = {
    host,
    cookie,
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    'x-forwarded-for': '10.0.0.1',
    'x-forwarded-port': '1',
    forwarded: 'host=evil.example'
  };
  const page = await raw('/people', { headers: forged });
  expect(page.status).toBe(200);
  expect(page.text).not.toContain('evil.example');
  const { text } = await raw('/people?/invite', {
    method: 'POST',
    body: new URLSearchParams({
      email: 'x@area.example',
      name: 'X',
      place: `rep/${people.agency('POL')}`
    }).toString(),
    headers: {
      ...forged,
      origin: demo.url,
      accept: 'text/html',
      'content-type': 'application/x-www-form-urlencoded'
    }
  });
  expect(text).toContain(`${demo.url}/invitation/`);
  expect(text).not.toContain('evil.example');
});

test('ATTACK4: hostile words are shown as words, and a link is an https address', async () => {
  const carys = await who('Carys');
  const chairId = (await (await who('Joy')).get<{ user: { id: string } }>('/api/session')).user.id;
  const invited = await carys.form('/people?/invite', {
    email: 'hostile@area.example',
    name: hostile,
    place: `rep/${people.agency('POL')}`
  });
  expect(invited.status).toBe(200);
  await carys.form('/settings?/agency', { code: 'XSS', name: hostile, core: 'no', kind: 'other' });
  const planned = await carys.form('/meetings/new', {
    date: '2027-03-01',
    time: '10:00',
    place: hostile,
    videoLink: '',
    chairId
  });
  expect(planned.status).toBe(303);
  for (const videoLink of ['javascript:alert(1)', 'data:text/html,x', 'http://plain.example/'])
    expect(
      (
        await carys.form('/meetings/new', {
          date: '2027-03-01',
          time: '10:00',
          place: 'Room',
          videoLink,
          chairId
        })
      ).status
    ).toBe(400);
  const pages = [
    '/people',
    '/settings',
    '/',
    '/meetings/new',
    planned.headers.get('location') ?? '',
    '/sign-in'
  ];
  for (const page of [...pages, `/sign-in?to=${encodeURIComponent(hostile)}`]) {
    const text = await (await carys.ask(page)).text();
    expect(text, page).not.toContain('<script>alert(1)');
    expect(text, page).not.toContain('<img src=x');
  }
  const failed = await (
    await fetch(`${demo.url}/sign-in?/password`, {
      method: 'POST',
      headers: { origin: demo.url, accept: 'text/html' },
      body: new URLSearchParams({ email: hostile, password: 'x' })
    })
  ).text();
  expect(failed).not.toContain('<img src=x');
});

test('ATTACK5: a form’s extra fields give nothing, and a role’s acts are that role’s alone', async () => {
  const peter = await who('Peter');
  for (const where of acts(meeting.id, randomUUID()).filter(
    (each) => !/sign-|invitation|intake/.test(each)
  )) {
    const answer = await peter.form(where, { role: 'coordinator', areaId: 'x', id: 'x', cardId: cardAt(1) });
    expect(answer.status, where).toBe(404);
  }
  const carys = await who('Carys');
  const forms: Record<string, string>[] = [
    { email: 'a@b.example', name: 'A', place: 'superuser/', areaId: randomUUID() },
    { email: 'a@b.example', name: 'A', place: `rep/${randomUUID()}` },
    { email: 'a@b.example', name: 'A', place: '__proto__/constructor' },
    { email: 'a@b.example', name: 'x'.repeat(500_000), place: 'coordinator' },
    { email: `${'x'.repeat(500_000)}@b.example`, name: 'A', place: 'coordinator' },
    { email: 'a@b.example', name: 'A\u0000B', place: 'coordinator' }
  ];
  for (const form of forms)
    expect((await carys.form('/people?/invite', form)).status, JSON.stringify(form).slice(0, 80)).toBe(400);
  expect((await carys.form('/meetings/new', { date: 'x', time: 'y', place: '\u0000' })).status).toBe(400);
  expect((await carys.form('/settings?/terms', { statement: 'x'.repeat(2_000_000) })).status).toBe(400);
  expect((await carys.form('/settings?/agency', { code: 'A\u0000', name: '\u0000' })).status).toBe(400);
  const nobody = new Outsider(demo.url, '');
  const odd = { email: 'a\u0000@b.example', password: 'x' };
  expect((await nobody.form('/sign-in?/password', odd)).status).toBe(400);
  expect((await carys.ask('/audit?act=%00')).status).toBe(404);
  expect((await (await who('Ruth')).ask('/audit?act=%00&userId=%00&day=x&page=-1')).status).toBe(200);
  for (const where of acts(meeting.id, randomUUID()).filter((each) => /people|agenda|families/.test(each))) {
    const answer = await carys.form(where, {
      cardId: "' or 1=1",
      userId: 'x',
      membershipId: '\u0000',
      invitationId: 'x',
      join: 'x',
      other: 'x',
      order: 'x,y',
      agencyId: 'x'
    });
    expect(answer.status, where).toBeLessThan(500);
  }
});

/** Names and the protected class of the sample file, by column. */
function ofFile(...columns: string[]): string[] {
  const file = path.join(
    import.meta.dirname,
    '../../samples/police-notifications-last-month-windows-1252.csv'
  );
  const text = new TextDecoder('windows-1252').decode(fs.readFileSync(file));
  const rows = parse(text, { columns: true, bom: true, relax_column_count: true }) as Record<
    string,
    string
  >[];
  return [...new Set(rows.flatMap((row) => columns.map((column) => row[column] ?? '')))].filter(
    (word) => word.length > 6
  );
}

test('ATTACK6: an observer is sent nothing protected, an administrator nothing of a family, a rep no page of a coordinator', async () => {
  const words = ofFile('Officer Summary', 'Tel', 'Safe To Call', 'Address');
  const ola = await who('Ola');
  const board = await ola.enter(meeting.id);
  const document = await ola.open(meeting.id, `cards/${cardAt(1)}`);
  const pages = ['/', `/meetings/${meeting.id}`, `/meetings/${meeting.id}/minutes`];
  const texts = await Promise.all(pages.map(async (page) => (await ola.ask(page)).text()));
  const told = JSON.stringify(await ola.get<CardTold>(`/api/cards/${cardAt(1)}`));
  for (const word of words)
    for (const text of [...texts, told, board.bytes]) expect(text).not.toContain(word);
  // The police's rep is sent the narrative: so the words are those that are looked for.
  const peter = await (await who('Peter')).enter(meeting.id);
  expect(words.some((word) => peter.bytes.includes(JSON.stringify(word).slice(1, -1)))).toBe(true);
  for (const each of [board, peter]) each.close();
  document.leave();
  const ruth = await who('Ruth');
  const references = meeting.cards.map(({ family }) => family.reference);
  for (const page of [
    '/',
    '/audit',
    `/meetings/${meeting.id}`,
    '/families',
    '/intake',
    '/people',
    '/samples'
  ]) {
    const text = await (await ruth.ask(page)).text();
    // The audit tells who opened which family, by its reference.
    const told = page === '/audit' ? [] : references;
    for (const word of [...words, ...told, ...ofFile('Surname')]) expect(text, page).not.toContain(word);
  }
  for (const page of [
    '/families',
    '/intake',
    '/intake/new',
    '/people',
    '/settings',
    '/audit',
    '/samples',
    '/meetings/new'
  ])
    for (const name of ['Peter', 'Ola', 'Joy'])
      expect((await (await who(name)).ask(page)).status, `${name} ${page}`).toBe(404);
  for (const name of ['Peter', 'Ola', 'Ruth'])
    for (const where of ['/intake/look', '/intake/import']) {
      const answer = await (
        await who(name)
      ).ask(where, {
        method: 'POST',
        headers: { origin: demo.url, 'content-type': 'application/json' },
        body: JSON.stringify({ occurrences: ['4826411552'], marks: [] })
      });
      expect([400, 404], `${name} ${where}`).toContain(answer.status);
    }
});

test('ATTACK7: a flood of commands is held back, harms nobody else, and prototype keys are only malformed', async () => {
  const peter = await (await who('Peter')).enter(meeting.id);
  const ines = await (await who('Ines')).enter(meeting.id);
  const flood = Array.from({ length: 300 }, () =>
    peter.send('rating.set', { cardId: cardAt(4), memberId: null, rating: 'red' })
  );
  const honest = await ines.send('rating.set', { cardId: cardAt(4), memberId: null, rating: 'amber' });
  expect(honest.ok).toBe(true);
  const answers = await Promise.all(flood);
  expect(answers.filter(({ ok }) => ok).length).toBeLessThan(150);
  expect(answers.find(({ ok }) => !ok)?.error?.code).toBe('too-fast');
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const proto = JSON.parse(
    `{"id":"a","type":"rating.set","cardId":"${cardAt(4)}","memberId":null,"rating":"red","__proto__":{"agencyId":"x"}}`
  ) as unknown;
  expect((await peter.raw(proto)).ok).toBe(false);
  expect((await peter.raw({ id: 'x'.repeat(5000), type: 'chair.take' })).ok).toBe(false);
  // Half a letter, and one that PostgreSQL has no place for.
  const odd = (reason: string) => peter.send('dissent.set', { cardId: cardAt(4), memberId: null, reason });
  expect((await odd('half \ud83d')).error?.code).toBe('malformed');
  expect((await peter.send('chair.take', {}, 'a\u0000b')).error?.code).toBe('malformed');
  expect((await odd('none \u0000')).error?.code).toBe('malformed');
  // Another event, another type, no function to answer: passed over.
  peter.socket.emit('state', {});
  peter.socket.emit('command', { id: 'b', type: 'chair.take' });
  peter.socket.emit('command', 'x'.repeat(200_000), () => undefined);
  await until('more than a command can want ends the connection', () => peter.ended);
  expect((await fetch(`${demo.url}/healthz`)).status).toBe(200);
  expect(ines.ended).toBe(false);
  ines.close();
});

test('ATTACK8: an invitation opens once, and a place that ends closes that person’s sockets at once', async () => {
  const carys = await who('Carys');
  const password = 'four unrelated words';
  const page = await (
    await carys.form('/people?/invite', {
      email: 'new.rep@area.example',
      name: 'New Rep',
      place: `rep/${people.agency('HOU')}`
    })
  ).text();
  const link = /\/invitation\/[\w-]+/.exec(page)?.[0] ?? '';
  const stranger = { url: demo.url, cookie: '' };
  const accept = () =>
    fetch(stranger.url + link, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: demo.url, accept: 'text/html' },
      body: new URLSearchParams({ password, again: password, role: 'coordinator', email: 'x@y.example' })
    });
  const used = await Promise.all([accept(), accept(), accept()]);
  expect(used.filter(({ status }) => status === 303).length).toBe(1);
  const rep = await signIn(demo.url, 'new.rep@area.example', password);
  const session = await rep.get<{ memberships: { id: string; role: string }[] }>('/api/session');
  expect(session.memberships.map(({ role }) => role)).toEqual(['rep']);
  const board = await rep.enter(meeting.id);
  const writer = await rep.open(meeting.id, `cards/${cardAt(1)}`);
  await carys.form('/people?/end', { membershipId: session.memberships[0]?.id ?? '', name: 'New Rep' });
  await until('both are closed', () => board.ended && writer.closes.length > 0, 2000);
  writer.leave();
  expect((await rep.ask('/api/session')).status).toBe(401);
  expect((await rep.ask('/')).headers.get('location')).toContain('/sign-in');
  await expect(signIn(demo.url, 'new.rep@area.example', password)).rejects.toThrow('401');
});

test('ATTACK9: no name, number or address of a family is in a title, an address or the log', async () => {
  const names = [...ofFile('Surname', 'Tel', 'Officer Summary', 'Address')];
  const carys = await who('Carys');
  const list = await (await carys.ask('/families')).text();
  const family = /\/families\/([0-9a-f-]{36})/.exec(list)?.[0] ?? '';
  expect(family).not.toBe('');
  for (const page of [
    '/families',
    family,
    `/meetings/${meeting.id}`,
    `/meetings/${meeting.id}/agenda`,
    `/meetings/${meeting.id}/minutes`,
    '/intake',
    '/'
  ]) {
    const answer = await carys.ask(page);
    expect(answer.status, page).toBe(200);
    const title = /<title>(.*?)<\/title>/.exec(await answer.text())?.[1] ?? '';
    expect(title, page).not.toBe('');
    for (const name of names) expect(title).not.toContain(name);
  }
  const log = demo.server.output().slice(demo.server.output().indexOf('Ctrl+C ends'));
  for (const name of [...names, 'same-room-demo', hostile]) expect(log).not.toContain(name);
});
