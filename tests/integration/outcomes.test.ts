// The day after: what became of each family, read by everyone who sat at its card and told to the victim and the referrer;
// and what the next meeting opens with.
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cardAgencies, cards, meetings } from '#server/database/schema/meetings.ts';
import type { Followup } from '#server/followup/followup.ts';
import { ids, openDayAfter, type DayAfter } from '../actors/day-after.ts';
import type { Door } from '../actors/door.ts';
import { sessionFor, type Who } from '../actors/table.ts';

let door: Door;
let follow: Followup;
let shared: string;
let polices: string;
let hidden: string;
let acts: DayAfter['acts'];
let update: DayAfter['update'];
beforeAll(async () => {
  ({ door, follow, shared, polices, hidden, acts, update } = await openDayAfter());
});
afterAll(() => door.close());

const as = (who: Who) => sessionFor(door.table, who);

test('OUTCOME1: everyone who sat at a card reads its outcome, with an action or without; nobody else does', async () => {
  const references = async (who: Who) =>
    (await follow.outcomes(as(who), door.table.meetingId))?.cards.map(({ reference }) => reference);
  expect(await references('chair')).toEqual(['F-0001', 'F-0002', 'F-0003']);
  expect(await references('police')).toEqual(['F-0001', 'F-0002']);
  expect(await references('health')).toEqual(['F-0001']);
  for (const who of ['observer', 'stranger'] as const) {
    expect(await references(who)).toBeUndefined();
    expect(await follow.outcome(as(who), shared)).toBeUndefined();
  }
  const health = await follow.outcome(as('health'), shared);
  expect(health?.content).toMatchObject({
    number: 1,
    reference: 'F-0001',
    joint: [{ rating: 'red', reason: 'Two reports' }]
  });
  expect(JSON.stringify(health?.content.summary)).toContain('three things at once');
  expect(ids(health?.actions).toSorted()).toEqual(['mark', 'moon', 'ring', 'throat']);
  expect(JSON.stringify(health)).not.toMatch(/"protected"|"conflicts"/);
  expect(await follow.outcome(as('health'), polices)).toBeUndefined();
  expect(await follow.outcome(as('police'), hidden)).toBeUndefined();
  expect(await follow.outcome(as('chair'), 'nothing')).toBeUndefined();
  expect(await follow.outcomes(as('chair'), shared)).toBeUndefined();
});

test('OUTCOME2: each opening of an outcome is in the audit, by person and card', async () => {
  await follow.outcome(as('idva'), polices);
  expect((await acts('outcome-opened')).at(-1)).toMatchObject({
    ...{ userId: door.table.people.idva, cardId: polices, meetingId: door.table.meetingId },
    purpose: 'the outcome of the meeting of 2026-11-24'
  });
  const before = (await acts('outcome-opened')).length;
  await follow.outcome(as('police'), hidden);
  expect(await acts('outcome-opened')).toHaveLength(before);
});

test('OUTCOME3: the IDVA’s agency says whether the victim was told and the coordinator for the referrer; how is protected', async () => {
  const victim = door.table.members.find(({ role }) => role === 'victim')?.id;
  const child = door.table.members.find(({ role }) => role === 'child')?.id;
  const tell = (who: Who, said: object) => follow.tell(as(who), { cardId: shared, ...said });
  const her = { whom: 'victim', memberId: victim };
  for (const who of ['police', 'coordinator', 'chair'] as const)
    expect(await tell(who, { ...her, told: 'told', how: 'By letter' })).toMatchObject({
      faults: [{ field: null }]
    });
  expect(await tell('idva', { ...her, told: 'told' })).toMatchObject({ faults: [{ field: 'how' }] });
  expect(await tell('idva', { ...her, memberId: child, told: 'not-safe' })).toEqual({ missing: true });
  expect(await tell('idva', { whom: 'referrer', told: 'not-safe' })).toMatchObject({
    faults: [{ field: null }]
  });
  expect(await tell('observer', { ...her, told: 'not-safe' })).toEqual({ missing: true });
  expect(await tell('idva', { ...her, told: 'not-safe', how: 'He reads her post' })).toMatchObject({
    done: true
  });
  expect(
    await tell('idva', { ...her, told: 'told', how: 'At her mother’s', on: '2026-11-26' })
  ).toMatchObject({ done: true });
  expect(
    await tell('coordinator', { whom: 'referrer', told: 'told', how: 'Rang the surgery' })
  ).toMatchObject({ done: true });
  const heard = (await follow.outcome(as('health'), shared))?.toTell;
  expect(heard).toMatchObject([
    {
      whom: 'victim',
      mayTell: false,
      said: [{ told: 'not-safe' }, { told: 'told', on: '2026-11-26', how: 'At her mother’s' }]
    },
    { whom: 'referrer', name: null, said: [{ told: 'told', how: 'Rang the surgery', by: 'The coordinator' }] }
  ]);
  // A deputy has the card, and not the protected class.
  const { stranger } = door.table.people;
  await door.database.db
    .update(meetings)
    .set({ deputyId: stranger })
    .where(eq(meetings.id, door.table.meetingId));
  const deputys = JSON.stringify(await follow.outcome(as('stranger'), shared));
  expect(deputys).toContain('not-safe');
  expect(deputys).not.toMatch(/her mother|her post|the surgery/);
  await door.database.db
    .update(meetings)
    .set({ deputyId: null })
    .where(eq(meetings.id, door.table.meetingId));
});

