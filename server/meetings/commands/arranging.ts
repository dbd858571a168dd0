// The agenda put in order while the meeting goes on, each in one act: a family moved, parked and taken back, withdrawn,
// two families linked. Rows are held in the order meeting, card. Carries the LINK rules.
import { and, asc, eq, isNotNull, isNull, ne, sql } from 'drizzle-orm';
import { movedTo } from '#lib/domain/agenda.ts';
import { placeOfTable } from '#lib/domain/pace.ts';
import { mayLead } from '#lib/domain/permission.ts';
import { record } from '../../audit/audit.ts';
import type { Transaction } from '../../database/database.ts';
import { agendaActs, cardLinks } from '../../database/schema/course.ts';
import { cards, meetings } from '../../database/schema/meetings.ts';
import { readCardCourses } from '../course.ts';
import { endTurn, readPacing } from '../pacing.ts';
import { seatAtCard } from '../seats.ts';
import {
  inAnotherState,
  locked,
  notAllowed,
  notFound,
  stated,
  writtenAt,
  type AtMeeting,
  type Done
} from './acting.ts';

type Arranging = Pick<AtMeeting<'card.move'>, 'session' | 'seat' | 'meeting'>;
type Card = typeof cards.$inferSelect;

/** Puts a family before another on the agenda, or at its end. */
export async function moveCard(tx: Transaction, { command, ...at }: AtMeeting<'card.move'>): Promise<Done> {
  const card = await holdCard(tx, at, command.cardId);
  if (command.before !== null) await holdCard(tx, at, command.before, 'locked too');
  const order = await orderOf(tx, at.meeting.id);
  const rest = order.filter((id) => id !== card.id);
  const place = command.before === null ? rest.length : rest.indexOf(command.before);
  if (place < 0) throw inAnotherState('A family is not put before itself.');
  await putInOrder(tx, movedTo(order, card.id, place));
  await tell(tx, at, card, 'moved');
  return stated(tx, card);
}

/** Puts a family off to the end of the agenda, or takes it back, to come next. */
export async function parkCard(tx: Transaction, { command, ...at }: AtMeeting<'card.park'>): Promise<Done> {
  const { session, meeting } = at;
  const card = await holdCard(tx, at, command.cardId);
  const isParked = (await readCardCourses(tx, [card.id])).get(card.id)?.parked !== null;
  if (isParked === command.parked) return { result: { version: card.version } };
  const order = await orderOf(tx, meeting.id);
  if (command.parked) await putInOrder(tx, movedTo(order, card.id, order.length - 1));
  else await bringForward(tx, meeting.id, card.id);
  await tell(tx, at, card, command.parked ? 'parked' : 'taken-back', command.reason ?? null);
  if (command.parked) await leaveTable(tx, { session, meeting, cardId: card.id });
  return stated(tx, card);
}

/**
 * Takes a family off the agenda, back to the coordinator's list, or puts it back at the agenda's end; what was written
 * on its card is kept.
 */
export async function withdrawCard(
  tx: Transaction,
  { command, ...at }: AtMeeting<'card.withdraw'>
): Promise<Done> {
  const { session, meeting } = at;
  if (!command.withdrawn) return putBack(tx, at, command.cardId);
  const card = await holdCard(tx, at, command.cardId);
  await tx
    .update(cards)
    .set({ withdrawnAt: sql`clock_timestamp()` })
    .where(eq(cards.id, card.id));
  await tell(tx, at, card, 'withdrawn', command.reason ?? null);
  await leaveTable(tx, { session, meeting, cardId: card.id });
  return { ...(await stated(tx, card)), rejudge: [{ cardId: card.id }] };
}

async function putBack(tx: Transaction, at: Arranging, cardId: string): Promise<Done> {
  const [back] = await tx
    .update(cards)
    .set({
      withdrawnAt: null,
      position: sql`1 + (select max(position) from cards where meeting_id = ${at.meeting.id})`
    })
    .where(and(eq(cards.id, cardId), eq(cards.meetingId, at.meeting.id), isNotNull(cards.withdrawnAt)))
    .returning();
  // Judged once it is there again: a card that is not on the agenda exists for nobody.
  const card = await holdCard(tx, at, cardId);
  if (!back) return { result: { version: card.version } };
  await refuseIfElsewhere(tx, back);
  await tell(tx, at, card, 'put-back');
  return stated(tx, card);
}

/** A family that was put on another agenda meanwhile stays there. */
async function refuseIfElsewhere(tx: Transaction, { id, caseId }: Card): Promise<void> {
  const [elsewhere] = await tx
    .select({ id: cards.id })
    .from(cards)
    .innerJoin(meetings, eq(meetings.id, cards.meetingId))
    .where(
      and(eq(cards.caseId, caseId), ne(cards.id, id), isNull(cards.withdrawnAt), ne(meetings.state, 'closed'))
    )
    .limit(1);
  if (elsewhere) throw inAnotherState('The coordinator has put this family on another agenda by now.');
}

