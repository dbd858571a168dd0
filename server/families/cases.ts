// The coordinator's list of cases: each family once, whatever is joined into it, with what is known of its
// meetings. A family with a conflict of interest of the asker's does not exist for them. Carries FAMILY rules.
import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { highestGrade, type Grade, type Member } from '#lib/domain/family.ts';
import type { Queries } from '../database/database.ts';
import { carriedCards } from '../database/schema/carrying.ts';
import { cases, families, notifications } from '../database/schema/families.ts';
import { cards, conflicts, meetings } from '../database/schema/meetings.ts';
import { membersByFamily, standingFor } from './kin.ts';

export interface CaseListing {
  /** The case's id, as agenda items and cards name it. */
  readonly id: string;
  readonly familyId: string;
  readonly reference: string;
  /** The references of what is joined into it. */
  readonly also: readonly string[];
  /** The victims' names, for the coordinator's own list. */
  readonly name: string;
  readonly members: readonly Member[];
  /** The newest notification's date, YYYY-MM-DD. */
  readonly reported: string;
  readonly incidentType: string;
  /** The highest grade that the police gave. */
  readonly grade: Grade | null;
  readonly notifications: number;
  /** Taken although rows of a notification were faulty. */
  readonly incomplete: boolean;
  /** The meeting that it is planned for or that is open. */
  readonly meeting: {
    readonly id: string;
    readonly startsAt: Date;
    readonly state: 'planned' | 'open';
  } | null;
  /** Its last meeting did not come to it. */
  readonly notReached: boolean;
  /** Why that meeting carried it to the next; null where it did not. */
  readonly carried: string | null;
  /** Waits for a meeting: on none that is planned or open, and nothing locked since its newest notification. */
  readonly toSchedule: boolean;
}

/** The area's cases, the newest notification first. */
export async function casesOf(queries: Queries, areaId: string, userId: string): Promise<CaseListing[]> {
  const records = await queries
    .select({ familyId: families.id, reference: families.reference, caseId: cases.id })
    .from(families)
    .innerJoin(cases, eq(cases.familyId, families.id))
    .where(eq(families.areaId, areaId))
    .orderBy(sql`length(${families.reference})`, families.reference);
  const groups = await grouped(queries, areaId, records);
  const caseIds = records.map((record) => record.caseId);
  if (caseIds.length === 0) return [];
  const [told, seats, members] = await Promise.all([
    queries
      .select({
        caseId: notifications.caseId,
        reported: notifications.reported,
        incidentType: notifications.incidentType,
        grade: notifications.grade,
        incomplete: notifications.incomplete,
        addedAt: notifications.addedAt
      })
      .from(notifications)
      .where(eq(notifications.areaId, areaId))
      .orderBy(sql`${notifications.reported} desc`),
    queries
      .select({
        caseId: cards.caseId,
        lockedAt: cards.lockedAt,
        notReachedAt: cards.notReachedAt,
        meetingId: meetings.id,
        startsAt: meetings.startsAt,
        state: meetings.state,
        carried: carriedCards.reason,
        hidden: sql<boolean>`${conflicts.id} is not null`
      })
      .from(cards)
      .innerJoin(meetings, eq(meetings.id, cards.meetingId))
      .leftJoin(conflicts, and(eq(conflicts.cardId, cards.id), eq(conflicts.userId, userId)))
      .leftJoin(carriedCards, eq(carriedCards.cardId, cards.id))
      .where(and(eq(cards.areaId, areaId), isNull(cards.withdrawnAt)))
      .orderBy(sql`${meetings.startsAt} desc`),
    membersByFamily(
      queries,
      groups.map((group) => group.map((record) => record.familyId))
    )
  ]);
  return groups
    .flatMap((group, at) => {
      const [first, ...others] = group;
      const ids = group.map((record) => record.caseId);
      const own = told.filter((each) => ids.includes(each.caseId));
      const onCards = seats.filter((each) => ids.includes(each.caseId));
      if (!first || onCards.some((card) => card.hidden)) return [];
      const meeting = onCards.find((card) => card.state !== 'closed');
      const newest = Math.max(0, ...own.map((each) => each.addedAt.getTime()));
      const decided = Math.max(0, ...onCards.map((card) => card.lockedAt?.getTime() ?? 0));
      const listing: CaseListing = {
        id: first.caseId,
        familyId: first.familyId,
        reference: first.reference,
        also: others.map((record) => record.reference),
        name: namesOf(members[at] ?? []),
        members: members[at] ?? [],
        reported: own[0]?.reported ?? '',
        incidentType: own[0]?.incidentType ?? '',
        grade: highestGrade(own.map((each) => each.grade)),
        notifications: own.length,
        incomplete: own.some((each) => each.incomplete !== null),
        meeting:
          meeting && meeting.state !== 'closed'
            ? { id: meeting.meetingId, startsAt: meeting.startsAt, state: meeting.state }
            : null,
        notReached: !meeting && onCards[0]?.notReachedAt != null,
        carried: meeting ? null : (onCards[0]?.carried ?? null),
        toSchedule: !meeting && (decided === 0 || newest > decided || onCards[0]?.notReachedAt != null)
      };
      return [listing];
    })
    .sort((a, b) => b.reported.localeCompare(a.reported) || a.reference.localeCompare(b.reference));
}

/** Whether the person has a conflict of interest with any of these families' cards. */
export async function isHidden(
  queries: Queries,
  familyIds: readonly string[],
  userId: string
): Promise<boolean> {
  if (familyIds.length === 0) return false;
  const found = await queries
    .select({ id: conflicts.id })
    .from(conflicts)
    .innerJoin(cards, eq(cards.id, conflicts.cardId))
    .where(
      and(inArray(cards.familyId, [...familyIds]), eq(conflicts.userId, userId), isNull(cards.withdrawnAt))
    )
    .limit(1);
  return found.length > 0;
}

/** The victims' names; the first member's where the reports name no victim. */
function namesOf(members: readonly Member[]): string {
  const victims = members.filter((member) => member.roles.includes('victim'));
  return (victims.length > 0 ? victims : members.slice(0, 1)).map((member) => member.name).join(' and ');
}

/** The records in groups that are one family each, the one that stands for all first. */
async function grouped<R extends { familyId: string }>(
  queries: Queries,
  areaId: string,
  records: readonly R[]
): Promise<R[][]> {
  const standing = await standingFor(queries, areaId);
  const groups = Map.groupBy(records, (record) => standing(record.familyId).id);
  return [...groups].map(([root, group]) => [
    ...group.filter((record) => record.familyId === root),
    ...group.filter((record) => record.familyId !== root)
  ]);
}
