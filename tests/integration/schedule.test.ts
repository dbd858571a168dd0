// Scheduling as a coordinator does it, on a fresh area with a week of notifications in it.
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditEvents } from '#server/database/schema/decisions.ts';
import { memberships } from '#server/database/schema/identity.ts';
import { cardAgencies, cardMembers, cards, meetings } from '#server/database/schema/meetings.ts';
import { documents } from '#server/database/schema/sync.ts';
import { openSchedule } from '#server/schedule/schedule.ts';
import { done, now, openOffice, wrong, type Office } from '../actors/office.ts';
import { layTable, sessionFor, type Who } from '../actors/table.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

test('SCHED1: a meeting stands with cards, members, core agencies and documents, and an audit row', async () => {
  const { db } = office.services.database;
  const { meetingId, cardIds, cardId } = await office.plan(2, {
    cases: office
      .families(2)
      .map(({ caseId }, at) => ({ caseId, agencyIds: at === 0 ? [office.table.agencies.stranger] : [] }))
  });
  const [meeting] = await db.select().from(meetings).where(eq(meetings.id, meetingId));
  expect(meeting).toMatchObject({ startsAt: new Date('2026-11-24T10:00:00Z'), state: 'planned' });
  expect(await db.$count(cards, eq(cards.meetingId, meetingId))).toBe(2);
  expect(await db.$count(cardMembers, eq(cardMembers.cardId, cardId))).toBeGreaterThan(1);
  expect(await db.$count(cardAgencies, eq(cardAgencies.cardId, cardId))).toBe(4);
  expect(await db.$count(cardAgencies, eq(cardAgencies.cardId, cardIds[1] ?? ''))).toBe(3);
  expect(await db.$count(documents, eq(documents.cardId, cardId))).toBe(2);
  expect(await office.acts(meetingId)).toEqual(['meeting-scheduled']);
  expect(office.told).toContain(meetingId);
});

test('SCHED1: where the documents can’t be made, nothing of the meeting is left', async () => {
  const { database, sync } = office.services;
  const { db } = database;
  let made = 0;
  const failing = openSchedule({
    database,
    now,
    sync: {
      extend: sync.extend,
      rejudge: sync.rejudge,
      async create(tx, card) {
        if (++made === 2) throw new Error('no documents today');
        await sync.create(tx, card);
      }
    }
  });
  const count = () =>
    Promise.all([db.$count(meetings), db.$count(cards), db.$count(documents), db.$count(auditEvents)]);
  const before = await count();
  const cases = office.families(2);
  await expect(failing.plan(office.as('coordinator'), office.details({ cases }))).rejects.toThrow(
    'no documents today'
  );
  expect(await count()).toEqual(before);
  done(await office.schedule.plan(office.as('coordinator'), office.details({ cases })));
});

test('SCHED3: what is wrong is said by field, all at once, and nothing is written', async () => {
  const before = await office.services.database.db.$count(meetings);
  const plan = async (change: object) =>
    wrong(await office.schedule.plan(office.as('coordinator'), office.details(change)));
  expect(await office.schedule.plan(office.as('coordinator'), {})).toMatchObject({
    faults: [{ field: 'date' }, { field: 'time' }, { field: 'place' }, { field: 'chairId' }]
  });
  expect(await plan({ time: '9.30' })).toHaveProperty('time', expect.stringContaining('09:30'));
  expect(await plan({ date: '2026-03-29', time: '01:30' })).toHaveProperty('time');
  expect(await plan({ date: '2026-11-22' })).toHaveProperty('date', expect.stringContaining('passed'));
  expect(await plan({ date: '2062-11-24' })).toHaveProperty('date', expect.stringContaining('year'));
  for (const videoLink of [
    'http://meet.example/room',
    'meet.example/room',
    'javascript:alert(1)',
    'https://'
  ])
    expect(await plan({ videoLink })).toHaveProperty('videoLink', expect.stringContaining('https://'));
  expect(await plan({ deputyId: office.table.people.chair })).toHaveProperty('deputyId');
  expect(await plan({ observerIds: [office.table.people.chair] })).toHaveProperty('observerIds');
  expect(await plan({ cases: [{ caseId: 'F-0001' }] })).toHaveProperty('caseIds');
  expect(await office.services.database.db.$count(meetings)).toBe(before);
  const { meetingId } = await office.plan(0);
  expect(wrong(await office.schedule.add(office.as('coordinator'), meetingId, []))).toHaveProperty('caseIds');
});

