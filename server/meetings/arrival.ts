// Arriving at a meeting is itself a fact: who came, and whether in the room or from afar.
import { and, desc, eq, isNull } from 'drizzle-orm';
import type { Arrival } from '#lib/protocol/meeting.ts';
import type { Database } from '../database/database.ts';
import { areas } from '../database/schema/identity.ts';
import { attendance, meetings } from '../database/schema/meetings.ts';
import type { Session } from '../identity/session.ts';
import { seatAt } from './seats.ts';

/** Whoever arrives at an open meeting is there, in the way they say, unless that is what was last said of them. */
export async function arrive({ db }: Database, userId: string, { meetingId, mode }: Arrival): Promise<void> {
  const [[meeting], [last]] = await Promise.all([
    db.select({ state: meetings.state }).from(meetings).where(eq(meetings.id, meetingId)),
    db
      .select({ mode: attendance.mode })
      .from(attendance)
      .where(
        and(eq(attendance.meetingId, meetingId), eq(attendance.userId, userId), isNull(attendance.cardId))
      )
      .orderBy(desc(attendance.at))
      .limit(1)
  ]);
  if (meeting?.state !== 'open' || last?.mode === mode) return;
  await db.insert(attendance).values({ meetingId, userId, mode, by: userId });
}

/** The statement as it reads at a meeting, for whoever arrives; undefined for somebody without a place there. */
export async function statementFor(
  { db }: Database,
  session: Session,
  meetingId: string
): Promise<string | undefined> {
  if (!(await seatAt(db, session.area.id, session.user.id, meetingId))) return undefined;
  const [found] = await db
    .select({ fixed: meetings.statement, now: areas.statement })
    .from(meetings)
    .innerJoin(areas, eq(areas.id, meetings.areaId))
    .where(and(eq(meetings.id, meetingId), eq(meetings.areaId, session.area.id)));
  return found && (found.fixed ?? found.now);
}
