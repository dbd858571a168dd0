// What stands beside a meeting's cards and is read from the journal: for whom the coordinator wrote, and what
// arrived after a lock. Kept between readings, since typing moves it far less often than it moves the journal.
import { and, eq, inArray, like, sql } from 'drizzle-orm';
import type { LateEditView } from '#lib/protocol/meeting.ts';
import type { Database } from '../database/database.ts';
import { documents, journal } from '../database/schema/sync.ts';
import type { Sync } from '../sync/sync.ts';
import type { Beside, Table } from './table.ts';

type KeptEdit = Omit<LateEditView, 'takenIn'>;

export class BesideCards {
  readonly #database: Database;
  readonly #sync: Sync;
  #noted: Beside['noted'] | undefined;
  readonly #lateEdits = new Map<string, readonly KeptEdit[]>();

  constructor(database: Database, sync: Sync) {
    this.#database = database;
    this.#sync = sync;
  }

  /** The coordinator wrote for an agency: what was noted is read again. */
  notesMoved(): void {
    this.#noted = undefined;
  }

  /** An edit arrived at a locked card. */
  lateEditArrived(cardId: string): void {
    this.#lateEdits.delete(cardId);
  }

  async read(table: Table): Promise<Omit<Beside, 'readings'>> {
    this.#noted ??= await readNoted(this.#database, table);
    for (const { row } of table.cards)
      if (row.lockedAt && !this.#lateEdits.has(row.id))
        this.#lateEdits.set(row.id, await readLateEdits(this.#sync, table, row.id));
    return { noted: this.#noted, lateEdits: new Map(this.#lateEdits) };
  }
}

/** Whether an edit to this section is a note for an agency that its author does not sit for. */
export function isNote(table: Table, userId: string, section: string): boolean {
  const [kind, agencyId = ''] = section.split('/');
  const held = table.people.get(userId)?.memberships ?? [];
  return (
    kind === 'agency' &&
    held.some(({ role }) => role === 'coordinator') &&
    !held.some((each) => each.role === 'rep' && each.agencyId === agencyId)
  );
}

async function readNoted({ db }: Database, table: Table): Promise<Beside['noted']> {
  const coordinators = [...table.people].flatMap(([userId, { memberships }]) =>
    memberships.some(({ role }) => role === 'coordinator') ? [userId] : []
  );
  if (coordinators.length === 0) return new Map();
  const section = sql<string>`unnest(${journal.sections})`.as('section');
  const rows = await db
    .select({
      cardId: documents.cardId,
      userId: journal.userId,
      section,
      seq: sql<number>`max(${journal.seq})::int`
    })
    .from(journal)
    .innerJoin(documents, eq(documents.id, journal.documentId))
    .where(
      and(
        eq(documents.meetingId, table.meeting.id),
        like(documents.name, 'cards/%'),
        inArray(journal.userId, coordinators)
      )
    )
    .groupBy(documents.cardId, journal.userId, section);
  const noted = new Map<string, Map<string, number>>();
  for (const { cardId, userId, section: name, seq } of rows) {
    if (!userId || !isNote(table, userId, name)) continue;
    const agencyId = name.slice('agency/'.length);
    const ofCard = noted.get(cardId) ?? new Map<string, number>();
    noted.set(cardId, ofCard.set(agencyId, Math.max(seq, ofCard.get(agencyId) ?? 0)));
  }
  return noted;
}

async function readLateEdits(sync: Sync, table: Table, cardId: string): Promise<KeptEdit[]> {
  const edits = await sync.lateEdits(cardId);
  return edits.map(({ id, userId, writtenAt, arrivedAt, sections, text, needs }) => ({
    id,
    by: table.people.get(userId)?.name ?? '',
    writtenAt: writtenAt?.toISOString() ?? null,
    arrivedAt: arrivedAt.toISOString(),
    sections,
    text,
    needs
  }));
}
