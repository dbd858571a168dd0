// Hands in one queue, and one laptop for two agencies, over real connections.
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { hands, laptops } from '#server/database/schema/hands.ts';
import { cardAgencies, ratings } from '#server/database/schema/meetings.ts';
import { openHall, type Board, type Boards, type Hall } from '../actors/boards.ts';
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
const queue = (board: Board) => board.state().hands.map(({ name }) => name);
const raise = { type: 'hand.raise' } as const;

test('HAND2: everyone sees one queue, oldest first, for the room, for remote and for those without a board', async () => {
  const [police, idva, chair] = [
    await boards.sit('police'),
    await boards.sit('idva', 'remote'),
    await boards.sit('chair')
  ];
  const { people, agencies } = boards.table;
  expect(await idva.send(raise)).toMatchObject(done);
  expect(await police.send(raise)).toMatchObject(done);
  expect(await idva.send(raise)).toMatchObject(done);
  const neighbour = { name: 'Alex Neighbour', agencyId: agencies.health };
  expect(await chair.send({ type: 'hand.raise', ...neighbour })).toMatchObject(refused('not-found'));
  await chair.send({ type: 'attendance.set', ...neighbour, mode: 'room' });
  expect(await chair.send({ type: 'hand.raise', ...neighbour })).toMatchObject(done);
  for (const board of [police, idva, chair]) {
    await until('the queue', () => board.state().hands.length === 3);
    expect(board.state().hands).toMatchObject([
      { name: 'The idva', mode: 'remote', agencyIds: [agencies.idva] },
      { name: 'The police', mode: 'room' },
      { name: 'Alex Neighbour', mode: 'room', userId: null }
    ]);
  }
  expect(await idva.send({ type: 'hand.lower', key: people.idva })).toMatchObject(done);
  expect(
    await chair.send({ type: 'hand.lower', key: `by-hand/${agencies.health}/Alex Neighbour` })
  ).toMatchObject(done);
  await until('one is left', () => queue(police).length === 1);
  expect(queue(police)).toEqual(['The police']);
  expect(
    await boards.database.db.select().from(hands).where(eq(hands.meetingId, boards.table.meetingId))
  ).toHaveLength(5);
});

test('HAND2: one raises and lowers one’s own hand; chair and coordinator anyone’s; an observer none', async () => {
  const [police, coordinator, observer] = [
    await boards.sit('police'),
    await boards.sit('coordinator'),
    await boards.sit('observer')
  ];
  const { people } = boards.table;
  expect(await police.send({ ...raise, userId: people.idva })).toMatchObject(refused('not-allowed'));
  expect(await observer.send(raise)).toMatchObject(refused('not-allowed'));
  expect(await coordinator.send({ ...raise, userId: people.police })).toMatchObject(done);
  expect(await coordinator.send({ ...raise, userId: randomUUID() })).toMatchObject(refused('not-found'));
  await until('the hand', () => queue(police).length === 1);
  expect(await observer.send({ type: 'hand.lower', key: people.police })).toMatchObject(
    refused('not-allowed')
  );
  expect(await coordinator.send({ type: 'hand.lower', key: people.police })).toMatchObject(done);
  await until('it is lowered', () => queue(police).length === 0);
});

test('HAND4: hands are rows of the meeting: they outlive every connection, and go with whoever leaves', async () => {
  const at = { cardId: boards.otherCardId, agencyId: boards.table.agencies.police };
  await boards.database.db.insert(cardAgencies).values(at);
  const police = await boards.sit('police');
  const chair = await boards.sit('chair');
  const { people } = boards.table;
  await police.send(raise);
  police.close();
  await until('they are gone', () =>
    chair.state().people.some(({ userId, connected }) => userId === people.police && !connected)
  );
  expect(queue(chair), 'a hand waits for whoever lost the connection').toEqual(['The police']);
  const again = await boards.sit('police');
  expect(queue(again)).toEqual(['The police']);
  await chair.send({ type: 'person.exclude', cardId, userId: people.police });
  await until('the card is gone', () => !(cardId in again.state().cards));
  expect(queue(chair), 'a hand is of the meeting, not of a card').toEqual(['The police']);
  await chair.send({ type: 'attendance.set', userId: people.police, mode: 'left' });
  await until('they left', () => queue(chair).length === 0);
});

