// Asking somebody in: the call, its answer, who came and went; and that nobody can overhear. Carries CALL3, CALL4.
import { and, asc, desc, eq, isNull } from 'drizzle-orm';
import {
  callAnswers,
  callState,
  isDoneWith,
  mayFollow,
  type CallAnswer,
  type CallStep
} from '#lib/domain/call.ts';
import { mayAsk } from '#lib/domain/permission.ts';
import type { Transaction } from '../../database/database.ts';
import { calls, callSteps, overhearConfirmations } from '../../database/schema/calls.ts';
import { agencies, memberships, users } from '../../database/schema/identity.ts';
import { cards } from '../../database/schema/meetings.ts';
import { stepsOf } from '../calls.ts';
import { readPacing } from '../pacing.ts';
import { seatAtCard } from '../seats.ts';
import {
  inAnotherState,
  notAllowed,
  notFound,
  writtenAt,
  type AtCard,
  type AtMeeting,
  type Done
} from './acting.ts';

type Call = typeof calls.$inferSelect;

/** Asks a person in, or whoever of an agency answers. One that rings already is answered with, and not made again. */
export async function makeCall(
  tx: Transaction,
  { session, seat, row, card, command }: AtCard<'call.make'>
): Promise<Done> {
  if (!mayAsk(seat, card)) throw notAllowed('The chair and the coordinator ask somebody in.');
  if (card.meeting !== 'open') throw inAnotherState('The meeting is not open.');
  const whom = await whomOf(tx, row.areaId, { ...command, agencies: card.agencies });
  const before = await tx
    .select()
    .from(calls)
    .where(
      and(
        eq(calls.cardId, row.id),
        command.userId ? eq(calls.userId, command.userId) : isNull(calls.userId),
        command.agencyId ? eq(calls.agencyId, command.agencyId) : isNull(calls.agencyId)
      )
    )
    .orderBy(asc(calls.at), asc(calls.id));
  const last = before.at(-1);
  if (last && ['ringing', 'in-5', 'coming', 'in'].includes(await stateOf(tx, last)))
    return { result: { callId: last.id } };
  const [made] = await tx
    .insert(calls)
    .values({
      meetingId: row.meetingId,
      cardId: row.id,
      userId: command.userId,
      agencyId: command.agencyId,
      by: session.user.id,
      at: writtenAt
    })
    .returning({ id: calls.id });
  return {
    result: { callId: made?.id ?? '' },
    notice: { kind: 'called', text: `${session.user.name} asks ${whom} in.`, cardId: row.id }
  };
}

/** The name of whom is asked; they must be of an agency at the card, and the card must exist for them. */
async function whomOf(
  tx: Transaction,
  areaId: string,
  asked: { userId?: string; agencyId?: string; cardId: string; agencies: readonly string[] }
): Promise<string> {
  if (asked.userId) {
    const at = await seatAtCard(tx, areaId, asked.userId, asked.cardId);
    const [user] = await tx.select({ name: users.name }).from(users).where(eq(users.id, asked.userId));
    if (!at?.seat.agencies.some((id) => asked.agencies.includes(id)) || !user) throw notFound();
    return user.name;
  }
  const [agency] = await tx
    .select({ name: agencies.name })
    .from(agencies)
    .where(and(eq(agencies.id, asked.agencyId ?? ''), eq(agencies.areaId, areaId)));
  if (!agency || !asked.agencies.includes(asked.agencyId ?? '')) throw notFound();
  const reps = await tx
    .select({ userId: memberships.userId })
    .from(memberships)
    .where(
      and(
        eq(memberships.agencyId, asked.agencyId ?? ''),
        eq(memberships.role, 'rep'),
        isNull(memberships.endedAt)
      )
    );
  const there = await Promise.all(reps.map(({ userId }) => seatAtCard(tx, areaId, userId, asked.cardId)));
  if (!there.some((at) => at !== undefined))
    throw inAnotherState('Nobody of this agency can be asked in for this family.');
  return agency.name;
}

