// One laptop for two agencies in one room: which shared laptops stand. Pure. Carries TWO1.
import { newest } from './standing.ts';

export interface LaptopSaid {
  readonly userId: string;
  readonly agencyId: string;
  readonly act: 'shared' | 'ended';
}

/** Who is in the room: users, and the agencies of everyone there, with a board or without. */
export interface Room {
  readonly users: ReadonlySet<string>;
  readonly agencies: ReadonlySet<string>;
}

interface Attending {
  readonly cardId: string | null;
  readonly userId: string | null;
  readonly name: string | null;
  readonly agencyId: string | null;
  readonly mode: string;
}

/** The room as it was last said of everyone, at the meeting as a whole. */
export function roomOf(
  attendance: readonly Attending[],
  agenciesOf: (userId: string) => readonly string[]
): Room {
  const there = newest(
    attendance.filter(({ cardId }) => cardId === null),
    (fact) => fact.userId ?? `${fact.name} ${fact.agencyId}`
  ).filter(({ mode }) => mode === 'room');
  return {
    users: new Set(there.flatMap(({ userId }) => userId ?? [])),
    agencies: new Set(
      there.flatMap(({ userId, agencyId }) => (userId ? agenciesOf(userId) : (agencyId ?? [])))
    )
  };
}

/** The shared laptops that stand: only while both sit in the room, its owner and somebody of the other agency. */
export function standingLaptops<L extends LaptopSaid>(said: readonly L[], room: Room): L[] {
  return newest(said, ({ userId, agencyId }) => `${userId} ${agencyId}`).filter(
    ({ act, userId, agencyId }) => act === 'shared' && room.users.has(userId) && room.agencies.has(agencyId)
  );
}
