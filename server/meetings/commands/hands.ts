// Hands, and one laptop for two agencies: rows of the meeting, whatever family is open. Carries HAND2 and TWO2.
import { and, desc, eq, isNull } from 'drizzle-orm';
import { standingHands } from '#lib/domain/hand.ts';
import { mayRaiseHand, mayShareLaptop } from '#lib/domain/permission.ts';
import { record } from '../../audit/audit.ts';
import type { Transaction } from '../../database/database.ts';
import { hands, laptops } from '../../database/schema/hands.ts';
import { agencies } from '../../database/schema/identity.ts';
import { attendance, cardAgencies, cards } from '../../database/schema/meetings.ts';
import { keyOf, readHands, sharedWith } from '../hands.ts';
import { seatAt } from '../seats.ts';
import { inAnotherState, notAllowed, notFound, writtenAt, type AtMeeting, type Done } from './acting.ts';

type Who = { userId: string | null; name: string | null; agencyId: string | null };

/** Raises a hand: one's own, or, by chair or coordinator, that of anyone here. A hand that is up keeps its place. */
export async function raiseHand(tx: Transaction, at: AtMeeting<'hand.raise'>): Promise<Done> {
  const { session, seat, meeting, command } = at;
  const userId = command.name === undefined ? (command.userId ?? session.user.id) : undefined;
  if (!mayRaiseHand(seat, userId))
    throw notAllowed(
      'The chair and the coordinator raise a hand for somebody; everyone else only their own.'
    );
  if (meeting.state === 'closed') throw inAnotherState('This meeting is closed.');
  const who = userId ? await userHere(tx, at, userId) : await namedHere(tx, at);
  if (await isUp(tx, meeting.id, keyOf(who))) return { result: {} };
  await tx
    .insert(hands)
    .values({ ...who, meetingId: meeting.id, act: 'raised', by: session.user.id, at: writtenAt });
  return { result: {} };
}

/** Lowers a hand; one that is not up stays so. */
export async function lowerHand(
  tx: Transaction,
  { session, seat, meeting, command: { key } }: AtMeeting<'hand.lower'>
): Promise<Done> {
  if (!mayRaiseHand(seat, key === session.user.id ? key : undefined))
    throw notAllowed('The chair and the coordinator lower somebody’s hand; everyone else only their own.');
  const [raised] = (await tx.select().from(hands).where(eq(hands.meetingId, meeting.id))).filter(
    (row) => keyOf(row) === key
  );
  if (!raised || !(await isUp(tx, meeting.id, key))) return { result: {} };
  const { userId, name, agencyId } = raised;
  await tx.insert(hands).values({
    userId,
    name,
    agencyId,
    meetingId: meeting.id,
    act: 'lowered',
    by: session.user.id,
    at: writtenAt
  });
  return { result: {} };
}

/** From now on this person's laptop speaks for another agency too, while both are in the room. */
export async function shareLaptop(tx: Transaction, at: AtMeeting<'laptop.share'>): Promise<Done> {
  const { session, seat, meeting, command } = at;
  const { userId, agencyId } = command;
  if (!mayShareLaptop(seat, agencyId))
    throw notAllowed('The chair, the coordinator or the agency itself lets another’s laptop speak for it.');
  if (meeting.state !== 'open') throw inAnotherState('The meeting is not open.');
  const they = await seatAt(tx, meeting.areaId, userId, meeting.id);
  const [agency] = await tx
    .select({ id: agencies.id, name: agencies.name })
    .from(agencies)
    .innerJoin(cardAgencies, eq(cardAgencies.agencyId, agencies.id))
    .innerJoin(cards, eq(cards.id, cardAgencies.cardId))
    .where(
      and(eq(agencies.id, agencyId), eq(agencies.areaId, meeting.areaId), eq(cards.meetingId, meeting.id))
    )
    .limit(1);
  if (!they || !agency) throw notFound();
  if (they.seat.agencies.length === 0) throw notAllowed('Only a rep’s laptop speaks for an agency.');
  if (they.seat.agencies.includes(agencyId)) throw inAnotherState('They sit for that agency already.');
  await tx
    .insert(laptops)
    .values({ meetingId: meeting.id, userId, agencyId, act: 'shared', by: session.user.id, at: writtenAt });
  const place = { areaId: meeting.areaId, meetingId: meeting.id, userId };
  if (!(await sharedWith(tx, place)).includes(agencyId))
    throw inAnotherState('Both must be in the room: say first, under People, who is.');
  await noted(tx, at, 'laptop-shared');
  const text = `A laptop in the room now speaks for ${agency.name} too.`;
  return { result: {}, notice: { kind: 'laptop', text } };
}

/** The laptop speaks for its own agency alone again. Also its owner ends it. */
export async function endLaptop(tx: Transaction, at: AtMeeting<'laptop.end'>): Promise<Done> {
  const { session, seat, meeting, command } = at;
  const { userId, agencyId } = command;
  if (!mayShareLaptop(seat, agencyId) && userId !== session.user.id)
    throw notAllowed('The chair, the coordinator, the agency or the laptop’s own rep ends this.');
  const { laptops: said } = await readHands(tx, meeting.id);
  const last = said.findLast((each) => each.userId === userId && each.agencyId === agencyId);
  if (last?.act !== 'shared') return { result: {} };
  await tx
    .insert(laptops)
    .values({ meetingId: meeting.id, userId, agencyId, act: 'ended', by: session.user.id, at: writtenAt });
  await noted(tx, at, 'laptop-ended');
  return { result: {} };
}

function noted(
  tx: Transaction,
  { session, meeting, command }: AtMeeting<'laptop.share'> | AtMeeting<'laptop.end'>,
  act: 'laptop-shared' | 'laptop-ended'
): Promise<void> {
  const { userId, agencyId } = command;
  return record(tx, session, {
    act,
    purpose: 'the meeting',
    meetingId: meeting.id,
    detail: { userId, agencyId }
  });
}

async function isUp(tx: Transaction, meetingId: string, key: string): Promise<boolean> {
  const { hands: said } = await readHands(tx, meetingId);
  return standingHands(said, new Map()).some((hand) => hand.key === key);
}

async function userHere(tx: Transaction, { meeting }: AtMeeting<'hand.raise'>, userId: string): Promise<Who> {
  if (!(await seatAt(tx, meeting.areaId, userId, meeting.id))) throw notFound();
  return { userId, name: null, agencyId: null };
}

/** Someone without a board whom chair or coordinator put on the list of the whole meeting. */
async function namedHere(tx: Transaction, { meeting, command }: AtMeeting<'hand.raise'>): Promise<Who> {
  const agencyId = command.agencyId ?? null;
  const [there] = await tx
    .select({ name: attendance.name })
    .from(attendance)
    .where(
      and(
        eq(attendance.meetingId, meeting.id),
        isNull(attendance.cardId),
        eq(attendance.name, command.name ?? ''),
        agencyId ? eq(attendance.agencyId, agencyId) : isNull(attendance.agencyId)
      )
    )
    .orderBy(desc(attendance.at))
    .limit(1);
  if (!there) throw notFound();
  return { userId: null, name: there.name, agencyId };
}
