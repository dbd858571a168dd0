// One-time links: an invitation into an area, or a new password. The token is in the link alone; the
// database holds its hash. A link reaches no further than the area that made it. Carries ID6, ID7, ID11, ID12.
import { createHash, randomBytes } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import { and, eq, gt, isNull, type SQL } from 'drizzle-orm';
import { record } from '../audit/audit.ts';
import type { Db, Queries } from '../database/database.ts';
import {
  accounts,
  agencies,
  areas,
  invitations,
  memberships,
  sessions,
  users
} from '../database/schema/identity.ts';
import { forgetFailures } from './limits.ts';
import type { Role } from './session.ts';

const validDays = { invitation: 7, renewal: 1 } as const;

export interface Invitee {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly agencyId: string | null;
}

export interface OpenLink {
  readonly kind: 'invitation' | 'renewal';
  /** Empty for an area's first coordinator, whom nobody has named yet. */
  readonly name: string;
  readonly email: string;
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');

/** Makes a link's token; only here is it known. */
export async function insertLink(
  queries: Queries,
  link: {
    kind: 'invitation' | 'renewal';
    areaId: string;
    createdBy: string | null;
    invitee: Omit<Invitee, 'role'> & { role: Role | null };
  },
  now: Date
): Promise<string> {
  const token = randomBytes(24).toString('base64url');
  const { invitee, ...row } = link;
  await queries.insert(invitations).values({
    ...row,
    ...invitee,
    email: invitee.email.trim().toLowerCase(),
    tokenHash: hashOf(token),
    expiresAt: new Date(now.getTime() + validDays[link.kind] * 24 * 3_600_000)
  });
  return token;
}

const stillOpen = (token: string, now: Date) =>
  and(eq(invitations.tokenHash, hashOf(token)), isNull(invitations.usedAt), gt(invitations.expiresAt, now));

/** What a link is for, without using it; undefined where it was used, has expired or never was. */
export async function readLink(db: Db, token: string, now: Date): Promise<OpenLink | undefined> {
  const [link] = await db
    .select({ kind: invitations.kind, name: invitations.name, email: invitations.email })
    .from(invitations)
    .where(stillOpen(token, now));
  return link;
}

/** Closes the open links of an area that fit `which`; answers how many. */
export async function closeLinks(
  queries: Queries,
  areaId: string,
  which: SQL | undefined,
  now: Date
): Promise<number> {
  const closed = await queries
    .update(invitations)
    .set({ expiresAt: now })
    .where(
      and(eq(invitations.areaId, areaId), which, isNull(invitations.usedAt), gt(invitations.expiresAt, now))
    )
    .returning({ id: invitations.id });
  return closed.length;
}

export interface UsedLink {
  readonly kind: 'invitation' | 'renewal';
  readonly email: string;
  readonly userId: string;
  readonly areaId: string;
}

/**
 * Uses a link up: the person has this password from now on, and the place that the invitation named.
 * @param chosen the name of a person whom nobody has named yet; for others it counts for nothing.
 * @returns undefined where the link is not open, or where the person belongs to another area by now.
 */
export async function useLink(
  db: Db,
  token: string,
  password: string,
  chosen: string,
  now: Date
): Promise<UsedLink | undefined> {
  // Hashing is dear, so whoever only guesses at links does not get it.
  if (!(await readLink(db, token, now))) return undefined;
  const hash = await hashPassword(password);
  return db.transaction(async (tx) => {
    const [link] = await tx.update(invitations).set({ usedAt: now }).where(stillOpen(token, now)).returning();
    if (!link) return undefined;
    const { kind, email, areaId } = link;
    const name = link.name || chosen || (email.split('@')[0] ?? email);
    const userId = await userFor(tx, { email, name });
    if (!(await mayUse(tx, userId, link))) return undefined;
    await tx.delete(accounts).where(and(eq(accounts.userId, userId), eq(accounts.providerId, 'credential')));
    await tx.insert(accounts).values({ userId, accountId: userId, providerId: 'credential', password: hash });
    await tx.delete(sessions).where(eq(sessions.userId, userId));
    await forgetFailures(tx, email);
    if (kind === 'invitation' && link.role)
      await insertMembership(tx, { areaId, userId, role: link.role, agencyId: link.agencyId });
    await record(
      tx,
      { id: null, area: { id: areaId }, user: { id: userId } },
      { act: 'link-used', purpose: kind === 'invitation' ? 'an invitation' : 'a new password' }
    );
    return { kind, email, userId, areaId };
  });
}

/** Whether the person is still the area's to give a password: a place elsewhere is another area's, and a renewal needs one here. */
async function mayUse(
  queries: Queries,
  userId: string,
  link: { kind: 'invitation' | 'renewal'; areaId: string }
): Promise<boolean> {
  const held = await standingPlaces(queries, userId);
  if (held.some((place) => place.areaId !== link.areaId)) return false;
  return link.kind === 'invitation' || held.length > 0;
}

/** The areas in which a person has a place. A rehearsal is no place: it keeps nobody in, and nobody out. */
export function standingPlaces(queries: Queries, userId: string): Promise<{ areaId: string }[]> {
  return queries
    .select({ areaId: memberships.areaId })
    .from(memberships)
    .innerJoin(areas, and(eq(areas.id, memberships.areaId), isNull(areas.rehearsalOf)))
    .where(and(eq(memberships.userId, userId), isNull(memberships.endedAt)));
}

/** The user of this address, made where there is none, and held until the transaction ends: two links may name one. */
async function userFor(queries: Queries, { email, name }: { email: string; name: string }): Promise<string> {
  await queries.insert(users).values({ email, name, emailVerified: true }).onConflictDoNothing();
  const [user] = await queries
    .select({ id: users.id })
    .from(users)
    .where(eq(users.email, email))
    .for('update');
  if (!user) throw new Error('The user was not made');
  return user.id;
}

/** Gives a person a place, once: a second time for the same one changes nothing. The agency must be the area's own. */
export async function insertMembership(
  queries: Queries,
  membership: { areaId: string; userId: string; role: Role; agencyId: string | null }
): Promise<void> {
  const { areaId, userId, role, agencyId } = membership;
  if (agencyId) {
    const [own] = await queries
      .select({ id: agencies.id })
      .from(agencies)
      .where(and(eq(agencies.id, agencyId), eq(agencies.areaId, areaId)));
    if (!own) throw new Error('The agency is not of this area');
  }
  const [held] = await queries
    .select({ id: memberships.id })
    .from(memberships)
    .where(
      and(
        eq(memberships.areaId, areaId),
        eq(memberships.userId, userId),
        eq(memberships.role, role),
        agencyId ? eq(memberships.agencyId, agencyId) : isNull(memberships.agencyId),
        isNull(memberships.endedAt)
      )
    );
  if (!held) await queries.insert(memberships).values(membership);
}
