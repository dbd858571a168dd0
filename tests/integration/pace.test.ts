// A meeting's time over real connections: turns as rows, minutes added, and what of it whom is told.
import { asc, eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { sqlState } from '#server/database/database.ts';
import { areas } from '#server/database/schema/identity.ts';
import { meetings } from '#server/database/schema/meetings.ts';
import { addedMinutes, turns } from '#server/database/schema/pace.ts';
import { openSettings } from '#server/identity/settings.ts';
import { openHall, type Boards, type Hall } from '../actors/boards.ts';
import { until } from '../actors/peer.ts';
import { sessionFor } from '../actors/table.ts';

let hall: Hall;
let boards: Boards;
let cardId: string;
beforeAll(async () => {
  hall = await openHall();
});
afterAll(() => hall.close());
beforeEach(async () => {
  boards = await hall.lay();
  cardId = boards.table.cardId;
});
afterEach(() => boards.close());

const taken = async () =>
  (
    await boards.database.db
      .select({ cardId: turns.cardId })
      .from(turns)
      .where(eq(turns.meetingId, boards.table.meetingId))
      .orderBy(asc(turns.at))
  ).map((row) => row.cardId);

test('PACE6: showing, locking and closing begin and end a family’s turn, each once', async () => {
  const chair = await boards.sit('chair');
  const show = (id: string) => chair.send({ type: 'card.show', cardId: id });
  await show(cardId);
  await show(cardId);
  await show(boards.otherCardId);
  await show(cardId);
  await chair.send({ type: 'joint.set', cardId, memberId: null, rating: 'red', reason: 'Because' });
  expect(await chair.send({ type: 'card.lock', cardId, reason: 'No plan yet' })).toMatchObject({ ok: true });
  await show(boards.otherCardId);
  expect(await chair.send({ type: 'meeting.close' })).toMatchObject({ ok: true });
  const { otherCardId } = boards;
  expect(await taken()).toEqual([cardId, otherCardId, cardId, null, otherCardId, null]);
});

test('PACE6: in a break no family’s time runs; it runs on when the meeting does', async () => {
  const chair = await boards.sit('chair');
  await chair.send({ type: 'card.show', cardId });
  await chair.send({ type: 'meeting.phase', phase: 'break' });
  await until('the time stands still', () => chair.state().pace.present === null);
  expect(chair.state().pace.upcoming[cardId]).toMatchObject({ next: true, skipped: false });
  await chair.send({ type: 'meeting.phase', phase: 'open' });
  await until('it runs on', () => chair.state().pace.present?.cardId === cardId);
  expect(await taken()).toEqual([cardId, null, cardId]);
});

test('PACE6: turns and added minutes are rows that the database refuses to change', async () => {
  const { db } = boards.database;
  const chair = await boards.sit('chair');
  await chair.send({ type: 'card.show', cardId });
  await chair.send({ type: 'time.add', cardId, minutes: 1 });
  const refused = (statement: Promise<unknown>) =>
    statement.then(
      () => undefined,
      (error: unknown) => sqlState(error)
    );
  expect(await refused(db.update(turns).set({ cardId: null }))).toBe('23000');
  expect(await refused(db.delete(turns))).toBe('23000');
  expect(await refused(db.update(addedMinutes).set({ minutes: 2 }))).toBe('23000');
  expect(await refused(db.delete(addedMinutes))).toBe('23000');
});

test('PACE7: the chair gives a family more minutes, which everyone sees, and which make no other card of it', async () => {
  const [chair, police, coordinator] = [
    await boards.sit('chair'),
    await boards.sit('police'),
    await boards.sit('coordinator')
  ];
  await chair.send({ type: 'card.show', cardId });
  await until('the turn is told', () => police.state().pace.present?.cardId === cardId);
  const before = Date.parse(police.state().pace.present?.dueAt ?? '');
  const version = police.state().cards[cardId]?.version;
  const more = { type: 'time.add', cardId, minutes: 3 } as const;
  for (const other of [police, coordinator])
    expect(await other.send(more)).toMatchObject({ ok: false, error: { code: 'not-allowed' } });
  expect(await chair.send(more)).toMatchObject({ ok: true });
  await until('it is told', () => Date.parse(police.state().pace.present?.dueAt ?? '') > before);
  const later = Date.parse(police.state().pace.present?.dueAt ?? '') - before;
  expect(Math.round(later / 60_000)).toBe(3);
  expect(police.state().cards[cardId]?.version).toBe(version);
});

test('PACE5: a family that is another’s counts in time alone: who may not see it is told no card, and when theirs comes', async () => {
  const [chair, stranger] = [await boards.sit('chair'), await boards.sit('stranger')];
  await chair.send({ type: 'card.show', cardId });
  const [toChair, toStranger] = [() => chair.state().pace, () => stranger.state().pace];
  await until('it is told', () => toStranger().upcoming[boards.otherCardId]?.next === true);
  expect(toStranger().present).toBeNull();
  expect(toStranger().upcoming[boards.otherCardId]).toEqual(toChair().upcoming[boards.otherCardId]);
  expect(toStranger().endsAt).toBe(toChair().endsAt);
  expect(stranger.received()).not.toContain(cardId);
  const minutes = (Date.parse(toStranger().upcoming[boards.otherCardId]?.at ?? '') - Date.now()) / 60_000;
  expect(minutes).toBeGreaterThan(13);
  expect(minutes).toBeLessThan(16);
});

test('PACE12: the area says how many minutes a family has, and a meeting keeps those it opened with', async () => {
  const { db } = boards.database;
  const { meetingId, areaId } = boards.table;
  const settings = openSettings(boards.database);
  const session = sessionFor(boards.table, 'coordinator');
  expect(await settings.setMinutes(session, '0')).toEqual({ refused: 'Give at least 1 minute.' });
  expect(await settings.setMinutes(session, 'ten')).toHaveProperty('refused');
  expect(await settings.setMinutes(session, '10')).toEqual({ changed: 10 });
  expect((await settings.read(session)).minutesPerFamily).toBe(10);
  await db.update(meetings).set({ state: 'planned' }).where(eq(meetings.id, meetingId));
  const chair = await boards.sit('chair');
  expect(await chair.send({ type: 'meeting.open' })).toMatchObject({ ok: true });
  await db.update(areas).set({ minutesPerFamily: 40 }).where(eq(areas.id, areaId));
  await chair.send({ type: 'card.show', cardId });
  await until('it is told', () => chair.state().pace.present !== null);
  const left = (Date.parse(chair.state().pace.present?.dueAt ?? '') - Date.now()) / 60_000;
  expect(Math.round(left)).toBe(10);
  expect(chair.state().pace.minutesLate).toBe(0);
});
