// Who is played in a rehearsal: a rep for each agency but the own one of whoever rehearses, and a chair where that
// person does not chair. They are users like any other, whom nobody can sign in as: no password, an address under
// .invalid. Their sessions are made here and go with the play. Carries REHEARSE3.
import { randomBytes, randomUUID } from 'node:crypto';
import { and, asc, eq, inArray, isNull, ne } from 'drizzle-orm';
import type { Db, Queries } from '../database/database.ts';
import { agencies, memberships, sessions, users } from '../database/schema/identity.ts';

export const coordinatorName = 'Simon Carrick';
export const chairName = 'Helen Marlowe';
/** By the code of the agency that they speak for. */
export const repNames: Readonly<Record<string, string>> = {
  POL: 'Alan Brook',
  IDV: 'Nadia Farrow',
  HEA: 'Ruth Penhale',
  HOU: 'Colin Ayre',
  CSC: 'Moira Stanton',
  EDU: 'Jess Tolland'
};

/** No play lasts longer, in milliseconds. */
export const longest = 2 * 3_600_000;

/** Somebody who is played. */
export interface Player {
  readonly userId: string;
  readonly name: string;
  /** Null for the chair. */
  readonly agency: { readonly id: string; readonly code: string } | null;
}

/** Makes an invented person with a place in the rehearsal. */
export async function insertInvented(
  queries: Queries,
  place: { areaId: string; role: 'rep' | 'coordinator'; agencyId: string | null },
  name: string
): Promise<string> {
  const userId = randomUUID();
  await queries.insert(users).values({ id: userId, name, email: `${randomUUID()}@rehearsal.invalid` });
  await queries.insert(memberships).values({ ...place, userId });
  return userId;
}

/** Everyone who is played in a rehearsal, the chair first. */
export async function playersOf(db: Db, areaId: string, ownId: string): Promise<Player[]> {
  const rows = await db
    .select({ userId: users.id, name: users.name, agency: { id: agencies.id, code: agencies.code } })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .leftJoin(agencies, eq(agencies.id, memberships.agencyId))
    .where(
      and(
        eq(memberships.areaId, areaId),
        eq(memberships.role, 'rep'),
        ne(memberships.userId, ownId),
        isNull(memberships.endedAt)
      )
    )
    .orderBy(asc(agencies.position));
  return rows.sort((a, b) => Number(a.agency !== null) - Number(b.agency !== null));
}

/** Begins a session in the rehearsal for each player. Answers their tokens, by user. */
export async function admitPlayers(
  db: Db,
  areaId: string,
  players: readonly Player[],
  now: Date
): Promise<ReadonlyMap<string, string>> {
  const rows = players.map(({ userId }) => ({
    userId,
    token: randomBytes(24).toString('base64url'),
    expiresAt: new Date(now.getTime() + longest),
    rehearsalAreaId: areaId
  }));
  await db.insert(sessions).values(rows);
  return new Map(rows.map(({ userId, token }) => [userId, token]));
}

/** Ends every session of these players. */
export async function dismissPlayers(db: Db, players: readonly Player[]): Promise<void> {
  const userIds = players.map(({ userId }) => userId);
  await db.delete(sessions).where(inArray(sessions.userId, userIds));
}
