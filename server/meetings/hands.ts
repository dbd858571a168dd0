// Hands and shared laptops as rows, and what stands of them for everyone alike. Who may know of whose is the
// view's. Carries HAND1 and TWO1.
import { and, asc, eq, isNull } from 'drizzle-orm';
import { standingHands, type HandSaid } from '#lib/domain/hand.ts';
import { roomOf, standingLaptops, type LaptopSaid } from '#lib/domain/laptop.ts';
import type { HandView, LaptopView, PersonHere } from '#lib/protocol/meeting.ts';
import type { Queries } from '../database/database.ts';
import { hands, laptops } from '../database/schema/hands.ts';
import { memberships } from '../database/schema/identity.ts';
import { attendance } from '../database/schema/meetings.ts';
import type { AttendanceFact } from './facts.ts';

/** The key of somebody at a meeting: their user's id, or one of a name and agency written by hand. */
export function keyOf(who: { userId: string | null; name: string | null; agencyId: string | null }): string {
  return who.userId ?? `by-hand/${who.agencyId ?? ''}/${who.name ?? ''}`;
}

export interface RaisedAndShared {
  readonly hands: readonly HandSaid[];
  readonly laptops: readonly LaptopSaid[];
}

/** Everything said of hands and laptops at a meeting, in order. */
export async function readHands(queries: Queries, meetingId: string): Promise<RaisedAndShared> {
  const [raised, shared] = await Promise.all([
    queries.select().from(hands).where(eq(hands.meetingId, meetingId)).orderBy(asc(hands.at), asc(hands.id)),
    queries
      .select()
      .from(laptops)
      .where(eq(laptops.meetingId, meetingId))
      .orderBy(asc(laptops.at), asc(laptops.id))
  ]);
  return {
    hands: raised.map((row) => ({ key: keyOf(row), act: row.act, at: row.at.toISOString() })),
    laptops: shared.map(({ userId, agencyId, act }) => ({ userId, agencyId, act }))
  };
}

/** The agencies for which this person's laptop speaks now, beside their own. */
export async function sharedWith(
  queries: Queries,
  { areaId, meetingId, userId }: { areaId: string; meetingId: string; userId: string }
): Promise<string[]> {
  const { laptops: said } = await readHands(queries, meetingId);
  if (!said.some((each) => each.userId === userId)) return [];
  const [there, held] = await Promise.all([
    queries
      .select()
      .from(attendance)
      .where(and(eq(attendance.meetingId, meetingId), isNull(attendance.cardId)))
      .orderBy(asc(attendance.at), asc(attendance.id)),
    queries
      .select({ userId: memberships.userId, agencyId: memberships.agencyId })
      .from(memberships)
      .where(and(eq(memberships.areaId, areaId), eq(memberships.role, 'rep'), isNull(memberships.endedAt)))
  ]);
  const agenciesOf = (id: string) =>
    held.flatMap((each) => (each.userId === id ? (each.agencyId ?? []) : []));
  return standingLaptops(said, roomOf(there, agenciesOf))
    .filter((each) => each.userId === userId)
    .map(({ agencyId }) => agencyId);
}

/**
 * The hands that are up and the laptops that are shared, as one person may know them.
 * @param people everyone whom this person may know of; nobody else's hand is in the queue, nor counted
 */
export function handsAmong(
  said: RaisedAndShared,
  people: readonly PersonHere[],
  attendance: readonly AttendanceFact[]
): { hands: HandView[]; laptops: LaptopView[] } {
  const known = new Map(people.map((person) => [person.key, person]));
  const gone = new Map(
    attendance
      .filter(({ mode, cardId }) => cardId === null && mode !== 'room' && mode !== 'remote')
      .map((fact) => [keyOf(fact), fact.at])
  );
  const room = roomOf(attendance, (userId) => known.get(userId)?.agencyIds ?? []);
  return {
    hands: standingHands(said.hands, gone).flatMap(({ key, at }): HandView[] => {
      const person = known.get(key);
      if (!person) return [];
      const { userId, name, agencyIds, mode } = person;
      return [{ key, userId, name, agencyIds, mode, at }];
    }),
    laptops: standingLaptops(said.laptops, room)
      .filter(({ userId }) => known.has(userId))
      .map(({ userId, agencyId }) => ({ userId, agencyId }))
  };
}
