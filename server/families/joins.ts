// Families found to be one, or looked at and kept apart. A join is a row that says so and its undo another
// mark on that row: nothing is moved, so nothing is lost. While a card of either family lies on an open meeting
// neither is done, because the people at that card must not change under the meeting's hands. Carries FAMILY rules.
import { and, desc, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import { personMark, shownName } from '#lib/domain/family.ts';
import { record } from '../audit/audit.ts';
import type { Queries, Transaction } from '../database/database.ts';
import {
  families,
  familiesKeptApart,
  familyJoins,
  familyMembers,
  people
} from '../database/schema/families.ts';
import { areas, users } from '../database/schema/identity.ts';
import { cards, meetings } from '../database/schema/meetings.ts';
import type { Session } from '../identity/session.ts';
import { kinOf, type FamilyRecord } from './kin.ts';

/** Why an act was not done, in words for the person who asked for it. */
export interface Refusal {
  readonly refused: string;
}

/** Another family that holds a person of the same name and date of birth, and of which nobody has decided yet. */
export interface SharedFamily {
  readonly familyId: string;
  readonly reference: string;
  readonly people: readonly { readonly name: string; readonly born: string }[];
  /** On a meeting that is open, so that a join has to wait. */
  readonly onOpenMeeting: boolean;
}

export interface Join {
  readonly id: string;
  /** What was joined, and into what. */
  readonly reference: string;
  readonly into: string;
  readonly joinedBy: string;
  readonly joinedAt: Date;
}

/** Joins are made one after the other in an area, so that two at once can't close a circle. */
async function oneAtATime(tx: Transaction, areaId: string): Promise<void> {
  await tx.select({ id: areas.id }).from(areas).where(eq(areas.id, areaId)).for('update');
}

/**
 * Joins two families, inside the caller's transaction: the younger family's record into the other one that was named.
 * Does nothing where they are one already.
 */
export async function joinIn(
  tx: Transaction,
  who: Session,
  a: string,
  b: string
): Promise<Refusal | undefined> {
  await oneAtATime(tx, who.area.id);
  const [first, second] = await Promise.all([ownKin(tx, who, a), ownKin(tx, who, b)]);
  const [rootA, rootB] = [first[0], second[0]];
  if (!rootA || !rootB) return { refused: 'There is no such family.' };
  if (rootA.id === rootB.id) return undefined;
  const open = await onOpenMeeting(tx, [...first, ...second]);
  if (open) return { refused: `${open} is on a meeting that is open. Join them when it has closed.` };
  const younger = byAge(rootA, rootB) > 0 ? { root: rootA, into: b } : { root: rootB, into: a };
  await tx.insert(familyJoins).values({
    areaId: who.area.id,
    familyId: younger.root.id,
    intoId: younger.into,
    joinedBy: who.user.id
  });
  await tx
    .update(familiesKeptApart)
    .set({ undoneAt: sql`now()` })
    .where(and(isNull(familiesKeptApart.undoneAt), eitherWay(a, b)));
  await record(tx, who, {
    act: 'families-joined',
    purpose: 'they share a person',
    familyId: younger.root.id,
    detail: { into: younger.into }
  });
  return undefined;
}

/** Takes a join back. The families are two again, each with all it had. */
export async function unjoinIn(tx: Transaction, who: Session, joinId: string): Promise<Refusal | undefined> {
  await oneAtATime(tx, who.area.id);
  const [join] = await tx
    .select()
    .from(familyJoins)
    .where(
      and(eq(familyJoins.id, joinId), eq(familyJoins.areaId, who.area.id), isNull(familyJoins.undoneAt))
    );
  if (!join) return { refused: 'That join was undone already.' };
  const open = await onOpenMeeting(tx, await kinOf(tx, join.familyId));
  if (open) return { refused: `${open} is on a meeting that is open. Undo the join when it has closed.` };
  await tx
    .update(familyJoins)
    .set({ undoneAt: sql`now()`, undoneBy: who.user.id })
    .where(eq(familyJoins.id, joinId));
  await record(tx, who, {
    act: 'families-unjoined',
    purpose: 'a join is undone',
    familyId: join.familyId,
    detail: { from: join.intoId }
  });
  return undefined;
}

/** Remembers that two families were looked at and are not one, so that nobody is asked again. */
export async function keepApartIn(
  tx: Transaction,
  who: Session,
  a: string,
  b: string
): Promise<Refusal | undefined> {
  const [first, second] = await Promise.all([ownKin(tx, who, a), ownKin(tx, who, b)]);
  if (first.length === 0 || second.length === 0) return { refused: 'There is no such family.' };
  if (first[0]?.id === second[0]?.id)
    return { refused: 'They are joined. Undo the join to keep them apart.' };
  await tx
    .insert(familiesKeptApart)
    .values({ areaId: who.area.id, familyId: a, otherId: b, keptBy: who.user.id });
  await record(tx, who, {
    act: 'families-kept-apart',
    purpose: 'they share a person and are not one family',
    familyId: a,
    detail: { other: b }
  });
  return undefined;
}

/** The joins that make this family what it is, the newest first. */
export async function joinsOf(queries: Queries, kin: readonly FamilyRecord[]): Promise<Join[]> {
  if (kin.length < 2) return [];
  const reference = new Map(kin.map((each) => [each.id, each.reference]));
  const rows = await queries
    .select({ join: familyJoins, by: users.name })
    .from(familyJoins)
    .innerJoin(users, eq(users.id, familyJoins.joinedBy))
    .where(
      and(
        isNull(familyJoins.undoneAt),
        inArray(
          familyJoins.familyId,
          kin.map((each) => each.id)
        )
      )
    )
    .orderBy(desc(familyJoins.joinedAt), desc(familyJoins.id));
  return rows.map(({ join, by }) => ({
    id: join.id,
    reference: reference.get(join.familyId) ?? '',
    into: reference.get(join.intoId) ?? '',
    joinedBy: by,
    joinedAt: join.joinedAt
  }));
}

/** A person on file, and the record whose member they are. */
export interface KnownPerson {
  readonly familyId: string;
  readonly mark: string;
  readonly name: string;
  readonly born: string;
}

/** The area's people who were born on one of these days; all who have a date of birth where none are given. */
export async function peopleBorn(
  queries: Queries,
  areaId: string,
  days: readonly string[]
): Promise<KnownPerson[]> {
  if (days.length === 0) return [];
  const rows = await queries
    .select({
      familyId: familyMembers.familyId,
      surname: people.surname,
      forenames: people.forenames,
      born: people.born
    })
    .from(people)
    .innerJoin(familyMembers, eq(familyMembers.personId, people.id))
    .where(and(eq(people.areaId, areaId), inArray(people.born, [...days]), isNull(familyMembers.removedAt)));
  return rows.flatMap((row) => {
    const mark = personMark(row);
    return mark && row.born
      ? [{ familyId: row.familyId, mark, name: shownName(row.forenames, row.surname), born: row.born }]
      : [];
  });
}

/** The families that share a person with this one, are not joined to it, and were not kept apart from it. */
export async function sharedWith(
  queries: Queries,
  areaId: string,
  kin: readonly FamilyRecord[]
): Promise<SharedFamily[]> {
  const ids = kin.map((each) => each.id);
  if (ids.length === 0) return [];
  const own = await queries
    .select({ surname: people.surname, forenames: people.forenames, born: people.born })
    .from(familyMembers)
    .innerJoin(people, eq(people.id, familyMembers.personId))
    .where(and(inArray(familyMembers.familyId, ids), isNull(familyMembers.removedAt)));
  const marks = new Set(own.flatMap((person) => personMark(person) ?? []));
  const days = [...new Set(own.flatMap((person) => person.born ?? []))];
  const others = (await peopleBorn(queries, areaId, days)).filter(
    (person) => marks.has(person.mark) && !ids.includes(person.familyId)
  );
  const found = new Map<string, { kin: FamilyRecord[]; people: Map<string, KnownPerson> }>();
  for (const person of others) {
    const theirs = await kinOf(queries, person.familyId);
    const root = theirs[0]?.id ?? person.familyId;
    const family = found.get(root) ?? { kin: theirs, people: new Map<string, KnownPerson>() };
    family.people.set(person.mark, person);
    found.set(root, family);
  }
  const apart = await queries
    .select({ a: familiesKeptApart.familyId, b: familiesKeptApart.otherId })
    .from(familiesKeptApart)
    .where(
      and(
        isNull(familiesKeptApart.undoneAt),
        or(inArray(familiesKeptApart.familyId, ids), inArray(familiesKeptApart.otherId, ids))
      )
    );
  const keptFrom = new Set(apart.flatMap(({ a, b }) => [a, b]).filter((id) => !ids.includes(id)));
  const shared: SharedFamily[] = [];
  for (const [familyId, family] of found) {
    if (family.kin.some((each) => keptFrom.has(each.id))) continue;
    shared.push({
      familyId,
      reference: family.kin[0]?.reference ?? '',
      people: [...family.people.values()].map(({ name, born }) => ({ name, born })),
      onOpenMeeting: (await onOpenMeeting(queries, [...kin, ...family.kin])) !== undefined
    });
  }
  return shared;
}

/** The reference of one of these that has a card on an open meeting; undefined where none has. */
export async function onOpenMeeting(
  queries: Queries,
  kin: readonly FamilyRecord[]
): Promise<string | undefined> {
  const ids = kin.map((each) => each.id);
  if (ids.length === 0) return undefined;
  const [card] = await queries
    .select({ familyId: cards.familyId })
    .from(cards)
    .innerJoin(meetings, eq(meetings.id, cards.meetingId))
    .where(and(eq(meetings.state, 'open'), isNull(cards.withdrawnAt), inArray(cards.familyId, ids)))
    .limit(1);
  return kin.find((each) => each.id === card?.familyId)?.reference;
}

async function ownKin(queries: Queries, who: Session, familyId: string): Promise<FamilyRecord[]> {
  const [own] = await queries
    .select({ id: families.id })
    .from(families)
    .where(and(eq(families.id, familyId), eq(families.areaId, who.area.id)));
  return own ? kinOf(queries, familyId) : [];
}

const eitherWay = (a: string, b: string) =>
  or(
    and(eq(familiesKeptApart.familyId, a), eq(familiesKeptApart.otherId, b)),
    and(eq(familiesKeptApart.familyId, b), eq(familiesKeptApart.otherId, a))
  );

/** References grow, and longer ones are later: F-9999 is older than F-10000. */
const byAge = (a: FamilyRecord, b: FamilyRecord) =>
  a.reference.length - b.reference.length || a.reference.localeCompare(b.reference);
