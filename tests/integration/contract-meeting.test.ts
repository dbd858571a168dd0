// Issue 2's contract over Socket.IO, in one meeting's course from record states to the close, the export of
// what was locked, and a restart. As another program meets it: nothing of our source.
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  demonstration,
  everyone,
  readingOf,
  type CardTold,
  type Demonstration,
  type Events,
  type MeetingListed
} from '../actors/outsider.ts';
import { until } from '../actors/peer.ts';

let demo: Demonstration;
let people: Awaited<ReturnType<typeof everyone>>;
let meeting: MeetingListed;
const boards = new Map<string, Events>();
const ids = new Map<string, string>();

const who = (name: string) => people.who(name);
const at = (name: string): Events => {
  const board = boards.get(name);
  if (!board) throw new Error(`${name} is not at the meeting`);
  return board;
};
const cardAt = (position: number) => meeting.cards[position - 1]?.id ?? '';
const told = async (name: string, position: number) =>
  (await who(name)).get<CardTold>(`/api/cards/${cardAt(position)}`);
const memberOf = async (position: number, role = 'victim') =>
  (await told('Joy', position)).members.find((member) => member.role === role)?.id ?? '';
const wrong = (answer: { ok: boolean; error?: { code: string } }) => (answer.ok ? 'ok' : answer.error?.code);
const there = ['Joy', 'Sam', 'Carys', 'Peter', 'Ines', 'Hannah', 'Priya', 'Dana', 'Ola'];

async function gather() {
  for (const name of there) boards.set(name, await (await who(name)).enter(meeting.id));
}

beforeAll(async () => {
  demo = await demonstration();
  people = await everyone(demo.url);
  [meeting] = (await (await who('Joy')).get<MeetingListed[]>('/api/meetings')) as [MeetingListed];
  for (const { name } of people.list) {
    const first = name.split(' ')[0] ?? '';
    const { user } = await (await who(first)).get<{ user: { id: string } }>('/api/session');
    ids.set(first, user.id);
  }
  await gather();
}, 120_000);
afterAll(async () => {
  for (const board of boards.values()) board.close();
  await demo.stop();
});

test('CONTRACT10: a command is acknowledged, done once, and its id is refused with another body', async () => {
  const memberId = await memberOf(3);
  const body = { cardId: cardAt(3), memberId, record: 'known' };
  const id = randomUUID();
  const before = (await told('Priya', 3)).version;
  const [first, twice] = await Promise.all([
    at('Priya').send('record.set', body, id),
    at('Priya').send('record.set', body, id)
  ]);
  expect(first).toMatchObject({ ok: true });
  expect('result' in first).toBe(true);
  expect(twice).toEqual(first);
  const after = (await told('Priya', 3)).version;
  expect(after).not.toEqual(before);
  expect(await at('Priya').send('record.set', body, id)).toEqual(first);
  expect((await told('Priya', 3)).version).toEqual(after);
  const reused = await at('Priya').send('record.set', { ...body, record: 'none' }, id);
  expect(reused).toMatchObject({ ok: false, error: { code: 'id-reused', message: expect.any(String) } });
});

