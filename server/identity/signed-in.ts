// Who a session cookie stands for, as every service takes it. better-auth makes, signs and ends sessions; they are
// read here, many in one question, since a roomful of people comes back within a second. Nothing is kept between
// two looks: an ended session is dead at the next. A session that rehearses has its rehearsal's places alone, and
// one that does not has none of a rehearsal's. Carries ID1 and REHEARSE1.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { and, asc, eq, gt, inArray, isNotNull, isNull, or } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { agencies, areas, memberships, sessions, users } from '../database/schema/identity.ts';
import { together } from '../database/together.ts';
import type { Session } from './session.ts';

/** The cookie's name as better-auth makes it; with its prefix where cookies are Secure. */
const cookieName = 'same-room.session_token';

/**
 * Gives the reader of sessions.
 * @param secret what better-auth signs its cookies with
 */
export function openSignedIn(
  { db }: Pick<Database, 'db'>,
  { secret, secure, now }: { secret: string; secure: boolean; now: () => Date }
): (headers: Headers) => Promise<Session | null> {
  const name = secure ? `__Secure-${cookieName}` : cookieName;
  const read = together((tokens: readonly string[]) => readSessions(db, tokens, now()));
  return async (headers) => {
    const token = tokenIn(headers.get('cookie') ?? '', name, secret);
    return token === undefined ? null : read(token);
  };
}

/** The cookie that stands for a session, signed as sign-in signs it. */
export function cookieFor(token: string, { secret, secure }: { secret: string; secure: boolean }): string {
  const signature = createHmac('sha256', secret).update(token).digest('base64');
  return `${secure ? '__Secure-' : ''}${cookieName}=${encodeURIComponent(`${token}.${signature}`)}`;
}

/** The session's token, where the cookie is there and its signature is ours. */
function tokenIn(cookies: string, name: string, secret: string): string | undefined {
  const found = cookies
    .split(';')
    .map((each) => each.trim())
    .find((each) => each.startsWith(`${name}=`));
  if (!found) return undefined;
  const value = decoded(found.slice(name.length + 1));
  const dot = value.lastIndexOf('.');
  const token = value.slice(0, Math.max(0, dot));
  const given = Buffer.from(value.slice(dot + 1), 'base64');
  const signature = createHmac('sha256', secret).update(token).digest();
  return given.length === signature.length && timingSafeEqual(given, signature) ? token : undefined;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return ''; // no cookie of ours is encoded so
  }
}

async function readSessions(
  db: Database['db'],
  tokens: readonly string[],
  now: Date
): Promise<(Session | null)[]> {
  const awake = or(isNull(sessions.idleAt), gt(sessions.idleAt, now));
  const inPlace = or(
    and(isNull(sessions.rehearsalAreaId), isNull(areas.rehearsalOf)),
    and(eq(areas.id, sessions.rehearsalAreaId), isNotNull(areas.rehearsalOf))
  );
  const rows = await db
    .select({ session: sessions, user: users, membership: memberships, agency: agencies, area: areas })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .innerJoin(memberships, and(eq(memberships.userId, users.id), isNull(memberships.endedAt)))
    .innerJoin(areas, eq(areas.id, memberships.areaId))
    .leftJoin(agencies, eq(agencies.id, memberships.agencyId))
    .where(and(inArray(sessions.token, [...tokens]), gt(sessions.expiresAt, now), awake, inPlace))
    .orderBy(asc(memberships.createdAt));
  const byToken = Map.groupBy(rows, ({ session }) => session.token);
  return tokens.map((token) => {
    const held = byToken.get(token);
    const [first] = held ?? [];
    if (!held || !first) return null;
    const { session, user, area } = first;
    return {
      id: session.id,
      user: { id: user.id, name: user.name, email: user.email },
      area: {
        id: area.id,
        name: area.name,
        demo: area.demo,
        rehearsal: area.rehearsalOf !== null
      },
      memberships: held
        .filter(({ membership }) => membership.areaId === area.id)
        .map(({ membership, agency }) => ({
          id: membership.id,
          role: membership.role,
          agency: agency && { id: agency.id, code: agency.code, name: agency.name }
        }))
    };
  });
}
