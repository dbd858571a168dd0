// The two questions at the end of a meeting. Once for everyone who sat at it, for a week after its close. The answers
// are counted up, and who answered is put on a list, in one transaction; neither row knows of the other, of a time,
// or of an order, and nothing of it is in the audit. Carries the PULSE rules.
import { and, asc, eq, isNull, lte, sql } from 'drizzle-orm';
import * as z from 'zod';
import { monthOf } from '#lib/domain/months.ts';
import { pulseSchema, type PulseAsked } from '#lib/protocol/reports.ts';
import type { Db, Queries } from '../database/database.ts';
import { attendance, meetings } from '../database/schema/meetings.ts';
import { pulseAnswered, pulseCounts } from '../database/schema/pulse.ts';
import type { Session } from '../identity/session.ts';

/** For how many days after a meeting's close its people are asked. */
export const pulseDays = 7;

export type PulseCounts = typeof pulseCounts.$inferSelect;

/** Where an answer is counted. */
export const columnOf = {
  follow: { yes: 'followYes', partly: 'followPartly', no: 'followNo' },
  heard: { yes: 'heardYes', partly: 'heardPartly', no: 'heardNo' }
} as const;

/** How an answer ended: counted now, not asked any more, or not understood. */
export type Answered = { readonly counted: boolean } | { readonly message: string };

interface Sat {
  readonly mode: 'room' | 'remote';
  readonly month: string;
  readonly until: Date;
}

/** How a person sat at a closed meeting of their area; undefined where they did not. */
async function satAt(queries: Queries, session: Session, meetingId: string): Promise<Sat | undefined> {
  if (!z.uuid().safeParse(meetingId).success) return undefined;
  const said = await queries
    .select({ mode: attendance.mode, openedAt: meetings.openedAt, closedAt: meetings.closedAt })
    .from(attendance)
    .innerJoin(meetings, eq(meetings.id, attendance.meetingId))
    .where(
      and(
        eq(meetings.id, meetingId),
        eq(meetings.areaId, session.area.id),
        eq(meetings.state, 'closed'),
        eq(attendance.userId, session.user.id),
        isNull(attendance.cardId)
      )
    )
    .orderBy(asc(attendance.at), asc(attendance.id));
  const last = said.findLast(({ mode }) => mode !== 'left');
  if (!last?.openedAt || !last.closedAt || (last.mode !== 'room' && last.mode !== 'remote')) return undefined;
  return {
    mode: last.mode,
    month: monthOf(last.openedAt),
    until: new Date(last.closedAt.getTime() + pulseDays * 86_400_000)
  };
}

/** Whether the person is asked now; undefined where they sat at no such meeting. */
export async function askPulse(
  db: Db,
  session: Session,
  meetingId: string,
  now: Date
): Promise<PulseAsked | undefined> {
  const sat = await satAt(db, session, meetingId);
  if (!sat) return undefined;
  const [answered] = await db
    .select()
    .from(pulseAnswered)
    .where(and(eq(pulseAnswered.meetingId, meetingId), eq(pulseAnswered.userId, session.user.id)));
  return { asked: !answered && now <= sat.until, until: sat.until.toISOString() };
}

/** Counts what the person answers, once; undefined where they sat at no such meeting. */
export async function answerPulse(
  db: Db,
  session: Session,
  meetingId: string,
  input: unknown,
  now: Date
): Promise<Answered | undefined> {
  const sat = await satAt(db, session, meetingId);
  if (!sat) return undefined;
  const parsed = pulseSchema.safeParse(input);
  if (!parsed.success) return { message: parsed.error.issues[0]?.message ?? '' };
  if (now > sat.until) return { counted: false };
  const { follow, heard } = parsed.data;
  const given = [columnOf.follow[follow], columnOf.heard[heard]];
  const counted = await db.transaction(async (tx) => {
    const [first] = await tx
      .insert(pulseAnswered)
      .values({ meetingId, userId: session.user.id })
      .onConflictDoNothing()
      .returning();
    if (!first) return false;
    await tx
      .insert(pulseCounts)
      .values({
        ...{ areaId: session.area.id, month: sat.month, mode: sat.mode },
        ...Object.fromEntries(given.map((column) => [column, 1]))
      })
      .onConflictDoUpdate({
        target: [pulseCounts.areaId, pulseCounts.month, pulseCounts.mode],
        set: Object.fromEntries(given.map((column) => [column, sql`${pulseCounts[column]} + 1`]))
      });
    return true;
  });
  return { counted };
}

/** The area's answers up to a month, oldest first. */
export function readCounts(db: Db, areaId: string, upTo: string): Promise<PulseCounts[]> {
  return db
    .select()
    .from(pulseCounts)
    .where(and(eq(pulseCounts.areaId, areaId), lte(pulseCounts.month, upTo)))
    .orderBy(asc(pulseCounts.month));
}
