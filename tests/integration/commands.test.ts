// The acts of a meeting over real connections: done once, by those who may, on rows that are held.
import { createHash, randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { addAction, appendParagraphs, setActionField, setActionWords } from '#lib/card/edit.ts';
import { canonicalAction } from '#lib/domain/action.ts';
import { cases, notifications } from '#server/database/schema/families.ts';
import { auditEvents } from '#server/database/schema/decisions.ts';
import { attendance, cards, jointRatings, meetings, ratings } from '#server/database/schema/meetings.ts';
import { readFacts } from '#server/meetings/facts.ts';
import { openHall, type Board, type Boards, type Hall } from '../actors/boards.ts';
import { sitDown, until } from '../actors/peer.ts';

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

const cardOf = (board: Board) => board.state().cards[cardId];
const rate = (rating: 'red' | 'amber' | 'green' | 'blue' | null, agencyId?: string) =>
  ({ type: 'rating.set', cardId, memberId: null, rating, ...(agencyId ? { agencyId } : {}) }) as const;
const conclude = () =>
  ({ type: 'joint.set', cardId, memberId: null, rating: 'red', reason: 'Because' }) as const;
const lock = () => ({ type: 'card.lock', cardId, reason: 'No plan yet' }) as const;
const refused = (code: string) => ({ ok: false, error: { code } });
const allRatings = () => boards.database.db.select().from(ratings).where(eq(ratings.cardId, cardId));

test('CMD1: a command is done once however often it is sent, also at the same moment and from another window', async () => {
  const [one, two] = [await boards.sit('police'), await boards.sit('police')];
  const id = randomUUID();
  const answers = await Promise.all([one, two, one, two].map((board) => board.send(rate('red'), id)));
  expect(answers).toEqual(Array(4).fill({ ok: true, result: { version: 1 } }));
  expect(await one.send(rate('red'), id)).toEqual(answers[0]);
  expect(await allRatings()).toHaveLength(1);
});

test('CMD1: a lock is done once, and answered again', async () => {
  const [one, two] = [await boards.sit('chair'), await boards.sit('chair')];
  expect(await one.send(conclude())).toMatchObject({ ok: true });
  const id = randomUUID();
  const answers = await Promise.all([one, two].map((board) => board.send(lock(), id)));
  expect(answers[0]).toMatchObject({ ok: true, result: { number: 1 } });
  expect(answers[1]).toEqual(answers[0]);
  expect(await one.send(lock())).toMatchObject(refused('locked'));
});

test('CMD2: the same id with another body is refused, and another person’s ids are their own', async () => {
  const [police, idva] = [await boards.sit('police'), await boards.sit('idva')];
  const id = randomUUID();
  expect(await police.send(rate('red'), id)).toMatchObject({ ok: true });
  expect(await police.send(rate('green'), id)).toMatchObject(refused('id-reused'));
  expect(await idva.send(rate('green'), id)).toMatchObject({ ok: true });
  expect((await allRatings()).map(({ rating }) => rating).sort()).toEqual(['green', 'red']);
});

test('CMD3: what is malformed is refused with the name of the field', async () => {
  const police = await boards.sit('police');
  const fieldOf = async (body: unknown) => {
    const answer = await police.sendRaw(body);
    return !answer.ok && answer.error.code === 'malformed' ? answer.error.field : answer;
  };
  const id = randomUUID();
  expect(await fieldOf({ ...rate('red'), id, rating: 'purple' })).toBe('rating');
  expect(await fieldOf({ ...rate('red'), id, cardId: 'x' })).toBe('cardId');
  expect(await fieldOf({ ...rate('red'), id, ratng: 'red' })).toBe('ratng');
  expect(await fieldOf({ ...conclude(), id, reason: ' ' })).toBe('reason');
  expect(await fieldOf({ type: 'rating.sit', id })).toBe('type');
  expect(await fieldOf({ ...rate('red') })).toBe('id');
  expect(await fieldOf(null)).toBe('type');
  expect(await fieldOf({ ...rate('red'), id, memberId: undefined })).toMatchObject({ ok: true });
});

test('CMD4: a card that is not one’s own, one of another meeting and one that is not are answered alike', async () => {
  const stranger = await boards.sit('stranger');
  const none = await stranger.send({ ...rate('red'), cardId: randomUUID() });
  expect(none).toMatchObject(refused('not-found'));
  const reading = 'a'.repeat(64);
  for (const act of [
    rate('red'),
    conclude(),
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
      conclude(),
      { type: 'card.lock', cardId },
      { type: 'card.show', cardId },
      { type: 'meeting.close' },
      { type: 'chair.give', userId: people.police },
      { type: 'chair.take' }
    ] as const)
      expect(await board.send(act), act.type).toMatchObject(refused('not-allowed'));
  expect(await police.send(rate('red', agencies.health))).toMatchObject(refused('not-allowed'));
  expect(await coordinator.send(rate('red', agencies.stranger))).toMatchObject(refused('not-allowed'));
  expect(await coordinator.send(rate('red'))).toMatchObject({
    error: { code: 'malformed', field: 'agencyId' }
  });
  expect(await chair.send(rate('red'))).toMatchObject(refused('not-allowed'));
  expect(await observer.send(rate('red'))).toMatchObject(refused('not-allowed'));
  expect(await allRatings()).toEqual([]);
});

test('CMD6: on a locked card every fact is refused, and a fact that meets the lock is before it or refused', async () => {
  const [chair, police] = [await boards.sit('chair'), await boards.sit('police')];
  await chair.send(conclude());
  const [locked, ...facts] = await Promise.all([
    chair.send(lock()),
    ...Array.from({ length: 12 }, () => police.send(rate('red')))
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
  for (const act of [rate('red'), { type: 'ratings.reveal', cardId } as const, conclude()])
    expect(await (act.type === 'rating.set' ? police : chair).send(act)).toMatchObject(refused('locked'));
});

test('CMD7: facts that several state at once are all kept, in one order', async () => {
  const people = ['police', 'idva', 'health'] as const;
  const seated = await Promise.all(people.map((who) => boards.sit(who)));
  await Promise.all(
    seated.flatMap((board) => (['red', 'green', 'amber'] as const).map((each) => board.send(rate(each))))
  );
  const { ratings: stated } = await readFacts(boards.database.db, cardId);
  expect(stated).toHaveLength(9);
  for (const who of people)
    expect(
      stated.filter(({ userId }) => userId === boards.table.people[who]).map(({ rating }) => rating)
    ).toEqual(['red', 'green', 'amber']);
  await until('the last of each', () => cardOf(seated[0] as Board)?.ratings[0]?.rating === 'amber');
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
  await until('police see it', () => cardOf(police)?.answers[0]?.reading === moved);
  setActionWords(peer.doc, actionId, 'Something else');
  await until('it is stored', () => peer.saved() === peer.sent());
  expect(await rep.send({ ...accept, reading: moved }, id)).toEqual(accepted);
  expect(await rep.send({ type: 'action.decline', cardId, actionId, reason: 'No staff' })).toMatchObject({
    ok: true
  });
  await until('declined', () => cardOf(police)?.answers[0]?.answer === 'declined');
  peer.leave();
});

test('CMD9: the deputy takes the chair and the chair gives it, told to all; the summary’s writers change at once', async () => {
  const { people, meetingId } = boards.table;
  await boards.database.db
    .update(meetings)
    .set({ deputyId: people.health })
    .where(eq(meetings.id, meetingId));
  const [chair, health, police] = [
    await boards.sit('chair'),
    await boards.sit('health'),
    await boards.sit('police')
  ];
  const atCard = await sitDown(boards.address('chair'));
  expect(await health.send({ type: 'chair.take' })).toMatchObject({ ok: true });
  await until('everyone is told', () =>
    [chair, police].every(({ notices }) => notices.some(({ kind }) => kind === 'chair-taken'))
  );
  expect(police.state().meeting.chair.userId).toBe(people.health);
  await until('the old chair is judged again', () => atCard.closes.includes(4503));
  expect(await chair.send(conclude())).toMatchObject(refused('not-allowed'));
  expect(await health.send({ type: 'chair.give', userId: people.observer })).toMatchObject(
    refused('not-allowed')
  );
  expect(await health.send({ type: 'chair.give', userId: randomUUID() })).toMatchObject(refused('not-found'));
  expect(await health.send({ type: 'chair.give', userId: people.police })).toMatchObject({ ok: true });
  expect(await police.send(conclude())).toMatchObject({ ok: true });
  // Who was named to the chair kept a place, and takes it again.
  expect(await chair.send({ type: 'chair.take' })).toMatchObject({ ok: true });
  const { chair: history } = await readFacts(boards.database.db, cardId);
  expect(history.map(({ act }) => act)).toEqual(['taken', 'given', 'taken']);
  atCard.leave();
});

test('CMD10: a declared conflict works at once: the card is gone from every screen, socket and answer of theirs', async () => {
  const { people } = boards.table;
  const [chair, police] = [await boards.sit('chair'), await boards.sit('police')];
  const coordinator = await boards.sit('coordinator');
  const atCard = await sitDown(boards.address('police'));
  const before = police.received().length;
  expect(await coordinator.send({ type: 'person.exclude', cardId, userId: people.police })).toMatchObject({
    ok: true
  });
  await until('it is gone', () => !police.socket.connected || cardOf(police) === undefined);
  await until('the document is closed', () => atCard.closes.length > 0);
  atCard.leave();
  await chair.send({ ...conclude(), reason: 'MARKER-after' });
  await until('the others see it', () => chair.received().includes('MARKER-after'));
  expect(police.received().slice(before)).not.toContain('MARKER-after');
  expect(
    await boards.refusal({ meetingId: boards.table.meetingId, mode: 'room' }, { who: 'police' })
  ).toMatchObject({
    code: 'not-found'
  });
  const declared = await boards.database.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.act, 'conflict-declared'), eq(auditEvents.cardId, cardId)));
  expect(declared).toHaveLength(1);
});

