import { and, eq } from 'drizzle-orm';
import fs from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditEvents } from '#server/database/schema/decisions.ts';
import { notifications } from '#server/database/schema/families.ts';
import { cards, conflicts, meetings } from '#server/database/schema/meetings.ts';
import type { Session } from '#server/identity/session.ts';
import { areaWith } from '../area.ts';
import { openTestServices } from '../house.ts';

let open: Awaited<ReturnType<typeof openTestServices>>;
beforeAll(async () => {
  open = await openTestServices();
});
afterAll(() => open.close());

/** A coordinator's area with a month imported: 19 families of 20 incidents, six of whose people stand in two. */
async function month(): Promise<{ session: Session; familyOf: (occurrence: string) => string }> {
  const { session } = await areaWith(open.services.database.db);
  const result = await open.services.intake.importRows(session, {
    fileName: 'month.csv',
    bytes: fs.readFileSync('samples/police-notifications-last-month-windows-1252.csv')
  });
  if (!result || 'refused' in result) throw new Error('The month was not imported.');
  return {
    session,
    familyOf: (occurrence) => result.incidents.find((each) => each.occurrence === occurrence)?.familyId ?? ''
  };
}

/** Puts a family's case on a meeting in this state. */
async function onMeeting(
  session: Session,
  familyId: string,
  state: 'planned' | 'open' | 'closed',
  card: { lockedAt?: Date; notReachedAt?: Date } = {}
): Promise<{ meetingId: string; cardId: string }> {
  const { db } = open.services.database;
  const listing = (await open.services.families.listCases(session)).find(
    (each) => each.familyId === familyId
  );
  const [meeting] = await db
    .insert(meetings)
    .values({
      areaId: session.area.id,
      startsAt: new Date(),
      place: 'Room 1',
      chairId: session.user.id,
      heldBy: session.user.id,
      createdBy: session.user.id,
      state
    })
    .returning();
  const [made] = await db
    .insert(cards)
    .values({
      areaId: session.area.id,
      meetingId: meeting?.id ?? '',
      caseId: listing?.id ?? '',
      familyId,
      position: 1,
      ...card
    })
    .returning();
  return { meetingId: meeting?.id ?? '', cardId: made?.id ?? '' };
}

const family = async (session: Session, id: string) => {
  const found = await open.services.families.familyOf(session, id, 'a test');
  if (!found) throw new Error('There is no such family.');
  return found;
};

test('FAMILY3: joined families are one case with each person once, and undone they are as they were', async () => {
  const { session, familyOf } = await month();
  const { families } = open.services;
  const [a, b] = [familyOf('4826411545'), familyOf('4826411546')];
  const before = {
    a: await family(session, a),
    b: await family(session, b),
    cases: await families.listCases(session)
  };
  expect(before.a.shared).toEqual([expect.objectContaining({ familyId: b, reference: before.b.reference })]);
  expect(before.a.shared[0]?.people).toHaveLength(6);

  expect(await families.join(session, b, a)).toBeUndefined();
  const joined = await family(session, b);
  expect(joined).toMatchObject({
    id: a,
    reference: before.a.reference,
    also: [before.b.reference],
    shared: []
  });
  expect(joined.members.map((member) => member.id)).toEqual(before.a.members.map((member) => member.id));
  expect(joined.notifications).toHaveLength(2);
  const known = new Set(joined.members.map((member) => member.id));
  for (const person of joined.notifications.flatMap((each) => each.people))
    expect(known.has(person.memberId)).toBe(true);
  expect(await families.listCases(session)).toHaveLength(before.cases.length - 1);

  expect(await families.unjoin(session, joined.joins[0]?.id ?? '')).toBeUndefined();
  const apart = {
    a: await family(session, a),
    b: await family(session, b),
    cases: await families.listCases(session)
  };
  expect(apart).toEqual(before);
});

test('FAMILY3: what is joined to a joined family goes with the one it was joined to', async () => {
  const { session, familyOf } = await month();
  const { families } = open.services;
  const [a, b, c] = [familyOf('4826411599'), familyOf('4826411600'), familyOf('4826411550')];
  await families.join(session, a, b);
  await families.join(session, b, c);
  const whole = await family(session, c);
  expect(whole).toMatchObject({ id: a, reference: 'F-0001', also: ['F-0002', 'F-0003'] });
  // They are one already, and no circle is made of them.
  expect(await families.join(session, c, a)).toBeUndefined();
  expect((await family(session, a)).joins.map((join) => [join.reference, join.into])).toEqual([
    ['F-0002', 'F-0003'],
    ['F-0003', 'F-0001']
  ]);
  await families.unjoin(session, whole.joins[1]?.id ?? '');
  expect((await family(session, a)).also).toEqual([]);
  expect(await family(session, b)).toMatchObject({ reference: 'F-0003', also: ['F-0002'] });
});

