// Writes a plan's notifications: for each incident a family, persons, members, a case, the notification and its
// rows. Ids are made here, so that everything goes in by a few large statements. Carries INTAKE rules.
import { and, eq, sql } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import { familyReference } from '#lib/domain/family.ts';
import { markOf, type Planned } from '#lib/domain/intake.ts';
import type { ReadRow } from '#lib/domain/notification-row.ts';
import type { Transaction } from '../database/database.ts';
import {
  cases,
  families,
  familyMembers,
  notificationPeople,
  notifications,
  people
} from '../database/schema/families.ts';
import { areas } from '../database/schema/identity.ts';
import type { Session } from '../identity/session.ts';

export interface Stored {
  readonly planned: Planned;
  readonly familyId: string;
  readonly reference: string;
  readonly unborn: boolean;
}

export interface Storing {
  readonly importId: string;
  /** Typed in: the rows have no numbers in a spreadsheet. */
  readonly typed: boolean;
  /** Whose pregnancy it is, by occurrence; null where there is to be no unborn child. */
  readonly pregnancies: ReadonlyMap<string, number | null>;
}

/** Stores what the plan imports, in the caller's transaction. */
export async function store(
  tx: Transaction,
  who: Session,
  plan: readonly Planned[],
  storing: Storing
): Promise<Stored[]> {
  const into: Rows = { families: [], cases: [], notifications: [], people: [], members: [], rows: [] };
  const fresh = plan.filter((planned) => planned.state === 'new');
  const [area] = await tx
    .update(areas)
    .set({ lastFamily: sql`${areas.lastFamily} + ${fresh.length}` })
    .where(eq(areas.id, who.area.id))
    .returning({ last: areas.lastFamily });
  let number = (area?.last ?? fresh.length) - fresh.length;
  const stored: Stored[] = fresh.map((planned) => {
    number += 1;
    const family = { id: randomUUID(), areaId: who.area.id, reference: familyReference(number) };
    into.families.push(family);
    const caseId = randomUUID();
    into.cases.push({ id: caseId, areaId: who.area.id, familyId: family.id });
    const notificationId = notificationOf(into, who, planned, caseId, storing);
    const unborn = membersFrom(into, who, planned, storing, {
      familyId: family.id,
      notificationId,
      position: 0,
      byMark: new Map()
    });
    return { planned, familyId: family.id, reference: family.reference, unborn };
  });
  for (const planned of plan.filter((each) => each.state === 'adds'))
    stored.push(await addTo(tx, into, who, planned, storing));
  await insertAll(tx, into);
  return stored;
}

interface Rows {
  readonly families: (typeof families.$inferInsert)[];
  readonly cases: (typeof cases.$inferInsert)[];
  readonly notifications: (typeof notifications.$inferInsert)[];
  readonly people: (typeof people.$inferInsert)[];
  readonly members: (typeof familyMembers.$inferInsert)[];
  readonly rows: (typeof notificationPeople.$inferInsert)[];
}

function notificationOf(
  into: Rows,
  who: Session,
  planned: Planned,
  caseId: string,
  storing: Storing
): string {
  const { incident } = planned;
  const id = randomUUID();
  into.notifications.push({
    id,
    areaId: who.area.id,
    caseId,
    importId: storing.importId,
    occurrence: incident.occurrence ?? '',
    reported: incident.reported ?? '',
    incidentDate: incident.incidentDate,
    incidentTime: incident.incidentTime,
    incidentType: incident.incidentType || 'Not given',
    domesticAbuse: incident.domesticAbuse,
    grade: incident.grade,
    dash: incident.dash,
    encompassSent: incident.encompassSent,
    narrative: incident.narrative,
    incomplete: planned.incomplete,
    addedBy: who.user.id
  });
  return id;
}

interface Place {
  readonly familyId: string;
  readonly notificationId: string;
  /** The first free place in the family's order. */
  readonly position: number;
  /** Persons of this family that a row may be of. */
  readonly byMark: Map<string, string>;
}

/** The rows' persons and members; whether an unborn child was added. */
function membersFrom(into: Rows, who: Session, planned: Planned, storing: Storing, place: Place): boolean {
  const basis = `Police notification ${planned.incident.occurrence ?? ''}`;
  const pregnant = storing.pregnancies.get(planned.incident.occurrence ?? '');
  let position = place.position;
  let unborn = false;
  for (const row of planned.imported) {
    if (planned.completes.has(row.number)) continue;
    const memberId = randomUUID();
    into.members.push({
      id: memberId,
      familyId: place.familyId,
      personId: personOf(into, who, row, place.byMark),
      role: row.values.role ?? 'other',
      basis,
      position,
      addedBy: who.user.id
    });
    position += 1;
    into.rows.push(rowOf(who, row, place.notificationId, memberId, storing.typed));
    if (row.number !== pregnant) continue;
    into.members.push({
      familyId: place.familyId,
      role: 'unborn',
      parentId: memberId,
      basis,
      position: 1000 + position,
      addedBy: who.user.id
    });
    unborn = true;
  }
  return unborn;
}

/** The person a row is of: within one incident the same name and birth is the same person. */
function personOf(into: Rows, who: Session, row: ReadRow, byMark: Map<string, string>): string {
  const mark = markOf(row);
  const known = mark ? byMark.get(mark) : undefined;
  if (known) return known;
  const id = randomUUID();
  into.people.push({
    id,
    areaId: who.area.id,
    surname: row.values.surname ?? '',
    forenames: row.values.forenames ?? '',
    aka: row.values.aka,
    born: row.values.born,
    sex: row.values.sex ?? 'U'
  });
  if (mark) byMark.set(mark, id);
  return id;
}

