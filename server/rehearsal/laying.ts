// A rehearsal is laid: an area of its own with invented people and the one who rehearses, three families typed in
// through the intake, and a meeting that begins now, planned through the schedule. What is made so is what a
// coordinator makes. Carries REHEARSE2.
import { randomUUID } from 'node:crypto';
import { and, asc, eq, isNull } from 'drizzle-orm';
import { inLondon } from '#lib/domain/london.ts';
import type { Database, Db, Transaction } from '../database/database.ts';
import { cases } from '../database/schema/families.ts';
import { agencies, areas, memberships } from '../database/schema/identity.ts';
import { firstAgencies, insertArea } from '../identity/areas.ts';
import type { Session } from '../identity/session.ts';
import type { Intake } from '../intake/intake.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { families, typedRows } from './families.ts';
import { chairName, coordinatorName, insertInvented, repNames } from './people.ts';

/** As what somebody rehearses; as its chair they sit for an agency too, so that they also rate. */
export type As = 'chair' | 'rep';

export interface LayingNeeds {
  readonly database: Database;
  readonly intake: Pick<Intake, 'importRows'>;
  readonly schedule: Pick<Schedule, 'plan'>;
}

/** What somebody's rehearsal is called wherever the name of an area stands. */
const areaName = 'Rehearsal';
/** Whoever has no agency of ours sits for this one. */
const otherwise = 'HOU';

/** Lays a rehearsal for somebody, as chair or as a rep. */
export async function layRehearsal(
  { database, intake, schedule }: LayingNeeds,
  userId: string,
  as: As,
  now: Date
): Promise<{ areaId: string; meetingId: string }> {
  const { db } = database;
  const own = await ownCode(db, userId);
  const { coordinator, chairId } = await db.transaction((tx) => seat(tx, userId, own, as));
  const imported = await intake.importRows(coordinator, { typed: typedRows(now) });
  if (!imported || 'refused' in imported) throw new Error('The families of a rehearsal were not imported');
  const rows = await db
    .select({ id: cases.id, familyId: cases.familyId })
    .from(cases)
    .where(eq(cases.areaId, coordinator.area.id));
  const caseOf = (occurrence: string) => {
    const familyId = imported.incidents.find((incident) => incident.occurrence === occurrence)?.familyId;
    return rows.find((row) => row.familyId === familyId)?.id ?? '';
  };
  const planned = await schedule.plan(coordinator, {
    ...inLondon(now),
    place: 'Rehearsal room',
    chairId,
    cases: families.map(({ occurrence }) => ({ caseId: caseOf(occurrence), agencyIds: [] }))
  });
  if (!('meetingId' in planned)) throw new Error('The meeting of a rehearsal was not planned');
  return { areaId: coordinator.area.id, meetingId: planned.meetingId };
}

/** The area with everyone in it; answers who plans its meeting, and who chairs it. */
async function seat(
  tx: Transaction,
  userId: string,
  own: string,
  as: As
): Promise<{ coordinator: Session; chairId: string }> {
  const there = firstAgencies
    .filter(({ code }) => code in repNames || code === own)
    .map((agency) => ({ ...agency, id: randomUUID(), core: true }));
  const areaId = await insertArea(tx, { name: areaName, demo: false, rehearsalOf: userId, agencies: there });
  for (const { id: agencyId, code } of there)
    if (code === own) await tx.insert(memberships).values({ areaId, userId, role: 'rep', agencyId });
    else await insertInvented(tx, { areaId, role: 'rep', agencyId }, repNames[code] ?? code);
  const chairId =
    as === 'chair' ? userId : await insertInvented(tx, { areaId, role: 'rep', agencyId: null }, chairName);
  const coordinatorId = await insertInvented(
    tx,
    { areaId, role: 'coordinator', agencyId: null },
    coordinatorName
  );
  // Plans, and is not there: no cookie stands for this session.
  const coordinator: Session = {
    id: randomUUID(),
    user: { id: coordinatorId, name: coordinatorName, email: '' },
    area: { id: areaId, name: areaName, demo: false, rehearsal: true },
    memberships: [{ id: randomUUID(), role: 'coordinator', agency: null }]
  };
  return { coordinator, chairId };
}

/** The code of the agency that somebody really sits for, where it is one that every area begins with. */
async function ownCode(db: Db, userId: string): Promise<string> {
  const held = await db
    .select({ code: agencies.code })
    .from(memberships)
    .innerJoin(areas, and(eq(areas.id, memberships.areaId), isNull(areas.rehearsalOf)))
    .innerJoin(agencies, eq(agencies.id, memberships.agencyId))
    .where(and(eq(memberships.userId, userId), isNull(memberships.endedAt)))
    .orderBy(asc(memberships.createdAt));
  const known = held.find(({ code }) => firstAgencies.some((agency) => agency.code === code));
  return known?.code ?? otherwise;
}
