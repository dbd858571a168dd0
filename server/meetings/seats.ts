// Who a person is at a meeting and at a card: read from the database for each judgement, and handed to the
// permission table. The one place where membership, chair, conflict and state come together. What it does
// not find and what the person may not have are the same answer. Carries the SEAT rules.
import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { sectionsOf } from '#lib/card/schema.ts';
import {
  mayProject,
  mayRead,
  maySee,
  mayWrite,
  mayWriteEver,
  screenSeat,
  type CardFacts,
  type DocumentKind,
  type Seat
} from '#lib/domain/permission.ts';
import type { Queries } from '../database/database.ts';
import { agencies, memberships } from '../database/schema/identity.ts';
import { cardAgencies, cards, conflicts, meetingObservers, meetings } from '../database/schema/meetings.ts';
import type { Session } from '../identity/session.ts';
import type { Admission } from '../sync/sync.ts';

export interface SeatAtMeeting {
  readonly meetingId: string;
  readonly seat: Seat;
}

export interface SeatAtCard extends SeatAtMeeting {
  readonly cardId: string;
  readonly familyId: string;
  readonly card: CardFacts;
}

/** The rows that make a seat. */
export interface SeatRows {
  readonly meeting: Pick<typeof meetings.$inferSelect, 'chairId' | 'deputyId' | 'heldBy'>;
  /** The person's memberships of the meeting's area that have not ended. */
  readonly memberships: readonly Pick<typeof memberships.$inferSelect, 'role' | 'agencyId'>[];
  readonly observer: boolean;
}

export type SeatRole = 'chair' | 'deputy' | 'coordinator' | 'rep' | 'observer';

/** The role that a person is named by, where one word must do; `there` are the agencies at the table. */
export function roleOf(seat: Seat, there: readonly string[]): SeatRole {
  if (seat.chair) return 'chair';
  if (seat.deputy) return 'deputy';
  if (seat.coordinator) return 'coordinator';
  return seat.observer && !seat.agencies.some((agency) => there.includes(agency)) ? 'observer' : 'rep';
}

/**
 * A seat from its rows; without a membership that stands, nobody is anything. While another holds the chair,
 * the person named to it is a deputy: they may take it again, and keep their place at the table.
 */
export function seatOf(userId: string, rows: SeatRows): Seat {
  const standing = rows.memberships.length > 0;
  const { chairId, deputyId, heldBy } = rows.meeting;
  const chair = standing && heldBy === userId;
  return {
    userId,
    agencies: [
      ...new Set(rows.memberships.flatMap((each) => (each.role === 'rep' ? (each.agencyId ?? []) : [])))
    ],
    coordinator: rows.memberships.some((each) => each.role === 'coordinator'),
    administrator: rows.memberships.some((each) => each.role === 'administrator'),
    chair,
    deputy: standing && (deputyId === userId || (chairId === userId && !chair)),
    observer: standing && rows.observer
  };
}

/** Whether the person has a place at a meeting with these cards. Administration alone gives none. */
export function hasPlace(seat: Seat, cardsThere: readonly CardFacts[]): boolean {
  if (seat.chair || seat.deputy || seat.coordinator || seat.observer) return true;
  return cardsThere.some((card) => maySee(seat, card));
}

/** The person's seat at a meeting of their area; undefined where there is no such meeting or no place for them at it. */
export async function seatAt(
  queries: Queries,
  areaId: string,
  userId: string,
  meetingId: string
): Promise<SeatAtMeeting | undefined> {
  const [[meeting], held, [observer], reached] = await Promise.all([
    queries
      .select()
      .from(meetings)
      .where(and(eq(meetings.id, meetingId), eq(meetings.areaId, areaId))),
    membershipsOf(queries, areaId, userId),
    observing(queries, userId, meetingId),
    // One card of an agency of theirs, which no conflict hides from them.
    queries
      .select({ cardId: cards.id })
      .from(cards)
      .innerJoin(cardAgencies, eq(cardAgencies.cardId, cards.id))
      .innerJoin(memberships, eq(memberships.agencyId, cardAgencies.agencyId))
      .leftJoin(conflicts, and(eq(conflicts.cardId, cards.id), eq(conflicts.userId, userId)))
      .where(
        and(
          eq(cards.meetingId, meetingId),
          isNull(cards.withdrawnAt),
          eq(memberships.userId, userId),
          eq(memberships.areaId, areaId),
          eq(memberships.role, 'rep'),
          isNull(memberships.endedAt),
          isNull(conflicts.id)
        )
      )
      .limit(1)
  ]);
  if (!meeting) return undefined;
  const seat = seatOf(userId, { meeting, memberships: held, observer: observer !== undefined });
  return reached.length > 0 || hasPlace(seat, []) ? { meetingId, seat } : undefined;
}

/** Somebody and a card, whose seat there is asked for. */
export interface WhoAtCard {
  readonly areaId: string;
  readonly userId: string;
  readonly cardId: string;
}

/** The person's seat at a card; undefined where the card does not exist for them. */
export async function seatAtCard(
  queries: Queries,
  areaId: string,
  userId: string,
  cardId: string
): Promise<SeatAtCard | undefined> {
  const [seat] = await seatsAtCards(queries, [{ areaId, userId, cardId }]);
  return seat;
}

