// The lock of a card, and the close of a meeting, which locks those concluded card by card. Cards that are
// locked stay locked whatever comes after; a close that is stopped half-way is sent again and goes on.
import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { mayLead } from '#lib/domain/permission.ts';
import { courseOf } from '#lib/domain/standing.ts';
import type { Missing } from '#lib/protocol/command.ts';
import { record } from '../../audit/audit.ts';
import type { Queries, Transaction } from '../../database/database.ts';
import { cards, conflicts, jointRatings, meetings } from '../../database/schema/meetings.ts';
import { beginTurn, endTurn } from '../pacing.ts';
import { seatAt, seatAtCard } from '../seats.ts';
import {
  inAnotherState,
  locked,
  notAllowed,
  notFound,
  Refused,
  type CommandOf,
  type Done
} from './acting.ts';
import { writePhase } from './coursing.ts';
import { carriedIn, carry, nothingMoved, reasonFor, sayNamed } from './carrying.ts';
import { claim, keep, once, type Arrived, type CommandNeeds } from './once.ts';

export async function lockCard(
  { database, decisions }: CommandNeeds,
  arrived: Arrived<CommandOf<'card.lock'>>
): Promise<Done> {
  const { session, meetingId, command } = arrived;
  const { cardId } = command;
  const at = await seatAtCard(database.db, session.area.id, session.user.id, cardId);
  if (!at || at.meetingId !== meetingId) throw notFound();
  if (!mayLead(at.seat, 'lock')) throw notAllowed('Only the chair locks a card.');
  if (at.card.locked) throw locked();
  if (at.card.meeting !== 'open') throw inAnotherState('The meeting is not open.');
  const answer = await decisions.lock(session, cardId, {
    seen: command.seen ?? undefined,
    reason: command.reason ?? undefined,
    also: async (tx, result) => {
      await claim(tx, arrived);
      await endTurn(tx, { meetingId, cardId, by: session.user.id });
      await keep(tx, arrived, { ...result });
    }
  });
  if (!answer.ok) throw new Refused(answer.error);
  const text = `${session.user.name} has locked the decision.`;
  return { result: { ...answer.result }, notice: { kind: 'locked', text, cardId } };
}

/** Undoes a close: a card was concluded while others were locked, and is to be locked first. */
class ConcludedMeanwhile extends Error {
  override name = 'ConcludedMeanwhile';
}

interface Agenda {
  /** Concluded, neither locked yet nor to be carried, and there for this chair. */
  readonly ready: readonly string[];
  /** Those of all the meeting's cards that this chair may see. */
  readonly seen: readonly string[];
  readonly lockedAlready: readonly string[];
}

export async function closeMeeting(
  needs: CommandNeeds,
  arrived: Arrived<CommandOf<'meeting.close'>>
): Promise<Done> {
  const { session, command } = arrived;
  const { db } = needs.database;
  await mayClose(db, arrived);
  const before = await agendaOf(db, arrived);
  sayNamed(command, before);
  await nothingMoved(needs, session, command, before.ready);
  const lacking = await missingOn(needs, before.ready);
  const unexplained = lacking.filter(({ cardId }) => reasonFor(command, cardId) === undefined);
  if (unexplained.length > 0)
    throw new Refused({
      code: 'not-ready',
      message: 'Some cards lack something. Mend it, or close with a reason.',
      missing: unexplained.flatMap(({ missing }) => missing),
      cards: unexplained
    });
  for (;;) {
    const { ready } = await agendaOf(db, arrived);
    for (const cardId of ready) await lockOne(needs, arrived, cardId, lacking);
    try {
      const done = await once(needs.database, arrived, (tx) => closeIn(tx, arrived));
      const notice = { kind: 'closed', text: `${session.user.name} has closed the meeting.` } as const;
      return { ...done, rejudge: [{ meetingId: arrived.meetingId }], notice };
    } catch (error) {
      if (!(error instanceof ConcludedMeanwhile)) throw error;
    }
  }
}

async function mayClose(queries: Queries, { session, meetingId }: Arrived): Promise<void> {
  const at = await seatAt(queries, session.area.id, session.user.id, meetingId);
  if (!at) throw notFound();
  if (!mayLead(at.seat, 'close')) throw notAllowed('Only the chair closes the meeting.');
  const [meeting] = await queries
    .select({ state: meetings.state })
    .from(meetings)
    .where(eq(meetings.id, meetingId));
  if (meeting?.state !== 'open') throw inAnotherState('The meeting is not open.');
}

