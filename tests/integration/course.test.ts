// The course of a meeting over real connections: phases, statement, stages, everyone called to one place, a chair
// who is gone, and a family that is not the chair's.
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { sqlState } from '#server/database/database.ts';
import { decisionContents } from '#server/database/schema/decisions.ts';
import {
  agendaActs,
  cardLinks,
  cardStages,
  meetingPhases,
  memberChanges,
  statementActs
} from '#server/database/schema/course.ts';
import { cardAgencies, meetings } from '#server/database/schema/meetings.ts';
import { openHall, type Boards, type Hall } from '../actors/boards.ts';
import { until } from '../actors/peer.ts';

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

const refused = (code: string) => ({ ok: false, error: { code } });
const done = { ok: true };
/** What others see comes to them a moment after the answer to whoever brought it about. */
const seen = <T>(what: () => T) => expect.poll(what, { timeout: 10_000, interval: 20 });
const setMeeting = (row: Partial<typeof meetings.$inferInsert>) =>
  boards.database.db.update(meetings).set(row).where(eq(meetings.id, boards.table.meetingId));

test('COURSE3: a meeting gathers, is open, breaks and closes by the chair’s word, and each is kept with its time', async () => {
  await setMeeting({ state: 'planned' });
  const [chair, police] = [await boards.sit('chair'), await boards.sit('police')];
  const phase = () => police.state().meeting.phase;
  expect([phase(), police.state().meeting.phaseSince]).toEqual(['gathering', null]);
  expect(await chair.send({ type: 'meeting.phase', phase: 'break' })).toMatchObject(refused('state'));
  expect(await chair.send({ type: 'meeting.open' })).toMatchObject(done);
  await seen(phase).toBe('open');
  for (const other of [police, await boards.sit('coordinator')])
    expect(await other.send({ type: 'meeting.phase', phase: 'break' })).toMatchObject(refused('not-allowed'));
  expect(await chair.send({ type: 'meeting.phase', phase: 'break' })).toMatchObject(done);
  await seen(phase).toBe('break');
  expect(Date.parse(police.state().meeting.phaseSince ?? '')).toBeGreaterThan(Date.now() - 60_000);
  await seen(() => police.notices.at(-1)?.kind).toBe('phase');
  // Writing and stating go on.
  expect(await police.send({ type: 'rating.set', cardId, memberId: null, rating: 'red' })).toMatchObject(
    done
  );
  const rows = () => boards.database.db.select().from(meetingPhases);
  const before = (await rows()).length;
  expect(await chair.send({ type: 'meeting.phase', phase: 'break' })).toMatchObject(done);
  expect(await rows()).toHaveLength(before);
  expect(await chair.send({ type: 'meeting.phase', phase: 'closing' })).toMatchObject(done);
  expect(await chair.send({ type: 'meeting.close' })).toMatchObject(done);
  await seen(phase).toBe('closed');
  const here = (await rows()).filter(({ meetingId }) => meetingId === boards.table.meetingId);
  expect(here.map((row) => row.phase)).toEqual(['open', 'break', 'closing', 'closed']);
  expect(here.every(({ by }) => by === boards.table.people.chair)).toBe(true);
});

