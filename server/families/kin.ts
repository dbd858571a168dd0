// A family as it is now: the records joined into it, its members once each, and the notifications about it.
// Nothing is moved by a join, so all of this is derived each time. Carries FAMILY rules.
import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { FamilyRole, Member } from '#lib/domain/family.ts';
import { unite } from '#lib/domain/family.ts';
import type { Queries } from '../database/database.ts';
import {
  cases,
  families,
  familyJoins,
  familyMembers,
  notificationPeople,
  notifications,
  people
} from '../database/schema/families.ts';

/** A family's record, as one of those that are joined. */
export interface FamilyRecord {
  readonly id: string;
  readonly areaId: string;
  readonly reference: string;
}

/**
 * The records that are one family with this one, itself included, the first being the one that stands for all:
 * its reference is the family's and its case the family's case. Empty where there is no such family.
 */
export async function kinOf(queries: Queries, familyId: string): Promise<FamilyRecord[]> {
  const { rows } = await queries.execute<{ id: string; area_id: string; reference: string }>(sql`
    with recursive kin(id) as (
      select ${familyId}::uuid
      union
      select case when j.family_id = kin.id then j.into_id else j.family_id end
      from kin
      join family_joins j on j.undone_at is null and kin.id in (j.family_id, j.into_id)
    )
    select f.id, f.area_id, f.reference
    from kin
    join families f on f.id = kin.id
    left join family_joins j on j.family_id = f.id and j.undone_at is null
    order by j.id is not null, length(f.reference), f.reference`);
  return rows.map((row) => ({ id: row.id, areaId: row.area_id, reference: row.reference }));
}

/** The family's members, each person once, those of the first record first. */
export async function membersOf(queries: Queries, familyId: string): Promise<Member[]> {
  const kin = await kinOf(queries, familyId);
  return (await membersByFamily(queries, [kin.map((record) => record.id)]))[0] ?? [];
}

/** The members of several families at once, each given as the ids of its records in their order. */
export async function membersByFamily(
  queries: Queries,
  families: readonly (readonly string[])[]
): Promise<Member[][]> {
  const ids = families.flat();
  if (ids.length === 0) return families.map(() => []);
  const rows = await queries
    .select({ member: familyMembers, person: people })
    .from(familyMembers)
    .leftJoin(people, eq(people.id, familyMembers.personId))
    .where(and(inArray(familyMembers.familyId, ids), isNull(familyMembers.removedAt)))
    .orderBy(asc(familyMembers.position), asc(familyMembers.id));
  const byRecord = Map.groupBy(rows, (row) => row.member.familyId);
  return families.map((records) =>
    unite(
      records
        .flatMap((id) => byRecord.get(id) ?? [])
        .map(({ member, person }) => ({
          id: member.id,
          role: member.role,
          surname: person?.surname ?? '',
          forenames: person?.forenames ?? '',
          born: person?.born ?? null,
          aka: person?.aka ?? null,
          sex: person?.sex ?? 'U',
          parentId: member.parentId,
          personId: member.personId,
          basis: member.basis
        }))
    )
  );
}

/** For each of an area's family records, the record that stands for all that it is joined with. */
export async function standingFor(
  queries: Queries,
  areaId: string
): Promise<(familyId: string) => FamilyRecord> {
  const [records, joins] = await Promise.all([
    queries
      .select({ id: families.id, areaId: families.areaId, reference: families.reference })
      .from(families)
      .where(eq(families.areaId, areaId)),
    queries
      .select({ from: familyJoins.familyId, into: familyJoins.intoId })
      .from(familyJoins)
      .where(and(eq(familyJoins.areaId, areaId), isNull(familyJoins.undoneAt)))
  ]);
  const byId = new Map(records.map((record) => [record.id, record]));
  const into = new Map(joins.map((join) => [join.from, join.into]));
  const rootOf = (id: string): string => {
    const next = into.get(id);
    return next ? rootOf(next) : id;
  };
  return (familyId) => byId.get(rootOf(familyId)) ?? { id: familyId, areaId, reference: '' };
}

/** A person in one notification, as the police wrote them; all but role and relation is of the protected class. */
export interface NotifiedPerson {
  readonly memberId: string;
  readonly role: FamilyRole;
  /** The spreadsheet's row; null when typed in. */
  readonly row: number | null;
  readonly address: string | null;
  readonly town: string | null;
  readonly postcode: string | null;
  readonly telephone: string | null;
  readonly safeToCall: string | null;
  readonly toVictim: string | null;
  readonly toHarming: string | null;
  readonly school: string | null;
  readonly childPresent: 'yes' | 'no' | 'unknown' | null;
  readonly strangulation: boolean | null;
  readonly weapon: boolean | null;
  readonly pregnant: boolean | null;
  /** The cells as they came, by column. */
  readonly written: Readonly<Record<string, string>>;
}

/** A police report about the family. The narrative is of the protected class; `tableVersion` is for everyone at the card. */
export interface FamilyNotification {
  readonly id: string;
  readonly familyId: string;
  readonly occurrence: string;
  readonly reported: string;
  readonly incidentDate: string | null;
  readonly incidentTime: string | null;
  readonly incidentType: string;
  readonly domesticAbuse: boolean | null;
  readonly grade: 'high' | 'medium' | 'standard' | null;
  readonly dash: number | null;
  readonly encompassSent: boolean | null;
  readonly narrative: string;
  readonly tableVersion: string | null;
  readonly incomplete: string | null;
  readonly addedAt: Date;
  readonly people: readonly NotifiedPerson[];
}

/** All notifications about the family and what is joined to it, the newest first. */
export async function notificationsOf(queries: Queries, familyId: string): Promise<FamilyNotification[]> {
  const kin = (await kinOf(queries, familyId)).map((record) => record.id);
  if (kin.length === 0) return [];
  const rows = await queries
    .select({ notification: notifications, familyId: families.id })
    .from(notifications)
    .innerJoin(cases, eq(cases.id, notifications.caseId))
    .innerJoin(families, eq(families.id, cases.familyId))
    .where(inArray(families.id, kin))
    .orderBy(sql`${notifications.reported} desc`, sql`${notifications.occurrence} desc`);
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.notification.id);
  const found = await queries
    .select({ person: notificationPeople, role: familyMembers.role })
    .from(notificationPeople)
    .innerJoin(familyMembers, eq(familyMembers.id, notificationPeople.memberId))
    .where(inArray(notificationPeople.notificationId, ids))
    .orderBy(asc(notificationPeople.row), asc(familyMembers.position));
  const members = await membersOf(queries, familyId);
  const now = new Map(
    members.flatMap((member) => [member.id, ...member.alsoIds].map((id) => [id, member.id]))
  );
  const byNotification = Map.groupBy(found, (row) => row.person.notificationId);
  return rows.map(({ notification, familyId: recordId }) => ({
    ...notification,
    familyId: recordId,
    people: (byNotification.get(notification.id) ?? []).map(({ person, role }) => ({
      ...person,
      role,
      memberId: now.get(person.memberId) ?? person.memberId
    }))
  }));
}
