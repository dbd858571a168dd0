// What changed while somebody was away, from the journal and the facts of a real meeting.
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appendParagraphs } from '#lib/card/edit.ts';
import { auditEvents } from '#server/database/schema/decisions.ts';
import { conflicts } from '#server/database/schema/meetings.ts';
import { openBoards, type Boards } from '../actors/boards.ts';
import { sitDown, until } from '../actors/peer.ts';
import { sessionFor, type Who } from '../actors/table.ts';

let boards: Boards;
let left: Date;
beforeAll(async () => {
  boards = await openBoards();
  left = new Date(Date.now() - 1000);
});
afterAll(() => boards.close());

const since = (who: Who, at = left) =>
  boards.meetings.since(sessionFor(boards.table, who), boards.table.meetingId, at);

test('REMOTE7: who wrote where, what was revealed and concluded is told to whoever may see it, and of themselves nobody is told', async () => {
  const { cardId, agencies } = boards.table;
  const [chair, police] = [await boards.sit('chair'), await boards.sit('police')];
  await chair.send({ type: 'card.show', cardId });
  await police.send({ type: 'rating.set', cardId, memberId: null, rating: 'red', basis: 'own-record' });
  const [open, guarded] = [
    await sitDown(boards.address('police')),
    await sitDown(boards.address('idva', 'protected'))
  ];
  appendParagraphs(open.doc, `agency/${agencies.police}`, 'family/facts', ['Two calls']);
  appendParagraphs(open.doc, 'analysis', 'worries', ['He has a key']);
  appendParagraphs(guarded.doc, 'voice', undefined, ['She wants to stay']);
  await until('it is told', async () => (await since('health'))?.sentences.length === 4);
  const told = async (who: Who) => (await since(who))?.sentences ?? [];
  const plain = [
    'F-0001 came to the table.',
    'The police wrote in the part of police of F-0001.',
    'The police wrote in the analysis of F-0001.'
  ];
  const voice = 'The idva wrote in the victim’s voice of F-0001.';
  expect([...(await told('health'))].sort()).toEqual([...plain, voice].sort());
  // Sealed: not a word of the rating; observers read no protected document; nobody is told of themselves.
  expect([...(await told('observer'))].sort()).toEqual([...plain].sort());
  expect(await told('police')).toEqual(['F-0001 came to the table.', voice]);
  expect(await told('stranger')).toEqual([]);
  await chair.send({ type: 'ratings.reveal', cardId });
  await chair.send({ type: 'joint.set', cardId, memberId: null, rating: 'red', reason: 'Because' });
  expect((await told('health')).slice(-2)).toEqual([
    'The ratings of F-0001 were revealed.',
    'The chair recorded the joint rating of F-0001: red.'
  ]);
  expect((await since('health', new Date()))?.sentences).toEqual([]);
  await chair.send({ type: 'chair.give', userId: boards.table.people.idva });
  expect((await told('health')).at(-1)).toBe('The idva holds the chair now.');
  expect(await told('stranger')).toEqual(['The idva holds the chair now.']);
  open.leave();
  guarded.leave();
});

test('REMOTE7: for somebody with a conflict of interest nothing of the card is told', async () => {
  const { cardId, people } = boards.table;
  await boards.database.db
    .insert(conflicts)
    .values({ cardId, userId: people.observer, declaredBy: people.chair });
  expect((await since('observer'))?.sentences).toEqual(['The idva holds the chair now.']);
});

test('REMOTE8: the reading is in the audit, and a meeting that is not one’s own is not there', async () => {
  const { meetingId, people } = boards.table;
  const rows = await boards.database.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.act, 'attribution-opened'), eq(auditEvents.userId, people.health)));
  expect(rows[0]).toMatchObject({ meetingId, purpose: 'what changed while away' });
  const session = sessionFor(boards.table, 'health');
  expect(await boards.meetings.since(session, 'nothing', left)).toBeUndefined();
  expect(await boards.meetings.since(session, people.health, left)).toBeUndefined();
  const elsewhere = { ...session, area: { ...session.area, id: people.health } };
  expect(await boards.meetings.since(elsewhere, meetingId, left)).toBeUndefined();
});
