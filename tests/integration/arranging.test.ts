// The agenda and the family put right while the meeting goes on, over real connections: moved, parked, withdrawn, linked,
// a member added or mended.
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Act } from '#lib/protocol/command.ts';
import { agendaActs, memberChanges } from '#server/database/schema/course.ts';
import { cards, conflicts } from '#server/database/schema/meetings.ts';
import { openHall, type Board, type Boards, type Hall } from '../actors/boards.ts';
import { layCard } from '../actors/table.ts';

let hall: Hall;
let boards: Boards;
let cardId: string;
let second: string;
let third: string;
beforeAll(async () => {
  hall = await openHall();
});
afterAll(() => hall.close());
beforeEach(async () => {
  boards = await hall.lay();
  const { areaId, meetingId, agencies } = boards.table;
  cardId = boards.table.cardId;
  second = boards.otherCardId;
  const at = [agencies.police, agencies.health];
  const laid = await layCard(boards.database.db, { areaId, meetingId, reference: 'F-0003', position: 3 }, at);
  third = laid.cardId;
});
afterEach(() => boards.close());

const done = { ok: true };
const refused = (code: string) => ({ ok: false, error: { code } });
const seen = <T>(what: () => T) => expect.poll(what, { timeout: 10_000, interval: 20 });
const agendaOf = (board: Board) =>
  Object.values(board.state().cards)
    .sort((a, b) => a.position - b.position)
    .map(({ id }) => id);
const reason = 'The table said so';

test('LINK1: chair and coordinator move, park and take back a family in one act; others never, and none sees what is not theirs', async () => {
  const [chair, coordinator, police] = [
    await boards.sit('chair'),
    await boards.sit('coordinator'),
    await boards.sit('police')
  ];
  expect(agendaOf(chair)).toEqual([cardId, second, third]);
  expect(await chair.send({ type: 'card.move', cardId: third, before: cardId })).toMatchObject(done);
  await seen(() => agendaOf(coordinator)).toEqual([third, cardId, second]);
  await seen(() => agendaOf(police)).toEqual([third, cardId]);
  expect(await coordinator.send({ type: 'card.move', cardId: third, before: null })).toMatchObject(done);
  await seen(() => agendaOf(chair)).toEqual([cardId, second, third]);
  await chair.send({ type: 'card.show', cardId });
  expect(await chair.send({ type: 'card.park', cardId, reason: 'The IDVA is late' })).toMatchObject(done);
  await seen(() => agendaOf(police)).toEqual([third, cardId]);
  expect(police.state()).toMatchObject({ currentCardId: null });
  expect(police.state().cards[cardId]).toMatchObject({
    state: 'waiting',
    parked: { by: 'The chair', reason: 'The IDVA is late' }
  });
  await chair.send({ type: 'card.show', cardId: second });
  expect(await chair.send({ type: 'card.park', cardId, parked: false })).toMatchObject(done);
  await seen(() => agendaOf(chair)).toEqual([second, cardId, third]);
  await chair.send({ type: 'card.park', cardId });
  await chair.send({ type: 'card.show', cardId });
  await seen(() => police.state().cards[cardId]?.parked).toBeNull();
  for (const act of [
    { type: 'card.move', cardId, before: null },
    { type: 'card.park', cardId },
    { type: 'card.withdraw', cardId, reason },
    { type: 'families.link', cardId, withCardId: third, reason },
    { type: 'member.add', cardId, role: 'child', name: 'Ruta Begum', reason }
  ] satisfies Act[]) {
    expect(await police.send(act)).toMatchObject(refused('not-allowed'));
    expect(await police.send({ ...act, cardId: second })).toMatchObject(refused('not-found'));
  }
  const rows = await boards.database.db.select().from(agendaActs).where(eq(agendaActs.cardId, cardId));
  expect(rows.map(({ act }) => act)).toEqual(['parked', 'taken-back', 'parked', 'taken-back']);
});

test('PACE4: parked at the table, a family leaves all that was not heard ahead; taken back or shown, it comes next', async () => {
  const [chair, police] = [await boards.sit('chair'), await boards.sit('police')];
  const coming = (board: Board) => {
    const { upcoming } = board.state().pace;
    return agendaOf(board).flatMap((id) =>
      upcoming[id] ? [[id, upcoming[id].next, upcoming[id].skipped]] : []
    );
  };
  const fresh = [
    [cardId, true, false],
    [third, false, false],
    [second, false, false]
  ];
  expect(chair.state().pace).toMatchObject({ had: [], begun: false });
  await chair.send({ type: 'card.show', cardId: second });
  await chair.send({ type: 'card.park', cardId: second });
  await seen(() => coming(chair)).toEqual(fresh);
  await seen(() => coming(police)).toEqual(fresh.slice(0, 2));
  expect(chair.state().pace).toMatchObject({ had: [second], begun: true });
  expect(police.state().pace, 'of another’s nothing').toMatchObject({ had: [], begun: false });
  await chair.send({ type: 'card.show', cardId });
  await chair.send({ type: 'card.show', cardId: second });
  await seen(() => agendaOf(chair)).toEqual([cardId, second, third]);
  await seen(() => coming(chair)).toEqual([
    [cardId, false, true],
    [third, true, false]
  ]);
  await chair.send({ type: 'card.withdraw', cardId: second, reason });
  await seen(() => chair.state().pace).toMatchObject({ had: [cardId], begun: true });
  await chair.send({ type: 'card.withdraw', cardId, reason });
  await seen(() => chair.state().pace).toMatchObject({ had: [], begun: true });
  await seen(() => coming(police)).toEqual([[third, true, false]]);
  expect(police.state().pace, 'whose it was is not known any more').toMatchObject({ had: [], begun: false });
});

