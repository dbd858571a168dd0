// The end of a meeting over real connections: what each family lacks, what moved meanwhile, what is carried to the
// next; and what an agency is asked, wherever its rep is.
import { eq, inArray } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { agendaWords } from '#lib/board/words.ts';
import type { DecisionContent } from '#lib/card/canonical.ts';
import { addAction, addQuestion, appendParagraphs, setQuestionWords } from '#lib/card/edit.ts';
import { carriedCards } from '#server/database/schema/carrying.ts';
import { decisionContents, decisions } from '#server/database/schema/decisions.ts';
import { cards, conflicts } from '#server/database/schema/meetings.ts';
import { openDecisions } from '#server/decisions/decisions.ts';
import { casesOf } from '#server/families/cases.ts';
import { openSchedule } from '#server/schedule/schedule.ts';
import { openHall, type Board, type Boards, type Hall } from '../actors/boards.ts';
import { sitDown, until } from '../actors/peer.ts';
import { layCard, sessionFor, type Who } from '../actors/table.ts';

let hall: Hall;
let boards: Boards;
let cardId: string;
let other: string;
beforeAll(async () => {
  hall = await openHall();
});
afterAll(() => hall.close());
beforeEach(async () => {
  boards = await hall.lay();
  [cardId, other] = [boards.table.cardId, boards.otherCardId];
});
afterEach(() => boards.close());

const refused = (code: string) => ({ ok: false, error: { code } });
const cardOf = (board: Board, id = cardId) => board.state().cards[id];
const close = { type: 'meeting.close' } as const;
/** The decisions made here, with why something was passed over. */
const locked = async () => {
  const rows = await boards.database.db
    .select({ cardId: decisions.cardId, canonical: decisionContents.canonical })
    .from(decisions)
    .innerJoin(decisionContents, eq(decisionContents.decisionId, decisions.id))
    .where(inArray(decisions.cardId, [cardId, other]));
  return Object.fromEntries(
    rows.map((row) => [row.cardId, (JSON.parse(row.canonical) as DecisionContent).passed?.reason])
  );
};

async function conclude(chair: Board): Promise<void> {
  for (const id of [cardId, other]) await concludeOne(chair, id);
}
async function concludeOne(chair: Board, id: string): Promise<void> {
  expect(await chair.send({ type: 'card.show', cardId: id })).toMatchObject({ ok: true });
  const rated = { type: 'joint.set', cardId: id, memberId: null, rating: 'red', reason: 'Because' } as const;
  expect(await chair.send(rated)).toMatchObject({ ok: true });
}

test('ASK2: a question reaches its agency’s reps wherever they are, and is gone once it is answered', async () => {
  const [police, health] = [await boards.sit('police'), await boards.sit('health')];
  const asker = await sitDown(boards.address('police'));
  const { agencies } = boards.table;
  const questionId = addQuestion(asker.doc, { text: 'Is she registered?', agencyId: agencies.health });
  await until('health is asked', () => cardOf(health)?.asked.length === 1);
  expect(cardOf(health)?.asked).toEqual([
    { questionId, agencyId: agencies.health, text: 'Is she registered?' }
  ]);
  expect(cardOf(police)?.asked).toEqual([]);
  expect(police.received()).not.toContain('Is she registered?');
  setQuestionWords(asker.doc, questionId, 'answer', 'Yes, since March');
  await until('it is answered', () => cardOf(health)?.asked.length === 0);
  asker.leave();
});

test('CLOSE1: the chair is told what each family lacks, as it is written and stated, and nobody else is', async () => {
  const [chair, police] = [await boards.sit('chair'), await boards.sit('police')];
  const kinds = (id: string) => cardOf(chair, id)?.missing?.map(({ kind }) => kind);
  await until('both are read', () => kinds(cardId) !== undefined && kinds(other) !== undefined);
  expect(kinds(other)).toEqual(['joint-rating', 'no-response', 'no-response', 'no-response']);
  await conclude(chair);
  await until('it is concluded', () => kinds(other)?.length === 3);
  const writer = await sitDown(boards.address('police'));
  const [victim] = boards.table.members;
  addAction(writer.doc, { what: 'Change the locks', memberId: victim?.id ?? null });
  await until('the action lacks an owner', () => kinds(cardId)?.includes('action-without-owner') ?? false);
  expect(kinds(cardId)).toEqual([
    'no-response',
    'no-response',
    'action-without-owner',
    'action-without-date'
  ]);
  expect(cardOf(police)?.missing).toBeNull();
  expect(police.received()).not.toContain('action-without-owner');
  writer.leave();
});

