// What was stated or done by a slip, taken back over real connections. Both stay on the record; what stands is as before.
import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { addAction, appendParagraphs, setActionWords } from '#lib/card/edit.ts';
import type { DecisionContent } from '#lib/card/canonical.ts';
import { canonicalAction } from '#lib/domain/action.ts';
import type { CommandAnswer } from '#lib/protocol/command.ts';
import { agendaActs, memberChanges } from '#server/database/schema/course.ts';
import { decisionContents, decisions } from '#server/database/schema/decisions.ts';
import { familyMembers } from '#server/database/schema/families.ts';
import { conflicts } from '#server/database/schema/meetings.ts';
import { readFacts } from '#server/meetings/facts.ts';
import { openHall, type Board, type Boards, type Hall } from '../actors/boards.ts';
import { sitDown, until } from '../actors/peer.ts';
import { layCard } from '../actors/table.ts';

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

const done = { ok: true };
const refused = (code: string) => ({ ok: false, error: { code } });
const seen = <T>(what: () => T) => expect.poll(what, { timeout: 10_000, interval: 20 });
const cardOf = (board: Board) => board.state().cards[cardId];
const agendaOf = (board: Board) =>
  Object.values(board.state().cards)
    .sort((a, b) => a.position - b.position)
    .map(({ id }) => id);
const reason = 'The table said so';

test('FACT4: a dissent is taken back by its own agency alone; what was said and that it was taken back are kept', async () => {
  const [chair, health, police] = [
    await boards.sit('chair'),
    await boards.sit('health'),
    await boards.sit('police')
  ];
  await chair.send({ type: 'joint.set', cardId, memberId: null, rating: 'amber', reason });
  const { agencies } = boards.table;
  const dissent = { type: 'dissent.set', cardId, memberId: null, agencyId: agencies.health } as const;
  expect(await health.send({ ...dissent, reason: 'It was worse last time' })).toMatchObject(done);
  await seen(() => cardOf(police)?.dissents).toHaveLength(1);
  expect(await police.send({ ...dissent, reason: null })).toMatchObject(refused('not-allowed'));
  expect(await health.send({ ...dissent, reason: null })).toMatchObject(done);
  await seen(() => cardOf(police)?.dissents).toEqual([]);
  const { dissents } = await readFacts(boards.database.db, cardId);
  expect(dissents.map(({ reason }) => reason)).toEqual(['It was worse last time', null]);
  const locked = await chair.send({ type: 'card.lock', cardId, reason });
  expect(locked).toMatchObject(done);
  expect(await health.send({ ...dissent, reason: 'Too late' })).toMatchObject(refused('locked'));
});

test('FACT4: an answer to an action is taken back, and its agency is asked again', async () => {
  const peer = await sitDown(boards.address('police'), true);
  const action = { what: 'Ring the surgery.', agencyId: boards.table.agencies.health, by: '2026-12-01' };
  const actionId = addAction(peer.doc, { ...action, what: '' });
  setActionWords(peer.doc, actionId, action.what);
  await until('it is stored', () => peer.saved() === peer.sent());
  const reading = createHash('sha256').update(canonicalAction(action)).digest('hex');
  const [health, police] = [await boards.sit('health'), await boards.sit('police')];
  expect(await health.send({ type: 'action.accept', cardId, actionId, reading })).toMatchObject(done);
  await seen(() => cardOf(police)?.answers[0]?.answer).toBe('accepted');
  const reopen = { type: 'action.reopen', cardId, actionId } as const;
  expect(await police.send(reopen)).toMatchObject(refused('not-allowed'));
  expect(await health.send(reopen)).toMatchObject(done);
  await seen(() => cardOf(police)?.answers).toEqual([]);
  const { answers } = await readFacts(boards.database.db, cardId);
  expect(answers.map(({ answer }) => answer)).toEqual(['accepted', 'taken-back']);
  peer.leave();
});

test('PACE7: minutes that were added are taken back by the chair, and no planned minute ever is', async () => {
  const [chair, police] = [await boards.sit('chair'), await boards.sit('police')];
  await chair.send({ type: 'card.show', cardId });
  await seen(() => police.state().pace.present?.cardId).toBe(cardId);
  const due = () => Date.parse(police.state().pace.present?.dueAt ?? '');
  const before = due();
  const add = (board: Board, minutes: number) => board.send({ type: 'time.add', cardId, minutes });
  expect(await add(chair, 2)).toMatchObject(done);
  await seen(() => Math.round((due() - before) / 60_000)).toBe(2);
  expect(await add(police, -1)).toMatchObject(refused('not-allowed'));
  expect(await add(chair, -3)).toMatchObject(refused('state'));
  expect(await add(chair, 0)).toMatchObject(refused('malformed'));
  expect(await add(chair, -2)).toMatchObject(done);
  await seen(due).toBe(before);
});