test('SCHED3: who is named has a place in the area that has not ended', async () => {
  const { db } = office.services.database;
  const elsewhere = await layTable(db);
  const plan = async (change: object) =>
    wrong(await office.schedule.plan(office.as('coordinator'), office.details(change)));
  expect(await plan({ chairId: elsewhere.people.chair })).toHaveProperty('chairId');
  expect(await plan({ observerIds: [elsewhere.people.observer] })).toHaveProperty('observerIds');
  const hers = and(
    eq(memberships.userId, office.table.people.stranger),
    eq(memberships.areaId, office.table.areaId)
  );
  await db.update(memberships).set({ endedAt: new Date() }).where(hers);
  expect(await plan({ deputyId: office.table.people.stranger })).toHaveProperty('deputyId');
  await db.update(memberships).set({ endedAt: null }).where(hers);
});

test('SCHED4: scheduling is a coordinator’s, and another area’s ids answer as those of nothing', async () => {
  const { meetingId, cardId } = await office.plan(1);
  const [free] = office.families(1);
  const elsewhere = await layTable(office.services.database.db);
  const strangers = [office.as('police'), office.as('chair'), sessionFor(elsewhere, 'coordinator')];
  for (const session of strangers) {
    const missing = { missing: true };
    expect(await office.schedule.agenda(session, meetingId)).toBeUndefined();
    expect(await office.schedule.change(session, meetingId, office.details({ place: 'Elsewhere' }))).toEqual(
      missing
    );
    expect(await office.schedule.withdraw(session, meetingId, cardId)).toEqual(missing);
    expect(await office.schedule.order(session, meetingId, [cardId])).toEqual(missing);
    expect(await office.schedule.call(session, meetingId, cardId, office.table.agencies.stranger)).toEqual(
      missing
    );
    expect(await office.schedule.takeOff(session, meetingId, cardId, office.table.agencies.police)).toEqual(
      missing
    );
    expect(await office.schedule.add(session, meetingId, [free])).not.toHaveProperty('done');
  }
  expect(await office.schedule.plan(office.as('police'), office.details())).toEqual({ missing: true });
  expect(await office.schedule.choices(office.as('police'))).toBeUndefined();
  const mine = office.as('coordinator');
  expect(await office.schedule.call(mine, meetingId, cardId, elsewhere.agencies.stranger)).toEqual({
    missing: true
  });
  expect(await office.schedule.withdraw(mine, office.table.meetingId, cardId)).toEqual({ missing: true });
  expect(await office.schedule.withdraw(mine, meetingId, 'no-such-card')).toEqual({ missing: true });
  expect(await office.acts(meetingId)).toEqual(['meeting-scheduled']);
});

test('SCHED5: a family is on one planned or open meeting, whichever of its joined records is named', async () => {
  const { families: kin } = office.services;
  const { meetingId, cases } = await office.plan(1);
  const [first] = cases;
  const again = await office.schedule.plan(
    office.as('coordinator'),
    office.details({ cases, date: '2026-12-01' })
  );
  expect(wrong(again)).toHaveProperty('caseIds', expect.stringContaining('24 November 2026, 10:00'));
  expect(wrong(await office.schedule.add(office.as('coordinator'), meetingId, cases))).toHaveProperty(
    'caseIds'
  );
  const [other] = office.families(1);
  const listing = await kin.listCases(office.as('coordinator'));
  const familyOf = (caseId?: string) => listing.find(({ id }) => id === caseId)?.familyId ?? '';
  expect(
    await kin.join(office.as('coordinator'), familyOf(first?.caseId), familyOf(other?.caseId))
  ).toBeUndefined();
  expect(wrong(await office.schedule.add(office.as('coordinator'), meetingId, [other]))).toHaveProperty(
    'caseIds'
  );
});