test('CLOSE2: of families that others changed since the chair read them, nothing at all is locked, and who and when is said', async () => {
  const chair = await boards.sit('chair');
  await conclude(chair);
  const versionOf = async (id: string) => {
    const [row] = await boards.database.db.select().from(cards).where(eq(cards.id, id));
    return boards.sync.read(id, ({ seq }) => `${row?.version}.${seq.cards}.${seq.protected}`);
  };
  const seen = { [cardId]: await versionOf(cardId), [other]: await versionOf(other) };
  // The last family of the agenda moves: none before it may be locked.
  const writer = await sitDown({ ...boards.address('stranger'), document: `cards/${other}` }, true);
  appendParagraphs(writer.doc, 'analysis', 'worries', ['He knows the school']);
  await until('it is stored', () => writer.saved() === writer.sent());
  const answer = await chair.send({ ...close, reason: 'Time', seen });
  expect(answer).toMatchObject({
    error: {
      code: 'changed',
      cards: [{ cardId: other, moved: [{ by: 'The stranger', what: 'the joint analysis' }] }]
    }
  });
  expect(JSON.stringify(answer)).not.toContain('He knows the school');
  expect(await locked()).toEqual({});
  expect(chair.state().meeting.state).toBe('open');
  expect(await chair.send({ ...close, seen: { [cardId]: '9.9.9' } })).toMatchObject(refused('malformed'));
  const now = { ...seen, [other]: await versionOf(other) };
  expect(await chair.send({ ...close, reason: 'Time', seen: now })).toMatchObject({ ok: true });
  writer.leave();
});

test('CLOSE3: each family is locked with its own reason, else with the common one; without either nothing is', async () => {
  const chair = await boards.sit('chair');
  await conclude(chair);
  const own = { [cardId]: 'The plan follows by letter' };
  const answer = await chair.send({ ...close, reasons: own });
  expect(answer).toMatchObject({ error: { code: 'not-ready', cards: [{ cardId: other }] } });
  expect(answer).toHaveProperty('error.cards.length', 1);
  expect(await locked()).toEqual({});
  expect(await chair.send({ ...close, reasons: { [boards.table.meetingId]: 'x' } })).toMatchObject(
    refused('not-found')
  );
  expect(await chair.send({ ...close, reasons: own, reason: 'The time is up' })).toMatchObject({
    ok: true,
    result: { locked: [cardId, other], notReached: [], carried: [] }
  });
  expect(await locked()).toEqual({ [cardId]: 'The plan follows by letter', [other]: 'The time is up' });
});

test('CLOSE4: a carried family is not locked, returns with its reason, marked, and goes onto the next meeting in one act', async () => {
  const [chair, police] = [await boards.sit('chair'), await boards.sit('police')];
  const { db } = boards.database;
  const { areaId, people } = boards.table;
  await conclude(chair);
  const carry = [{ cardId, reason: 'Health is not here' }];
  expect(await police.send({ ...close, carry })).toMatchObject(refused('not-allowed'));
  expect(await chair.send({ ...close, carry: [{ cardId, reason: ' ' }] })).toMatchObject(
    refused('malformed')
  );
  expect(await chair.send({ ...close, carry, reason: 'Time' })).toMatchObject({
    ok: true,
    result: { locked: [other], notReached: [cardId], carried: [cardId] }
  });
  await until('everyone at it knows', () => cardOf(police)?.carried?.reason === 'Health is not here');
  expect(cardOf(police)).toMatchObject({ state: 'not-reached', lock: null, carried: { by: 'The chair' } });
  expect(Object.keys(await locked())).toEqual([other]);
  const listing = await casesOf(db, areaId, people.coordinator);
  expect(listing.map(({ reference, carried, toSchedule }) => [reference, carried, toSchedule])).toEqual([
    ['F-0001', 'Health is not here', true],
    ['F-0002', null, false]
  ]);
  const schedule = openSchedule({ ...boards, now: () => new Date('2026-11-25T09:00:00Z') });
  const coordinator = sessionFor(boards.table, 'coordinator');
  const details = { date: '2026-12-01', time: '10:00', place: 'Town hall', chairId: people.chair };
  const next = await schedule.plan(coordinator, details);
  if (!('meetingId' in next)) throw new Error('the next meeting was not planned');
  const waiting = (await schedule.agenda(coordinator, next.meetingId))?.families ?? [];
  const carried = waiting.filter((family) => family.carried !== null);
  expect(carried.map((family) => family.reference)).toEqual(['F-0001']);
  expect(await schedule.add(coordinator, next.meetingId, carried)).toMatchObject({ done: true });
  const [onAgenda] = await casesOf(db, areaId, people.coordinator);
  expect(onAgenda).toMatchObject({ carried: null, meeting: { id: next.meetingId } });
  await expect(db.update(carriedCards).set({ reason: 'x' })).rejects.toThrow();
  await expect(db.delete(carriedCards)).rejects.toThrow();
});