/** The same of several, in their order, in as few questions. */
export async function seatsAtCards(
  queries: Queries,
  asked: readonly WhoAtCard[]
): Promise<(SeatAtCard | undefined)[]> {
  const cardIds = [...new Set(asked.map(({ cardId }) => cardId))];
  const userIds = [...new Set(asked.map(({ userId }) => userId))];
  const [found, held, observing, there, hidden] = await Promise.all([
    queries
      .select({ card: cards, meeting: meetings })
      .from(cards)
      .innerJoin(meetings, eq(meetings.id, cards.meetingId))
      .where(and(inArray(cards.id, cardIds), isNull(cards.withdrawnAt))),
    queries
      .select({
        areaId: memberships.areaId,
        userId: memberships.userId,
        role: memberships.role,
        agencyId: memberships.agencyId
      })
      .from(memberships)
      .where(and(inArray(memberships.userId, userIds), isNull(memberships.endedAt))),
    queries
      .select({ cardId: cards.id, userId: meetingObservers.userId })
      .from(meetingObservers)
      .innerJoin(cards, eq(cards.meetingId, meetingObservers.meetingId))
      .where(and(inArray(cards.id, cardIds), inArray(meetingObservers.userId, userIds))),
    queries
      .select({ cardId: cardAgencies.cardId, id: agencies.id, kind: agencies.kind })
      .from(cardAgencies)
      .innerJoin(agencies, eq(agencies.id, cardAgencies.agencyId))
      .where(inArray(cardAgencies.cardId, cardIds))
      .orderBy(agencies.position, agencies.code),
    queries
      .select({ cardId: conflicts.cardId, userId: conflicts.userId })
      .from(conflicts)
      .where(inArray(conflicts.cardId, cardIds))
  ]);
  const byCard = new Map(
    found.map(({ card, meeting }) => {
      const of = <R extends { cardId: string }>(rows: readonly R[]) =>
        rows.filter(({ cardId }) => cardId === card.id);
      const observers = new Set(of(observing).map(({ userId }) => userId));
      const facts = cardFactsOf(card, meeting.state, of(there), of(hidden));
      return [card.id, { card, meeting, observers, facts }] as const;
    })
  );
  const byUser = Map.groupBy(held, ({ userId }) => userId);
  return asked.map(({ areaId, userId, cardId }) => {
    const at = byCard.get(cardId);
    if (!at || at.card.areaId !== areaId) return undefined;
    const own = (byUser.get(userId) ?? []).filter((each) => each.areaId === areaId);
    const observer = at.observers.has(userId);
    const seat = seatOf(userId, { meeting: at.meeting, memberships: own, observer });
    if (!maySee(seat, at.facts)) return undefined;
    return { meetingId: at.meeting.id, cardId, familyId: at.card.familyId, seat, card: at.facts };
  });
}

/** What the permission table needs to know of a card, from its rows. */
export function cardFactsOf(
  card: Pick<typeof cards.$inferSelect, 'lockedAt'>,
  meeting: CardFacts['meeting'],
  there: readonly { id: string; kind: 'police' | 'idva' | 'other' }[],
  hidden: readonly { userId: string }[]
): CardFacts {
  const ofKind = (kind: 'police' | 'idva') => there.filter((each) => each.kind === kind).map(({ id }) => id);
  return {
    agencies: there.map(({ id }) => id),
    idva: ofKind('idva'),
    police: ofKind('police'),
    hiddenFrom: hidden.map(({ userId }) => userId),
    meeting,
    locked: card.lockedAt !== null
  };
}

/** What a person with this seat may do with one of the card's documents; null where it does not exist for them. */
export function admissionOf(
  session: Pick<Session, 'user' | 'memberships'>,
  meetingId: string,
  { kind, screen }: { readonly kind: DocumentKind; readonly screen?: boolean | undefined },
  at: SeatAtCard | undefined
): Admission | null {
  if (!at || at.meetingId !== meetingId || (screen && !mayProject(at.seat))) return null;
  const { card } = at;
  const seat = screen ? screenSeat(at.seat) : at.seat;
  if (!mayRead(seat, card, kind)) return null;
  const codes = session.memberships.flatMap(({ agency }) =>
    agency && seat.agencies.includes(agency.id) ? [agency.code] : []
  );
  return {
    who: { name: session.user.name, agencies: [...new Set(codes)], role: roleOf(seat, card.agencies) },
    sections: sectionsOf(kind, card.agencies),
    mayWrite: (section) => mayWrite(seat, card, section),
    mayWriteEver: (section) => mayWriteEver(seat, card, section)
  };
}

function membershipsOf(queries: Queries, areaId: string, userId: string) {
  return queries
    .select({ role: memberships.role, agencyId: memberships.agencyId })
    .from(memberships)
    .where(and(eq(memberships.areaId, areaId), eq(memberships.userId, userId), isNull(memberships.endedAt)));
}

function observing(queries: Queries, userId: string, meetingId: string) {
  return queries
    .select({ one: sql<number>`1` })
    .from(meetingObservers)
    .where(and(eq(meetingObservers.meetingId, meetingId), eq(meetingObservers.userId, userId)));
}
