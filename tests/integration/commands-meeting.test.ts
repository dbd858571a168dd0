// Commands that lead a meeting, over real connections: who holds the chair, who is excluded, the opening and the close, who
// is here, and what police and coordinator write for the table.
import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { appendParagraphs } from '#lib/card/edit.ts';
import { auditEvents } from '#server/database/schema/decisions.ts';
import { cases, notifications } from '#server/database/schema/families.ts';
import { attendance, cards, meetings } from '#server/database/schema/meetings.ts';
import { readFacts } from '#server/meetings/facts.ts';
import { openHall, type Boards, type Hall } from '../actors/boards.ts';
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
  expect(await chair.send(conclude(cardId))).toMatchObject(refused('not-allowed'));
  expect(await health.send({ type: 'chair.give', userId: people.observer })).toMatchObject(
    refused('not-allowed')
  );
  expect(await health.send({ type: 'chair.give', userId: randomUUID() })).toMatchObject(refused('not-found'));
  expect(await health.send({ type: 'chair.give', userId: people.police })).toMatchObject({ ok: true });
  expect(await police.send(conclude(cardId))).toMatchObject({ ok: true });
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
  await until('it is gone', () => !police.socket.connected || cardOf(police, cardId) === undefined);
  await until('the document is closed', () => atCard.closes.length > 0);
  atCard.leave();
  await chair.send({ ...conclude(cardId), reason: 'MARKER-after' });
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
  expect(await chair.send(conclude(cardId))).toMatchObject({ ok: true });
  const notReady = await chair.send({ type: 'meeting.close' });
  expect(notReady).toMatchObject({ error: { code: 'not-ready', cards: [{ cardId }] } });
  expect(police.state().meeting.state).toBe('open');
  expect(await chair.send({ type: 'meeting.close', reason: 'The plan follows' })).toMatchObject({
    ok: true,
    result: { locked: [cardId], notReached: [boards.otherCardId] }
  });
  await until('it is closed', () => police.state().meeting.state === 'closed');
  expect(cardOf(police, cardId)?.state).toBe('locked');
  await until('the observer sees no card any more', () => Object.keys(observer.state().cards).length === 0);
  const [other] = await boards.database.db.select().from(cards).where(eq(cards.id, boards.otherCardId));
  expect(other).toMatchObject({ lockedAt: null });
  expect(other?.notReachedAt).not.toBeNull();
  expect(await chair.send({ type: 'meeting.close' })).toMatchObject(refused('state'));
  expect(await chair.send({ type: 'chair.give', userId: boards.table.people.police })).toMatchObject(
    refused('state')
  );
  const stranger = await boards.sit('stranger');
  expect(await stranger.send({ ...rate(cardId, 'red'), cardId: boards.otherCardId })).toMatchObject(
    refused('state')
  );
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

test('CMD16: what the coordinator notes for an agency shows as noted until the agency confirms it', async () => {
  const { agencies } = boards.table;
  const [health, police] = [await boards.sit('health'), await boards.sit('police')];
  const scribe = await sitDown(boards.address('coordinator'));
  appendParagraphs(scribe.doc, `agency/${agencies.health}`, 'family/facts', ['Said by telephone']);
  await until(
    'it is marked',
    () => cardOf(police, cardId)?.notedAgencyIds.includes(agencies.health) ?? false
  );
  const confirm = { type: 'notes.confirm', cardId, agencyId: agencies.health } as const;
  expect(await police.send(confirm)).toMatchObject(refused('not-allowed'));
  expect(await health.send(confirm)).toMatchObject({ ok: true });
  await until('it is confirmed', () => cardOf(police, cardId)?.notedAgencyIds.length === 0);
  scribe.leave();
});
