// The agenda after it was made: its order, called agencies, other people, families that change.
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cardMembers, cards, chairHistory, conflicts, meetings } from '#server/database/schema/meetings.ts';
import { documents, journal } from '#server/database/schema/sync.ts';
import { openSchedule } from '#server/schedule/schedule.ts';
import { done, now, openOffice, wrong, type Office } from '../actors/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

const me = () => office.as('coordinator');
const order = async (meetingId: string) =>
  (await office.schedule.agenda(me(), meetingId))?.cards.map(({ id }) => id);
const db = () => office.services.database.db;
const setState = (meetingId: string, state: 'open' | 'closed') =>
  db().update(meetings).set({ state }).where(eq(meetings.id, meetingId));

test('SCHED8: the cards stand in the order given, and one that does not fit the agenda changes nothing', async () => {
  const { meetingId, cardIds, cases } = await office.plan(3);
  const [a = '', b = '', c = ''] = cardIds;
  done(await office.schedule.order(me(), meetingId, [c, a, b]));
  expect(await order(meetingId)).toEqual([c, a, b]);
  for (const wanted of [[a, b], [a, b, b], [a, b, c, meetingId], ['x']])
    expect(wrong(await office.schedule.order(me(), meetingId, wanted))).toHaveProperty('cardIds');
  expect(await order(meetingId)).toEqual([c, a, b]);
  const more = office.families(1);
  const added = done(await office.schedule.add(me(), meetingId, more)).cardIds;
  expect(await order(meetingId)).toEqual([c, a, b, ...added]);
  expect(cases).toHaveLength(3);
});

test('SCHED8: a coordinator with a conflict of interest orders the others around a card that is not there', async () => {
  const { meetingId, cardIds } = await office.plan(3);
  const [a = '', b = '', c = ''] = cardIds;
  const { user } = me();
  await db().insert(conflicts).values({ cardId: b, userId: user.id, declaredBy: user.id });
  expect(await order(meetingId)).toEqual([a, c]);
  done(await office.schedule.order(me(), meetingId, [c, a]));
  const rows = await db().select().from(cards).where(eq(cards.meetingId, meetingId)).orderBy(cards.position);
  expect(rows.map(({ id }) => id)).toEqual([c, b, a]);
  const missing = { missing: true };
  expect(await office.schedule.withdraw(me(), meetingId, b)).toEqual(missing);
  expect(await office.schedule.call(me(), meetingId, b, office.table.agencies.stranger)).toEqual(missing);
  expect(wrong(await office.schedule.order(me(), meetingId, [b, c, a]))).toHaveProperty('cardIds');
});

test('SCHED9: an agency called later, while the meeting is open too, has its place in the documents', async () => {
  const { meetingId, cardId } = await office.plan(1);
  await setState(meetingId, 'open');
  const before = office.told.length;
  expect(await office.hasPlaceFor(cardId, 'stranger')).toBe(false);
  done(await office.schedule.call(me(), meetingId, cardId, office.table.agencies.stranger));
  expect(await office.hasPlaceFor(cardId, 'stranger')).toBe(true);
  done(await office.schedule.call(me(), meetingId, cardId, office.table.agencies.stranger));
  const agenda = await office.schedule.agenda(me(), meetingId);
  expect(agenda?.cards[0]?.calledIds).toContain(office.table.agencies.stranger);
  expect(office.told.slice(before)).toEqual([meetingId, meetingId]);
  expect(await office.acts(meetingId)).toEqual(['meeting-scheduled', 'meeting-changed', 'meeting-changed']);
});

test('SCHED9: where its place can’t be made, an agency is not called', async () => {
  const { meetingId, cardId } = await office.plan(1);
  const { database, sync } = office.services;
  const failing = openSchedule({
    database,
    now,
    sync: { create: sync.create, rejudge: sync.rejudge, extend: () => Promise.reject(new Error('no room')) }
  });
  const calling = failing.call(me(), meetingId, cardId, office.table.agencies.stranger);
  await expect(calling).rejects.toThrow('no room');
  expect((await office.schedule.agenda(me(), meetingId))?.cards[0]?.calledIds).not.toContain(
    office.table.agencies.stranger
  );
});

test('SCHED9: a core agency stays, and so does one that has written; whoever is taken off is judged again', async () => {
  const { meetingId, cardId } = await office.plan(1);
  const { agencies, people } = office.table;
  const judged: object[] = [];
  const { database, sync } = office.services;
  const schedule = openSchedule({
    database,
    now,
    sync: { create: sync.create, extend: sync.extend, rejudge: (whose) => judged.push(whose) }
  });
  expect(wrong(await schedule.takeOff(me(), meetingId, cardId, agencies.police))).toHaveProperty('agencyId');
  done(await schedule.call(me(), meetingId, cardId, agencies.stranger));
  done(await schedule.takeOff(me(), meetingId, cardId, agencies.stranger));
  expect(judged).toEqual([{ cardId }]);
  done(await schedule.call(me(), meetingId, cardId, agencies.stranger));
  const [document] = await db().select().from(documents).where(eq(documents.cardId, cardId));
  await db()
    .insert(journal)
    .values({
      documentId: document?.id ?? '',
      seq: 1000,
      update: new Uint8Array([0, 0]),
      userId: people.stranger,
      sections: [`agency/${agencies.stranger}`],
      authors: []
    });
  expect(wrong(await schedule.takeOff(me(), meetingId, cardId, agencies.stranger))).toHaveProperty(
    'agencyId',
    expect.stringContaining('stays')
  );
});

