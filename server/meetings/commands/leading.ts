// The meeting's course: opening it, the chair from hand to hand, and which family is being spoken of.
import { and, eq, isNull, sql } from 'drizzle-orm';
import { mayLead, maySee } from '#lib/domain/permission.ts';
import { record } from '../../audit/audit.ts';
import type { Transaction } from '../../database/database.ts';
import { areas, users } from '../../database/schema/identity.ts';
import { attendance, cards, chairHistory, meetings } from '../../database/schema/meetings.ts';
import { beginTurn } from '../pacing.ts';
import { seatAt, seatAtCard } from '../seats.ts';
import { takeBackIfParked } from './arranging.ts';
import { writePhase } from './coursing.ts';
import { inAnotherState, notAllowed, notFound, writtenAt, type AtMeeting, type Done } from './acting.ts';

/** Opens the meeting with the area's statement as it reads now; those who have the board open are there from now on. */
export async function openMeeting(
  tx: Transaction,
  { session, seat, meeting }: AtMeeting<'meeting.open'>,
  connected: readonly { userId: string; mode: 'room' | 'remote' }[]
): Promise<Done> {
  if (!mayLead(seat, 'open')) throw notAllowed('The chair or the coordinator opens the meeting.');
  if (meeting.state !== 'planned') throw inAnotherState('This meeting was opened already.');
  const [area] = await tx.select().from(areas).where(eq(areas.id, meeting.areaId));
  await tx
    .update(meetings)
    .set({
      state: 'open',
      statement: area?.statement ?? '',
      minutesPerFamily: area?.minutesPerFamily,
      openedAt: sql`clock_timestamp()`
    })
    .where(eq(meetings.id, meeting.id));
  await writePhase(tx, { session, meeting, phase: 'open' });
  if (connected.length > 0)
    await tx.insert(attendance).values(
      connected.map(({ userId, mode }) => ({
        meetingId: meeting.id,
        userId,
        mode,
        by: userId,
        at: writtenAt
      }))
    );
  await record(tx, session, { act: 'meeting-opened', purpose: 'the meeting', meetingId: meeting.id });
  return { result: {} };
}

/** The named deputy takes the chair, or the named chair takes it again: an act of its own, told to everyone. */
export async function takeChair(
  tx: Transaction,
  { session, seat, meeting }: AtMeeting<'chair.take'>
): Promise<Done> {
  if (!mayLead(seat, 'take')) throw notAllowed('Only the named deputy takes the chair.');
  return handOver(tx, { session, meeting, to: session.user, act: 'taken' });
}

/** The chair gives the chair to somebody who sits at this meeting. */
export async function giveChair(
  tx: Transaction,
  { session, seat, meeting, command }: AtMeeting<'chair.give'>
): Promise<Done> {
  if (!mayLead(seat, 'give')) throw notAllowed('Only who holds the chair gives it.');
  const to = await seatAt(tx, meeting.areaId, command.userId, meeting.id);
  if (!to) throw notFound();
  if (to.seat.chair) throw inAnotherState('The chair is theirs already.');
  const sits = to.seat.deputy || to.seat.coordinator || to.seat.agencies.length > 0;
  if (!sits) throw notAllowed('An observer takes no part, and so not the chair.');
  const [user] = await tx.select().from(users).where(eq(users.id, command.userId));
  if (!user) throw notFound();
  return handOver(tx, { session, meeting, to: user, act: 'given' });
}

async function handOver(
  tx: Transaction,
  over: Pick<AtMeeting<'chair.take'>, 'session' | 'meeting'> & {
    to: { id: string; name: string };
    act: 'taken' | 'given';
  }
): Promise<Done> {
  const { session, meeting, to, act } = over;
  if (meeting.state === 'closed') throw inAnotherState('This meeting is closed.');
  await tx.update(meetings).set({ heldBy: to.id }).where(eq(meetings.id, meeting.id));
  await tx
    .insert(chairHistory)
    .values({ meetingId: meeting.id, userId: to.id, act, by: session.user.id, at: writtenAt });
  await record(tx, session, {
    act: act === 'taken' ? 'chair-taken' : 'chair-given',
    purpose: 'the meeting',
    meetingId: meeting.id,
    detail: { from: meeting.heldBy, to: to.id }
  });
  const text =
    act === 'taken'
      ? `${to.name} has taken the chair.`
      : `${session.user.name} has given the chair to ${to.name}.`;
  return {
    result: { userId: to.id },
    // The summary is now the other's to write.
    rejudge: [meeting.heldBy, to.id].map((userId) => ({ userId, meetingId: meeting.id })),
    notice: { kind: act === 'taken' ? 'chair-taken' : 'chair-given', text }
  };
}

/** Brings a family to the table. A locked card can be shown again; nothing on it changes. */
export async function showCard(
  tx: Transaction,
  { session, seat, meeting, command }: AtMeeting<'card.show'>
): Promise<Done> {
  const at = await seatAtCard(tx, meeting.areaId, session.user.id, command.cardId);
  if (!at || at.meetingId !== meeting.id || !maySee(seat, at.card)) throw notFound();
  if (!mayLead(seat, 'show')) throw notAllowed('The chair says which family is spoken of.');
  if (meeting.state !== 'open') throw inAnotherState('The meeting is not open.');
  await takeBackIfParked(tx, { session, seat, meeting }, command.cardId);
  await tx.update(meetings).set({ currentCardId: command.cardId }).where(eq(meetings.id, meeting.id));
  await beginTurn(tx, { meetingId: meeting.id, cardId: command.cardId, by: session.user.id });
  await tx
    .update(cards)
    .set({ shownAt: sql`clock_timestamp()` })
    .where(and(eq(cards.id, command.cardId), isNull(cards.shownAt), isNull(cards.lockedAt)));
  return { result: {} };
}
