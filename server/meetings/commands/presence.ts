// Who is here and how, and for whom a card does not exist.
import { and, eq, isNull } from 'drizzle-orm';
import { mayExclude, maySayPresent } from '#lib/domain/permission.ts';
import { record } from '../../audit/audit.ts';
import type { Transaction } from '../../database/database.ts';
import { agencies, memberships } from '../../database/schema/identity.ts';
import { attendance, cards, conflicts } from '../../database/schema/meetings.ts';
import { seatAt, seatAtCard } from '../seats.ts';
import {
  inAnotherState,
  locked,
  notAllowed,
  notFound,
  stated,
  writtenAt,
  type AtCard,
  type AtMeeting,
  type Done
} from './acting.ts';

/** Says that somebody is here, away or has left: of oneself; by chair or coordinator of anyone, also by a name alone. */
export async function setAttendance(
  tx: Transaction,
  { session, seat, meeting, command }: AtMeeting<'attendance.set'>
): Promise<Done> {
  const { areaId } = meeting;
  if (!maySayPresent(seat, command.userId))
    throw notAllowed('The chair and the coordinator say who is here; everyone else only for themselves.');
  if (meeting.state === 'closed') throw inAnotherState('This meeting is closed.');
  const they = command.userId ? await seatAt(tx, areaId, command.userId, meeting.id) : undefined;
  if (command.userId && !they) throw notFound();
  const agencyId = command.agencyId ?? (they?.seat.agencies.length === 1 ? they.seat.agencies[0] : undefined);
  if (command.agencyId) {
    const [agency] = await tx
      .select()
      .from(agencies)
      .where(and(eq(agencies.id, command.agencyId), eq(agencies.areaId, areaId)));
    if (!agency || (they && !they.seat.agencies.includes(agency.id))) throw notFound();
  }
  let done: Done = { result: {} };
  if (command.cardId) {
    const [row] = await tx.select().from(cards).where(eq(cards.id, command.cardId)).for('update');
    const at = await seatAtCard(tx, areaId, session.user.id, command.cardId);
    if (!row || !at || at.meetingId !== meeting.id) throw notFound();
    // Nobody is at a card that does not exist for them.
    if (command.userId && !(await seatAtCard(tx, areaId, command.userId, command.cardId))) throw notFound();
    if (row.lockedAt) throw locked();
    done = await stated(tx, row);
  }
  await tx.insert(attendance).values({
    meetingId: meeting.id,
    cardId: command.cardId ?? null,
    userId: command.userId ?? null,
    name: command.name ?? null,
    agencyId: agencyId ?? null,
    mode: command.mode,
    by: session.user.id,
    at: writtenAt
  });
  return done;
}

/**
 * A conflict of interest: from now on the card does not exist for this person. Also on a locked card, since
 * it is a matter of reading and changes nothing that was decided.
 */
export async function excludePerson(
  tx: Transaction,
  { session, seat, row, card, command }: AtCard<'person.exclude'>
): Promise<Done> {
  if (!mayExclude(seat, card, command.userId))
    throw notAllowed('The chair and the coordinator declare a conflict; everyone else only their own.');
  const [member] = await tx
    .select({ id: memberships.id })
    .from(memberships)
    .where(
      and(
        eq(memberships.areaId, row.areaId),
        eq(memberships.userId, command.userId),
        isNull(memberships.endedAt)
      )
    )
    .limit(1);
  if (!member) throw notFound();
  await tx
    .insert(conflicts)
    .values({ cardId: row.id, userId: command.userId, declaredBy: session.user.id, at: writtenAt })
    .onConflictDoNothing();
  await record(tx, session, {
    act: 'conflict-declared',
    purpose: 'a conflict of interest',
    familyId: row.familyId,
    meetingId: row.meetingId,
    cardId: row.id,
    detail: { userId: command.userId }
  });
  const done = row.lockedAt ? { result: {} } : await stated(tx, row);
  return { ...done, rejudge: [{ userId: command.userId, cardId: row.id }] };
}