test('COURSE4: each agrees to the statement as it reads, the chair marks it as read, and the decision says who did', async () => {
  const [chair, police, observer] = [
    await boards.sit('chair'),
    await boards.sit('police'),
    await boards.sit('observer')
  ];
  expect(police.state().you.agreedAt).toBeNull();
  expect(await police.send({ type: 'statement.agree' })).toMatchObject(done);
  expect(await police.send({ type: 'statement.agree' })).toMatchObject(done);
  expect(await observer.send({ type: 'statement.agree' })).toMatchObject(done);
  const own = (await boards.database.db.select().from(statementActs)).filter(
    ({ by }) => by === boards.table.people.police
  );
  expect(own).toHaveLength(1);
  const agreedAt = police.state().you.agreedAt;
  expect(agreedAt).not.toBeNull();
  await seen(
    () => chair.state().people.find(({ userId }) => userId === boards.table.people.police)?.agreedAt
  ).toBe(agreedAt);
  expect(chair.state().you.agreedAt).toBeNull();
  expect(await police.send({ type: 'statement.read' })).toMatchObject(refused('not-allowed'));
  expect(await chair.send({ type: 'statement.read' })).toMatchObject(done);
  await seen(() => police.state().meeting.statementRead?.by).toBe('The chair');
  expect(await police.send({ type: 'statement.read', read: false })).toMatchObject(refused('not-allowed'));
  expect(await chair.send({ type: 'statement.read', read: false })).toMatchObject(done);
  await seen(() => police.state().meeting.statementRead).toBeNull();
  expect(await chair.send({ type: 'statement.read' })).toMatchObject(done);
  await seen(() => police.state().meeting.statementRead?.by).toBe('The chair');

  await police.send({ type: 'attendance.set', userId: boards.table.people.police, mode: 'room' });
  await chair.send({ type: 'joint.set', cardId, memberId: null, rating: 'red', reason: 'Because' });
  expect(await chair.send({ type: 'card.lock', cardId, reason: 'No plan' })).toMatchObject(done);
  const [stored] = (await boards.database.db.select().from(decisionContents)).flatMap(({ canonical }) => {
    const read = JSON.parse(canonical) as {
      meeting: { id: string; statementRead: unknown };
      present: { userId: string; agreedAt: string | null }[];
    };
    return read.meeting.id === boards.table.meetingId ? [read] : [];
  });
  expect(stored?.meeting.statementRead).toMatchObject({ by: { userId: boards.table.people.chair } });
  const present = new Map(stored?.present.map((each) => [each.userId, each.agreedAt]));
  expect(present.get(boards.table.people.police)).toBe(agreedAt);
  expect(present.get(boards.table.people.chair) ?? null).toBeNull();

  // Other words are not what they agreed to.
  await setMeeting({ statement: 'Something else.' });
  await boards.meetings.changed(boards.table.meetingId);
  await seen(() => police.state().you.agreedAt).toBeNull();
  expect(police.state().meeting.statementRead).toBeNull();
});

test('COURSE5: the stage is the chair’s to say, of the family at the table, and never at sealed ratings', async () => {
  const [chair, police] = [await boards.sit('chair'), await boards.sit('police')];
  const stage = () => police.state().cards[cardId]?.stage;
  const say = (wanted: 'information' | 'analysis' | 'ratings' | 'conclusion') =>
    chair.send({ type: 'card.stage', cardId, stage: wanted });
  expect(stage()).toBe('new');
  expect(await say('information')).toMatchObject(refused('state'));
  await chair.send({ type: 'card.show', cardId });
  expect(await police.send({ type: 'card.stage', cardId, stage: 'analysis' })).toMatchObject(
    refused('not-allowed')
  );
  expect(await say('information')).toMatchObject(done);
  await seen(stage).toBe('information');
  for (const sealed of ['ratings', 'conclusion'] as const)
    expect(await say(sealed)).toMatchObject({ ok: false, error: { message: 'Reveal the ratings first.' } });
  expect(await chair.send({ type: 'ratings.reveal', cardId })).toMatchObject(done);
  await seen(stage).toBe('ratings');
  expect(await say('conclusion')).toMatchObject(done);
  expect(await say('information')).toMatchObject(done);
  expect(police.state().cards[cardId]?.revealedAt).not.toBeNull();
  const rows = (await boards.database.db.select().from(cardStages)).filter((row) => row.cardId === cardId);
  expect(rows.map((row) => row.stage)).toEqual(['information', 'ratings', 'conclusion', 'information']);
});

test('COURSE6: who may see a family is called to it, nobody else hears of it, and nobody is moved', async () => {
  const [chair, police, stranger] = [
    await boards.sit('chair'),
    await boards.sit('police'),
    await boards.sit('stranger')
  ];
  expect(await police.send({ type: 'everyone.bring', cardId })).toMatchObject(refused('not-allowed'));
  const before = chair.state().currentCardId;
  expect(await chair.send({ type: 'everyone.bring', cardId, stage: 'analysis' })).toMatchObject(done);
  await until('the call', () => police.notices.length > 0);
  expect(police.notices).toMatchObject([{ kind: 'bring', place: { cardId, stage: 'analysis' } }]);
  await stranger.send({ type: 'statement.agree' }); // by then a notice would have come
  expect(stranger.notices).toEqual([]);
  expect(stranger.received()).not.toContain(cardId);
  expect(police.state().currentCardId).toBe(before);
});

