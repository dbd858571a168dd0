// Intake's face: looking up what a file names, and importing it. An import is one transaction; the file is read
// again here by the very functions that the preview used, and nothing the browser says of it is believed.
// Carries INTAKE rules.
import { eq } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import {
  markOf,
  planIntake,
  pregnancyOf,
  type Known,
  type Pair,
  type Planned,
  type Side
} from '#lib/domain/intake.ts';
import { readNotifications } from '#lib/domain/notification.ts';
import { readTable, tableOf, type Table, type Unreadable } from '#lib/domain/notification-table.ts';
import type { Found, LookFor, Order, OrderGiven, Summary } from '#lib/protocol/intake.ts';
import { order as orderSchema } from '#lib/protocol/intake.ts';
import { record } from '../audit/audit.ts';
import type { Database, Transaction } from '../database/database.ts';
import { families, imports } from '../database/schema/families.ts';
import { areas } from '../database/schema/identity.ts';
import { joinIn, keepApartIn, type Refusal } from '../families/joins.ts';
import { holds, type Session } from '../identity/session.ts';
import { lookUp } from './look.ts';
import { store, type Stored } from './store.ts';

/** A file as it came, or a notification typed in as rows of cells. */
export type Source =
  | { readonly fileName: string; readonly bytes: Uint8Array }
  | { readonly typed: readonly (readonly string[])[] };

export interface Intake {
  /** What is here of what a file names; undefined for anyone but a coordinator. */
  look(session: Session, wanted: LookFor): Promise<Found | undefined>;
  /**
   * Imports what is not held back and not here already: all of it or nothing.
   * Gives what was done, or the reason why nothing was; undefined for anyone but a coordinator.
   */
  importRows(session: Session, source: Source, order?: OrderGiven): Promise<Summary | Refusal | undefined>;
}

/** What stops an import inside its transaction, so that nothing of it stays. */
class ImportRefused extends Error {
  override name = 'ImportRefused';
}

/** Opens intake on a database. */
export function openIntake({
  database,
  changed
}: {
  readonly database: Database;
  /** Told of an area whose families may have other members now. */
  readonly changed: (areaId: string) => Promise<void>;
}): Intake {
  const { db } = database;
  return {
    look: async (session, wanted) =>
      holds(session, 'coordinator') ? lookUp(db, session, wanted) : undefined,

    async importRows(session, source, given = {}) {
      if (!holds(session, 'coordinator')) return undefined;
      const table = tableFrom(source);
      if ('unreadable' in table) return { refused: table.unreadable };
      try {
        const summary = await db.transaction((tx) =>
          importTable(tx, session, table, source, orderSchema.parse(given))
        );
        await changed(session.area.id);
        return summary;
      } catch (error) {
        if (error instanceof ImportRefused) return { refused: error.message };
        throw error;
      }
    }
  };
}

const tableFrom = (source: Source): Table | Unreadable =>
  'typed' in source ? tableOf(source.typed) : readTable(source.bytes);

