// What an agency or the chair states on a card: record states, ratings, the reveal, the joint rating, dissent.
// Each is a row that is added; what stands of them is derived.
import { and, eq, sql } from 'drizzle-orm';
import { mayLead, mayStateFor } from '#lib/domain/permission.ts';
import { record } from '../../audit/audit.ts';
import type { Transaction } from '../../database/database.ts';
import {
  cardMembers,
  cards,
  dissents,
  jointRatings,
  ratings,
  recordStates
} from '../../database/schema/meetings.ts';
import { sharedWith } from '../hands.ts';
import {
  inAnotherState,
  notAllowed,
  notFound,
  Refused,
  stated,
  writtenAt,
  type AtCard,
  type Done
} from './acting.ts';
import { stageAfterReveal } from './coursing.ts';

type Stating = AtCard<'record.set'> | AtCard<'rating.set'> | AtCard<'dissent.set'>;
type StatedFor = { agencyId: string; noted: boolean; laptopOf: string | null };

/**
 * The agency for which something is stated: the one that is named, or else the only one that the person sits
 * for at this card. `noted`: the coordinator writes it down for an agency that spoke; `laptopOf`: a rep states it
 * for a neighbour in the room who shares their laptop.
 */
async function agencyFor(tx: Transaction, at: Stating): Promise<StatedFor> {
  const { seat, card, command, meetingId, row } = at;
  const own = seat.agencies.filter((agency) => card.agencies.includes(agency));
  const agencyId = command.agencyId ?? (own.length === 1 ? own[0] : undefined);
  if (agencyId === undefined && (own.length > 1 || seat.coordinator))
    throw new Refused({
      code: 'malformed',
      field: 'agencyId',
      message: 'agencyId: Name the agency for which this is said'
    });
  const isOwn = agencyId !== undefined && seat.agencies.includes(agencyId);
  const place = { areaId: row.areaId, meetingId, userId: seat.userId };
  const shared = isOwn || seat.coordinator ? [] : await sharedWith(tx, place);
  if (agencyId === undefined || !mayStateFor(seat, card, agencyId, shared))
    throw notAllowed('Only an agency at this card says this, or the coordinator who notes it for one.');
  const noted = !isOwn && seat.coordinator;
  return { agencyId, noted, laptopOf: isOwn || noted ? null : (own[0] ?? null) };
}

async function ofThisCard(tx: Transaction, cardId: string, memberId: string | null): Promise<void> {
  if (memberId === null) return;
  const [member] = await tx
    .select()
    .from(cardMembers)
    .where(and(eq(cardMembers.cardId, cardId), eq(cardMembers.memberId, memberId)));
  if (!member) throw notFound();
}

export async function setRecord(tx: Transaction, at: AtCard<'record.set'>): Promise<Done> {
  const { command, session, row } = at;
  const agency = await agencyFor(tx, at);
  await ofThisCard(tx, row.id, command.memberId);
  await tx.insert(recordStates).values({
    ...agency,
    cardId: row.id,
    by: session.user.id,
    at: writtenAt,
    memberId: command.memberId,
    record: command.record,
    searched: command.searched ?? null,
    reason: command.reason ?? null,
    afterReveal: row.revealedAt !== null
  });
  return stated(tx, row);
}

export async function setRating(tx: Transaction, at: AtCard<'rating.set'>): Promise<Done> {
  const { command, session, row } = at;
  const agency = await agencyFor(tx, at);
  await ofThisCard(tx, row.id, command.memberId);
  await tx.insert(ratings).values({
    ...agency,
    cardId: row.id,
    by: session.user.id,
    at: writtenAt,
    memberId: command.memberId,
    rating: command.rating,
    basis: command.rating === null ? null : (command.basis ?? null),
    reason: command.reason ?? null,
    afterReveal: row.revealedAt !== null
  });
  return stated(tx, row);
}

/** Every agency's ratings and record states become known to all at the card, at once. */
export async function reveal(
  tx: Transaction,
  { session, seat, row, card }: AtCard<'ratings.reveal'>
): Promise<Done> {
  if (!mayLead(seat, 'reveal')) throw notAllowed('Only the chair reveals the ratings.');
  if (card.meeting !== 'open') throw inAnotherState('The meeting is not open.');
  if (row.revealedAt) return { result: { version: row.version } };
  await tx
    .update(cards)
    .set({ revealedAt: sql`clock_timestamp()` })
    .where(eq(cards.id, row.id));
  await stageAfterReveal(tx, { session, cardId: row.id });
  await record(tx, session, {
    act: 'ratings-revealed',
    purpose: 'the meeting',
    familyId: row.familyId,
    meetingId: row.meetingId,
    cardId: row.id
  });
  const notice = { kind: 'revealed', text: 'The ratings are revealed.', cardId: row.id } as const;
  return { ...(await stated(tx, row)), notice };
}

/** The chair concludes: a rating of the family, or of a member, with its reason. */
export async function setJoint(tx: Transaction, at: AtCard<'joint.set'>): Promise<Done> {
  const { command, session, seat, row, card } = at;
  if (!mayLead(seat, 'conclude')) throw notAllowed('Only the chair records the joint rating.');
  if (card.meeting !== 'open') throw inAnotherState('The meeting is not open.');
  await ofThisCard(tx, row.id, command.memberId);
  const { memberId, rating, reason } = command;
  await tx
    .insert(jointRatings)
    .values({ cardId: row.id, by: session.user.id, at: writtenAt, memberId, rating, reason });
  // What the chair concludes was before the table, whether or not anybody pressed 'show'.
  if (!row.shownAt)
    await tx
      .update(cards)
      .set({ shownAt: sql`clock_timestamp()` })
      .where(eq(cards.id, row.id));
  return stated(tx, row);
}

export async function setDissent(tx: Transaction, at: AtCard<'dissent.set'>): Promise<Done> {
  const { command, session, row } = at;
  const { agencyId, laptopOf } = await agencyFor(tx, at);
  await ofThisCard(tx, row.id, command.memberId);
  const { memberId, reason } = command;
  await tx
    .insert(dissents)
    .values({ cardId: row.id, by: session.user.id, at: writtenAt, memberId, agencyId, laptopOf, reason });
  return stated(tx, row);
}
