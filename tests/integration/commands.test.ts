// Commands over real connections: done once, by those who may, on rows that are held; and what agencies state by them.
import { createHash, randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { addAction, setActionField, setActionWords } from '#lib/card/edit.ts';
import { canonicalAction } from '#lib/domain/action.ts';
import { cards, jointRatings, ratings } from '#server/database/schema/meetings.ts';
import { readFacts } from '#server/meetings/facts.ts';
import { openHall, type Board, type Boards, type Hall } from '../actors/boards.ts';
import { sitDown, until } from '../actors/peer.ts';
import { cardOf, conclude, rate, refused } from '../actors/stating.ts';

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

const lock = () => ({ type: 'card.lock', cardId, reason: 'No plan yet' }) as const;
const allRatings = () => boards.database.db.select().from(ratings).where(eq(ratings.cardId, cardId));

test('CMD1: a command is done once however often it is sent, also at the same moment and from another window', async () => {
  const [one, two] = [await boards.sit('police'), await boards.sit('police')];
  const id = randomUUID();
  const answers = await Promise.all([one, two, one, two].map((board) => board.send(rate(cardId, 'red'), id)));
  expect(answers).toEqual(Array(4).fill({ ok: true, result: { version: 1 } }));
  expect(await one.send(rate(cardId, 'red'), id)).toEqual(answers[0]);
  expect(await allRatings()).toHaveLength(1);
});

test('CMD1: a lock is done once, and answered again', async () => {
  const [one, two] = [await boards.sit('chair'), await boards.sit('chair')];
  expect(await one.send(conclude(cardId))).toMatchObject({ ok: true });
  const id = randomUUID();
  const answers = await Promise.all([one, two].map((board) => board.send(lock(), id)));
  expect(answers[0]).toMatchObject({ ok: true, result: { number: 1 } });
  expect(answers[1]).toEqual(answers[0]);
  expect(await one.send(lock())).toMatchObject(refused('locked'));
});

test('CMD2: the same id with another body is refused, and another person’s ids are their own', async () => {
  const [police, idva] = [await boards.sit('police'), await boards.sit('idva')];
  const id = randomUUID();
  expect(await police.send(rate(cardId, 'red'), id)).toMatchObject({ ok: true });
  expect(await police.send(rate(cardId, 'green'), id)).toMatchObject(refused('id-reused'));
  expect(await idva.send(rate(cardId, 'green'), id)).toMatchObject({ ok: true });
  expect((await allRatings()).map(({ rating }) => rating).sort()).toEqual(['green', 'red']);
});

test('CMD3: what is malformed is refused with the name of the field', async () => {
  const police = await boards.sit('police');
  const fieldOf = async (body: unknown) => {
    const answer = await police.sendRaw(body);
    return !answer.ok && answer.error.code === 'malformed' ? answer.error.field : answer;
  };
  const id = randomUUID();
  expect(await fieldOf({ ...rate(cardId, 'red'), id, rating: 'purple' })).toBe('rating');
  expect(await fieldOf({ ...rate(cardId, 'red'), id, cardId: 'x' })).toBe('cardId');
  expect(await fieldOf({ ...rate(cardId, 'red'), id, ratng: 'red' })).toBe('ratng');
  expect(await fieldOf({ ...conclude(cardId), id, reason: ' ' })).toBe('reason');
  expect(await fieldOf({ type: 'rating.sit', id })).toBe('type');
  expect(await fieldOf({ ...rate(cardId, 'red') })).toBe('id');
  expect(await fieldOf(null)).toBe('type');
  expect(await fieldOf({ ...rate(cardId, 'red'), id, memberId: undefined })).toMatchObject({ ok: true });
});

test('CMD4: a card that is not one’s own, one of another meeting and one that is not are answered alike', async () => {
  const stranger = await boards.sit('stranger');
  const none = await stranger.send({ ...rate(cardId, 'red'), cardId: randomUUID() });
  expect(none).toMatchObject(refused('not-found'));
  const reading = 'a'.repeat(64);
  for (const act of [
    rate(cardId, 'red'),
    conclude(cardId),
    { type: 'card.show', cardId },
    { type: 'card.lock', cardId },
    { type: 'ratings.reveal', cardId },
    { type: 'action.accept', cardId, actionId: 'x', reading },
    { type: 'notes.confirm', cardId, agencyId: boards.table.agencies.stranger },
    { type: 'person.exclude', cardId, userId: boards.table.people.police },
    { type: 'attendance.set', userId: boards.table.people.stranger, cardId, mode: 'room' }
  ] as const)
    expect(await stranger.send(act)).toEqual(none);
});

test('CMD5: every command takes its right from the permission table', async () => {
  const [police, coordinator, chair, observer] = [
    await boards.sit('police'),
    await boards.sit('coordinator'),
    await boards.sit('chair'),
    await boards.sit('observer')
  ];
  const { agencies, people } = boards.table;
  for (const board of [police, coordinator, observer])
    for (const act of [
      { type: 'ratings.reveal', cardId },
      conclude(cardId),
      { type: 'card.lock', cardId },
      { type: 'card.show', cardId },
      { type: 'meeting.close' },
      { type: 'chair.give', userId: people.police },
      { type: 'chair.take' }
    ] as const)
      expect(await board.send(act), act.type).toMatchObject(refused('not-allowed'));
  expect(await police.send(rate(cardId, 'red', agencies.health))).toMatchObject(refused('not-allowed'));
  expect(await coordinator.send(rate(cardId, 'red', agencies.stranger))).toMatchObject(
    refused('not-allowed')
  );
  expect(await coordinator.send(rate(cardId, 'red'))).toMatchObject({
    error: { code: 'malformed', field: 'agencyId' }
  });
  expect(await chair.send(rate(cardId, 'red'))).toMatchObject(refused('not-allowed'));
  expect(await observer.send(rate(cardId, 'red'))).toMatchObject(refused('not-allowed'));
  expect(await allRatings()).toEqual([]);
});

test('CMD6: on a locked card every fact is refused, and a fact that meets the lock is before it or refused', async () => {
  const [chair, police] = [await boards.sit('chair'), await boards.sit('police')];
  await chair.send(conclude(cardId));
  const [locked, ...facts] = await Promise.all([
    chair.send(lock()),
    ...Array.from({ length: 12 }, () => police.send(rate(cardId, 'red')))
  ]);
  expect(locked).toMatchObject({ ok: true });
  const done = facts.filter(({ ok }) => ok);
  for (const each of facts) if (!each.ok) expect(each).toMatchObject(refused('locked'));
  const [row] = await boards.database.db.select().from(cards).where(eq(cards.id, cardId));
  const stored = await allRatings();
  expect(stored).toHaveLength(done.length);
  for (const { at } of stored) expect(at.getTime()).toBeLessThanOrEqual(Date.now());
  // The joint rating, each rating that was in time, and the lock itself.
  expect(row?.version).toBe(done.length + 2);
  for (const act of [rate(cardId, 'red'), { type: 'ratings.reveal', cardId } as const, conclude(cardId)])
    expect(await (act.type === 'rating.set' ? police : chair).send(act)).toMatchObject(refused('locked'));
});

test('CMD7: facts that several state at once are all kept, in one order', async () => {
  const people = ['police', 'idva', 'health'] as const;
  const seated = await Promise.all(people.map((who) => boards.sit(who)));
  await Promise.all(
    seated.flatMap((board) =>
      (['red', 'green', 'amber'] as const).map((each) => board.send(rate(cardId, each)))
    )
  );
  const { ratings: stated } = await readFacts(boards.database.db, cardId);
  expect(stated).toHaveLength(9);
  for (const who of people)
    expect(
      stated.filter(({ userId }) => userId === boards.table.people[who]).map(({ rating }) => rating)
    ).toEqual(['red', 'green', 'amber']);
  await until('the last of each', () => cardOf(seated[0] as Board, cardId)?.ratings[0]?.rating === 'amber');
});

test('CMD8: an action is accepted only as it reads, and only by the agency that is to do it', async () => {
  const peer = await sitDown(boards.address('police'), true);
  const { health } = boards.table.agencies;
  const action = { what: 'Ring the surgery.', agencyId: health, by: '2026-12-01' };
  const actionId = addAction(peer.doc, { ...action, what: '' });
  setActionWords(peer.doc, actionId, action.what);
  await until('it is stored', () => peer.saved() === peer.sent());
  const readingOf = (terms: typeof action) =>
    createHash('sha256').update(canonicalAction(terms)).digest('hex');
  const reading = readingOf(action);
  const [rep, police] = [await boards.sit('health'), await boards.sit('police')];
  const accept = { type: 'action.accept', cardId, actionId, reading } as const;
  expect(await police.send(accept)).toMatchObject(refused('not-allowed'));
  expect(await rep.send({ ...accept, actionId: 'nothing-there' })).toMatchObject(refused('not-found'));
  setActionField(peer.doc, actionId, 'by', '2026-12-08');
  await until('it is stored', () => peer.saved() === peer.sent());
  const moved = readingOf({ ...action, by: '2026-12-08' });
  expect(await rep.send(accept)).toMatchObject({ error: { code: 'changed', reading: moved } });
  const id = randomUUID();
  const accepted = await rep.send({ ...accept, reading: moved }, id);
  expect(accepted).toMatchObject({ ok: true });
  await until('police see it', () => cardOf(police, cardId)?.answers[0]?.reading === moved);
  setActionWords(peer.doc, actionId, 'Something else');
  await until('it is stored', () => peer.saved() === peer.sent());
  expect(await rep.send({ ...accept, reading: moved }, id)).toEqual(accepted);
  expect(await rep.send({ type: 'action.decline', cardId, actionId, reason: 'No staff' })).toMatchObject({
    ok: true
  });
  await until('declined', () => cardOf(police, cardId)?.answers[0]?.answer === 'declined');
  peer.leave();
});

test('CMD15: a session that ended commands nothing any more, and too much at once is held back', async () => {
  const [police, health] = [await boards.sit('police'), await boards.sit('health')];
  boards.signOut('police');
  expect(await police.send(rate(cardId, 'red'))).toMatchObject(refused('not-allowed'));
  await until('the line is cut', () => !police.socket.connected);
  const many = await Promise.all(Array.from({ length: 60 }, () => health.send({ type: 'chair.take' })));
  expect(many.some((each) => !each.ok && each.error.code === 'too-fast')).toBe(true);
  expect(await boards.database.db.select().from(jointRatings).where(eq(jointRatings.cardId, cardId))).toEqual(
    []
  );
});
