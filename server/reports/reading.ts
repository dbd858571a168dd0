// Who attended which closed meeting and how, from what others have written: connections in the audit, attendance,
// turns, seats. One row for each person and meeting, with ids, so it never leaves the server as it is.
import { and, asc, eq, inArray, isNotNull, isNull, lt } from 'drizzle-orm';
import {
  dropsOf,
  overlap,
  staysOf,
  turnsOf,
  type AttendedMode,
  type ConnectionEvent,
  type PersonMeeting,
  type Span
} from '#lib/domain/attendance.ts';
import { fromLondon } from '#lib/domain/london.ts';
import { monthAfter, monthOf } from '#lib/domain/months.ts';
import type { Db } from '../database/database.ts';
import { auditEvents } from '../database/schema/decisions.ts';
import { memberships } from '../database/schema/identity.ts';
import {
  attendance,
  cardAgencies,
  cards,
  chairHistory,
  conflicts,
  meetings
} from '../database/schema/meetings.ts';
import { turns } from '../database/schema/pace.ts';

/** One person at one meeting, before what they contributed. */
export interface Attended extends Omit<PersonMeeting, 'contributions'> {
  readonly month: string;
  readonly meetingId: string;
  readonly userId: string;
  readonly agencyIds: readonly string[];
}

export interface ClosedMeeting {
  readonly id: string;
  readonly month: string;
}

type Rows = Awaited<ReturnType<typeof readRows>>;
type MeetingRow = Rows['closed'][number];

/**
 * The area's closed meetings up to the end of a month, oldest first, and who attended them.
 * @param upTo YYYY-MM
 */
export async function readAttended(
  db: Db,
  areaId: string,
  upTo: string
): Promise<{ meetings: ClosedMeeting[]; attended: Attended[] }> {
  const rows = await readRows(db, areaId, upTo);
  return {
    meetings: rows.closed.map(({ id, from }) => ({ id, month: monthOf(from) })),
    attended: rows.closed.flatMap((meeting) => attendedAt(meeting, rows))
  };
}

async function readRows(db: Db, areaId: string, upTo: string) {
  const end = fromLondon({ date: `${monthAfter(upTo)}-01`, time: '00:00' }) ?? new Date(0);
  const found = await db
    .select({
      id: meetings.id,
      from: meetings.openedAt,
      to: meetings.closedAt,
      chairId: meetings.chairId,
      heldBy: meetings.heldBy
    })
    .from(meetings)
    .where(and(eq(meetings.areaId, areaId), eq(meetings.state, 'closed'), lt(meetings.openedAt, end)))
    .orderBy(asc(meetings.openedAt));
  const closed = found.flatMap(({ from, to, ...meeting }) => (from && to ? [{ ...meeting, from, to }] : []));
  const ids = closed.map(({ id }) => id);
  const [held, said, connections, taken, there, hidden, chairs] = await Promise.all([
    db.select().from(memberships).where(eq(memberships.areaId, areaId)),
    ids.length === 0
      ? []
      : db
          .select({
            meetingId: attendance.meetingId,
            userId: attendance.userId,
            mode: attendance.mode,
            at: attendance.at
          })
          .from(attendance)
          .where(
            and(inArray(attendance.meetingId, ids), isNull(attendance.cardId), isNotNull(attendance.userId))
          )
          .orderBy(asc(attendance.at), asc(attendance.id)),
    ids.length === 0
      ? []
      : db
          .select({
            meetingId: auditEvents.meetingId,
            userId: auditEvents.userId,
            act: auditEvents.act,
            at: auditEvents.at,
            detail: auditEvents.detail
          })
          .from(auditEvents)
          .where(
            and(
              inArray(auditEvents.meetingId, ids),
              isNull(auditEvents.cardId),
              inArray(auditEvents.act, ['connected', 'disconnected'])
            )
          )
          .orderBy(asc(auditEvents.at), asc(auditEvents.id)),
    ids.length === 0
      ? []
      : db
          .select({ meetingId: turns.meetingId, cardId: turns.cardId, at: turns.at })
          .from(turns)
          .where(inArray(turns.meetingId, ids))
          .orderBy(asc(turns.at), asc(turns.id)),
    db
      .select({ meetingId: cards.meetingId, cardId: cards.id, agencyId: cardAgencies.agencyId })
      .from(cards)
      .innerJoin(cardAgencies, eq(cardAgencies.cardId, cards.id))
      .where(and(eq(cards.areaId, areaId), isNull(cards.withdrawnAt))),
    db
      .select({ cardId: conflicts.cardId, userId: conflicts.userId })
      .from(conflicts)
      .innerJoin(cards, eq(cards.id, conflicts.cardId))
      .where(eq(cards.areaId, areaId)),
    ids.length === 0
      ? []
      : db
          .select({ meetingId: chairHistory.meetingId, userId: chairHistory.userId })
          .from(chairHistory)
          .where(inArray(chairHistory.meetingId, ids))
  ]);
  const byMeeting = <R extends { meetingId: string | null }>(rows: readonly R[]) =>
    Map.groupBy(rows, ({ meetingId }) => meetingId);
  return {
    closed,
    held,
    said: byMeeting(said),
    connections: byMeeting(connections),
    turns: byMeeting(taken),
    there: byMeeting(there),
    chairs: byMeeting(chairs),
    hidden: Map.groupBy(hidden, ({ userId }) => userId)
  };
}

