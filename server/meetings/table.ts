// A meeting as the database holds it, in one reading: the rows from which everyone's view is made. It is
// unsealed and hides nothing, so it never leaves the server; view.ts decides what of it a person gets.
import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import type { Question } from '#lib/card/read.ts';
import type { CardToLock } from '#lib/domain/decision.ts';
import { legendOn, type Legend } from '#lib/domain/legend.ts';
import { inLondon } from '#lib/domain/london.ts';
import type { CardFacts } from '#lib/domain/permission.ts';
import { sealOf } from '#lib/domain/decision.ts';
import { standing, type Standing } from '#lib/domain/standing.ts';
import type { AgencyView, CarriedFact, LateEditView, LockFact, MemberView } from '#lib/protocol/meeting.ts';
import type { Db, Queries } from '../database/database.ts';
import { decisions } from '../database/schema/decisions.ts';
import { cases, families, familyJoins, notifications } from '../database/schema/families.ts';
import { agencies, areas, memberships, users } from '../database/schema/identity.ts';
import {
  attendance,
  cardAgencies,
  cards,
  conflicts,
  meetingObservers,
  meetings
} from '../database/schema/meetings.ts';
import { nothingSince, readSinceLock, type SinceLock } from './amendments.ts';
import {
  courseBegins,
  readCardCourses,
  readMeetingCourse,
  type CardCourse,
  type MeetingCourse
} from './course.ts';
import { readCalls, type Calls } from './calls.ts';
import { readLegends } from '../identity/legends.ts';
import { kinOf, notificationOf, readMembers, type TableNotification } from './card-families.ts';
import {
  attendanceFact,
  nothingStated,
  readStatements,
  type AttendanceFact,
  type Statements
} from './facts.ts';
import { readHands, type RaisedAndShared } from './hands.ts';
import { readPacing, type Pacing } from './pacing.ts';
import { readCarried } from './carried.ts';
import { cardFactsOf } from './seats.ts';

export interface TableCard {
  readonly row: typeof cards.$inferSelect;
  readonly facts: CardFacts;
  readonly reference: string;
  readonly members: readonly MemberView[];
  readonly notifications: readonly TableNotification[];
  /** What stands, of every agency. */
  readonly stands: Standing<Statements>;
  readonly confirmations: Statements['confirmations'];
  readonly course: CardCourse;
  readonly lock: LockFact | null;
  /** What stands beside it since it was locked. */
  readonly since: SinceLock;
  readonly carried: CarriedFact | null;
}

/** Someone of the area, with the memberships that stand. */
export interface TablePerson {
  readonly name: string;
  readonly memberships: readonly { role: 'rep' | 'coordinator' | 'administrator'; agencyId: string | null }[];
}

export interface Table {
  readonly meeting: typeof meetings.$inferSelect;
  readonly sealed: boolean;
  /** Everyone and everything at it is invented, but for the one person who rehearses. */
  readonly rehearsal: boolean;
  readonly statement: string;
  readonly agencies: readonly AgencyView[];
  readonly observers: ReadonlySet<string>;
  readonly people: ReadonlyMap<string, TablePerson>;
  readonly attendance: readonly AttendanceFact[];
  readonly course: MeetingCourse;
  /** In the order of the agenda, without those withdrawn. */
  readonly cards: readonly TableCard[];
  readonly pacing: Pacing;
  readonly raised: RaisedAndShared;
  readonly calls: Calls;
  /** What the colours mean on this meeting's day. */
  readonly legend: Legend;
}

/** What stands written on a card, as far as the board speaks of it beyond the open card. */
export type CardReading = Pick<CardToLock, 'actions' | 'answered'> & {
  readonly questions: readonly Question[];
};

/** What stands beside a card, kept elsewhere: by card. */
export interface Beside {
  readonly readings: ReadonlyMap<string, CardReading>;
  /** Agencies for which the coordinator wrote, and how far in the journal. */
  readonly noted: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly lateEdits: ReadonlyMap<string, readonly Omit<LateEditView, 'takenIn'>[]>;
}

/** Reads a meeting as it is at one moment; undefined where there is none in the area. */
export function loadTable(db: Db, areaId: string, meetingId: string): Promise<Table | undefined> {
  return db.transaction((tx) => readTable(tx, areaId, meetingId), {
    isolationLevel: 'repeatable read',
    accessMode: 'read only'
  });
}

