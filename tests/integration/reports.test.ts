// How meetings are attended: one played over real connections, others laid as rows; who may read the report, and what it
// keeps back.
import { randomUUID } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { and, eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { addQuestion, appendParagraphs, setQuestionWords } from '#lib/card/edit.ts';
import type { AttendanceReport } from '#lib/protocol/reports.ts';
import { auditEvents } from '#server/database/schema/decisions.ts';
import { attendance, conflicts, jointRatings, meetings, ratings } from '#server/database/schema/meetings.ts';
import type { Session } from '#server/identity/session.ts';
import { openReports, type Reports } from '#server/reports/reports.ts';
import { openHall, type Boards, type Hall } from '../actors/boards.ts';
import type { Sat } from '../actors/past.ts';
import { sitDown, until } from '../actors/peer.ts';
import { layMeeting, layReps, readReport } from '../actors/reporting.ts';
import { sessionFor, type Who } from '../actors/table.ts';

let hall: Hall;
let boards: Boards;
let reports: Reports;
let clock: Date;
beforeAll(async () => {
  hall = await openHall();
});
afterAll(() => hall.close());
beforeEach(async () => {
  boards = await hall.lay();
  clock = new Date('2026-11-15T09:00:00Z');
  reports = openReports({ database: boards.database, now: () => clock });
});
afterEach(() => boards.close());

const as = (who: Who) => sessionFor(boards.table, who);
const read = (input = {}) => readReport(reports, boards.table, input);
const of = (report: AttendanceReport, mode: string) => {
  const found = report.modes.find((each) => each.mode === mode);
  if (!found) throw new Error(`no ${mode}`);
  return found;
};
const lay = (openedAt: string, people: readonly Sat[]) => layMeeting(boards, openedAt, people);
const reps = (count: number, agency: 'police' | 'stranger' = 'stranger') => layReps(boards, count, agency);

test('REPORT5: at a meeting that was played, a remote rep who drops and comes back counts one drop, and what was given counts', async () => {
  const { database, table, otherCardId } = boards;
  const { db } = database;
  // Two more on the same called agency, so that there are three people to show.
  const others = await reps(2);
  await db.update(meetings).set({ openedAt: new Date() }).where(eq(meetings.id, table.meetingId));
  const [chair, police] = [await boards.sit('chair'), await boards.sit('police')];
  const remote = await boards.sit('stranger', 'remote');
  await chair.send({ type: 'card.show', cardId: otherCardId });
  // The line is cut, not closed; she is back with another connection.
  remote.socket.io.engine.close();
  const gone = async () =>
    (
      await db
        .select()
        .from(auditEvents)
        .where(and(eq(auditEvents.act, 'disconnected'), eq(auditEvents.userId, table.people.stranger)))
    ).length;
  await until('she is gone', async () => (await gone()) === 1);
  const back = await boards.sit('stranger', 'remote');
  const rating = { type: 'rating.set', memberId: null, rating: 'red', basis: 'own-record' } as const;
  expect(await back.send({ ...rating, cardId: otherCardId })).toMatchObject({ ok: true });
  const words = await sitDown(
    {
      ...boards.address('stranger'),
      document: `cards/${otherCardId}`
    },
    true
  );
  appendParagraphs(words.doc, `agency/${table.agencies.stranger}`, 'family/facts', ['He has a key']);
  const question = addQuestion(words.doc, { text: 'Is she safe?', agencyId: table.agencies.stranger });
  setQuestionWords(words.doc, question, 'answer', 'For now');
  await until('it is saved', () => words.saved() === words.sent());
  words.leave();
  expect(await chair.send({ type: 'ratings.reveal', cardId: otherCardId })).toMatchObject({ ok: true });
  // After the reveal it is no rating before it.
  await db.insert(jointRatings).values({
    ...{ cardId: otherCardId, by: table.people.chair, memberId: null, rating: 'red', reason: 'Two reports' }
  });
  const lock = { type: 'card.lock', cardId: otherCardId, reason: 'The rest by letter' } as const;
  expect(await chair.send(lock)).toMatchObject({ ok: true });
  for (const userId of others) {
    const event = { areaId: table.areaId, userId, meetingId: table.meetingId, purpose: 'the meeting' };
    await db.insert(attendance).values({ meetingId: table.meetingId, userId, mode: 'remote', by: userId });
    const detail = { connection: randomUUID(), mode: 'remote' };
    await db.insert(auditEvents).values({ ...event, act: 'connected', detail });
  }
  expect(await chair.send({ type: 'meeting.close' })).toMatchObject({ ok: true });
  for (const board of [chair, police, back]) board.close();
  const [meeting] = await db.select().from(meetings).where(eq(meetings.id, table.meetingId));
  clock = new Date((meeting?.closedAt?.getTime() ?? 0) + 40 * 86_400_000);
  const { figures } = of(await read(), 'remote');
  expect(figures).toMatchObject({ times: 3, presence: { drops: 1 } });
  // One of three people gave one of each.
  expect(figures?.contributions).toEqual({ information: 0.3, ratings: 0.3, questions: 0.3, actions: 0 });
  expect(of(await read(), 'room').figures).toBeNull();
});

test('REPORT5: minutes are reckoned from connections and turns, and saved is the meeting without them', async () => {
  const [one = '', two = '', three = ''] = await reps(3);
  await lay('2026-09-08T09:00:00Z', [
    { userId: one, mode: 'remote', stays: [[45, 100]] },
    {
      userId: two,
      mode: 'remote',
      stays: [
        [50, 70],
        [72, 99]
      ]
    },
    { userId: three, mode: 'remote', stays: [[0, 100]] }
  ]);
  const { counted, figures } = of(await read(), 'remote');
  expect(counted).toEqual({ from: '2026-09', to: '2026-09' });
  expect(figures).toMatchObject({
    times: 3,
    presence: { connected: 67, own: 49, waiting: 18, drops: 1, back: 120 },
    saved: { each: 33, inAll: 98 }
  });
});

test('REPORT6: it is for coordinators and administrators, in their area alone, and each opening is in the audit', async () => {
  const { table, database } = boards;
  const [one = '', two = '', three = ''] = await reps(3);
  const people = [one, two, three].map((userId): Sat => ({ userId, mode: 'remote', stays: [[0, 100]] }));
  await lay('2026-09-08T09:00:00Z', people);
  for (const who of ['chair', 'police', 'observer', 'stranger'] as const) {
    expect(await reports.attendance(as(who), {})).toBeUndefined();
    expect(await reports.csvOf(as(who), {})).toBeUndefined();
  }
  const administrator: Session = {
    ...as('observer'),
    memberships: [{ id: randomUUID(), role: 'administrator', agency: null }]
  };
  expect(of((await reports.attendance(administrator, {})) ?? (await read()), 'remote').figures?.times).toBe(
    3
  );
  await reports.csvOf(as('coordinator'), { last: '3' });
  const acts = await database.db
    .select({ act: auditEvents.act, userId: auditEvents.userId, detail: auditEvents.detail })
    .from(auditEvents)
    .where(
      and(eq(auditEvents.areaId, table.areaId), sql`${auditEvents.act} in ('report-opened', 'export-made')`)
    )
    .orderBy(auditEvents.at);
  expect(acts).toEqual([
    {
      act: 'report-opened',
      userId: table.people.observer,
      detail: { from: '2025-11', to: '2026-10' }
    },
    {
      act: 'export-made',
      userId: table.people.coordinator,
      detail: { from: '2026-08', to: '2026-10' }
    }
  ]);
  const elsewhere = await hall.lay();
  const foreign = await reports.attendance(sessionFor(elsewhere.table, 'coordinator'), {});
  expect(foreign).toMatchObject({ meetings: 0 });
  expect(foreign?.modes.map(({ figures }) => figures)).toEqual([null, null, null]);
  await elsewhere.close();
});

test('REPORT6: where the audit can’t be written, nothing is given', async () => {
  const { db } = boards.database;
  await db.execute(sql`alter table audit_events add constraint no_more check (act = 'signed-in') not valid`);
  await expect(read()).rejects.toThrow();
  await expect(reports.csvOf(as('coordinator'), {})).rejects.toThrow();
  await db.execute(sql`alter table audit_events drop constraint no_more`);
});

test('REPORT7: fewer than three people are not shown, months wait for more, and the month that runs is not counted', async () => {
  const [one = '', two = '', three = ''] = await reps(3);
  const remote = (userId: string): Sat => ({ userId, mode: 'remote', stays: [[0, 100]] });
  for (const day of ['01', '08', '15', '22'])
    await lay(`2026-08-${day}T09:00:00Z`, [remote(one), remote(two)]);
  await lay('2026-11-03T09:00:00Z', [remote(one), remote(two), remote(three)]);
  expect(of(await read(), 'remote')).toEqual({ mode: 'remote', counted: null, figures: null });
  await lay('2026-10-06T09:00:00Z', [remote(three)]);
  const report = await read();
  expect(report).toMatchObject({ meetings: 5, known: { from: '2026-08', to: '2026-10' } });
  expect(of(report, 'remote')).toMatchObject({
    counted: { from: '2026-08', to: '2026-10' },
    figures: { times: 9 }
  });
  // Not by a shorter time either: only whole blocks are shown.
  for (const input of [{ last: '3' }, { from: '2026-08', to: '2026-10' }])
    expect(of(await read(input), 'remote').figures?.times).toBe(9);
  for (const input of [
    { from: '2026-10', to: '2026-10' },
    { from: '2026-08', to: '2026-09' }
  ])
    expect(of(await read(input), 'remote').figures).toBeNull();
  expect(report.overTime.map(({ mode, counted }) => [mode, counted.to])).toEqual([['remote', '2026-10']]);
});

test('REPORT7: nothing of it names or points to a person, agency, meeting or family; the CSV holds the same', async () => {
  const ids = await reps(3);
  const people = ids.map((userId): Sat => ({ userId, mode: 'remote', stays: [[0, 100]] }));
  const { meetingId, cardIds } = await lay('2026-09-08T09:00:00Z', people);
  const report = await read();
  const { agencies, areaId } = boards.table;
  const told = JSON.stringify(report);
  for (const id of [...ids, meetingId, ...cardIds, ...Object.values(agencies), areaId])
    expect(told).not.toContain(id);
  expect(told).not.toMatch(/Rep \d|police|P-/);
  const csv = (await reports.csvOf(as('coordinator'), {})) ?? '';
  const rows = parse(csv, { columns: true, bom: true }) as Record<string, string>[];
  expect(rows.map((row) => [row.Rows, row.How, row['Times attended'], row['Minutes connected']])).toEqual([
    ['In all', 'In the room', 'fewer than 3', 'fewer than 3'],
    ['In all', 'Remote', '3', '100'],
    ['In all', 'Absent, with papers', 'fewer than 3', 'fewer than 3'],
    ['Over time', 'Remote', '3', '100']
  ]);
  expect(csv).not.toMatch(/"[=+\-@]/);
});

test('REPORT8: counted is who sat for an agency: not chair, coordinator or observer, nor who had no board, nor a hidden family', async () => {
  const { table, database } = boards;
  const [one = '', two = '', three = '', four = ''] = await reps(4, 'police');
  const whole = [[0, 100]] as const;
  const { coordinator, chair, observer, health } = table.people;
  const { cardIds } = await lay('2026-09-08T09:00:00Z', [
    ...[one, two, three].map((userId): Sat => ({ userId, mode: 'room', stays: whole })),
    { userId: four, mode: 'room' },
    { userId: health, mode: 'apologies' },
    ...[coordinator, chair, observer].map((userId): Sat => ({ userId, mode: 'room', stays: whole }))
  ]);
  expect(of(await read(), 'room').figures).toMatchObject({
    times: 3,
    presence: { connected: 100, own: 100, waiting: 0 }
  });
  await database.db.insert(conflicts).values({ cardId: cardIds[0] ?? '', userId: one, declaredBy: one });
  expect(of(await read(), 'room').figures?.presence).toMatchObject({ own: 83, waiting: 17 });
});

test('REPORT8: of who was absent with papers, what was given for their agency counts, whoever wrote it down', async () => {
  const { db } = boards.database;
  const { table } = boards;
  const ids = await reps(3);
  const { cardIds } = await lay(
    '2026-09-08T09:00:00Z',
    ids.map((userId) => ({ userId, mode: 'papers' }))
  );
  const stated = { cardId: cardIds[1] ?? '', by: table.people.coordinator, noted: true };
  const rating = { ...stated, agencyId: table.agencies.stranger, rating: 'amber' as const };
  await db.insert(ratings).values([
    { ...rating, afterReveal: false },
    { ...rating, cardId: cardIds[0] ?? '', afterReveal: true }
  ]);
  expect(of(await read(), 'papers').figures).toEqual({
    times: 3,
    presence: null,
    saved: null,
    contributions: { information: 0, ratings: 1, questions: 0, actions: 0 }
  });
});
