// Who has which place in an area, and how they come to have it: by one-time links that a coordinator makes
// and hands over. The places themselves are in places.ts, the links in links.ts.
import { and, asc, eq, isNull, type SQL } from 'drizzle-orm';
import { record } from '../audit/audit.ts';
import type { Database } from '../database/database.ts';
import { agencies, areas, invitations, memberships, users } from '../database/schema/identity.ts';
import { insertArea } from './areas.ts';
import { passwordLength } from './auth.ts';
import type { Identity } from './identity.ts';
import { closeLinks, insertLink, readLink, useLink, type OpenLink } from './links.ts';
import {
  endPlace,
  invite,
  isId,
  openInvitations,
  withdraw,
  type InvitationRow,
  type Refused
} from './places.ts';
import type { Role, Session } from './session.ts';

export interface PersonRow {
  readonly membershipId: string;
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly agency: { readonly id: string; readonly code: string; readonly name: string } | null;
}

export interface AgencyRow {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly core: boolean;
}

export interface People {
  list(
    session: Session
  ): Promise<{ people: PersonRow[]; agencies: AgencyRow[]; invitations: InvitationRow[] }>;
  /** Invites into the session's area. Somebody with a place there already simply gets this one too, without a link. */
  invite(session: Session, asked: unknown): Promise<{ token: string | null } | Refused>;
  /** Closes an invitation that nobody has used. */
  withdraw(session: Session, invitationId: string): Promise<{ withdrawn: true } | Refused>;
  /** A link with which a person of the area chooses a new password; an older one is closed. */
  renew(session: Session, userId: string): Promise<{ token: string } | Refused>;
  /** Ends a place at once: sockets close, and what the person did stays. */
  end(session: Session, membershipId: string): Promise<{ ended: true } | Refused>;
  /** What an open link is for; undefined where it is not open. */
  link(token: string): Promise<OpenLink | undefined>;
  /** Uses a link, and gives the address to sign in with. `name` counts where nobody has named the person yet. */
  accept(token: string, password: string, name?: string): Promise<{ email: string } | Refused>;
  /** Makes an empty area and a link for its first coordinator. */
  createArea(name: string, coordinatorEmail: string): Promise<{ areaId: string; token: string }>;
}

export function openPeople({ database, identity }: { database: Database; identity: Identity }): People {
  const { db } = database;
  const rows = (where: SQL | undefined): Promise<PersonRow[]> =>
    db
      .select({
        membershipId: memberships.id,
        userId: users.id,
        name: users.name,
        email: users.email,
        role: memberships.role,
        agency: { id: agencies.id, code: agencies.code, name: agencies.name }
      })
      .from(memberships)
      .innerJoin(users, eq(users.id, memberships.userId))
      .leftJoin(agencies, eq(agencies.id, memberships.agencyId))
      .where(and(isNull(memberships.endedAt), where))
      .orderBy(asc(users.name), asc(memberships.createdAt));

  return {
    async list({ area }) {
      const [people, own, invited] = await Promise.all([
        rows(eq(memberships.areaId, area.id)),
        db
          .select({ id: agencies.id, code: agencies.code, name: agencies.name, core: agencies.core })
          .from(agencies)
          .where(eq(agencies.areaId, area.id))
          .orderBy(agencies.position),
        openInvitations(db, area.id, new Date())
      ]);
      return { people, agencies: own, invitations: invited };
    },

    async invite(session, asked) {
      const answer = await invite(db, session, asked, new Date());
      if (!('userId' in answer)) return answer;
      identity.ended({ userId: answer.userId }); // their sockets come back with the new place
      return { token: null };
    },

    withdraw: (session, invitationId) => withdraw(db, session, invitationId, new Date()),

    async renew(session, userId) {
      const areaId = session.area.id;
      const [person] = isId(userId)
        ? await rows(and(eq(memberships.areaId, areaId), eq(memberships.userId, userId)))
        : [];
      if (!person) return { refused: 'There is no such person here.' };
      const { name, email } = person;
      const now = new Date();
      return db.transaction(async (tx) => {
        await record(tx, session, {
          act: 'password-renewed',
          purpose: 'a forgotten password',
          detail: { userId }
        });
        const older = and(eq(invitations.email, email), eq(invitations.kind, 'renewal'));
        await closeLinks(tx, areaId, older, now);
        const link = { kind: 'renewal', areaId, createdBy: session.user.id } as const;
        return {
          token: await insertLink(tx, { ...link, invitee: { name, email, role: null, agencyId: null } }, now)
        };
      });
    },

    async end(session, membershipId) {
      const answer = await endPlace(db, session, membershipId, new Date());
      if ('refused' in answer) return answer;
      identity.ended(answer);
      return { ended: true };
    },

    link: (token) => readLink(db, token, new Date()),

    async accept(token, password, name = '') {
      if (password.length < passwordLength.min)
        return { refused: `Choose a password of at least ${passwordLength.min} characters.` };
      if (password.length > passwordLength.max)
        return { refused: `Choose a password of at most ${passwordLength.max} characters.` };
      const used = await useLink(
        db,
        token,
        password,
        name.replaceAll('\0', '').trim().slice(0, 120),
        new Date()
      );
      if (!used)
        return { refused: 'This link was used already or has expired. Ask your coordinator for a new one.' };
      identity.ended({ userId: used.userId });
      return { email: used.email };
    },

    createArea: (name, coordinatorEmail) =>
      db.transaction(async (tx) => {
        const areaId = await insertArea(tx, { name, demo: false });
        const invitee = { email: coordinatorEmail, name: '', role: 'coordinator', agencyId: null } as const;
        const link = { kind: 'invitation', areaId, createdBy: null, invitee } as const;
        return { areaId, token: await insertLink(tx, link, new Date()) };
      })
  };
}