test('COURSE7: everyone is told since when the chair has no connection, and nobody becomes chair by that', async () => {
  await setMeeting({ deputyId: boards.table.people.idva });
  const [chair, again, deputy, police] = [
    await boards.sit('chair'),
    await boards.sit('chair'),
    await boards.sit('idva'),
    await boards.sit('police')
  ];
  const chairs = () => police.state().people.find(({ userId }) => userId === boards.table.people.chair);
  again.close();
  await police.send({ type: 'statement.agree' });
  expect(chairs()).toMatchObject({ connected: true, lostAt: null });
  const before = Date.now();
  chair.close();
  await until('the loss', () => chairs()?.connected === false || chairs() === undefined);
  await until('who holds the chair', () => Boolean(chairs()?.lostAt));
  expect(Date.parse(chairs()?.lostAt ?? '')).toBeGreaterThanOrEqual(before - 1000);
  expect(police.state().meeting).toMatchObject({
    chair: { userId: boards.table.people.chair },
    deputy: { name: 'The idva' }
  });
  expect(await deputy.send({ type: 'chair.take' })).toMatchObject(done);
  await seen(() => police.state().meeting).toMatchObject({
    chair: { userId: boards.table.people.idva },
    namedChair: { userId: boards.table.people.chair }
  });
  const returned = await boards.sit('chair');
  await seen(chairs).toMatchObject({ connected: true, lostAt: null });
  expect(returned.state().you.chair).toBe(false);
});

test('COURSE8: of a family that is not the chair’s, deputy and coordinator alone know; the chair is asked without a why', async () => {
  await setMeeting({ deputyId: boards.table.people.idva });
  const [chair, deputy, coordinator, police] = [
    await boards.sit('chair'),
    await boards.sit('idva'),
    await boards.sit('coordinator'),
    await boards.sit('police')
  ];
  const flags = () => [deputy, coordinator, police].map((each) => each.state().cards[cardId]?.notTheChairs);
  expect(flags()).toEqual([false, false, false]);
  await chair.send({ type: 'person.exclude', cardId, userId: boards.table.people.chair });
  await seen(flags).toEqual([true, true, false]);
  expect(chair.state().cards[cardId]).toBeUndefined();
  expect(await police.send({ type: 'chair.ask' })).toMatchObject(refused('not-allowed'));
  const length = chair.received().length;
  expect(await coordinator.send({ type: 'chair.ask' })).toMatchObject(done);
  await until('the asking', () => chair.notices.length > 0);
  expect(chair.notices.at(-1)).toMatchObject({ kind: 'chair-asked' });
  expect(chair.received().slice(length)).not.toContain(cardId);
  expect(deputy.notices).toEqual([]);
  expect(await chair.send({ type: 'chair.give', userId: boards.table.people.idva })).toMatchObject(done);
  await seen(flags).toEqual([false, false, false]);
  expect(await deputy.send({ type: 'card.show', cardId })).toMatchObject(done);
  expect(await deputy.send({ type: 'chair.give', userId: boards.table.people.chair })).toMatchObject(done);
});

test('COURSE9: who may not hear the family at the table is asked out without its name; those who hear it see who is', async () => {
  // At the other family too: who has no family left has no place at the meeting.
  await boards.database.db
    .insert(cardAgencies)
    .values({ cardId: boards.otherCardId, agencyId: boards.table.agencies.health });
  const [chair, police, health] = [
    await boards.sit('chair'),
    await boards.sit('police'),
    await boards.sit('health')
  ];
  await chair.send({ type: 'card.show', cardId });
  await seen(() => health.state().currentCardId).toBe(cardId);
  const length = health.received().length;
  await chair.send({ type: 'person.exclude', cardId, userId: boards.table.people.health });
  await until('the asking out', () => health.state().you.askedOut);
  expect(health.state()).toMatchObject({ currentCardId: null, you: { askedOut: true } });
  expect(health.received().slice(length)).not.toContain('F-0001');
  const out = (board: typeof chair) =>
    board
      .state()
      .people.filter(({ askedOut }) => askedOut)
      .map(({ userId }) => userId);
  await seen(() => out(police)).toEqual([boards.table.people.health]);
  expect(out(health)).toEqual([]);
  await chair.send({ type: 'card.show', cardId: boards.otherCardId });
  await seen(() => [health.state().you.askedOut, out(police)]).toEqual([false, []]);
});

test('COURSE10: the facts of the course are refused any change by the database itself', async () => {
  const chair = await boards.sit('chair');
  await chair.send({ type: 'card.show', cardId });
  await chair.send({ type: 'card.stage', cardId, stage: 'analysis' });
  await chair.send({ type: 'meeting.phase', phase: 'break' });
  await chair.send({ type: 'statement.agree' });
  const { db } = boards.database;
  const refusal = (statement: PromiseLike<unknown>) =>
    Promise.resolve(statement).then(
      () => undefined,
      (error: unknown) => sqlState(error)
    );
  for (const table of [cardStages, meetingPhases, statementActs])
    expect(await refusal(db.delete(table))).toBe('23000');
  expect(await refusal(db.update(cardStages).set({ stage: 'new' }))).toBe('23000');
  // Of these there is no row yet; the trigger stands all the same.
  for (const table of [agendaActs, cardLinks, memberChanges])
    expect(await db.select().from(table)).toEqual([]);
});