function attendedAt(meeting: MeetingRow, rows: Rows): Attended[] {
  const leads = new Set([
    meeting.chairId,
    meeting.heldBy,
    ...(rows.chairs.get(meeting.id) ?? []).map(({ userId }) => userId)
  ]);
  const span = { from: meeting.from.getTime(), to: meeting.to.getTime() };
  const turned = (rows.turns.get(meeting.id) ?? []).map(({ cardId, at }) => ({ cardId, at: at.getTime() }));
  const said = Map.groupBy(rows.said.get(meeting.id) ?? [], ({ userId }) => userId ?? '');
  return [...said].flatMap(([userId, words]): Attended[] => {
    const seat = seatFor(userId, meeting, rows);
    const mode = words.findLast((each) => each.mode !== 'left')?.mode;
    if (!seat || leads.has(userId) || !isCounted(mode)) return [];
    const stays = mode === 'papers' ? [] : staysOf(eventsOf(userId, meeting, rows), span);
    if (mode !== 'papers' && stays.length === 0) return [];
    const left = words.filter((each) => each.mode === 'left').map(({ at }) => at.getTime());
    return [
      {
        ...{ mode, userId, meetingId: meeting.id, month: monthOf(meeting.from) },
        agencyIds: seat.agencyIds,
        meeting: lengthOf([span]),
        connected: lengthOf(stays),
        own: overlap(stays, turnsOf(turned, seat.cardIds, span)),
        drops: dropsOf(stays, left)
      }
    ];
  });
}

const isCounted = (mode: string | undefined): mode is AttendedMode =>
  mode === 'room' || mode === 'remote' || mode === 'papers';

const lengthOf = (spans: readonly Span[]) => spans.reduce((all, { from, to }) => all + to - from, 0);

/** The agencies that somebody sat for at a meeting, and their cards; undefined for who attends the whole, or for none. */
function seatFor(
  userId: string,
  meeting: MeetingRow,
  rows: Rows
): { agencyIds: string[]; cardIds: ReadonlySet<string> } | undefined {
  const held = rows.held.filter(
    (each) => each.userId === userId && (each.endedAt === null || each.endedAt > meeting.from)
  );
  if (held.some(({ role }) => role === 'coordinator')) return undefined;
  const agencyIds = held.flatMap(({ role, agencyId }) => (role === 'rep' ? (agencyId ?? []) : []));
  const hidden = (rows.hidden.get(userId) ?? []).map(({ cardId }) => cardId);
  const own = (rows.there.get(meeting.id) ?? []).filter(
    ({ agencyId, cardId }) => agencyIds.includes(agencyId) && !hidden.includes(cardId)
  );
  return own.length > 0 ? { agencyIds, cardIds: new Set(own.map(({ cardId }) => cardId)) } : undefined;
}

function eventsOf(userId: string, meeting: MeetingRow, rows: Rows): ConnectionEvent[] {
  return (rows.connections.get(meeting.id) ?? []).flatMap(({ userId: whose, act, at, detail }) => {
    const { connection, screen } = detail;
    // The room's screen, which somebody opened, is nobody's attendance.
    if (whose !== userId || typeof connection !== 'string' || screen !== undefined) return [];
    return [{ connection, act: act === 'connected' ? 'connected' : 'disconnected', at: at.getTime() }];
  });
}
