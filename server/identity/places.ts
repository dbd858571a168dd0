// Places in an area, as its coordinator gives and ends them. What was done by somebody whose place has
// ended stays on the record. Carries ID8, ID10, ID11.
import { and, asc, eq, gt, isNull } from 'drizzle-orm';
import * as z from 'zod';
import { record } from '../audit/audit.ts';
import type { Db, Queries } from '../database/database.ts';
import {
  agencies,
  areas,
  deviceKeys,
  invitations,
  memberships,
  sessions,
  users
} from '../database/schema/identity.ts';
import { closeLinks, insertLink, insertMembership, standingPlaces } from './links.ts';
import type { Role, Session } from './session.ts';

/** Something that was asked and can't be, in a sentence for the person who asked. */
export interface Refused {
  readonly refused: string;
}

/** An invitation that nobody has used yet. */
export interface InvitationRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role | null;
  readonly agency: string | null;
  /** ISO, UTC. */
  readonly expiresAt: string;
}

const invitee = z
  .object({
    email: z.email('Give an email address').max(254, 'Give an email address'),
    name: z
      .string('Give a name')
      .trim()
      .min(1, 'Give a name')
      .max(120, 'Give a shorter name')
      .regex(/^[^\0]*$/, 'Has a character that can’t be kept'),
    role: z.enum(['rep', 'coordinator', 'administrator'], 'Choose a place'),
    agencyId: z.uuid('Choose a place').nullable()
  })
  .refine((it) => it.role === 'rep' || it.agencyId === null, 'Only a rep belongs to an agency');

const purpose = 'people of the area';
export const isId = (value: string) => z.uuid().safeParse(value).success;

/** The area's invitations that are still open, the newest last. */
export async function openInvitations(db: Db, areaId: string, now: Date): Promise<InvitationRow[]> {
  const rows = await db
    .select({
      id: invitations.id,
      name: invitations.name,
      email: invitations.email,
      role: invitations.role,
      agency: agencies.name,
      expiresAt: invitations.expiresAt
    })
    .from(invitations)
    .leftJoin(agencies, eq(agencies.id, invitations.agencyId))
    .where(
      and(
        eq(invitations.areaId, areaId),
        eq(invitations.kind, 'invitation'),
        isNull(invitations.usedAt),
        gt(invitations.expiresAt, now)
      )
    )
    .orderBy(asc(invitations.createdAt));
  return rows.map((row) => ({ ...row, expiresAt: row.expiresAt.toISOString() }));
}

/**
 * Invites into the session's area. Somebody with a place there already gets this one too, without a link.
 * @returns the link's token, or the user whose places have changed.
 */
export async function invite(
  db: Db,
  session: Session,
  asked: unknown,
  now: Date
): Promise<{ token: string } | { userId: string } | Refused> {
  const parsed = invitee.safeParse(asked);
  if (!parsed.success) return { refused: `${parsed.error.issues.map(({ message }) => message).join('. ')}.` };
  const { role, agencyId } = parsed.data;
  const email = parsed.data.email.trim().toLowerCase();
  const areaId = session.area.id;
  return db.transaction(async (tx) => {
    if (agencyId && !(await isOwnAgency(tx, areaId, agencyId))) return { refused: 'Choose a place.' };
    const [place] = await tx
      .select({ areaId: memberships.areaId, userId: users.id })
      .from(memberships)
      .innerJoin(users, eq(users.id, memberships.userId))
      .innerJoin(areas, and(eq(areas.id, memberships.areaId), isNull(areas.rehearsalOf)))
      .where(and(eq(users.email, email), isNull(memberships.endedAt)));
    if (place && place.areaId !== areaId)
      return { refused: 'This address can’t be invited here. Use another one of theirs.' };
    await record(tx, session, { act: 'invited', purpose, detail: { role, agencyId } });
    if (place) {
      await insertMembership(tx, { areaId, userId: place.userId, role, agencyId });
      return { userId: place.userId };
    }
    const same = and(
      eq(invitations.email, email),
      eq(invitations.role, role),
      agencyId ? eq(invitations.agencyId, agencyId) : isNull(invitations.agencyId)
    );
    await closeLinks(tx, areaId, same, now);
    const link = { kind: 'invitation', areaId, createdBy: session.user.id } as const;
    return { token: await insertLink(tx, { ...link, invitee: { ...parsed.data, email } }, now) };
  });
}

/** Closes an invitation of the area before anybody has used it. */
export async function withdraw(
  db: Db,
  session: Session,
  invitationId: string,
  now: Date
): Promise<{ withdrawn: true } | Refused> {
  return db.transaction(async (tx) => {
    const closed = isId(invitationId)
      ? await closeLinks(tx, session.area.id, eq(invitations.id, invitationId), now)
      : 0;
    if (closed === 0) return { refused: 'That invitation was used, or is closed already.' };
    await record(tx, session, { act: 'invitation-withdrawn', purpose, detail: { invitationId } });
    return { withdrawn: true };
  });
}

/** Ends a place; with a person's last one go their sessions and open links. Answers whose place it was. */
export async function endPlace(
  db: Db,
  session: Session,
  membershipId: string,
  now: Date
): Promise<{ userId: string } | Refused> {
  const none = { refused: 'There is no such place here.' };
  if (!isId(membershipId)) return none;
  const areaId = session.area.id;
  const wanted = and(
    eq(memberships.id, membershipId),
    eq(memberships.areaId, areaId),
    isNull(memberships.endedAt)
  );
  return db.transaction(async (tx) => {
    // Locked together, so that two coordinators can't end each other's place at the same moment.
    const coordinators = await tx
      .select({ id: memberships.id })
      .from(memberships)
      .where(
        and(eq(memberships.areaId, areaId), eq(memberships.role, 'coordinator'), isNull(memberships.endedAt))
      )
      .orderBy(asc(memberships.id))
      .for('update');
    const [place] = await tx.select().from(memberships).where(wanted).for('update');
    if (!place) return none;
    if (place.role === 'coordinator' && coordinators.length < 2)
      return { refused: 'An area keeps at least one coordinator. Invite another one first.' };
    await tx.update(memberships).set({ endedAt: now, endedBy: session.user.id }).where(wanted);
    await record(tx, session, { act: 'membership-ended', purpose, detail: { membershipId } });
    await forgetWithoutPlace(tx, areaId, place.userId, now);
    return { userId: place.userId };
  });
}

async function forgetWithoutPlace(
  queries: Queries,
  areaId: string,
  userId: string,
  now: Date
): Promise<void> {
  if ((await standingPlaces(queries, userId)).length > 0) return;
  await queries.delete(sessions).where(eq(sessions.userId, userId));
  // What such a person's browser kept opens for nobody any more.
  await queries.delete(deviceKeys).where(eq(deviceKeys.userId, userId));
  const [user] = await queries.select({ email: users.email }).from(users).where(eq(users.id, userId));
  if (user) await closeLinks(queries, areaId, eq(invitations.email, user.email), now);
}

async function isOwnAgency(queries: Queries, areaId: string, agencyId: string): Promise<boolean> {
  const [own] = await queries
    .select({ id: agencies.id })
    .from(agencies)
    .where(and(eq(agencies.id, agencyId), eq(agencies.areaId, areaId)));
  return own !== undefined;
}
