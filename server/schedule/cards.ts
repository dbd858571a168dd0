// A family's card at a meeting: made with everything it needs in one transaction, found again where it was
// withdrawn, and kept in step with the family. Carries SCHED rules.
import { and, arrayContains, eq, inArray, isNotNull, isNull, ne, or, sql } from 'drizzle-orm';
import type { CardMember } from '#lib/card/schema.ts';
import { timeInWords } from '#lib/domain/london.ts';
import type { Queries, Transaction } from '../database/database.ts';
import { cases, familyMembers } from '../database/schema/families.ts';
import { agencies } from '../database/schema/identity.ts';
import {
  acceptances,
  cardAgencies,
  cardMembers,
  cards,
  conflicts,
  dissents,
  meetings,
  ratings,
  recordStates
} from '../database/schema/meetings.ts';
import { documents, journal } from '../database/schema/sync.ts';
import { isHidden } from '../families/cases.ts';
import { kinOf, membersOf } from '../families/families.ts';
import type { Session } from '../identity/session.ts';
import type { Sync } from '../sync/sync.ts';
import { Faulty } from './faults.ts';
import type { ChosenCase } from './input.ts';

/** A family as it is put on an agenda: whichever of its records was named, by the one that stands for all. */
export interface Chosen {
  readonly caseId: string;
  readonly familyId: string;
  readonly reference: string;
  /** The cases of everything joined into it. */
  readonly caseIds: readonly string[];
  readonly members: readonly CardMember[];
}

const gone = () =>
  new Faulty({
    field: 'caseIds',
    message: 'One of the families chosen is not on the list any more. Look at the list again.'
  });

/** The family of a case; what a conflict of interest hides from the asker is answered as what is not there. */
export async function chosenFamily(queries: Queries, session: Session, caseId: string): Promise<Chosen> {
  const [own] = await queries
    .select({ familyId: cases.familyId })
    .from(cases)
    .where(and(eq(cases.id, caseId), eq(cases.areaId, session.area.id)));
  if (!own) throw gone();
  const kin = await kinOf(queries, own.familyId);
  const ids = kin.map(({ id }) => id);
  const [root] = kin;
  if (!root || (await isHidden(queries, ids, session.user.id))) throw gone();
  const all = await queries.select().from(cases).where(inArray(cases.familyId, ids));
  const first = all.find(({ familyId }) => familyId === root.id);
  if (!first) throw gone();
  return {
    caseId: first.id,
    familyId: root.id,
    reference: root.reference,
    caseIds: all.map(({ id }) => id),
    members: (await membersOf(queries, root.id)).map(({ id, role }) => ({ id, role }))
  };
}

/** The area's agencies that are at every card, and a check that those called are called ones of the area. */
export async function agenciesFor(
  queries: Queries,
  areaId: string,
  called: readonly string[]
): Promise<string[]> {
  const there = await queries
    .select({ id: agencies.id, core: agencies.core })
    .from(agencies)
    .where(eq(agencies.areaId, areaId));
  if (!called.every((id) => there.some((agency) => agency.id === id)))
    throw new Faulty({ field: 'agencyId', message: 'Choose agencies from the list.' });
  return there.filter(({ id, core }) => core || called.includes(id)).map(({ id }) => id);
}

/** This family's card that was withdrawn from the meeting, with all that was written on it. */
export async function withdrawnCard(
  queries: Queries,
  meetingId: string,
  chosen: Chosen
): Promise<string | undefined> {
  const [card] = await queries
    .select({ id: cards.id })
    .from(cards)
    .where(
      and(
        eq(cards.meetingId, meetingId),
        inArray(cards.caseId, [...chosen.caseIds]),
        isNotNull(cards.withdrawnAt)
      )
    )
    .orderBy(sql`${cards.withdrawnAt} desc`)
    .limit(1);
  return card?.id;
}