/** Reads a meeting in the caller's transaction; undefined where there is none in the area. */
export async function readTable(
  queries: Queries,
  areaId: string,
  meetingId: string
): Promise<Table | undefined> {
  const [[found], observers, held, areaAgencies, agenda, joins, there] = await Promise.all([
    queries
      .select({ meeting: meetings, area: areas })
      .from(meetings)
      .innerJoin(areas, eq(areas.id, meetings.areaId))
      .where(and(eq(meetings.id, meetingId), eq(meetings.areaId, areaId))),
    queries.select().from(meetingObservers).where(eq(meetingObservers.meetingId, meetingId)),
    queries
      .select({
        userId: users.id,
        name: users.name,
        role: memberships.role,
        agencyId: memberships.agencyId
      })
      .from(memberships)
      .innerJoin(users, eq(users.id, memberships.userId))
      .where(and(eq(memberships.areaId, areaId), isNull(memberships.endedAt))),
    queries
      .select()
      .from(agencies)
      .where(eq(agencies.areaId, areaId))
      .orderBy(asc(agencies.position), asc(agencies.code)),
    queries
      .select({ row: cards, reference: families.reference })
      .from(cards)
      .innerJoin(families, eq(families.id, cards.familyId))
      .where(and(eq(cards.meetingId, meetingId), eq(cards.areaId, areaId), isNull(cards.withdrawnAt)))
      .orderBy(asc(cards.position), asc(cards.id)),
    queries
      .select({ familyId: familyJoins.familyId, intoId: familyJoins.intoId })
      .from(familyJoins)
      .where(and(eq(familyJoins.areaId, areaId), isNull(familyJoins.undoneAt))),
    queries
      .select({ row: attendance, name: users.name })
      .from(attendance)
      .leftJoin(users, eq(users.id, attendance.userId))
      .where(eq(attendance.meetingId, meetingId))
      .orderBy(asc(attendance.at), asc(attendance.id))
  ]);
  if (!found) return undefined;
  const { meeting, area } = found;
  const people = peopleOf(held);
  const absent = [meeting.chairId, meeting.heldBy, meeting.deputyId].filter(
    (id): id is string => id !== null && !people.has(id)
  );
  const statement = meeting.statement ?? area.statement;
  const [named, onAgenda, raised, legends, pacing, course, calls] = await Promise.all([
    absent.length > 0 ? queries.select().from(users).where(inArray(users.id, absent)) : [],
    readCards(queries, meeting, agenda, joins),
    readHands(queries, meetingId),
    readLegends(queries, areaId),
    readPacing(
      queries,
      meetingId,
      agenda.map(({ row }) => row.id)
    ),
    readMeetingCourse(queries, meetingId, statement),
    readCalls(queries, meetingId)
  ]);
  for (const user of named) people.set(user.id, { name: user.name, memberships: [] });
  return {
    meeting,
    sealed: area.sealed,
    rehearsal: area.rehearsalOf !== null,
    statement,
    agencies: areaAgencies.map(({ id, code, name, core, kind }) => ({ id, code, name, core, kind })),
    observers: new Set(observers.map(({ userId }) => userId)),
    people,
    attendance: there.map(({ row, name }) => attendanceFact(row, name)),
    course,
    cards: onAgenda,
    raised,
    calls,
    legend: legendOn(legends, inLondon(meeting.openedAt ?? meeting.startsAt).date),
    pacing: {
      ...pacing,
      at: Date.now(),
      minutesPerFamily: meeting.minutesPerFamily ?? area.minutesPerFamily
    }
  };
}

function peopleOf(
  held: readonly (TablePerson['memberships'][number] & { userId: string; name: string })[]
): Map<string, TablePerson> {
  const byUser = Map.groupBy(held, ({ userId }) => userId);
  return new Map(
    [...byUser].map(([userId, rows]) => [
      userId,
      {
        name: rows[0]?.name ?? '',
        memberships: rows.map(({ role, agencyId }) => ({ role, agencyId }))
      }
    ])
  );
}

async function readCards(
  queries: Queries,
  meeting: typeof meetings.$inferSelect,
  agenda: readonly { row: typeof cards.$inferSelect; reference: string }[],
  joins: readonly { familyId: string; intoId: string }[]
): Promise<TableCard[]> {
  const ids = agenda.map(({ row }) => row.id);
  if (ids.length === 0) return [];
  const kin = new Map(agenda.map(({ row }) => [row.id, kinOf(row.familyId, joins)]));
  const lockedIds = agenda.flatMap(({ row }) => (row.lockedAt ? [row.id] : []));
  const [calledFor, hidden, members, told, stated, courses, locks, since, carried] = await Promise.all([
    queries
      .select({ cardId: cardAgencies.cardId, id: agencies.id, kind: agencies.kind })
      .from(cardAgencies)
      .innerJoin(agencies, eq(agencies.id, cardAgencies.agencyId))
      .where(inArray(cardAgencies.cardId, ids))
      .orderBy(asc(agencies.position), asc(agencies.code)),
    queries.select().from(conflicts).where(inArray(conflicts.cardId, ids)),
    readMembers(queries, ids),
    queries
      .select({ familyId: cases.familyId, row: notifications })
      .from(notifications)
      .innerJoin(cases, eq(cases.id, notifications.caseId))
      .where(inArray(cases.familyId, [...new Set([...kin.values()].flat())]))
      .orderBy(asc(notifications.reported), asc(notifications.occurrence)),
    readStatements(queries, ids),
    readCardCourses(queries, ids),
    queries
      .select({
        cardId: decisions.cardId,
        number: decisions.number,
        hash: decisions.hash,
        at: decisions.lockedAt,
        by: users.name
      })
      .from(decisions)
      .innerJoin(users, eq(users.id, decisions.lockedBy))
      .where(and(inArray(decisions.cardId, ids), eq(decisions.version, 1))),
    readSinceLock(queries, lockedIds),
    readCarried(queries, ids)
  ]);
  return agenda.map(({ row, reference }) => {
    const on = <R extends { cardId: string }>(rows: readonly R[]) =>
      rows.filter((each) => each.cardId === row.id);
    const statements = stated.get(row.id) ?? nothingStated;
    const [lock] = on(locks);
    return {
      row,
      reference,
      facts: cardFactsOf(row, meeting.state, on(calledFor), on(hidden)),
      members: on(members).map(({ member }) => member),
      notifications: told
        .filter(({ familyId }) => kin.get(row.id)?.includes(familyId))
        .map(({ row: notification }) => notificationOf(notification)),
      stands: standing(statements),
      confirmations: statements.confirmations,
      since: since.get(row.id) ?? nothingSince,
      course: courses.get(row.id) ?? courseBegins,
      lock: lock
        ? { at: lock.at.toISOString(), by: lock.by, number: lock.number, seal: sealOf(lock.hash) }
        : null,
      carried: carried.get(row.id) ?? null
    };
  });
}