test('CONTRACT11: record states and ratings are sealed in every byte until the reveal, from chair and coordinator too', async () => {
  const cardId = cardAt(3);
  const memberId = await memberOf(3);
  const marker = `only-health-${randomUUID()}`;
  const noted = `noted-for-housing-${randomUUID()}`;
  const marks = there.filter((name) => name !== 'Hannah');
  await at('Hannah').does('rating.set', {
    cardId,
    memberId: null,
    rating: 'red',
    basis: 'heard',
    reason: marker
  });
  await at('Hannah').does('rating.set', { cardId, memberId, rating: 'amber' });
  await at('Hannah').does('record.set', {
    cardId,
    memberId,
    record: 'none',
    searched: { systems: marker, from: '2026-01-01', to: '2026-11-01' },
    reason: marker
  });
  const agencyId = people.agency('HOU');
  await at('Carys').does('rating.set', {
    cardId,
    memberId: null,
    rating: 'blue',
    basis: 'heard',
    agencyId,
    reason: noted
  });
  await at('Peter').does('rating.set', { cardId, memberId: null, rating: null });
  await until('housing sees what was noted', () => at('Priya').bytes.includes(noted));
  for (const name of marks) {
    expect(at(name).bytes, name).not.toContain(marker);
    if (name !== 'Priya') expect(at(name).bytes, name).not.toContain(noted);
    const ours = at(name).state?.cards[cardId];
    if (!ours) continue;
    const foreign = ours.ratings.filter(({ agencyId: whose }) => whose !== people.agency('HOU'));
    expect(foreign, name).toEqual([]);
  }
  expect(wrong(await at('Carys').send('ratings.reveal', { cardId }))).toBe('not-allowed');
  await at('Joy').does('ratings.reveal', { cardId });
  for (const name of ['Joy', 'Carys', 'Sam', 'Peter', 'Ines', 'Ola'])
    await until(`${name} sees them`, () => at(name).bytes.includes(marker) && at(name).bytes.includes(noted));
  expect(at('Dana').bytes).not.toContain(marker);
  expect(JSON.stringify(at('Joy').state?.cards[cardId]?.ratings)).toContain('"noted":true');
});

test('CONTRACT12: the deputy takes the chair, gives it, and the rights go with it', async () => {
  expect(wrong(await at('Peter').send('chair.take'))).toBe('not-allowed');
  await at('Sam').does('chair.take');
  await until('all are told', () =>
    there.every((name) => at(name).state?.meeting.chair.userId === ids.get('Sam'))
  );
  expect(wrong(await at('Joy').send('card.show', { cardId: cardAt(2) }))).toBe('not-allowed');
  expect(wrong(await at('Peter').send('chair.give', { userId: ids.get('Peter') }))).toBe('not-allowed');
  await at('Sam').does('card.show', { cardId: cardAt(2) });
  await at('Sam').does('chair.give', { userId: ids.get('Joy') });
  await until('she has it again', () => at('Ola').state?.meeting.chair.userId === ids.get('Joy'));
  await at('Joy').does('card.show', { cardId: cardAt(1) });
  await until('nothing of it is told to who may not see it', () => at('Dana').state?.currentCardId === null);
});

test('CONTRACT13: attendance is set for a user, or for somebody by name, and observers state nothing', async () => {
  await at('Joy').does('attendance.set', { userId: ids.get('Uma'), mode: 'apologies' });
  await at('Joy').does('attendance.set', {
    name: 'Paper Person',
    agencyId: people.agency('MHT'),
    cardId: cardAt(1),
    mode: 'papers'
  });
  await at('Joy').does('attendance.set', { name: 'Someone by hand', mode: 'room' });
  await until('it is told', () => at('Ola').bytes.includes('Paper Person'));
  await until('to all', () => at('Dana').bytes.includes('Someone by hand'));
  expect(at('Dana').bytes).not.toContain('Paper Person');
  expect(wrong(await at('Peter').send('attendance.set', { userId: ids.get('Uma'), mode: 'room' }))).toBe(
    'not-allowed'
  );
  const memberId = await memberOf(1);
  for (const [type, fields] of [
    ['rating.set', { cardId: cardAt(1), memberId: null, rating: 'red' }],
    ['record.set', { cardId: cardAt(1), memberId, record: 'known' }],
    ['joint.set', { cardId: cardAt(1), memberId: null, rating: 'red', reason: 'x' }],
    ['dissent.set', { cardId: cardAt(1), memberId: null, reason: 'x' }],
    ['card.lock', { cardId: cardAt(1) }],
    ['meeting.close', {}]
  ] as const)
    expect(wrong(await at('Ola').send(type, fields)), type).toBe('not-allowed');
});