test('CMD10: with another card left, the conflicted one is taken away and positions close up', async () => {
  const { people } = boards.table;
  const coordinator = await boards.sit('coordinator');
  const chair = await boards.sit('chair');
  expect(await chair.send({ type: 'card.show', cardId })).toMatchObject({ ok: true });
  await until('it is current', () => coordinator.state().currentCardId === cardId);
  expect(
    await coordinator.send({ type: 'person.exclude', cardId, userId: people.coordinator })
  ).toMatchObject({ ok: true });
  expect(coordinator.changes.at(-1)).toMatchObject({ currentCardId: null, cards: { [cardId]: null } });
  expect(coordinator.state().cards[boards.otherCardId]?.position).toBe(1);
  expect(await coordinator.send({ type: 'person.exclude', cardId, userId: people.health })).toMatchObject(
    refused('not-found')
  );
});

test('CMD11: closing locks what is concluded, leaves the rest not reached, and ends writing', async () => {
  const [chair, police, observer] = [
    await boards.sit('chair'),
    await boards.sit('police'),
    await boards.sit('observer')
  ];
  expect(await chair.send(conclude())).toMatchObject({ ok: true });
  const notReady = await chair.send({ type: 'meeting.close' });
  expect(notReady).toMatchObject({ error: { code: 'not-ready', cards: [{ cardId }] } });
  expect(police.state().meeting.state).toBe('open');
  expect(await chair.send({ type: 'meeting.close', reason: 'The plan follows' })).toMatchObject({
    ok: true,
    result: { locked: [cardId], notReached: [boards.otherCardId] }
  });
  await until('it is closed', () => police.state().meeting.state === 'closed');
  expect(cardOf(police)?.state).toBe('locked');
  await until('the observer sees no card any more', () => Object.keys(observer.state().cards).length === 0);
  const [other] = await boards.database.db.select().from(cards).where(eq(cards.id, boards.otherCardId));
  expect(other).toMatchObject({ lockedAt: null });
  expect(other?.notReachedAt).not.toBeNull();
  expect(await chair.send({ type: 'meeting.close' })).toMatchObject(refused('state'));
  expect(await chair.send({ type: 'chair.give', userId: boards.table.people.police })).toMatchObject(
    refused('state')
  );
  const stranger = await boards.sit('stranger');
  expect(await stranger.send({ ...rate('red'), cardId: boards.otherCardId })).toMatchObject(refused('state'));
});

