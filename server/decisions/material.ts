// Everything that a decision on a card is made of, read in one transaction that holds the card: its people,
// what was stated, who was there, and what stands written in the stored documents. Hides nothing, so it
// never leaves the server as it is.
import { and, asc, eq, min, sql } from 'drizzle-orm';
import { proseOf, type Prose } from '#lib/card/prose.ts';
import type { CardToLock, ReadAction } from '#lib/domain/decision.ts';
import { maySee } from '#lib/domain/permission.ts';
import type { Queries } from '../database/database.ts';
import { memberChanges } from '../database/schema/course.ts';
import { auditEvents } from '../database/schema/decisions.ts';
import { areas, memberships, users } from '../database/schema/identity.ts';
import { conflicts } from '../database/schema/meetings.ts';
import { documents as documentRows, journal } from '../database/schema/sync.ts';
import { readingOf } from '../meetings/commands/answering.ts';
import { roleOf } from '../meetings/seats.ts';
import { readTable, type Table, type TableCard } from '../meetings/table.ts';
import { seatAtTable } from '../meetings/view.ts';
import type { CardDocuments } from '../sync/sync.ts';
import { presentAt, type Present } from './present.ts';

export interface Material {
  readonly area: { readonly id: string; readonly name: string };
  readonly table: Table;
  readonly card: TableCard;
  readonly prose: Prose;
  readonly actions: readonly ReadAction[];
  readonly seq: CardDocuments['seq'];
  readonly present: readonly Present[];
  readonly conflicts: readonly { readonly userId: string; readonly name: string }[];
  /** Who was added or mended at the table and is on the card; who was taken off again is not. */
  readonly membersChanged: readonly MemberChange[];
  /** Agencies for which the coordinator wrote something that they had not confirmed. */
  readonly unconfirmed: ReadonlySet<string>;
}

interface MemberChange {
  readonly memberId: string;
  readonly act: 'added' | 'mended';
  readonly reason: string;
  readonly userId: string;
  readonly by: string;
  readonly at: string;
}

/** Reads a card's material; undefined where the meeting has no such card. */
export async function readMaterial(
  queries: Queries,
  place: { readonly areaId: string; readonly meetingId: string; readonly cardId: string },
  documents: CardDocuments
): Promise<Material | undefined> {
  const { areaId, meetingId, cardId } = place;
  const table = await readTable(queries, areaId, meetingId);
  const card = table?.cards.find(({ row }) => row.id === cardId);
  const [area] = await queries.select().from(areas).where(eq(areas.id, areaId));
  if (!table || !card || !area) return undefined;
  const prose = proseOf(documents, card.members, card.facts.agencies);
  return {
    area: { id: area.id, name: area.name },
    table,
    card,
    prose,
    actions: readActions(prose),
    seq: documents.seq,
    present: presentAt(
      {
        attendance: table.attendance.filter((fact) => fact.cardId === null || fact.cardId === cardId),
        opened: await readOpened(queries, cardId),
        shownAt: card.row.shownAt?.toISOString() ?? null
      },
      (userId, agencyId) => knownAt(table, card, userId, agencyId)
    ),
    conflicts: await queries
      .select({ userId: users.id, name: users.name })
      .from(conflicts)
      .innerJoin(users, eq(users.id, conflicts.userId))
      .where(eq(conflicts.cardId, cardId))
      .orderBy(asc(conflicts.at), asc(conflicts.id)),
    membersChanged: await readMemberChanges(queries, card),
    unconfirmed: await readUnconfirmed(queries, card)
  };
}

/** The plan's actions with what an acceptance of each is compared with. */
export function readActions({ actions }: Prose): ReadAction[] {
  return actions.map((action) => ({ ...action, reading: readingOf(action) }));
}

/** What the check looks at. */
export function toLock({ card, prose, actions }: Pick<Material, 'card' | 'prose' | 'actions'>): CardToLock {
  return {
    members: card.members,
    agencies: card.facts.agencies,
    joint: card.stands.joint,
    actions,
    answers: card.stands.answers,
    answered: prose.responses.map(({ memberId }) => memberId),
    questions: prose.questions
  };
}

function knownAt(table: Table, card: TableCard, userId: string | null, agencyId: string | null) {
  const there = card.facts.agencies;
  if (userId === null)
    return agencyId === null || there.includes(agencyId)
      ? { agencies: agencyId === null ? [] : [agencyId], role: 'rep' as const }
      : undefined;
  const seat = seatAtTable(table, userId);
  if (!seat || !maySee(seat, card.facts)) return undefined;
  return { agencies: seat.agencies.filter((id) => there.includes(id)), role: roleOf(seat, there) };
}

/** When each user first had the card open, as the audit has it. */
async function readOpened(queries: Queries, cardId: string) {
  const rows = await queries
    .select({ userId: users.id, name: users.name, at: min(auditEvents.at) })
    .from(auditEvents)
    .innerJoin(users, eq(users.id, auditEvents.userId))
    .where(and(eq(auditEvents.cardId, cardId), eq(auditEvents.act, 'connected')))
    .groupBy(users.id, users.name);
  return new Map(
    rows.flatMap(({ userId, name, at }) =>
      at ? [[userId, { name, at: new Date(at).toISOString() }] as const] : []
    )
  );
}

async function readMemberChanges(queries: Queries, { row, members }: TableCard): Promise<MemberChange[]> {
  const changes = await queries
    .select({ change: memberChanges, by: users.name })
    .from(memberChanges)
    .innerJoin(users, eq(users.id, memberChanges.by))
    .where(eq(memberChanges.cardId, row.id))
    .orderBy(asc(memberChanges.at), asc(memberChanges.id));
  return changes.flatMap(({ change: { memberId, act, reason, by: userId, at }, by }) =>
    act !== 'taken-off' && members.some(({ id }) => id === memberId)
      ? [{ memberId, act, reason, userId, by, at: at.toISOString() }]
      : []
  );
}

/** The agencies in whose section someone wrote who is none of theirs, later than they last confirmed. */
async function readUnconfirmed(queries: Queries, { row, confirmations }: TableCard): Promise<Set<string>> {
  const written = await queries
    .select({ section: sql<string>`section`, seq: sql<number>`max(${journal.seq})::int` })
    .from(journal)
    .innerJoin(documentRows, eq(documentRows.id, journal.documentId))
    .innerJoin(sql`lateral unnest(${journal.sections}) as section`, sql`section like 'agency/%'`)
    .where(
      and(
        eq(documentRows.name, `cards/${row.id}`),
        sql`${journal.userId} is not null`,
        sql`not exists (select 1 from ${memberships} where ${memberships.userId} = ${journal.userId}
          and ${memberships.role} = 'rep' and 'agency/' || ${memberships.agencyId}::text = section)`
      )
    )
    .groupBy(sql`section`);
  const confirmed = new Map(confirmations.map(({ agencyId, seq }) => [agencyId, seq]));
  return new Set(
    written.flatMap(({ section, seq }) => {
      const agencyId = section.slice('agency/'.length);
      return seq > (confirmed.get(agencyId) ?? 0) ? [agencyId] : [];
    })
  );
}