test('SCHED10: the chair holds the chair from the start, and another named while it is planned does then', async () => {
  const { meetingId } = await office.plan(0, { deputyId: office.table.people.health });
  const { people } = office.table;
  const held = async () => {
    const [row] = await db().select().from(meetings).where(eq(meetings.id, meetingId));
    return [row?.chairId, row?.heldBy];
  };
  expect(await held()).toEqual([people.chair, people.chair]);
  done(
    await office.schedule.change(me(), meetingId, office.details({ chairId: people.idva, time: '14:00' }))
  );
  expect(await held()).toEqual([people.idva, people.idva]);
  const history = await db().select().from(chairHistory).where(eq(chairHistory.meetingId, meetingId));
  expect(history.map(({ userId, act }) => [userId, act])).toEqual([
    [people.chair, 'named'],
    [people.idva, 'named']
  ]);
});

test('SCHED10: once it is open, its time and its chair stay, and the rest can be changed', async () => {
  const { meetingId } = await office.plan(0);
  const { people } = office.table;
  await setState(meetingId, 'open');
  const change = (what: object) => office.schedule.change(me(), meetingId, office.details(what));
  expect(wrong(await change({ time: '11:00' }))).toHaveProperty('time');
  expect(wrong(await change({ chairId: people.idva }))).toHaveProperty('chairId');
  done(
    await change({ place: 'Room 3', videoLink: 'https://meet.example/b', observerIds: [people.observer] })
  );
  expect((await office.schedule.agenda(me(), meetingId))?.meeting).toMatchObject({
    place: 'Room 3',
    videoLink: 'https://meet.example/b',
    observerIds: [people.observer]
  });
});

test('SCHED10: nothing of a closed meeting changes, and nothing of a locked card', async () => {
  const { meetingId, cardIds, cardId } = await office.plan(2);
  await db().update(cards).set({ lockedAt: new Date() }).where(eq(cards.id, cardId));
  const { stranger } = office.table.agencies;
  expect(wrong(await office.schedule.withdraw(me(), meetingId, cardId))).toHaveProperty('null');
  expect(wrong(await office.schedule.call(me(), meetingId, cardId, stranger))).toHaveProperty('null');
  await setState(meetingId, 'closed');
  const other = cardIds[1] ?? '';
  for (const outcome of [
    await office.schedule.change(me(), meetingId, office.details({ place: 'Elsewhere' })),
    await office.schedule.add(me(), meetingId, office.families(1)),
    await office.schedule.withdraw(me(), meetingId, other),
    await office.schedule.order(me(), meetingId, [other, cardId]),
    await office.schedule.call(me(), meetingId, other, stranger)
  ])
    expect(wrong(outcome)).toEqual({ null: expect.stringContaining('closed') });
  expect(await order(meetingId)).toEqual(cardIds);
});

test('SCHED11: a conflict of interest holds at the family’s next meeting', async () => {
  const { meetingId, cardId, cases } = await office.plan(1);
  const { police } = office.table.people;
  await db().insert(conflicts).values({ cardId, userId: police, declaredBy: police });
  await setState(meetingId, 'closed');
  await db().update(cards).set({ notReachedAt: new Date() }).where(eq(cards.id, cardId));
  const waiting = (await office.schedule.choices(me()))?.families ?? [];
  expect(waiting.find(({ caseId }) => caseId === cases[0]?.caseId)).toMatchObject({ notReached: true });
  const next = done(await office.schedule.plan(me(), office.details({ date: '2026-12-01', cases })));
  const theirs = async (who: 'police' | 'health') =>
    (await office.schedule.home(office.as(who))).ahead.some(({ id }) => id === next.meetingId);
  expect(await theirs('police')).toBe(false);
  expect(await theirs('health')).toBe(true);
});

test('SCHED12: a planned card follows its family into a join and out of it again', async () => {
  const { families } = office.services;
  const { meetingId, cardId, cases } = await office.plan(1);
  const [other] = office.families(1);
  const listing = await families.listCases(me());
  const of = (caseId?: string) => listing.find(({ id }) => id === caseId);
  const onCard = async () =>
    (await db().select().from(cardMembers).where(eq(cardMembers.cardId, cardId))).map(
      ({ memberId }) => memberId
    );
  const before = (await onCard()).toSorted();
  families.onChanged((areaId) => office.schedule.follow(areaId));
  expect(
    await families.join(me(), of(cases[0]?.caseId)?.familyId ?? '', of(other?.caseId)?.familyId ?? '')
  ).toBeUndefined();
  const joined = await onCard();
  expect(joined).toEqual(expect.arrayContaining(before));
  expect(joined.length).toBe(before.length + (of(other?.caseId)?.members.length ?? 0));
  expect(office.told).toContain(meetingId);
  const family = await families.familyOf(me(), of(cases[0]?.caseId)?.familyId ?? '', 'a test');
  expect(await families.unjoin(me(), family?.joins[0]?.id ?? '')).toBeUndefined();
  expect((await onCard()).toSorted()).toEqual(before);
  const [card] = await db()
    .select()
    .from(cards)
    .where(and(eq(cards.id, cardId), eq(cards.meetingId, meetingId)));
  expect(card?.withdrawnAt).toBeNull();
});