test('CONTRACT14: an action is accepted as it reads, by its agency alone, or declined with a reason', async () => {
  const cardId = cardAt(3);
  const memberId = await memberOf(3);
  const writer = await (await who('Ines')).open(meeting.id, `cards/${cardId}`, true);
  const what = 'Ring Mrs. Nadeem’s GP — before Friday!';
  const health = people.agency('HEA');
  const one = writer.action({ what, agencyId: health, memberId, by: '2027-01-08' });
  const two = writer.action({ what: 'Visit the school', agencyId: health, memberId: null, by: '2027-01-09' });
  await until('both are saved', () => writer.said.some(({ count = 0 }) => count >= 3));
  const reading = readingOf(what, health, '2027-01-08');
  const changed = await at('Hannah').send('action.accept', {
    cardId,
    actionId: one,
    reading: readingOf('other', health, '2027-01-08')
  });
  expect(changed).toMatchObject({ ok: false, error: { code: 'changed', reading } });
  expect(wrong(await at('Peter').send('action.accept', { cardId, actionId: one, reading }))).toBe(
    'not-allowed'
  );
  expect(wrong(await at('Hannah').send('action.accept', { cardId, actionId: 'nosuch', reading }))).toBe(
    'not-found'
  );
  await at('Hannah').does('action.accept', { cardId, actionId: one, reading });
  await at('Hannah').does('action.decline', { cardId, actionId: two, reason: 'That is the school’s to do' });
  await until('all are told', () => at('Joy').bytes.includes('the school’s to do'));
  writer.leave();
});

test('CONTRACT15: a declared conflict takes the card away at once, from sockets, documents, answers and positions', async () => {
  const cardId = cardAt(6);
  const reference = meeting.cards[5]?.family.reference ?? '';
  const priya = await who('Priya');
  const writer = await priya.open(meeting.id, `cards/${cardId}`);
  const seen = await at('Priya').send('person.exclude', { cardId, userId: ids.get('Peter') });
  expect(wrong(seen)).toBe('not-allowed');
  await at('Priya').does('person.exclude', { cardId, userId: ids.get('Priya') });
  await until('the card is gone', () => !at('Priya').state?.cards[cardId] && writer.closes.length > 0);
  const length = at('Priya').bytes.length;
  const missing = await priya.whole(`/api/cards/${randomUUID()}`);
  expect(await priya.whole(`/api/cards/${cardId}`)).toBe(missing);
  expect(await priya.knock(`/sync/${meeting.id}/cards/${cardId}`)).toBe(404);
  const [listed] = await priya.get<MeetingListed[]>('/api/meetings');
  expect(listed?.cards.length).toBe(5);
  await at('Peter').does('rating.set', { cardId, memberId: null, rating: 'red', reason: 'behind her back' });
  await at('Joy').does('card.show', { cardId });
  await at('Joy').does('ratings.reveal', { cardId });
  await at('Joy').does('card.show', { cardId: cardAt(1) });
  await at('Priya').does('attendance.set', { userId: ids.get('Priya'), mode: 'remote' });
  const since = at('Priya').bytes.slice(length);
  for (const trace of [cardId, reference, 'behind her back']) expect(since).not.toContain(trace);
  const none = await at('Priya').send('rating.set', { cardId: randomUUID(), memberId: null, rating: 'red' });
  expect(await at('Priya').send('rating.set', { cardId, memberId: null, rating: 'red' })).toEqual(none);
  for (const page of ['/', `/meetings/${meeting.id}`, `/meetings/${meeting.id}/minutes`]) {
    const text = await (await priya.ask(page)).text();
    expect(text, page).not.toContain(reference);
    expect(text, page).not.toContain(cardId);
  }
  writer.leave();
});

const marker = `secret-${randomUUID()}`;