test('LINK2: a withdrawn family is put back as it was, for those who may see it, unless it went elsewhere meanwhile', async () => {
  const { people, agencies, areaId, meetingId } = boards.table;
  // Somebody whose last family is withdrawn has no place at the meeting any more.
  const place = { areaId, meetingId, reference: 'F-0003', position: 3 };
  const { cardId: third } = await layCard(boards.database.db, place, [agencies.police]);
  const [chair, police, stranger] = [
    await boards.sit('chair'),
    await boards.sit('police'),
    await boards.sit('stranger')
  ];
  await police.send({ type: 'rating.set', cardId, memberId: null, rating: 'red' });
  await chair.send({ type: 'card.withdraw', cardId, reason });
  await seen(() => agendaOf(police)).toEqual([third]);
  const back = { type: 'card.withdraw', cardId, withdrawn: false } as const;
  expect(await stranger.send(back)).toMatchObject(refused('not-found'));
  expect(await police.send(back)).toMatchObject(refused('not-allowed'));
  expect(await chair.send(back)).toMatchObject(done);
  await seen(() => agendaOf(chair)).toEqual([boards.otherCardId, third, cardId]);
  expect(await chair.send({ type: 'card.move', cardId, before: boards.otherCardId })).toMatchObject(done);
  await police.send({ type: 'statement.agree' });
  await seen(() => cardOf(police)?.ratings).toMatchObject([{ agencyId: agencies.police, rating: 'red' }]);
  expect(stranger.received()).not.toContain(cardId);
  expect(await chair.send(back)).toMatchObject(done);
  const rows = await boards.database.db.select().from(agendaActs).where(eq(agendaActs.cardId, cardId));
  expect(rows.map(({ act }) => act)).toEqual(['withdrawn', 'put-back', 'moved']);

  await chair.send({ type: 'card.withdraw', cardId, reason });
  await boards.database.db
    .insert(conflicts)
    .values({ cardId, userId: people.chair, declaredBy: people.chair });
  expect(await chair.send(back)).toMatchObject(refused('not-found'));
});

const memberOf = (answer: CommandAnswer) =>
  answer.ok ? (answer.result as { memberId: string }).memberId : '';

test('LINK6: who was added by mistake is taken off again by chair or coordinator, with a reason', async () => {
  const [chair, coordinator, police] = [
    await boards.sit('chair'),
    await boards.sit('coordinator'),
    await boards.sit('police')
  ];
  const names = () => cardOf(police)?.members.map(({ name }) => name);
  const before = names();
  const add = { type: 'member.add', cardId, role: 'child', name: 'Ruta Begum', reason } as const;
  const memberId = memberOf(await chair.send(add));
  await seen(() => names()?.at(-1)).toBe('Ruta Begum');
  const off = { type: 'member.take-off', cardId, memberId, reason: 'Another family’s child' } as const;
  expect(await police.send(off)).toMatchObject(refused('not-allowed'));
  expect(await chair.send({ ...off, reason: ' ' })).toMatchObject(refused('malformed'));
  expect(await coordinator.send(off)).toMatchObject(done);
  await seen(names).toEqual(before);
  expect(await chair.send(off)).toMatchObject(refused('not-found'));
  const { db } = boards.database;
  const [member] = await db.select().from(familyMembers).where(eq(familyMembers.id, memberId));
  expect(member?.removedAt).not.toBeNull();
  const rows = await db.select().from(memberChanges).where(eq(memberChanges.memberId, memberId));
  expect(rows.map(({ act, reason }) => [act, reason])).toEqual([
    ['added', reason],
    ['taken-off', 'Another family’s child']
  ]);
});

test('LINK6: nobody is taken off of whom something is said or written, and nobody who came with the family', async () => {
  const [chair, police] = [await boards.sit('chair'), await boards.sit('police')];
  const peer = await sitDown(boards.address('police'), true);
  const { police: agencyId } = boards.table.agencies;
  const add = async (name: string) =>
    memberOf(await chair.send({ type: 'member.add', cardId, role: 'child', name, reason }));
  const off = (memberId: string) => chair.send({ type: 'member.take-off', cardId, memberId, reason });
  expect(await off(boards.table.members[0]?.id ?? '')).toMatchObject(refused('state'));

  const rated = await add('Rated Example');
  await police.send({ type: 'rating.set', cardId, memberId: rated, rating: 'blue' });
  expect(await off(rated)).toMatchObject(refused('state'));

  const written = await add('Written Example');
  await until('its container', () => peer.doc.getMap(`agency/${agencyId}`).has(`${written}/facts`));
  appendParagraphs(peer.doc, `agency/${agencyId}`, `${written}/facts`, ['Seen at school.']);
  await until('it is stored', () => peer.saved() === peer.sent());
  expect(await off(written)).toMatchObject(refused('state'));

  const planned = await add('Planned Example');
  addAction(peer.doc, { what: '', memberId: planned });
  await until('it is stored', () => peer.saved() === peer.sent());
  expect(await off(planned)).toMatchObject(refused('state'));
  peer.leave();
});

test('DEC15: the decision tells who was added or mended and why, and nothing of who was taken off or of the name before', async () => {
  const chair = await boards.sit('chair');
  const add = (name: string) =>
    chair.send({ type: 'member.add', cardId, role: 'child', name, reason: `${name} was named` });
  const wrong = memberOf(await add('Wrongly Named'));
  await chair.send({ type: 'member.take-off', cardId, memberId: wrong, reason });
  const memberId = memberOf(await add('Ruta Begum'));
  const mend = { type: 'member.mend', cardId, memberId, name: 'Rita Begum', reason: 'Misheard' } as const;
  expect(await chair.send(mend)).toMatchObject(done);
  await chair.send({ type: 'joint.set', cardId, memberId: null, rating: 'amber', reason });
  expect(await chair.send({ type: 'card.lock', cardId, reason })).toMatchObject(done);
  const [kept] = await boards.database.db
    .select({ canonical: decisionContents.canonical })
    .from(decisionContents)
    .innerJoin(decisions, eq(decisions.id, decisionContents.decisionId))
    .where(eq(decisions.cardId, cardId));
  const { membersChanged } = JSON.parse(kept?.canonical ?? '') as DecisionContent;
  expect(membersChanged).toMatchObject([
    { memberId, act: 'added', reason: 'Ruta Begum was named', by: { name: 'The chair' } },
    { memberId, act: 'mended', reason: 'Misheard' }
  ]);
  expect(kept?.canonical).not.toContain('Wrongly');
});