/** Puts a family at the end of the agenda: on a new card, or on the one it had here before. Answers the card's id. */
export async function addCard(
  tx: Transaction,
  sync: Pick<Sync, 'create'>,
  session: Session,
  meetingId: string,
  { caseId, agencyIds }: ChosenCase
): Promise<string> {
  const chosen = await chosenFamily(tx, session, caseId);
  await refuseIfPlanned(tx, meetingId, chosen);
  const there = await agenciesFor(tx, session.area.id, agencyIds);
  const [last] = await tx
    .select({ position: sql<number>`coalesce(max(${cards.position}), 0)::int` })
    .from(cards)
    .where(eq(cards.meetingId, meetingId));
  const position = (last?.position ?? 0) + 1;
  const before = await withdrawnCard(tx, meetingId, chosen);
  if (before) {
    await tx.update(cards).set({ withdrawnAt: null, position }).where(eq(cards.id, before));
    await join(tx, before, chosen.members, there);
    return before;
  }
  const [card] = await tx
    .insert(cards)
    .values({
      areaId: session.area.id,
      meetingId,
      caseId: chosen.caseId,
      familyId: chosen.familyId,
      position
    })
    .returning({ id: cards.id });
  if (!card) throw new Error('A card was not written.');
  await join(tx, card.id, chosen.members, there);
  await carryConflicts(tx, chosen, card.id);
  await sync.create(tx, {
    areaId: session.area.id,
    meetingId,
    cardId: card.id,
    members: chosen.members,
    agencies: there
  });
  return card.id;
}

/** Adds members and agencies to a card; those that are on it stay as they are. Answers how many members are new. */
export async function join(
  tx: Transaction,
  cardId: string,
  members: readonly CardMember[],
  agencyIds: readonly string[]
): Promise<number> {
  const there = await tx
    .select({ position: cardMembers.position })
    .from(cardMembers)
    .where(eq(cardMembers.cardId, cardId));
  const next = Math.max(0, ...there.map(({ position }) => position)) + 1;
  const added =
    members.length === 0
      ? []
      : await tx
          .insert(cardMembers)
          .values(members.map(({ id }, at) => ({ cardId, memberId: id, position: next + at })))
          .onConflictDoNothing()
          .returning();
  if (agencyIds.length > 0)
    await tx
      .insert(cardAgencies)
      .values(agencyIds.map((agencyId) => ({ cardId, agencyId })))
      .onConflictDoNothing();
  return added.length;
}

async function refuseIfPlanned(tx: Transaction, meetingId: string, chosen: Chosen): Promise<void> {
  const [taken] = await tx
    .select({ meetingId: meetings.id, startsAt: meetings.startsAt })
    .from(cards)
    .innerJoin(meetings, eq(meetings.id, cards.meetingId))
    .where(
      and(
        inArray(cards.caseId, [...chosen.caseIds]),
        isNull(cards.withdrawnAt),
        or(eq(meetings.id, meetingId), ne(meetings.state, 'closed'))
      )
    )
    .limit(1);
  if (!taken) return;
  const where =
    taken.meetingId === meetingId ? 'this agenda' : `the meeting of ${timeInWords(taken.startsAt)}`;
  throw new Faulty({ field: 'caseIds', message: `${chosen.reference} is already on ${where}.` });
}

/** A conflict of interest is with the family: it holds at its later meetings too. */
async function carryConflicts(tx: Transaction, chosen: Chosen, cardId: string): Promise<void> {
  const declared = await tx
    .select({ userId: conflicts.userId, declaredBy: conflicts.declaredBy, at: conflicts.at })
    .from(conflicts)
    .innerJoin(cards, eq(cards.id, conflicts.cardId))
    .where(inArray(cards.caseId, [...chosen.caseIds]));
  if (declared.length > 0)
    await tx
      .insert(conflicts)
      .values(declared.map((each) => ({ ...each, cardId })))
      .onConflictDoNothing();
}

/** Whether anything was written in an agency's section of a card, or stated for it. */
export async function hasSpoken(queries: Queries, cardId: string, agencyId: string): Promise<boolean> {
  const stated = [recordStates, ratings, acceptances, dissents].map((table) =>
    queries
      .select({ id: table.id })
      .from(table)
      .where(and(eq(table.cardId, cardId), eq(table.agencyId, agencyId)))
      .limit(1)
  );
  const written = queries
    .select({ id: journal.documentId })
    .from(journal)
    .innerJoin(documents, eq(documents.id, journal.documentId))
    .where(
      and(
        eq(documents.cardId, cardId),
        isNotNull(journal.userId),
        arrayContains(journal.sections, [`agency/${agencyId}`])
      )
    )
    .limit(1);
  return (await Promise.all([...stated, written])).some((rows) => rows.length > 0);
}

/** A card's members as its documents know them. */
export async function membersOn(queries: Queries, cardId: string): Promise<CardMember[]> {
  return queries
    .select({ id: familyMembers.id, role: familyMembers.role })
    .from(cardMembers)
    .innerJoin(familyMembers, eq(familyMembers.id, cardMembers.memberId))
    .where(eq(cardMembers.cardId, cardId));
}