/** Notes that two families are linked, or no longer; taken together, the second stands right after the first. */
export async function linkFamilies(
  tx: Transaction,
  { command, ...at }: AtMeeting<'families.link'>
): Promise<Done> {
  const { cardId, withCardId, linked, together, reason } = command;
  if (cardId === withCardId) throw inAnotherState('A family is not linked with itself.');
  const card = await holdCard(tx, at, cardId);
  const other = await holdCard(tx, at, withCardId);
  const [first = '', second = ''] = [cardId, withCardId].sort();
  await tx.insert(cardLinks).values({
    ...{ cardId: first, withCardId: second, linked, together: linked && together, reason },
    by: at.session.user.id,
    at: writtenAt
  });
  await audit(tx, at, card, { linked, withCardId });
  if (linked && together) {
    const order = await orderOf(tx, at.meeting.id);
    const rest = order.filter((id) => id !== withCardId);
    await putInOrder(tx, movedTo(order, withCardId, rest.indexOf(cardId) + 1));
  }
  await stated(tx, other);
  return stated(tx, card);
}

/** A family that was parked is no longer so once the chair shows it, nor stands behind what is still to come. */
export async function takeBackIfParked(tx: Transaction, at: Arranging, cardId: string): Promise<void> {
  if (!(await readCardCourses(tx, [cardId])).get(cardId)?.parked) return;
  await bringForward(tx, at.meeting.id, cardId);
  await tx.insert(agendaActs).values({ cardId, act: 'taken-back', by: at.session.user.id, at: writtenAt });
}

/**
 * Puts a family that is parked right after where the table is, or last was. Left at the end, it would make all that
 * lies before it what the table went past. Before the first family it stays where it is.
 */
async function bringForward(tx: Transaction, meetingId: string, cardId: string): Promise<void> {
  const { turns } = await readPacing(tx, meetingId, []);
  if (turns.length === 0) return;
  const order = await orderOf(tx, meetingId);
  const courses = await readCardCourses(tx, order);
  const standing = order.filter((id) => id !== cardId && !courses.get(id)?.parked);
  const had = turns.map((turn) => turn.cardId);
  const place = placeOfTable(had, new Set(standing));
  const rest = order.filter((id) => id !== cardId);
  await putInOrder(tx, movedTo(order, cardId, place === null ? 0 : rest.indexOf(place) + 1));
}

async function holdCard(
  tx: Transaction,
  { session, seat, meeting }: Arranging,
  cardId: string,
  also?: 'locked too'
): Promise<Card> {
  const [row] = await tx.select().from(cards).where(eq(cards.id, cardId)).for('update');
  const at = await seatAtCard(tx, meeting.areaId, session.user.id, cardId);
  if (!row || !at || at.meetingId !== meeting.id) throw notFound();
  if (!mayLead(seat, 'arrange')) throw notAllowed('Chair and coordinator put the agenda in order.');
  if (meeting.state === 'closed') throw inAnotherState('This meeting is closed.');
  if (row.lockedAt && !also) throw locked();
  return row;
}

/** The whole agenda's cards in their order, also those that this person may not see. */
async function orderOf(tx: Transaction, meetingId: string): Promise<string[]> {
  const rows = await tx
    .select({ id: cards.id })
    .from(cards)
    .where(and(eq(cards.meetingId, meetingId), isNull(cards.withdrawnAt)))
    .orderBy(asc(cards.position), asc(cards.id));
  return rows.map(({ id }) => id);
}

async function putInOrder(tx: Transaction, order: readonly string[]): Promise<void> {
  for (const [at, id] of order.entries())
    await tx
      .update(cards)
      .set({ position: at + 1 })
      .where(eq(cards.id, id));
}

async function leaveTable(
  tx: Transaction,
  { session, meeting, cardId }: Pick<Arranging, 'session' | 'meeting'> & { readonly cardId: string }
): Promise<void> {
  if (meeting.currentCardId !== cardId) return;
  await tx.update(meetings).set({ currentCardId: null }).where(eq(meetings.id, meeting.id));
  await endTurn(tx, { meetingId: meeting.id, cardId, by: session.user.id });
}

async function tell(
  tx: Transaction,
  at: Arranging,
  card: Card,
  act: (typeof agendaActs.$inferInsert)['act'],
  reason: string | null = null
): Promise<void> {
  await tx.insert(agendaActs).values({ cardId: card.id, act, reason, by: at.session.user.id, at: writtenAt });
  await audit(tx, at, card, { [act]: true });
}

async function audit(tx: Transaction, { session, meeting }: Arranging, card: Card, detail: object) {
  await record(tx, session, {
    act: 'meeting-changed',
    purpose: 'the meeting',
    familyId: card.familyId,
    meetingId: meeting.id,
    cardId: card.id,
    detail: { ...detail }
  });
}