test('FAMILY3: families kept apart are not asked about again', async () => {
  const { session, familyOf } = await month();
  const [a, b] = [familyOf('4826411545'), familyOf('4826411546')];
  expect(await open.services.families.keepApart(session, a, b)).toBeUndefined();
  expect((await family(session, a)).shared).toEqual([]);
  expect((await family(session, b)).shared).toEqual([]);
});

test('FAMILY4: neither a join nor its undo happens while a card of either is on an open meeting', async () => {
  const { session, familyOf } = await month();
  const { families, database } = open.services;
  const [a, b] = [familyOf('4826411545'), familyOf('4826411546')];
  const { meetingId } = await onMeeting(session, b, 'open');
  const words = /on a meeting that is open/;
  expect((await families.join(session, a, b))?.refused).toMatch(words);
  expect((await family(session, a)).shared[0]?.onOpenMeeting).toBe(true);
  await database.db.update(meetings).set({ state: 'closed' }).where(eq(meetings.id, meetingId));
  expect(await families.join(session, a, b)).toBeUndefined();
  const [join] = (await family(session, a)).joins;
  await onMeeting(session, a, 'open');
  expect((await families.unjoin(session, join?.id ?? ''))?.refused).toMatch(words);
  expect((await family(session, a)).joins).toHaveLength(1);
});

test('FAMILY5: a family is given only once its opening is in the audit, and to nobody it is not for', async () => {
  const { session, familyOf } = await month();
  const { families, database } = open.services;
  const id = familyOf('4826411545');
  await family(session, id);
  const opened = await database.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.familyId, id), eq(auditEvents.act, 'family-opened')));
  expect(opened).toEqual([expect.objectContaining({ userId: session.user.id, purpose: 'a test' })]);

  // A session whose user is gone can't be recorded, so nothing is given.
  const unrecorded = { ...session, user: { ...session.user, id: '00000000-0000-4000-8000-000000000000' } };
  await expect(families.familyOf(unrecorded, id, 'a test')).rejects.toThrow();

  const stranger = (await areaWith(database.db)).session;
  const rep: Session = { ...session, memberships: [{ id: '', role: 'rep', agency: null }] };
  for (const other of [stranger, rep]) {
    expect(await families.familyOf(other, id, 'a test')).toBeUndefined();
    expect(await families.listCases(other)).toEqual([]);
    expect(await families.join(other, id, familyOf('4826411546'))).toEqual({
      refused: 'There is no such family.'
    });
  }
  expect(await families.familyOf(session, 'no-such-id', 'a test')).toBeUndefined();

  const { cardId } = await onMeeting(session, id, 'planned');
  await database.db
    .insert(conflicts)
    .values({ cardId, userId: session.user.id, declaredBy: session.user.id });
  expect(await families.familyOf(session, id, 'a test')).toBeUndefined();
  expect((await families.listCases(session)).some((each) => each.familyId === id)).toBe(false);
});

test('FAMILY6: a case waits for a meeting, is on one, returns when not reached, and again when something new comes', async () => {
  const { session, familyOf } = await month();
  const { families, database } = open.services;
  const at = async (id: string) => (await families.listCases(session)).find((each) => each.familyId === id);
  const [waiting, planned, missed, decided] = [
    familyOf('4826411545'),
    familyOf('4826411599'),
    familyOf('4826411600'),
    familyOf('4826411550')
  ];
  const { meetingId } = await onMeeting(session, planned, 'planned');
  await onMeeting(session, missed, 'closed', { notReachedAt: new Date() });
  await onMeeting(session, decided, 'closed', { lockedAt: new Date() });
  expect(await at(waiting)).toMatchObject({ toSchedule: true, notReached: false, meeting: null });
  expect(await at(planned)).toMatchObject({ toSchedule: false, meeting: { id: meetingId } });
  expect(await at(missed)).toMatchObject({ toSchedule: true, notReached: true });
  expect(await at(decided)).toMatchObject({ toSchedule: false, meeting: null });
  await database.db
    .update(notifications)
    .set({ addedAt: new Date(Date.now() + 1000) })
    .where(and(eq(notifications.areaId, session.area.id), eq(notifications.occurrence, '4826411550')));
  expect(await at(decided)).toMatchObject({ toSchedule: true });
});