async function missingOn(
  { decisions }: CommandNeeds,
  cardIds: readonly string[]
): Promise<{ cardId: string; missing: Missing[] }[]> {
  const found = [];
  for (const cardId of cardIds) found.push({ cardId, missing: await decisions.missing(cardId) });
  return found.filter(({ missing }) => missing.length > 0);
}

async function lockOne(
  { decisions }: CommandNeeds,
  { session, command }: Arrived<CommandOf<'meeting.close'>>,
  cardId: string,
  lacking: readonly { cardId: string }[]
): Promise<void> {
  const passed = lacking.some((each) => each.cardId === cardId);
  const reason = passed ? reasonFor(command, cardId) : undefined;
  const answer = await decisions.lock(session, cardId, { reason, seen: command.seen?.[cardId] });
  if (answer.ok || answer.error.code === 'locked') return;
  const said = `${answer.error.message} What was locked before it stays locked; the meeting is still open.`;
  const { error } = answer;
  if (error.code === 'not-ready')
    throw new Refused({ ...error, cards: [{ cardId, missing: error.missing }], message: said });
  if (error.code === 'changed')
    throw new Refused({ ...error, cards: [{ cardId, moved: error.moved ?? [] }], message: said });
  throw new Refused({ ...error, message: said });
}

async function agendaOf(
  queries: Queries,
  { session, meetingId, command }: Arrived<CommandOf<'meeting.close'>>
): Promise<Agenda> {
  const rows = await queries
    .select({ row: cards, hidden: conflicts.id })
    .from(cards)
    .leftJoin(conflicts, and(eq(conflicts.cardId, cards.id), eq(conflicts.userId, session.user.id)))
    .where(and(eq(cards.meetingId, meetingId), isNull(cards.withdrawnAt)))
    .orderBy(asc(cards.position));
  const seen = rows.flatMap(({ row, hidden }) => (hidden === null ? [row] : []));
  const ids = seen.map(({ id }) => id);
  const joint = await queries
    .selectDistinct({ cardId: jointRatings.cardId })
    .from(jointRatings)
    .where(and(inArray(jointRatings.cardId, [...ids, meetingId]), isNull(jointRatings.memberId)));
  const concluded = new Set(joint.map(({ cardId }) => cardId));
  const isReady = (row: typeof cards.$inferSelect) =>
    row.shownAt !== null &&
    !carriedIn(command).has(row.id) &&
    courseOf({ ...row, concluded: concluded.has(row.id) }) === 'concluded';
  return {
    ready: seen.filter(isReady).map(({ id }) => id),
    seen: ids,
    lockedAlready: seen.filter(({ lockedAt }) => lockedAt !== null).map(({ id }) => id)
  };
}

/** Whatever was not locked returns to the coordinator's list, and nothing of this meeting can be written any more. */
async function closeIn(tx: Transaction, arrived: Arrived<CommandOf<'meeting.close'>>): Promise<Done> {
  const { session, meetingId, command } = arrived;
  await tx.select().from(meetings).where(eq(meetings.id, meetingId)).for('no key update');
  await mayClose(tx, arrived);
  await tx.select({ id: cards.id }).from(cards).where(eq(cards.meetingId, meetingId)).for('update');
  const { ready, seen, lockedAlready } = await agendaOf(tx, arrived);
  if (ready.length > 0) throw new ConcludedMeanwhile();
  const notReached = await tx
    .update(cards)
    .set({ notReachedAt: sql`clock_timestamp()`, version: sql`${cards.version} + 1` })
    .where(and(eq(cards.meetingId, meetingId), isNull(cards.lockedAt), isNull(cards.withdrawnAt)))
    .returning({ id: cards.id });
  await tx
    .update(meetings)
    .set({ state: 'closed', closedAt: sql`clock_timestamp()`, closeReason: command.reason ?? null })
    .where(eq(meetings.id, meetingId));
  await beginTurn(tx, { meetingId, cardId: null, by: session.user.id });
  await writePhase(tx, { session, meeting: { id: meetingId }, phase: 'closed' });
  const carried = await carry(tx, session, command);
  await record(tx, session, {
    act: 'meeting-closed',
    purpose: 'the meeting',
    meetingId,
    detail: { locked: lockedAlready.length, notReached: notReached.length, carried: carried.length }
  });
  return {
    result: {
      locked: lockedAlready,
      notReached: notReached.map(({ id }) => id).filter((id) => seen.includes(id)),
      carried
    }
  };
}