test('SCHED5: of two meetings that want a family at once, one gets it', async () => {
  const cases = office.families(1);
  const outcomes = await Promise.all(
    ['2026-12-01', '2026-12-02', '2026-12-03'].map((date) =>
      office.schedule.plan(office.as('coordinator'), office.details({ cases, date }))
    )
  );
  expect(outcomes.filter((each) => 'done' in each)).toHaveLength(1);
});

test('SCHED6: a called agency has the meeting once it is called, with its own card alone counted', async () => {
  const { meetingId, cardIds } = await office.plan(3, { deputyId: office.table.people.health });
  const mine = async (who: Who) =>
    (await office.schedule.home(office.as(who))).ahead
      .find(({ id }) => id === meetingId)
      ?.cards.map(({ id }) => id);
  expect(await mine('police')).toEqual(cardIds);
  expect(await mine('stranger')).toBeUndefined();
  const second = cardIds[1] ?? '';
  done(
    await office.schedule.call(office.as('coordinator'), meetingId, second, office.table.agencies.stranger)
  );
  expect(await mine('stranger')).toEqual([second]);
  expect((await office.schedule.home(office.as('stranger'))).ahead[0]?.cards[0]?.position).toBe(1);
  expect((await office.schedule.home(office.as('stranger'))).waiting).toBeNull();
  expect((await office.schedule.home(office.as('coordinator'))).waiting?.toSchedule).toBeGreaterThan(0);
  done(
    await office.schedule.takeOff(office.as('coordinator'), meetingId, second, office.table.agencies.stranger)
  );
  expect(await mine('stranger')).toBeUndefined();
});

test('SCHED7: a withdrawn card is there for nobody, the family free for another meeting', async () => {
  const { db } = office.services.database;
  const { meetingId, cardId, cases } = await office.plan(2);
  await db.update(meetings).set({ state: 'open', currentCardId: cardId }).where(eq(meetings.id, meetingId));
  done(await office.schedule.withdraw(office.as('coordinator'), meetingId, cardId));
  const agenda = await office.schedule.agenda(office.as('coordinator'), meetingId);
  expect(agenda?.cards.map(({ id }) => id)).not.toContain(cardId);
  expect(agenda?.families.map(({ caseId }) => caseId)).toContain(cases[0]?.caseId);
  const [meeting] = await db.select().from(meetings).where(eq(meetings.id, meetingId));
  expect(meeting?.currentCardId).toBeNull();
  expect(await office.schedule.withdraw(office.as('coordinator'), meetingId, cardId)).toEqual({
    missing: true
  });
  done(
    await office.schedule.plan(
      office.as('coordinator'),
      office.details({ date: '2026-12-08', cases: cases.slice(0, 1) })
    )
  );
});

test('SCHED7: a family put back stands at the end, on the card that it had', async () => {
  const { meetingId, cardIds, cardId, cases } = await office.plan(2);
  done(await office.schedule.withdraw(office.as('coordinator'), meetingId, cardId));
  const again = cases
    .slice(0, 1)
    .map(({ caseId }) => ({ caseId, agencyIds: [office.table.agencies.stranger] }));
  expect(done(await office.schedule.add(office.as('coordinator'), meetingId, again)).cardIds).toEqual([
    cardId
  ]);
  const agenda = await office.schedule.agenda(office.as('coordinator'), meetingId);
  expect(agenda?.cards.map(({ id }) => id)).toEqual([cardIds[1], cardId]);
  expect(agenda?.cards[1]?.calledIds).toContain(office.table.agencies.stranger);
  expect(await office.hasPlaceFor(cardId, 'stranger')).toBe(true);
});