test('CLOSE5: who is still writing on which family is told by agency to chair and coordinator at the table alone', async () => {
  await Promise.all((['chair', 'coordinator', 'police'] as const).map((who) => boards.sit(who)));
  const { meetings, table } = boards;
  const writing = (who: Who) => meetings.writing(sessionFor(table, who), table.meetingId);
  await until('the meeting is read', () => writing('chair') !== undefined);
  expect(writing('chair')).toEqual([]);
  const writer = await sitDown(boards.address('health'));
  appendParagraphs(writer.doc, 'analysis', 'worries', ['He knows the school']);
  await until('it is told', () => writing('chair')?.length === 1);
  expect(writing('chair')).toEqual([{ cardId, by: ['health'] }]);
  expect(writing('coordinator')).toEqual(writing('chair'));
  expect(writing('police')).toBeUndefined();
  expect(writing('stranger')).toBeUndefined();
  expect(
    meetings.writing(
      { ...sessionFor(table, 'chair'), area: { id: cardId, name: '', demo: false, rehearsal: false } },
      table.meetingId
    )
  ).toBeUndefined();
  writer.leave();
});

describe('a family carried, one not reached and one locked', () => {
  const reason = 'Health is not here';
  const as = (who: Who) => sessionFor(boards.table, who);
  const minutesOf = (who: Who, agencyId?: string) =>
    openDecisions(boards).minutes(as(who), boards.table.meetingId, agencyId);
  /** From now on neither this family nor its meeting's word on it is there for them. */
  const hide = (who: Who) =>
    boards.database.db
      .insert(conflicts)
      .values({ cardId, userId: boards.table.people[who], declaredBy: boards.table.people.chair });

  async function closed(): Promise<void> {
    const { areaId, meetingId, agencies } = boards.table;
    const last = { areaId, meetingId, reference: 'F-0003', position: 3 };
    const third = await layCard(boards.database.db, last, [agencies.police]);
    const chair = await boards.sit('chair');
    await concludeOne(chair, third.cardId);
    // The table ends at the family that is carried.
    expect(await chair.send({ type: 'card.show', cardId })).toMatchObject({ ok: true });
    expect(await chair.send({ ...close, carry: [{ cardId, reason }], reason: 'Time' })).toMatchObject({
      result: { locked: [third.cardId], carried: [cardId] }
    });
  }

  test('CLOSE9: it reads carried in the agenda of everyone at it, though the table was there, and is nothing to others', async () => {
    const [police, stranger] = [await boards.sit('police'), await boards.sit('stranger')];
    await closed();
    await until('it is closed', () =>
      [police, stranger].every((at) => at.state().meeting.state === 'closed')
    );
    const inAgenda = (board: Board) =>
      Object.values(board.state().cards).map(
        (card) => `${card.reference} ${agendaWords(card, board.state())}`
      );
    expect(police.state().currentCardId).toBe(cardId);
    expect(inAgenda(police)).toEqual(['F-0001 carried', 'F-0003 locked']);
    expect(inAgenda(stranger)).toEqual(['F-0002 not reached']);
    expect(stranger.received()).not.toMatch(/F-0001|Health is not here/);
  });

  test('MIN9: chair and coordinator read it with its reason, apart from what was not reached; who may not see it reads neither', async () => {
    await closed();
    for (const who of ['chair', 'coordinator'] as const)
      expect(await minutesOf(who)).toMatchObject({
        carried: [{ reference: 'F-0001', reason }],
        notReached: ['F-0002']
      });
    const { police } = boards.table.agencies;
    for (const theirs of [await minutesOf('police'), await minutesOf('coordinator', police)])
      expect(theirs).toMatchObject({ carried: [], notReached: [] });
    await hide('coordinator');
    const hidden = [await minutesOf('coordinator'), await minutesOf('stranger')];
    expect(hidden[0]).toMatchObject({ carried: [], notReached: ['F-0002'] });
    expect(JSON.stringify(hidden)).not.toMatch(/F-0001|Health is not here/);
    const exported = await openDecisions(boards).csvOf(as('chair'), boards.table.meetingId);
    expect(exported).toContain('F-0003');
    expect(exported).not.toMatch(/F-000[12]|Health is not here/);
  });

  test('SCHED13: home counts it apart, and not at all for a coordinator who may not see it', async () => {
    await closed();
    const schedule = openSchedule({ ...boards, now: () => new Date('2026-11-25T09:00:00Z') });
    const waiting = async () => (await schedule.home(as('coordinator'))).waiting;
    expect(await waiting()).toMatchObject({ toSchedule: 2, carried: 1, notReached: 1 });
    await hide('coordinator');
    expect(await waiting()).toMatchObject({ toSchedule: 1, carried: 0, notReached: 1 });
  });
});