test('CONTRACT16: a lock lists what is missing, stops where the card moved, and is exact', async () => {
  const cardId = cardAt(3);
  const protectedPart = await (await who('Ines')).open(meeting.id, `protected/${cardId}`, true);
  protectedPart.paragraph(protectedPart.doc.getXmlFragment('voice'), marker);
  const victim = await memberOf(3);
  protectedPart.paragraph(protectedPart.fragment('safety', `${victim}/stay`), marker);
  await until('it is saved', () => protectedPart.said.some(({ count = 0 }) => count >= 3));
  const bare = await at('Joy').send('card.lock', { cardId });
  expect(bare).toMatchObject({ ok: false, error: { code: 'not-ready', message: expect.any(String) } });
  expect(bare.error?.missing?.length).toBeGreaterThan(0);
  expect(wrong(await at('Joy').send('card.lock', { cardId, reason: 'No time left' }))).toBe('not-ready');
  const joint = { cardId, memberId: null, rating: 'amber', reason: '=1+1 Agreed by the table' };
  expect(wrong(await at('Peter').send('joint.set', joint))).toBe('not-allowed');
  expect(wrong(await at('Joy').send('joint.set', { ...joint, reason: '' }))).toBe('malformed');
  await at('Joy').does('joint.set', joint);
  await at('Peter').does('dissent.set', { cardId, memberId: null, reason: 'We hold it is red' });
  expect(wrong(await at('Joy').send('card.lock', { cardId }))).toBe('not-ready');
  const seen = (await told('Joy', 3)).version;
  const health = await (await who('Hannah')).open(meeting.id, `cards/${cardId}`, true);
  const facts = health.fragment(`agency/${people.agency('HEA')}`, 'family/facts');
  health.paragraph(facts, 'written after the chair had read');
  await until('it is saved', () => health.said.some(({ count = 0 }) => count >= 2));
  const moved = await at('Joy').send('card.lock', { cardId, seen, reason: 'No time left' });
  expect(moved).toMatchObject({ ok: false, error: { code: 'changed' } });
  expect(JSON.stringify(moved.error?.moved)).toContain('Hannah Osei');
  const now = (await told('Joy', 3)).version;
  await at('Joy').does('card.lock', { cardId, seen: now, reason: 'No time left' });
  await until('all see it locked', () =>
    ['Joy', 'Peter', 'Ola'].every((name) => at(name).state?.cards[cardId]?.state === 'locked')
  );
  await until('who asked is told', () => health.said.some(({ kind }) => kind === 'locked'));
  health.paragraph(facts, 'too late for the decision');
  await until('writing is answered with 4423', () => health.closes.includes(4423));
  await until('the late edit is kept', () => at('Joy').bytes.includes('too late for the decision'));
  expect(at('Ola').bytes).not.toContain('too late');
  const later = await (await who('Ines')).open(meeting.id, `cards/${cardId}`);
  expect(later.text(`agency/${people.agency('HEA')}`)).toContain('written after the chair');
  expect(later.text(`agency/${people.agency('HEA')}`)).not.toContain('too late');
  expect((await told('Ines', 3)).documents.flatMap(({ sections }) => sections).some((s) => s.mayWrite)).toBe(
    false
  );
  expect(wrong(await at('Peter').send('rating.set', { cardId, memberId: null, rating: 'red' }))).toBe(
    'locked'
  );
  for (const each of [health, later, protectedPart]) each.leave();
});

/** What of the protected class stands in the sample file: telephone numbers, addresses, narratives. */
function protectedWords(): string[] {
  const root = path.join(import.meta.dirname, '../../samples');
  const file = path.join(root, 'police-notifications-last-month-windows-1252.csv');
  const text = new TextDecoder('windows-1252').decode(fs.readFileSync(file));
  const rows = parse(text, { columns: true, bom: true, relax_column_count: true }) as Record<
    string,
    string
  >[];
  const columns = ['Tel', 'Safe To Call', 'Address', 'Postcode', 'Officer Summary'];
  const words = rows.flatMap((row) => columns.map((column) => row[column] ?? ''));
  return [...new Set(words)].filter((word) => word.length > 6);
}

test('CONTRACT17: the export is chair’s and coordinator’s, in JSON and CSV, without anything protected', async () => {
  const where = `/api/meetings/${meeting.id}/decisions`;
  const words = protectedWords();
  expect(words.length).toBeGreaterThan(50);
  for (const name of ['Joy', 'Carys'])
    for (const tail of ['', '.csv']) {
      const answer = await (await who(name)).ask(where + tail);
      expect(answer.status).toBe(200);
      const text = await answer.text();
      expect(text).toContain(tail ? `"'=1+1 Agreed by the table` : '"=1+1 Agreed by the table');
      for (const word of [marker, 'too late for', ...words]) expect(text).not.toContain(word);
    }
  const missing = await (await who('Peter')).whole(`/api/meetings/${randomUUID()}/decisions`);
  for (const name of ['Peter', 'Priya', 'Ola', 'Sam', 'Ruth'])
    expect(await (await who(name)).whole(where), name).toBe(missing);
});