/** The one who is called answers; of an agency, whoever is first. */
export async function answerCall(
  tx: Transaction,
  { session, meeting, command }: AtMeeting<'call.answer'>
): Promise<Done> {
  const { call } = await heldCall(tx, meeting, session.user.id, command.callId);
  if (!(await isCalled(tx, meeting.areaId, session.user.id, call)))
    throw notAllowed('This call is another’s to answer.');
  return take(tx, call, { step: command.answer, reason: command.reason ?? null, by: session.user.id });
}

/** Chair or coordinator note that somebody is in the call, has left it, or is asked no more; one says oneself that one left. */
export async function noteCall(
  tx: Transaction,
  { session, seat, meeting, command }: AtMeeting<'call.note'>
): Promise<Done> {
  const { call, card } = await heldCall(tx, meeting, session.user.id, command.callId);
  const leaves = command.step === 'out' && (await isCalled(tx, meeting.areaId, session.user.id, call));
  if (!leaves && !mayAsk(seat, card))
    throw notAllowed('The chair and the coordinator let people in and out.');
  return take(tx, call, { step: command.step, reason: null, by: session.user.id });
}

/** A remote person says that nobody can overhear them, or that somebody can by now. */
export async function confirmAlone(
  tx: Transaction,
  { session, meeting, command: { alone } }: AtMeeting<'overhear.confirm'>
): Promise<Done> {
  if (meeting.state === 'closed') throw inAnotherState('This meeting is closed.');
  const userId = session.user.id;
  const [last] = await tx
    .select({ alone: overhearConfirmations.alone })
    .from(overhearConfirmations)
    .where(and(eq(overhearConfirmations.meetingId, meeting.id), eq(overhearConfirmations.userId, userId)))
    .orderBy(desc(overhearConfirmations.at), desc(overhearConfirmations.id))
    .limit(1);
  if (last?.alone !== alone)
    await tx.insert(overhearConfirmations).values({ meetingId: meeting.id, userId, alone, at: writtenAt });
  return { result: {} };
}

async function heldCall(
  tx: Transaction,
  meeting: { id: string; areaId: string },
  userId: string,
  callId: string
) {
  const [call] = await tx
    .select()
    .from(calls)
    .where(and(eq(calls.id, callId), eq(calls.meetingId, meeting.id)))
    .for('update');
  const at = call && (await seatAtCard(tx, meeting.areaId, userId, call.cardId));
  if (!call || !at) throw notFound();
  return { call, card: at.card };
}

async function isCalled(tx: Transaction, areaId: string, userId: string, call: Call): Promise<boolean> {
  if (call.userId !== null) return call.userId === userId;
  const at = await seatAtCard(tx, areaId, userId, call.cardId);
  if (!at?.seat.agencies.includes(call.agencyId ?? '')) return false;
  const answered = (await stepsOf(tx, [call.id])).findLast(({ step }) =>
    callAnswers.includes(step as CallAnswer)
  );
  return answered === undefined || answered.by === userId;
}

async function take(
  tx: Transaction,
  call: Call,
  { step, reason, by }: { step: CallStep; reason: string | null; by: string }
): Promise<Done> {
  const state = await stateOf(tx, call);
  if (state === step) return { result: { state } };
  if (!mayFollow(state, step)) throw inAnotherState('This call is over, or stands otherwise by now.');
  await tx.insert(callSteps).values({ callId: call.id, step, reason, by, at: writtenAt });
  return { result: { state: step } };
}

async function stateOf(tx: Transaction, call: Call) {
  const [[card], { turns }, steps] = await Promise.all([
    tx.select().from(cards).where(eq(cards.id, call.cardId)),
    readPacing(tx, call.meetingId, []),
    stepsOf(tx, [call.id])
  ]);
  const done = !card || card.lockedAt !== null || card.notReachedAt !== null || card.withdrawnAt !== null;
  return callState(steps, isDoneWith({ cardId: call.cardId, at: call.at.getTime() }, turns, done));
}
