// A meeting's own row: when and where it is, who chairs, deputises and observes. Carries SCHED rules.
import { and, eq, inArray, isNull } from 'drizzle-orm';
import { inLondon } from '#lib/domain/london.ts';
import type { Transaction } from '../database/database.ts';
import { memberships } from '../database/schema/identity.ts';
import { chairHistory, meetingObservers, meetings } from '../database/schema/meetings.ts';
import type { Session } from '../identity/session.ts';
import type { Meeting } from './acts.ts';
import { Faulty, type Fault } from './faults.ts';
import type { Details } from './input.ts';

/** Writes a new meeting, whose chair holds the chair from the start. Answers its id. */
export async function writeMeeting(
  tx: Transaction,
  session: Session,
  details: Details,
  now: Date
): Promise<string> {
  await refuseUnfit(tx, session, details, dayFaults(details.startsAt, now));
  const { observerIds, ...row } = details;
  const [meeting] = await tx
    .insert(meetings)
    .values({ ...row, areaId: session.area.id, heldBy: row.chairId, createdBy: session.user.id })
    .returning({ id: meetings.id });
  if (!meeting) throw new Error('A meeting was not written.');
  await nameChair(tx, session, meeting.id, row.chairId);
  await nameObservers(tx, meeting.id, observerIds);
  return meeting.id;
}

/** Changes a meeting that is held. Answers the users whose place at it has changed. */
export async function changeMeeting(
  tx: Transaction,
  session: Session,
  meeting: Meeting,
  details: Details,
  now: Date
): Promise<string[]> {
  const later = details.startsAt.getTime() !== meeting.startsAt.getTime();
  const otherChair = details.chairId !== meeting.chairId;
  const open = meeting.state === 'open';
  await refuseUnfit(tx, session, details, [
    ...(later && !open ? dayFaults(details.startsAt, now) : []),
    ...(later && open ? [fault('time', 'The meeting is open: its day and time stay as they are.')] : []),
    ...(otherChair && open ? [fault('chairId', 'The meeting is open: the chair is given on the board.')] : [])
  ]);
  const { observerIds, ...row } = details;
  await tx
    .update(meetings)
    .set({ ...row, ...(otherChair ? { heldBy: row.chairId } : {}) })
    .where(eq(meetings.id, meeting.id));
  if (otherChair) await nameChair(tx, session, meeting.id, row.chairId);
  const before = await tx
    .delete(meetingObservers)
    .where(eq(meetingObservers.meetingId, meeting.id))
    .returning({ userId: meetingObservers.userId });
  await nameObservers(tx, meeting.id, observerIds);
  const was = places(
    meeting.heldBy,
    meeting.deputyId,
    before.map(({ userId }) => userId)
  );
  const is = places(otherChair ? row.chairId : meeting.heldBy, row.deputyId, observerIds);
  return [...was.symmetricDifference(is)].map((place) => place.slice(place.indexOf('/') + 1));
}

/** Who is what, as `role/userId`. */
function places(chair: string, deputy: string | null, observers: readonly string[]): Set<string> {
  return new Set([
    `chair/${chair}`,
    ...(deputy ? [`deputy/${deputy}`] : []),
    ...observers.map((userId) => `observer/${userId}`)
  ]);
}

async function refuseUnfit(
  tx: Transaction,
  session: Session,
  details: Details,
  others: readonly Fault[]
): Promise<void> {
  const { chairId, deputyId, observerIds } = details;
  const named = [...new Set([chairId, ...(deputyId ? [deputyId] : []), ...observerIds])];
  const held = await tx
    .selectDistinct({ userId: memberships.userId })
    .from(memberships)
    .where(
      and(
        eq(memberships.areaId, session.area.id),
        inArray(memberships.userId, named),
        isNull(memberships.endedAt)
      )
    );
  const here = new Set(held.map(({ userId }) => userId));
  const faults = [
    ...others,
    ...(here.has(chairId) ? [] : [fault('chairId', 'Choose a chair from the list.')]),
    ...(deputyId && !here.has(deputyId) ? [fault('deputyId', 'Choose a deputy from the list.')] : []),
    ...(deputyId === chairId ? [fault('deputyId', 'The deputy is somebody other than the chair.')] : []),
    ...(observerIds.every((id) => here.has(id))
      ? []
      : [fault('observerIds', 'Choose observers from the list.')]),
    ...(observerIds.some((id) => id === chairId || id === deputyId)
      ? [fault('observerIds', 'Who chairs or deputises is no observer.')]
      : [])
  ];
  if (faults.length > 0) throw new Faulty(...faults);
}

function dayFaults(startsAt: Date, now: Date): Fault[] {
  const { date } = inLondon(startsAt);
  const today = inLondon(now).date;
  if (date < today) return [fault('date', 'That day has passed. A meeting is scheduled for today or later.')];
  const last = `${Number(today.slice(0, 4)) + 2}${today.slice(4)}`;
  return date > last ? [fault('date', 'That is more than two years ahead. Look at the year.')] : [];
}

const fault = (field: Fault['field'], message: string): Fault => ({ field, message });

async function nameChair(tx: Transaction, session: Session, meetingId: string, userId: string) {
  await tx.insert(chairHistory).values({ meetingId, userId, act: 'named', by: session.user.id });
}

async function nameObservers(tx: Transaction, meetingId: string, userIds: readonly string[]) {
  if (userIds.length === 0) return;
  await tx.insert(meetingObservers).values(userIds.map((userId) => ({ meetingId, userId })));
}