test('LINK2: a withdrawn family is gone for everyone at once, its words kept, with a reason', async () => {
  const [chair, police] = [await boards.sit('chair'), await boards.sit('police')];
  await chair.send({ type: 'card.show', cardId });
  expect(await chair.send({ type: 'card.withdraw', cardId, reason: ' ' })).toMatchObject(
    refused('malformed')
  );
  expect(await chair.send({ type: 'card.withdraw', cardId, reason })).toMatchObject(done);
  await seen(() => agendaOf(police)).toEqual([third]);
  expect(police.state().currentCardId).toBeNull();
  const [row] = await boards.database.db.select().from(cards).where(eq(cards.id, cardId));
  expect(row?.withdrawnAt).not.toBeNull();
  expect(await chair.send({ type: 'card.show', cardId })).toMatchObject(refused('not-found'));
});

test('LINK3: linked families are taken together, and the link is shown to those who may see both alone', async () => {
  const { people } = boards.table;
  await boards.database.db
    .insert(conflicts)
    .values({ cardId: third, userId: people.health, declaredBy: people.health });
  const [chair, police, health, stranger] = [
    await boards.sit('chair'),
    await boards.sit('police'),
    await boards.sit('health'),
    await boards.sit('stranger')
  ];
  const link = { type: 'families.link', cardId, withCardId: third, reason: 'The same man' } as const;
  expect(await chair.send({ ...link, together: true })).toMatchObject(done);
  await seen(() => agendaOf(chair)).toEqual([cardId, third, second]);
  await seen(() => police.state().cards[third]?.links).toMatchObject([
    { cardId, together: true, reason: 'The same man', by: 'The chair' }
  ]);
  expect(police.state().cards[cardId]?.links).toMatchObject([{ cardId: third }]);
  await health.send({ type: 'statement.agree' });
  expect(health.state().cards[cardId]?.links).toEqual([]);
  expect(health.received()).not.toContain(third);
  expect(stranger.received()).not.toContain('The same man');
  expect(await chair.send({ ...link, linked: false })).toMatchObject(done);
  await seen(() => police.state().cards[cardId]?.links).toEqual([]);
});

test('LINK4: a member is added, unborn too, and mended with a reason; ratings and words stay, and how it read is kept', async () => {
  const [chair, police] = [await boards.sit('chair'), await boards.sit('police')];
  const [victim] = boards.table.members;
  const members = () => police.state().cards[cardId]?.members ?? [];
  const added = await chair.send({
    type: 'member.add',
    cardId,
    name: 'Ruta Anne Begum',
    role: 'child',
    born: '2019-03-01',
    reason
  });
  expect(added).toMatchObject(done);
  await seen(() => members().at(-1)).toMatchObject({ name: 'Ruta Anne Begum', role: 'child', age: 7 });
  const unborn = await chair.send({
    type: 'member.add',
    cardId,
    role: 'unborn',
    unbornOf: victim?.id ?? null,
    reason
  });
  expect(unborn).toMatchObject(done);
  await seen(() => members().at(-1)?.role).toBe('unborn');
  expect(members().at(-1)?.name).toMatch(/^Unborn child of victim/);
  const memberId = (added.ok && (added.result as { memberId: string }).memberId) || '';
  expect(
    await boards.sync.read(cardId, ({ cards: document }) =>
      document.getMap(`agency/${boards.table.agencies.police}`).has(`${memberId}/facts`)
    )
  ).toBe(true);

  expect(await police.send({ type: 'rating.set', cardId, memberId, rating: 'red' })).toMatchObject(done);
  const mend = { type: 'member.mend', cardId, memberId, name: 'Rita Begum', reason: 'Misheard' } as const;
  expect(await chair.send({ ...mend, role: 'victim' })).toMatchObject(done);
  await seen(() => members().find(({ id }) => id === memberId)).toMatchObject({
    name: 'Rita Begum',
    role: 'victim',
    born: '2019-03-01'
  });
  expect(police.state().cards[cardId]?.ratings).toMatchObject([{ memberId, rating: 'red' }]);
  expect(await chair.send({ ...mend, role: 'unborn' })).toMatchObject(refused('state'));
  const born = { type: 'member.mend', cardId, memberId: members().at(-1)?.id ?? '', reason } as const;
  expect(await chair.send({ ...born, role: 'child' })).toMatchObject(refused('state'));
  expect(await chair.send({ ...born, role: 'child', name: 'Sky Example' })).toMatchObject(done);
  await seen(() => members().at(-1)).toMatchObject({ name: 'Sky Example', role: 'child' });
  const rows = await boards.database.db
    .select()
    .from(memberChanges)
    .where(eq(memberChanges.memberId, memberId));
  expect(rows).toMatchObject([
    { act: 'added', forenames: 'Ruta Anne', surname: 'Begum', reason },
    { act: 'mended', surname: 'Begum', wasForenames: 'Ruta Anne', wasRole: 'child', reason: 'Misheard' }
  ]);
  expect(await chair.send({ ...mend, memberId: boards.otherCardId })).toMatchObject(refused('not-found'));
});
