// What every act of scheduling stands on: the rows it holds while it acts, and how it ends. Rows are always
// taken in this order: the area's, the meeting's, the card's; so that no two acts wait for each other.
import { and, asc, eq, isNull } from 'drizzle-orm';
import { dayInWords } from '#lib/domain/london.ts';
import { record } from '../audit/audit.ts';
import type { Database, Transaction } from '../database/database.ts';
import { areas } from '../database/schema/identity.ts';
import { cards, conflicts, meetings } from '../database/schema/meetings.ts';
import { holds, type Session } from '../identity/session.ts';
import { Faulty, Missing, type Fault } from './faults.ts';
import { isId } from './input.ts';

/** How an act ended: done, refused with what is wrong, or about something that does not exist for the asker. */
export type Outcome<T = object> =
  ({ readonly done: true } & T) | { readonly faults: readonly Fault[] } | { readonly missing: true };

export type Meeting = typeof meetings.$inferSelect;
export type Card = typeof cards.$inferSelect;

/** The purpose that the audit gives for what is done to a meeting. */
export const purposeOf = (startsAt: Date) => `the meeting of ${dayInWords(startsAt)}`;

/** Runs a coordinator's act and says how it ended; any other failure is the caller's. */
export async function acting<T extends object>(session: Session, act: () => Promise<T>): Promise<Outcome<T>> {
  if (!holds(session, 'coordinator')) return { missing: true };
  try {
    return { done: true, ...(await act()) };
  } catch (error) {
    if (error instanceof Faulty) return { faults: error.faults };
    if (error instanceof Missing) return { missing: true };
    throw error;
  }
}

export interface Edited<T> {
  readonly result: T;
  readonly cardId?: string;
  /** For the audit: ids and counts. */
  readonly detail: Record<string, unknown>;
}

/** One change of a meeting that is not closed, with its audit row, in one transaction that holds the meeting. */
export function edit<T>(
  { db }: Database,
  session: Session,
  meetingId: string,
  change: (tx: Transaction, meeting: Meeting) => Promise<Edited<T>>
): Promise<T> {
  return db.transaction(async (tx) => {
    const meeting = await holdMeeting(tx, session, meetingId);
    const { result, cardId, detail } = await change(tx, meeting);
    const purpose = purposeOf(meeting.startsAt);
    await record(tx, session, { act: 'meeting-changed', purpose, meetingId, cardId, detail });
    return result;
  });
}

/**
 * Holds the area, so that no family gets onto two agendas at once. It is the weaker of the two locks for a
 * change: every audit row refers to the area, and others must not wait for us to write theirs.
 */
export async function holdArea(tx: Transaction, session: Session): Promise<void> {
  await tx.select({ id: areas.id }).from(areas).where(eq(areas.id, session.area.id)).for('no key update');
}

/** Holds a meeting of the area that is not closed. */
export async function holdMeeting(tx: Transaction, session: Session, meetingId: string): Promise<Meeting> {
  if (!isId(meetingId)) throw new Missing();
  await holdArea(tx, session);
  const [meeting] = await tx
    .select()
    .from(meetings)
    .where(and(eq(meetings.id, meetingId), eq(meetings.areaId, session.area.id)))
    .for('no key update');
  if (!meeting) throw new Missing();
  if (meeting.state === 'closed')
    throw new Faulty({
      field: null,
      message: 'This meeting is closed. Nothing of it can be changed any more.'
    });
  return meeting;
}

/** Holds a card of the meeting that can still be changed. One that a conflict of interest hides does not exist. */
export async function holdCard(
  tx: Transaction,
  session: Session,
  meeting: Meeting,
  cardId: string
): Promise<Card> {
  if (!isId(cardId)) throw new Missing();
  const [card] = await tx
    .select()
    .from(cards)
    .where(and(eq(cards.id, cardId), eq(cards.meetingId, meeting.id), isNull(cards.withdrawnAt)))
    .for('no key update');
  const declared = await tx
    .select({ id: conflicts.id })
    .from(conflicts)
    .where(and(eq(conflicts.cardId, cardId), eq(conflicts.userId, session.user.id)));
  if (!card || declared.length > 0) throw new Missing();
  if (card.lockedAt)
    throw new Faulty({ field: null, message: 'This card is locked. Nothing of it can be changed any more.' });
  return card;
}

/** The agenda's cards in their order, and which of them a conflict of interest hides from the asker. */
export async function cardsInOrder(
  tx: Transaction,
  session: Session,
  meetingId: string
): Promise<{ ids: string[]; hidden: Set<string> }> {
  const rows = await tx
    .select({ id: cards.id, conflict: conflicts.id })
    .from(cards)
    .leftJoin(conflicts, and(eq(conflicts.cardId, cards.id), eq(conflicts.userId, session.user.id)))
    .where(and(eq(cards.meetingId, meetingId), isNull(cards.withdrawnAt)))
    .orderBy(asc(cards.position), asc(cards.id));
  return {
    ids: rows.map(({ id }) => id),
    hidden: new Set(rows.flatMap(({ id, conflict }) => (conflict === null ? [] : [id])))
  };
}