const share = () =>
  ({
    type: 'laptop.share',
    userId: boards.table.people.police,
    agencyId: boards.table.agencies.idva
  }) as const;
const rateIdva = () =>
  ({ type: 'rating.set', cardId, rating: 'red', agencyId: boards.table.agencies.idva }) as const;

test('TWO2: a rep states for a neighbour only while their laptop is shared, both in the room, and the row says so', async () => {
  const [police, chair] = [await boards.sit('police'), await boards.sit('chair')];
  const { people, agencies } = boards.table;
  expect(await police.send(rateIdva())).toMatchObject(refused('not-allowed'));
  expect(await police.send(share())).toMatchObject(refused('not-allowed'));
  expect(await chair.send(share()), 'nobody of the IDVA is here').toMatchObject(refused('state'));
  const idva = await boards.sit('idva');
  expect(await idva.send(share()), 'from their own account').toMatchObject(done);
  await until('told', () => police.state().laptops.length === 1);
  expect(chair.notices).toMatchObject([{ kind: 'laptop' }]);
  expect(await police.send(rateIdva())).toMatchObject(done);
  expect(await police.send({ ...rateIdva(), agencyId: agencies.health })).toMatchObject(
    refused('not-allowed')
  );
  const stored = await boards.database.db.select().from(ratings).where(eq(ratings.cardId, cardId));
  expect(stored).toMatchObject([
    { agencyId: agencies.idva, by: people.police, laptopOf: agencies.police, noted: false }
  ]);
  await until('theirs to see', () => idva.state().cards[cardId]?.ratings.length === 1);
  expect(idva.state().cards[cardId]?.ratings).toMatchObject([
    { laptopOf: agencies.police, by: 'The police' }
  ]);
  await idva.send({ type: 'attendance.set', userId: people.idva, mode: 'remote' });
  expect(await police.send(rateIdva()), 'the room is not shared any more').toMatchObject(
    refused('not-allowed')
  );
});

test('TWO3: a shared laptop shows nothing of the neighbour’s, accepts nothing for them, and is ended by any of them', async () => {
  const [police, idva, chair] = [
    await boards.sit('police'),
    await boards.sit('idva'),
    await boards.sit('chair')
  ];
  const { people, agencies } = boards.table;
  await idva.send({ ...rateIdva(), rating: 'blue', reason: 'Sealed words' });
  await chair.send(share());
  await police.send({ ...rateIdva(), reason: 'Said aloud' });
  await until('rated', () => police.state().cards[cardId]?.ratedAgencyIds.includes(agencies.idva) ?? false);
  expect(police.state().cards[cardId]?.ratings, 'given, and no more').toEqual([]);
  expect(police.received()).not.toContain('Sealed words');
  expect(police.received()).not.toContain('Said aloud');
  const answer = { cardId, actionId: 'x', reading: 'a'.repeat(64) };
  expect(await police.send({ type: 'action.accept', ...answer })).toMatchObject({ ok: false });
  expect(await police.send({ type: 'notes.confirm', cardId, agencyId: agencies.idva })).toMatchObject(
    refused('not-allowed')
  );
  expect(
    await police.send({ type: 'laptop.end', userId: people.police, agencyId: agencies.idva })
  ).toMatchObject(done);
  await until('ended', () => chair.state().laptops.length === 0);
  expect(await police.send(rateIdva())).toMatchObject(refused('not-allowed'));
  expect(await chair.send({ ...share(), agencyId: agencies.stranger }), 'not of this table').toMatchObject(
    refused('state')
  );
  expect(
    await boards.database.db.select().from(laptops).where(eq(laptops.meetingId, boards.table.meetingId))
  ).toHaveLength(2);
});
