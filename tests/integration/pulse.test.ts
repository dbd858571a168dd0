// The two questions after a meeting: who is asked, until when, and that nothing leads from an answer to who gave it.
import { eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { auditEvents } from '#server/database/schema/decisions.ts';
import { attendance, commands, meetings } from '#server/database/schema/meetings.ts';
import { pulseAnswered, pulseCounts } from '#server/database/schema/pulse.ts';
import { openReports, type Reports } from '#server/reports/reports.ts';
import { openHall, type Boards, type Hall } from '../actors/boards.ts';
import { layMeeting, readReport } from '../actors/reporting.ts';
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
const answers = { follow: 'yes', heard: 'partly' } as const;

test('PULSE1: whoever sat at a closed meeting is asked for seven days, and counted once; nobody else is', async () => {
  const { database, table } = boards;
  const { meetingId } = table;
  const { police, idva, health } = table.people;
  for (const [userId, mode] of [
    [police, 'room'],
    [idva, 'remote'],
    [health, 'papers']
  ] as const)
    await database.db.insert(attendance).values({ meetingId, userId, mode, by: userId });
  await database.db.insert(attendance).values({ meetingId, userId: police, mode: 'left', by: police });
  // Nobody is asked of a meeting that goes on.
  expect(await reports.pulse(as('police'), meetingId)).toBeUndefined();
  const closedAt = new Date('2026-11-14T12:00:00Z');
  await database.db
    .update(meetings)
    .set({ state: 'closed', openedAt: new Date('2026-11-14T10:00:00Z'), closedAt })
    .where(eq(meetings.id, meetingId));
  expect(await reports.pulse(as('police'), meetingId)).toEqual({
    asked: true,
    until: '2026-11-21T12:00:00.000Z'
  });
  for (const who of ['health', 'coordinator', 'stranger'] as const) {
    expect(await reports.pulse(as(who), meetingId)).toBeUndefined();
    expect(await reports.answer(as(who), meetingId, answers)).toBeUndefined();
  }
  expect(await reports.pulse(as('police'), 'no-meeting')).toBeUndefined();
  const elsewhere = await hall.lay();
  expect(await reports.pulse(sessionFor(elsewhere.table, 'police'), meetingId)).toBeUndefined();
  await elsewhere.close();
  for (const wrong of [
    undefined,
    {},
    { follow: 'yes' },
    { ...answers, name: 'x' },
    { follow: 'no', heard: 'x' }
  ])
    expect(await reports.answer(as('police'), meetingId, wrong)).toMatchObject({
      message: expect.any(String)
    });
  const [first, second] = await Promise.all([
    reports.answer(as('police'), meetingId, answers),
    reports.answer(as('police'), meetingId, answers)
  ]);
  expect([first, second]).toContainEqual({ counted: true });
  expect([first, second]).toContainEqual({ counted: false });
  expect(await reports.pulse(as('police'), meetingId)).toMatchObject({ asked: false });
  clock = new Date('2026-11-21T12:00:01Z');
  expect(await reports.pulse(as('idva'), meetingId)).toMatchObject({ asked: false });
  expect(await reports.answer(as('idva'), meetingId, answers)).toEqual({ counted: false });
  const counts = await database.db.select().from(pulseCounts).where(eq(pulseCounts.areaId, table.areaId));
  expect(counts).toMatchObject([
    { month: '2026-11', mode: 'room', followYes: 1, followPartly: 0, heardYes: 0, heardPartly: 1 }
  ]);
});

test('PULSE2: nothing that is stored leads from an answer to who gave it', async () => {
  const { database, table } = boards;
  const { db } = database;
  const { meetingId } = table;
  const { police } = table.people;
  await db.insert(attendance).values({ meetingId, userId: police, mode: 'room', by: police });
  await db
    .update(meetings)
    .set({ state: 'closed', openedAt: clock, closedAt: clock })
    .where(eq(meetings.id, meetingId));
  const all = async () => ({
    audit: await db.select().from(auditEvents).where(eq(auditEvents.areaId, table.areaId)),
    commands: await db.select().from(commands).where(eq(commands.userId, police))
  });
  const before = await all();
  await reports.pulse(as('police'), meetingId);
  await reports.answer(as('police'), meetingId, answers);
  expect(await all()).toEqual(before);
  const { rows } = await db.execute<{ table_name: string; column_name: string }>(
    sql`select table_name, column_name from information_schema.columns
        where table_name like 'pulse%' order by table_name, column_name`
  );
  const columns = (name: string) =>
    rows.filter((row) => row.table_name === name).map((row) => row.column_name);
  // Who answered has no time, no order and no answer; the counts know no person and no meeting.
  expect(columns('pulse_answered')).toEqual(['meeting_id', 'user_id']);
  expect(columns('pulse_counts')).toEqual(
    [
      'area_id',
      'month',
      'mode',
      ...['follow', 'heard'].flatMap((q) => [`${q}_no`, `${q}_partly`, `${q}_yes`])
    ].sort()
  );
  expect(new Set(rows.map((row) => row.table_name))).toEqual(new Set(['pulse_answered', 'pulse_counts']));
  expect(await db.select().from(pulseAnswered).where(eq(pulseAnswered.meetingId, meetingId))).toEqual([
    { meetingId, userId: police }
  ]);
});

test('PULSE3: answers are shown once nobody is asked any more, and three of them at the least', async () => {
  const { db } = boards.database;
  const { areaId } = boards.table;
  const given = { areaId, mode: 'remote' as const };
  await db.insert(pulseCounts).values([
    { ...given, month: '2026-08', followYes: 2, heardPartly: 2 },
    { ...given, month: '2026-09', followNo: 1, heardYes: 1 },
    { ...given, month: '2026-10', followYes: 5, heardYes: 5 }
  ]);
  const remote = async (input = {}) =>
    (await readReport(reports, boards.table, input)).pulse.find(({ mode }) => mode === 'remote');
  await layMeeting(boards, '2026-08-08T09:00:00Z', []);
  clock = new Date('2026-11-05T09:00:00Z');
  const first = { follow: { yes: 2, partly: 0, no: 1 }, heard: { yes: 1, partly: 2, no: 0 } };
  expect(await remote()).toEqual({
    mode: 'remote',
    counted: { from: '2026-08', to: '2026-09' },
    answers: first
  });
  expect(await remote({ from: '2026-08', to: '2026-08' })).toMatchObject({ answers: null });
  clock = new Date('2026-11-10T09:00:00Z');
  expect(await remote()).toMatchObject({ counted: { to: '2026-10' }, answers: { follow: { yes: 7 } } });
});