async function importTable(
  tx: Transaction,
  who: Session,
  table: Table,
  source: Source,
  order: Order
): Promise<Summary> {
  // One import at a time in an area: the second of two equal ones sees what the first has stored.
  await tx.select({ id: areas.id }).from(areas).where(eq(areas.id, who.area.id)).for('update');
  const reading = readNotifications(table, order.columns, order.mends);
  if (reading.mapped.missing.length > 0)
    throw new ImportRefused(`No column is chosen for ${reading.mapped.missing.join(', ')}.`);
  const rows = reading.incidents.flatMap((incident) => incident.rows);
  const found = await lookUp(tx, who, {
    occurrences: reading.incidents.flatMap((incident) => incident.occurrence ?? []),
    marks: [...new Set(rows.flatMap((row) => markOf(row) ?? []))]
  });
  const plan = planIntake(reading, knownFrom(found), new Set(order.taken));
  const importing = plan.incidents.filter((planned) => planned.imported.length > 0);
  const importId = importing.length > 0 ? randomUUID() : null;
  let stored: Stored[] = [];
  if (importId) {
    await tx.insert(imports).values({
      id: importId,
      areaId: who.area.id,
      fileName: 'typed' in source ? 'Typed in' : source.fileName.slice(0, 200),
      rows: plan.counts.imported,
      incidents: plan.counts.incidents,
      importedBy: who.user.id
    });
    stored = await store(tx, who, importing, {
      importId,
      typed: 'typed' in source,
      pregnancies: pregnanciesOf(importing, order)
    });
    await record(tx, who, {
      act: 'imported',
      purpose: 'police notifications',
      detail: { importId, rows: plan.counts.imported, incidents: plan.counts.incidents }
    });
  }
  const { joined, keptApart } = await settle(tx, who, stored, order);
  return {
    importId,
    rows: { imported: plan.counts.imported, held: plan.counts.held, already: plan.counts.already },
    incidents: stored.map(({ planned, familyId, reference }) => ({
      occurrence: planned.incident.occurrence ?? '',
      familyId,
      reference,
      added: planned.imported.length,
      made: planned.state === 'new',
      incomplete: planned.incomplete !== undefined
    })),
    unborn: stored.filter((each) => each.unborn).length,
    joined,
    keptApart,
    held: plan.incidents
      .filter((planned) => planned.held.length > 0)
      .map((planned) => ({
        id: planned.incident.id,
        rows: planned.held.map((row) => row.number),
        reasons: planned.incident.faults.map((fault) => fault.sentence)
      }))
  };
}

/** What was found, as the plan takes it. */
function knownFrom(found: Found): Known {
  return { here: new Map(found.here.map((each) => [each.occurrence, each])), people: found.people };
}

/** Whose pregnancies make an unborn child: as the coordinator said, else the first whom the notification proposes. */
function pregnanciesOf(importing: readonly Planned[], order: Order): Map<string, number | null> {
  const said = new Map(order.pregnancies.map(({ occurrence, row }) => [occurrence, row]));
  return new Map(
    importing.map(({ incident }) => {
      const proposed = pregnancyOf(incident);
      const chosen = said.get(incident.id);
      const row = chosen === undefined ? proposed[0]?.row : proposed.find((each) => each.row === chosen)?.row;
      return [incident.id, row ?? null];
    })
  );
}

/** Joins and keeps apart as the coordinator decided. What concerns an incident that was not stored is left for later. */
async function settle(
  tx: Transaction,
  who: Session,
  stored: readonly Stored[],
  order: Order
): Promise<{ joined: Summary['joined']; keptApart: number }> {
  const made = new Map(stored.map((each) => [each.planned.incident.id, each]));
  const idOf = (side: Side) => (side.kind === 'family' ? side.familyId : made.get(side.occurrence)?.familyId);
  const both = (pair: Pair) => {
    const [a, b] = [idOf(pair.a), idOf(pair.b)];
    return a && b ? { a, b } : undefined;
  };
  const joined: { familyId: string; reference: string; into: string }[] = [];
  for (const pair of order.joins) {
    const ids = both(pair);
    if (!ids) continue;
    const refusal = await joinIn(tx, who, ids.a, ids.b);
    if (refusal) throw new ImportRefused(`Nothing was imported. ${refusal.refused}`);
    const [one, other] = await Promise.all([referenceOf(tx, ids.a), referenceOf(tx, ids.b)]);
    joined.push({ familyId: ids.a, reference: one, into: other });
  }
  let keptApart = 0;
  for (const pair of order.apart) {
    const ids = both(pair);
    if (!ids) continue;
    const refusal = await keepApartIn(tx, who, ids.a, ids.b);
    // Joined by way of a third family: the joins say more than this does.
    if (!refusal) keptApart += 1;
  }
  return { joined, keptApart };
}

async function referenceOf(tx: Transaction, familyId: string): Promise<string> {
  const [family] = await tx
    .select({ reference: families.reference })
    .from(families)
    .where(eq(families.id, familyId));
  return family?.reference ?? '';
}