function rowOf(who: Session, row: ReadRow, notificationId: string, memberId: string, typed: boolean) {
  const { values } = row;
  return {
    areaId: who.area.id,
    notificationId,
    memberId,
    key: row.key,
    row: typed ? null : row.number,
    role: values.role ?? 'other',
    written: row.written,
    leftOut: leftOut(row),
    address: values.address,
    town: values.town,
    postcode: values.postcode,
    telephone: values.telephone,
    safeToCall: values.safeToCall,
    toVictim: values.toVictim,
    toHarming: values.toHarming,
    school: values.school,
    childPresent: values.childPresent,
    strangulation: values.strangulation,
    weapon: values.weapon,
    pregnant: values.pregnant
  };
}

const leftOut = (row: ReadRow) => [
  ...new Set(row.findings.flatMap((each) => (each.kind === 'fault' && each.field ? [each.field] : [])))
];

/** Adds the rows that were missing to a notification that is here. */
async function addTo(
  tx: Transaction,
  into: Rows,
  who: Session,
  planned: Planned,
  storing: Storing
): Promise<Stored> {
  const [own] = await tx
    .select({
      id: notifications.id,
      familyId: cases.familyId,
      reference: families.reference,
      incomplete: notifications.incomplete
    })
    .from(notifications)
    .innerJoin(cases, eq(cases.id, notifications.caseId))
    .innerJoin(families, eq(families.id, cases.familyId))
    .where(
      and(
        eq(notifications.areaId, who.area.id),
        eq(notifications.occurrence, planned.incident.occurrence ?? '')
      )
    );
  if (!own) throw new Error('A notification that was here is gone.');
  const members = await tx
    .select({ role: familyMembers.role, position: familyMembers.position })
    .from(familyMembers)
    .where(eq(familyMembers.familyId, own.familyId));
  const told = members.some((member) => member.role === 'unborn');
  const unborn = membersFrom(into, who, planned, told ? { ...storing, pregnancies: new Map() } : storing, {
    familyId: own.familyId,
    notificationId: own.id,
    position:
      1 + Math.max(-1, ...members.filter((each) => each.role !== 'unborn').map((each) => each.position)),
    byMark: new Map()
  });
  await complete(tx, planned, own.id);
  const whole = planned.completes.size > 0 && (await isWhole(tx, own.id)) && planned.held.length === 0;
  await tx
    .update(notifications)
    .set({
      incomplete: whole ? null : [own.incomplete, planned.incomplete].filter(Boolean).join(' ') || null
    })
    .where(eq(notifications.id, own.id));
  return { planned, familyId: own.familyId, reference: own.reference, unborn };
}

/** Fills in what stored rows left out and the file now tells; what they have stays as it is. */
async function complete(tx: Transaction, planned: Planned, notificationId: string): Promise<void> {
  const { incident } = planned;
  for (const row of planned.imported) {
    const key = planned.completes.get(row.number);
    if (!key) continue;
    const [own] = await tx
      .select({ row: notificationPeople, personId: familyMembers.personId })
      .from(notificationPeople)
      .innerJoin(familyMembers, eq(familyMembers.id, notificationPeople.memberId))
      .where(and(eq(notificationPeople.notificationId, notificationId), eq(notificationPeople.key, key)));
    if (!own) throw new Error('A row that was here is gone.');
    const left = own.row.leftOut;
    const { values } = row;
    const role = left.includes('role') ? values.role : undefined;
    await tx
      .update(notificationPeople)
      .set({
        key: row.key,
        leftOut: [],
        written: { ...own.row.written, ...row.written },
        ...(role ? { role } : {}),
        ...(left.includes('postcode') ? { postcode: values.postcode } : {})
      })
      .where(eq(notificationPeople.id, own.row.id));
    if (role) await tx.update(familyMembers).set({ role }).where(eq(familyMembers.id, own.row.memberId));
    if (own.personId && (left.includes('born') || left.includes('surname')))
      await tx
        .update(people)
        .set({
          ...(left.includes('born') ? { born: values.born } : {}),
          ...(left.includes('surname')
            ? { surname: values.surname ?? '', forenames: values.forenames ?? '' }
            : {})
        })
        .where(eq(people.id, own.personId));
    await tx
      .update(notifications)
      .set({
        incidentDate: sql`coalesce(${notifications.incidentDate}, ${incident.incidentDate ?? null}::date)`,
        incidentTime: sql`coalesce(${notifications.incidentTime}, ${incident.incidentTime ?? null}::text)`,
        grade: sql`coalesce(${notifications.grade}, ${incident.grade ?? null}::text)`,
        dash: sql`coalesce(${notifications.dash}, ${incident.dash ?? null}::integer)`
      })
      .where(eq(notifications.id, notificationId));
  }
}

async function isWhole(tx: Transaction, notificationId: string): Promise<boolean> {
  const rows = await tx
    .select({ leftOut: notificationPeople.leftOut })
    .from(notificationPeople)
    .where(eq(notificationPeople.notificationId, notificationId));
  return rows.every((row) => row.leftOut.length === 0);
}

async function insertAll(tx: Transaction, into: Rows): Promise<void> {
  for (const part of parts(into.families)) await tx.insert(families).values(part);
  for (const part of parts(into.cases)) await tx.insert(cases).values(part);
  for (const part of parts(into.notifications)) await tx.insert(notifications).values(part);
  for (const part of parts(into.people)) await tx.insert(people).values(part);
  for (const part of parts(into.members)) await tx.insert(familyMembers).values(part);
  for (const part of parts(into.rows)) await tx.insert(notificationPeople).values(part);
}

/** In portions, because a statement takes 65,535 parameters at most. */
function parts<T>(all: readonly T[]): T[][] {
  const found: T[][] = [];
  for (let at = 0; at < all.length; at += 500) found.push(all.slice(at, at + 500));
  return found;
}