test('CONTRACT18: what is no place of one’s own is refused alike, and a malformed command names its field', async () => {
  const refusal = async (name: string, id: string) => {
    const events = (await who(name)).events(id);
    await until('it is refused', () => events.fault !== undefined);
    return [events.fault?.data?.code, events.fault?.message];
  };
  const none = await refusal('Peter', randomUUID());
  expect(none[0]).toBe('not-found');
  expect(await refusal('Ruth', meeting.id)).toEqual(none);
  expect(await refusal('Peter', 'no id')).toEqual(none);
  const peter = at('Peter');
  for (const body of [
    null,
    'x',
    7,
    [],
    {},
    { id: 'a' },
    { id: 'a', type: '__proto__' },
    { type: 'chair.take' }
  ])
    expect(wrong(await peter.raw(body))).toBe('malformed');
  const extra = { cardId: cardAt(1), memberId: null, rating: 'red', userId: ids.get('Joy') };
  expect(wrong(await peter.send('rating.set', extra))).toBe('malformed');
  expect(await peter.send('rating.set', { cardId: cardAt(1), rating: 'pink' })).toMatchObject({
    error: { code: 'malformed', field: 'rating' }
  });
});

test('CONTRACT19: after the end of the process, sessions, commands’ ids and facts are there', async () => {
  const id = randomUUID();
  const body = { cardId: cardAt(4), memberId: null, rating: 'green', basis: 'own-record' };
  const first = await at('Dana').send('rating.set', body, id);
  expect(first.ok).toBe(true);
  for (const board of boards.values()) board.close();
  await demo.again('kill');
  await gather();
  expect(await at('Dana').send('rating.set', body, id)).toEqual(first);
  expect(wrong(await at('Dana').send('rating.set', { ...body, rating: 'red' }, id))).toBe('id-reused');
  const facts = at('Dana').state?.cards[cardAt(4)]?.ratings.filter(
    ({ agencyId }) => agencyId === people.agency('PRO')
  );
  expect(facts).toMatchObject([{ rating: 'green', basis: 'own-record' }]);
  expect(at('Joy').state?.cards[cardAt(3)]?.state).toBe('locked');
  expect(at('Priya').state?.cards[cardAt(6)]).toBeUndefined();
}, 120_000);

test('CONTRACT20: the meeting closes, and nothing is written or stated any more', async () => {
  const writer = await (await who('Peter')).open(meeting.id, `cards/${cardAt(2)}`, true);
  expect(wrong(await at('Sam').send('meeting.close', {}))).toBe('not-allowed');
  const refused = await at('Joy').send('meeting.close', {});
  if (!refused.ok) {
    expect(refused.error?.code).toBe('not-ready');
    await at('Joy').does('meeting.close', { reason: 'The time is up' });
  }
  const [closed] = await (await who('Joy')).get<MeetingListed[]>('/api/meetings');
  expect(closed?.state).toBe('closed');
  expect(closed?.cards.map(({ state }) => state)).toEqual(
    [1, 2, 3, 4, 5, 6].map((position) => (position === 3 ? 'locked' : 'not-reached'))
  );
  writer.paragraph(writer.fragment('analysis', 'worries'), 'after the close');
  await until('writing is refused', () => writer.closes.length > 0);
  const fresh = await (await who('Peter')).open(meeting.id, `cards/${cardAt(2)}`);
  expect(fresh.text('analysis')).not.toContain('after the close');
  const late = await at('Peter').send('rating.set', { cardId: cardAt(2), memberId: null, rating: 'red' });
  expect(late.ok).toBe(false);
  for (const each of [writer, fresh]) each.leave();
});