test('CMD12: a meeting opens once, with the area’s statement, and those at their boards are present from then', async () => {
  const { meetingId, people } = boards.table;
  const { db } = boards.database;
  await db.update(meetings).set({ state: 'planned' }).where(eq(meetings.id, meetingId));
  const [police, coordinator] = [await boards.sit('police', 'remote'), await boards.sit('coordinator')];
  expect(await db.select().from(attendance).where(eq(attendance.meetingId, meetingId))).toEqual([]);
  expect(await police.send({ type: 'meeting.open' })).toMatchObject(refused('not-allowed'));
  expect(await coordinator.send({ type: 'meeting.open' })).toMatchObject({ ok: true });
  expect(await coordinator.send({ type: 'meeting.open' })).toMatchObject(refused('state'));
  const [meeting] = await db.select().from(meetings).where(eq(meetings.id, meetingId));
  expect(meeting).toMatchObject({ state: 'open', statement: 'What is said here stays here.' });
  const there = await db.select().from(attendance).where(eq(attendance.userId, people.police));
  expect(there).toMatchObject([{ mode: 'remote', cardId: null }]);
});

test('CMD13: one says of oneself how one is here; chair and coordinator of anyone, also by a name alone', async () => {
  const [police, chair] = [await boards.sit('police'), await boards.sit('chair')];
  const { people, agencies } = boards.table;
  const set = { type: 'attendance.set', mode: 'left' } as const;
  expect(await police.send({ ...set, userId: people.police })).toMatchObject({ ok: true });
  expect(await police.send({ ...set, userId: people.health })).toMatchObject(refused('not-allowed'));
  expect(await police.send({ ...set, name: 'A. Nurse' })).toMatchObject(refused('not-allowed'));
  expect(
    await chair.send({ ...set, name: 'A. Nurse', agencyId: agencies.health, mode: 'room' })
  ).toMatchObject({ ok: true });
  expect(await chair.send({ ...set, userId: people.health, mode: 'apologies' })).toMatchObject({ ok: true });
  expect(await chair.send({ ...set, userId: randomUUID() })).toMatchObject(refused('not-found'));
  expect(await chair.send({ ...set })).toMatchObject(refused('malformed'));
  await until('all are listed', () => police.state().people.length === 4);
  const modes = Object.fromEntries(police.state().people.map(({ name, mode }) => [name, mode]));
  expect(modes).toEqual({
    'The police': 'left',
    'The chair': 'room',
    'The health': 'apologies',
    'A. Nurse': 'room'
  });
  // Somebody at one card only is known to those who may see it.
  await chair.send({
    ...set,
    name: 'B. Midwife',
    agencyId: agencies.stranger,
    cardId: boards.otherCardId,
    mode: 'room'
  });
  await until('the chair sees her', () => chair.received().includes('B. Midwife'));
  expect(police.received()).not.toContain('B. Midwife');
});

