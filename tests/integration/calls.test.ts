// Asking somebody in, over real connections: the ring, the answer, the door of the video call, and its link.
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { sqlState } from '#server/database/database.ts';
import { calls, callSteps } from '#server/database/schema/calls.ts';
import { decisionContents, decisions } from '#server/database/schema/decisions.ts';
import { conflicts, meetings } from '#server/database/schema/meetings.ts';
import { openHall, type Board, type Boards, type Hall } from '../actors/boards.ts';
import { until } from '../actors/peer.ts';
import { sessionFor } from '../actors/table.ts';

const link = 'https://video.example.org/secret-room';
let hall: Hall;
let boards: Boards;
let cardId: string;
beforeAll(async () => {
  hall = await openHall();
});
afterAll(() => hall.close());
beforeEach(async () => {
  boards = await hall.lay();
  cardId = boards.otherCardId;
  const { meetingId } = boards.table;
  await boards.database.db.update(meetings).set({ videoLink: link }).where(eq(meetings.id, meetingId));
});
afterEach(() => boards.close());

const ask = (board: Board) =>
  board.send({ type: 'call.make', cardId, agencyId: boards.table.agencies.stranger });
async function called(board: Board): Promise<string> {
  const answer = await ask(board);
  if (!answer.ok) throw new Error(answer.error.message);
  return (answer.result as { callId: string }).callId;
}
const answer = (callId: string, said: 'coming' | 'in-5' | 'cannot', reason?: string) =>
  ({ type: 'call.answer', callId, answer: said, ...(reason ? { reason } : {}) }) as const;
const stateOf = (board: Board) => board.state().calls.at(-1)?.state;

test('CALL3: the chair asks an agency in, its rep’s page rings, one act answers, and the table sees it', async () => {
  const [chair, stranger] = [await boards.sit('chair'), await boards.sit('stranger', 'remote')];
  const callId = await called(chair);
  await until('it rings', () => stranger.state().calls[0]?.yours === true);
  expect(stranger.state().calls[0]).toMatchObject({ id: callId, state: 'ringing', by: 'The chair' });
  // Asked again while it rings: the same call.
  expect(await called(chair)).toBe(callId);
  expect(await stranger.send(answer(callId, 'coming'))).toMatchObject({ ok: true });
  await until('the table sees it', () => stateOf(chair) === 'coming');
  expect(chair.state().calls[0]).toMatchObject({ name: 'The stranger', yours: false });
  expect(stranger.state().calls[0]?.yours).toBe(true);
});

test('CALL3: a person is asked by name too; a refusal carries its reason, and may be taken back', async () => {
  const [coordinator, stranger] = [await boards.sit('coordinator'), await boards.sit('stranger', 'remote')];
  const { people } = boards.table;
  const made = await coordinator.send({ type: 'call.make', cardId, userId: people.stranger });
  const callId = (made.ok && (made.result as { callId: string }).callId) || '';
  await stranger.send(answer(callId, 'cannot', 'In court until noon'));
  await until('the reason is told', () => coordinator.state().calls[0]?.reason === 'In court until noon');
  expect(stateOf(coordinator)).toBe('cannot');
  expect(await stranger.send(answer(callId, 'coming'))).toMatchObject({ ok: true });
  await until('she comes after all', () => stateOf(coordinator) === 'coming');
});

