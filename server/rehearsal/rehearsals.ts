// Rehearsals: somebody practises with an invented meeting that plays its other people by itself. A rehearsal is an
// area of its own, and a session is in it or not: while it is, that area's is all there is for it. What is left stays
// as rows and is listed nowhere. Carries the REHEARSE rules.
import { and, count, eq, gt } from 'drizzle-orm';
import { record } from '../audit/audit.ts';
import type { Config } from '../config.ts';
import { areas, sessions } from '../database/schema/identity.ts';
import { meetings } from '../database/schema/meetings.ts';
import { authSecret } from '../identity/secret.ts';
import type { Session } from '../identity/session.ts';
import { cookieFor } from '../identity/signed-in.ts';
import { plainError, type Log } from '../log.ts';
import { layRehearsal, type As, type LayingNeeds } from './laying.ts';
import { admitPlayers, dismissPlayers, playersOf } from './people.ts';
import { humanTiming, Play, type Timing } from './play.ts';

export interface Standing {
  readonly meetingId: string;
  readonly as: As;
  readonly state: 'planned' | 'open' | 'closed';
}
type Begun = { readonly meetingId: string } | { readonly refused: string };

export interface Rehearsals {
  /** The rehearsal that this session is in; undefined where it is in none. */
  standing(session: Session): Promise<Standing | undefined>;
  /** Lays a rehearsal and takes this session into it; one that it was in before is left for good. */
  begin(session: Session, as: As): Promise<Begun>;
  /** Goes on with the rehearsal that this session is in: its players come back where they have gone. */
  resume(session: Session): Promise<Begun>;
  /** This session is back in its own area. */
  end(session: Session): Promise<void>;
  /** Says how the players reach the server, once it listens. */
  reachedAt(origin: () => string): void;
  close(): Promise<void>;
}

export interface RehearsalNeeds extends LayingNeeds {
  readonly config: Pick<Config, 'authSecret' | 'dataDir' | 'secure'>;
  readonly log: Log;
  /** The session's sockets are judged again. */
  rejudge(whose: { readonly sessionId: string }): Promise<void>;
  readonly timing?: Timing;
}

/** On one server at once, and of one person within a day. */
export const limits = { atOnce: 20, aDay: 20 } as const;

/** Opens the rehearsals. Whoever calls it calls `close` when done, before the meetings are closed. */
export function openRehearsals(needs: RehearsalNeeds): Rehearsals {
  const { config, log, rejudge, timing = humanTiming } = needs;
  const { db } = needs.database;
  const secret = authSecret(config);
  /** By area. */
  const plays = new Map<string, { readonly play: Play; readonly sessionId: string }>();
  const leaving = new Set<Promise<void>>();
  /** What is being begun, by session: a button pressed twice begins one thing. */
  const beginning = new Map<string, Promise<Begun>>();
  let origin = (): string => {
    throw new Error('The server does not listen yet');
  };

  /** Begins one thing for a session at a time, and only where there is room for another play. */
  function once(session: Session, begin: () => Promise<Begun>): Promise<Begun> {
    const begun = beginning.get(session.id);
    if (begun) return begun;
    if (plays.size + beginning.size >= limits.atOnce)
      return Promise.resolve({
        refused: 'As many people rehearse now as this server can play for. Try again in a few minutes.'
      });
    const beginningNow = begin().finally(() => beginning.delete(session.id));
    beginning.set(session.id, beginningNow);
    return beginningNow;
  }

  async function start(session: Session, areaId: string, meetingId: string): Promise<void> {
    const players = await playersOf(db, areaId, session.user.id);
    const tokens = await admitPlayers(db, areaId, players, timing.now());
    const cookieOf = (userId: string) =>
      cookieFor(tokens.get(userId) ?? '', { secret, secure: config.secure });
    const play = new Play({
      origin: origin(),
      meetingId,
      personId: session.user.id,
      players: players.map((player) => ({ ...player, cookie: cookieOf(player.userId) })),
      timing,
      log,
      onOver() {
        plays.delete(areaId);
        const gone: Promise<void> = dismissPlayers(db, players)
          .catch((error: unknown) =>
            log.error({ error: plainError(error) }, 'sessions of players were not ended')
          )
          .finally(() => leaving.delete(gone));
        leaving.add(gone);
      }
    });
    plays.set(areaId, { play, sessionId: session.id });
    play.begin();
  }

  function stopOf(sessionId: string): void {
    for (const each of [...plays.values()]) if (each.sessionId === sessionId) each.play.stop();
  }

  async function go(session: Session, rehearsalAreaId: string | null): Promise<void> {
    await db.update(sessions).set({ rehearsalAreaId }).where(eq(sessions.id, session.id));
    await rejudge({ sessionId: session.id });
  }

  async function begunToday({ user }: Session): Promise<number> {
    const dayAgo = new Date(timing.now().getTime() - 24 * 3_600_000);
    const [row] = await db
      .select({ times: count() })
      .from(areas)
      .where(and(eq(areas.rehearsalOf, user.id), gt(areas.createdAt, dayAgo)));
    return row?.times ?? 0;
  }

  async function standing(session: Session): Promise<Standing | undefined> {
    if (!session.area.rehearsal) return undefined;
    const [meeting] = await db.select().from(meetings).where(eq(meetings.areaId, session.area.id));
    if (!meeting) return undefined;
    const as = meeting.chairId === session.user.id ? 'chair' : 'rep';
    return { meetingId: meeting.id, as, state: meeting.state };
  }

  return {
    standing,

    begin: (session, as) =>
      once(session, async () => {
        if ((await begunToday(session)) >= limits.aDay)
          return { refused: 'You have rehearsed often today. Go on tomorrow, or with the one you are in.' };
        stopOf(session.id);
        const { areaId, meetingId } = await layRehearsal(needs, session.user.id, as, timing.now());
        if (!session.area.rehearsal)
          await record(db, session, { act: 'rehearsal-begun', purpose: 'a rehearsal' });
        await go(session, areaId);
        await start(session, areaId, meetingId);
        return { meetingId };
      }),

    async resume(session) {
      const where = await standing(session);
      if (!where) return { refused: 'You are not in a rehearsal.' };
      if (where.state === 'closed' || plays.has(session.area.id)) return where;
      return once(session, async () => {
        await start(session, session.area.id, where.meetingId);
        return where;
      });
    },

    async end(session) {
      if (!session.area.rehearsal) return;
      stopOf(session.id);
      await go(session, null);
    },

    reachedAt: (reach) => void (origin = reach),

    async close() {
      for (const { play } of [...plays.values()]) play.stop();
      await Promise.all(leaving);
    }
  };
}