test('CMD14: the version for the table is made by police or coordinator; the narrative stays with those who may read it', async () => {
  const { db } = boards.database;
  const [card] = await db.select().from(cards).where(eq(cards.id, cardId));
  const [theirs] = await db
    .select()
    .from(cases)
    .where(eq(cases.id, card?.caseId ?? ''));
  const [notification] = await db
    .insert(notifications)
    .values({
      areaId: boards.table.areaId,
      caseId: theirs?.id ?? '',
      occurrence: '4826411548',
      reported: '2026-11-20',
      incidentType: 'Domestic incident',
      narrative: 'MARKER-narrative',
      addedBy: boards.table.people.coordinator
    })
    .returning();
  const notificationId = notification?.id ?? '';
  const [police, idva, observer] = [
    await boards.sit('police'),
    await boards.sit('idva'),
    await boards.sit('observer')
  ];
  expect(idva.received()).toContain('MARKER-narrative');
  const tell = { type: 'notification.tell', cardId, notificationId, text: 'For the table' } as const;
  expect(await idva.send(tell)).toMatchObject(refused('not-allowed'));
  expect(await police.send({ ...tell, notificationId: randomUUID() })).toMatchObject(refused('not-found'));
  expect(await police.send(tell)).toMatchObject({ ok: true });
  await until('the observer reads it', () => observer.received().includes('For the table'));
  expect(observer.received()).not.toContain('MARKER-narrative');
});

test('CMD15: a session that ended commands nothing any more, and too much at once is held back', async () => {
  const [police, health] = [await boards.sit('police'), await boards.sit('health')];
  boards.signOut('police');
  expect(await police.send(rate('red'))).toMatchObject(refused('not-allowed'));
  await until('the line is cut', () => !police.socket.connected);
  const many = await Promise.all(Array.from({ length: 60 }, () => health.send({ type: 'chair.take' })));
  expect(many.some((each) => !each.ok && each.error.code === 'too-fast')).toBe(true);
  expect(await boards.database.db.select().from(jointRatings).where(eq(jointRatings.cardId, cardId))).toEqual(
    []
  );
});

test('CMD16: what the coordinator notes for an agency shows as noted until the agency confirms it', async () => {
  const { agencies } = boards.table;
  const [health, police] = [await boards.sit('health'), await boards.sit('police')];
  const scribe = await sitDown(boards.address('coordinator'));
  appendParagraphs(scribe.doc, `agency/${agencies.health}`, 'family/facts', ['Said by telephone']);
  await until('it is marked', () => cardOf(police)?.notedAgencyIds.includes(agencies.health) ?? false);
  const confirm = { type: 'notes.confirm', cardId, agencyId: agencies.health } as const;
  expect(await police.send(confirm)).toMatchObject(refused('not-allowed'));
  expect(await health.send(confirm)).toMatchObject({ ok: true });
  await until('it is confirmed', () => cardOf(police)?.notedAgencyIds.length === 0);
  scribe.leave();
});