test('CALL4: only chair and coordinator ask and keep the door, only who is called answers, and each in its turn', async () => {
  const [chair, police, stranger] = [
    await boards.sit('chair'),
    await boards.sit('police'),
    await boards.sit('stranger', 'remote')
  ];
  const { agencies, people } = boards.table;
  expect(await ask(stranger)).toMatchObject({ ok: false, error: { code: 'not-allowed' } });
  // For the police neither that card nor any call for it exists.
  const callId = await called(chair);
  const none = await police.send(answer(randomUUID(), 'coming'));
  expect(none).toMatchObject({ ok: false, error: { code: 'not-found' } });
  expect(await ask(police)).toEqual(none);
  expect(await police.send(answer(callId, 'coming'))).toEqual(none);
  expect(await police.send({ type: 'call.note', callId, step: 'out' })).toEqual(none);
  expect(police.received()).not.toContain(callId);
  // Agencies and people who are not at the card can't be asked in for it.
  const elsewhere = { type: 'call.make', cardId } as const;
  expect(await chair.send({ ...elsewhere, agencyId: agencies.police })).toEqual(none);
  expect(await chair.send({ ...elsewhere, userId: people.police })).toEqual(none);
  expect(await chair.send(answer(callId, 'coming'))).toMatchObject({ error: { code: 'not-allowed' } });
  expect(await stranger.send({ type: 'call.note', callId, step: 'in' })).toMatchObject({
    error: { code: 'not-allowed' }
  });
  expect(await chair.send({ type: 'call.note', callId, step: 'out' })).toMatchObject({
    error: { code: 'state' }
  });
});

test('CALL4: an agency of which nobody may see the card can’t be asked in', async () => {
  const { people, agencies } = boards.table;
  await boards.database.db
    .insert(conflicts)
    .values({ cardId, userId: people.stranger, declaredBy: people.chair });
  const chair = await boards.sit('chair');
  const asked = await chair.send({ type: 'call.make', cardId, agencyId: agencies.stranger });
  expect(asked).toMatchObject({ ok: false, error: { code: 'state' } });
});

test('CALL5: the coordinator sees whom to let in, and whom to let out once their family is done', async () => {
  const [chair, coordinator, stranger] = [
    await boards.sit('chair'),
    await boards.sit('coordinator'),
    await boards.sit('stranger', 'remote')
  ];
  await chair.send({ type: 'card.show', cardId });
  const callId = await called(chair);
  await stranger.send(answer(callId, 'coming'));
  const door = () => coordinator.state().door;
  await until('let in', () => door()?.letIn[0]?.name === 'The stranger');
  await coordinator.send({ type: 'call.note', callId, step: 'in' });
  await until('in', () => door()?.letIn.length === 0);
  expect(door()?.letOut).toEqual([]);
  await chair.send({ type: 'card.show', cardId: boards.table.cardId });
  await until('let out', () => door()?.letOut[0]?.why === 'done');
  await coordinator.send({ type: 'call.note', callId, step: 'out' });
  await until('out', () => door()?.letOut.length === 0);
  expect(stranger.state().door).toBeNull();
});

test('CALL5: a remote person who must not hear the family at the table is to be let out', async () => {
  const [chair, police] = [await boards.sit('chair'), await boards.sit('police', 'remote')];
  const { cardId: first, people } = boards.table;
  await chair.send({ type: 'card.show', cardId: first });
  expect(chair.state().door?.letOut).toEqual([]);
  await chair.send({ type: 'person.exclude', cardId: first, userId: people.police });
  await until('let out', () => chair.state().door?.letOut[0]?.why === 'conflict');
  expect(chair.state().door?.letOut[0]).toMatchObject({ callId: null, name: 'The police' });
  expect(police.socket.connected ? police.state().door : null).toBeNull();
});

test('REMOTE1: the link is with whoever attends the whole; a called agency has it while it is called, and not a byte before', async () => {
  const [chair, police, observer, stranger] = [
    await boards.sit('chair'),
    await boards.sit('police', 'remote'),
    await boards.sit('observer', 'remote'),
    await boards.sit('stranger', 'remote')
  ];
  for (const board of [chair, police, observer]) expect(board.state().meeting.videoLink).toBe(link);
  expect(stranger.state().meeting.videoLink).toBeNull();
  const callId = await called(chair);
  await until('it opens', () => stranger.state().meeting.videoLink === link);
  expect(stranger.received().split(link)).toHaveLength(2);
  await stranger.send(answer(callId, 'coming'));
  await chair.send({ type: 'call.note', callId, step: 'in' });
  await until('in', () => stateOf(stranger) === 'in');
  expect(stranger.state().meeting.videoLink).toBe(link);
  await stranger.send({ type: 'call.note', callId, step: 'out' });
  await until('it closes', () => stranger.state().meeting.videoLink === null);
  const listed = await boards.meetings.list(sessionFor(boards.table, 'stranger'));
  expect(listed[0]?.videoLink).toBeNull();
  expect((await boards.meetings.list(sessionFor(boards.table, 'police')))[0]?.videoLink).toBe(link);
});