test('OUTCOME4: an outcome is followed until every action has ended, and then says that it is closed', async () => {
  expect((await follow.outcome(as('chair'), polices))?.closed).toBe(false);
  expect(await update('police', 'visit', 'done', undefined, polices)).toMatchObject({ done: true });
  expect((await follow.outcome(as('chair'), polices))?.closed).toBe(true);
  const [, second] = (await follow.outcomes(as('idva'), door.table.meetingId))?.cards ?? [];
  expect(second).toMatchObject({ reference: 'F-0002', closed: true, tally: { open: 0 }, rating: 'red' });
  await update('police', 'visit', 'open', undefined, polices);
});

test('TUESDAY9: the next meeting opens with what the last left open, of families that exist for the person at both tables', async () => {
  const { table, database } = door;
  const { db } = database;
  const meetingId = randomUUID();
  const { chair, coordinator } = table.people;
  await db.insert(meetings).values({
    ...{
      id: meetingId,
      areaId: table.areaId,
      startsAt: new Date('2026-12-01T10:00:00Z'),
      place: 'Town hall'
    },
    ...{ chairId: chair, heldBy: chair, state: 'open', createdBy: coordinator }
  });
  const again = new Map<string, string>();
  for (const [position, cardId] of [shared, polices, hidden].entries()) {
    const [before] = await db.select().from(cards).where(eq(cards.id, cardId));
    if (!before) throw new Error('There is no such card');
    const { areaId, caseId, familyId } = before;
    const id = randomUUID();
    await db.insert(cards).values({ id, areaId, caseId, familyId, meetingId, position });
    for (const agencyId of Object.values(table.agencies).filter(
      (id) => cardId !== polices || id !== table.agencies.idva
    ))
      await db.insert(cardAgencies).values({ cardId: id, agencyId });
    again.set(cardId, id);
  }
  const left = async (who: Who) => {
    const found = await follow.lastTime(as(who), meetingId);
    return Object.fromEntries(
      Object.entries(found?.cards ?? {}).map(([id, actions]) => [id, ids(actions).toSorted()])
    );
  };
  const all = ['mark', 'moon', 'ring', 'throat'];
  expect(await left('chair')).toEqual({
    [again.get(shared) ?? '']: all,
    [again.get(polices) ?? '']: ['visit'],
    [again.get(hidden) ?? '']: ['secret']
  });
  // The police's rep has a conflict of interest with one family, declared at its first card.
  expect(await left('police')).toEqual({
    [again.get(shared) ?? '']: all,
    [again.get(polices) ?? '']: ['visit']
  });
  expect(await left('health')).toEqual({ [again.get(shared) ?? '']: all });
  // At the earlier table of the second family, and not called to the new one.
  expect(await left('idva')).toEqual({ [again.get(shared) ?? '']: all });
  // Called to the new card only: what was said at the earlier table is not theirs.
  expect(await left('stranger')).toEqual({});
  expect(await follow.lastTime(as('observer'), meetingId)).toBeUndefined();
  expect((await acts('actions-opened')).at(-1)).toMatchObject({
    meetingId,
    purpose: 'the meeting of 2026-12-01'
  });
});