test('CALL6: a call that nobody came to is over once its family is done with, and the link with it', async () => {
  const [chair, stranger] = [await boards.sit('chair'), await boards.sit('stranger', 'remote')];
  await chair.send({ type: 'card.show', cardId });
  const callId = await called(chair);
  await until('it rings', () => stateOf(stranger) === 'ringing');
  await chair.send({ type: 'card.show', cardId: boards.table.cardId });
  await until('it is over', () => stateOf(stranger) === 'over');
  expect(stranger.state().meeting.videoLink).toBeNull();
  expect(await stranger.send(answer(callId, 'coming'))).toMatchObject({ error: { code: 'state' } });
  // The family comes back, and they are asked again.
  await chair.send({ type: 'card.show', cardId });
  expect(await called(chair)).not.toBe('');
});

test('CALL6: calls and their steps are rows that the database refuses to change', async () => {
  const { db } = boards.database;
  const [chair, stranger] = [await boards.sit('chair'), await boards.sit('stranger', 'remote')];
  await stranger.send(answer(await called(chair), 'in-5'));
  const refused = (statement: Promise<unknown>) =>
    statement.then(
      () => undefined,
      (error: unknown) => sqlState(error)
    );
  expect(await refused(db.update(calls).set({ userId: null }))).toBe('23000');
  expect(await refused(db.update(callSteps).set({ step: 'coming' }))).toBe('23000');
  expect(await refused(db.delete(callSteps))).toBe('23000');
});

test('REMOTE4: a remote person says that nobody can overhear, or that somebody can; the roster shows it, and the decision keeps since when', async () => {
  const [chair, police, idva] = [
    await boards.sit('chair'),
    await boards.sit('police', 'remote'),
    await boards.sit('idva', 'remote')
  ];
  const alone = () => chair.state().people.find(({ name }) => name === 'The police')?.alone;
  await until('here', () => alone() === null);
  for (const _ of [1, 2]) expect(await police.send({ type: 'overhear.confirm' })).toMatchObject({ ok: true });
  await until('it is shown', () => alone() === true);
  expect(await police.send({ type: 'overhear.confirm', alone: false })).toMatchObject({ ok: true });
  await until('it is taken back', () => alone() === false);
  const again = Date.now();
  expect(await police.send({ type: 'overhear.confirm' })).toMatchObject({ ok: true });
  await idva.send({ type: 'overhear.confirm' });
  await idva.send({ type: 'overhear.confirm', alone: false });
  await until('it is shown', () => alone() === true);
  const at = boards.table.cardId;
  expect(idva.state().you.mode).toBe('remote');
  await chair.send({ type: 'joint.set', cardId: at, memberId: null, rating: 'red', reason: 'Because' });
  expect(await chair.send({ type: 'card.lock', cardId: at, reason: 'No plan' })).toMatchObject({ ok: true });
  const [decided] = await boards.database.db
    .select({ canonical: decisionContents.canonical })
    .from(decisionContents)
    .innerJoin(decisions, eq(decisions.id, decisionContents.decisionId))
    .where(eq(decisions.cardId, at));
  const { present } = JSON.parse(decided?.canonical ?? '{}') as {
    present: { userId: string; aloneAt: string | null }[];
  };
  const aloneAt = new Map(present.map((each) => [each.userId, each.aloneAt]));
  expect(Date.parse(aloneAt.get(boards.table.people.police) ?? '')).toBeGreaterThanOrEqual(again);
  expect(aloneAt.get(boards.table.people.idva)).toBeNull();
});
