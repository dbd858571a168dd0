// Locked decisions' actions and what was said of them since, read for one person: only of cards that exist for
// them. A conflict of interest is with the family: declared at any of its cards, it hides all of them here.
// Whoever calls this has the opening in the audit before any of it is given. Carries TUESDAY rules.
import { and, asc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import { mayReadOutcome, type CardFacts, type Seat } from '#lib/domain/permission.ts';
import type { AgencyName, FollowedAction } from '#lib/protocol/followup.ts';
import type { Queries } from '../database/database.ts';
import { actions, decisions } from '../database/schema/decisions.ts';
import { families, familyJoins } from '../database/schema/families.ts';
import { actionAnswers, actionUpdates } from '../database/schema/followup.ts';
import { agencies, users } from '../database/schema/identity.ts';
import {
  acceptances,
  cardAgencies,
  cards,
  conflicts,
  meetingObservers,
  meetings
} from '../database/schema/meetings.ts';
import type { Session } from '../identity/session.ts';
import { kinOf, readMembers } from '../meetings/card-families.ts';
import { cardFactsOf, seatOf } from '../meetings/seats.ts';
import { actionAsItStands, type ActionRows } from './standing.ts';

/** A locked card that exists for the reader. */
export interface FollowedCard {
  readonly row: typeof cards.$inferSelect;
  readonly meeting: typeof meetings.$inferSelect;
  readonly reference: string;
  readonly facts: CardFacts;
  readonly seat: Seat;
  /** In the plan's order. */
  readonly actions: readonly FollowedAction[];
}

/** Which of the area's locked cards are wanted; left out: all. */
export interface Wanted {
  readonly cardIds?: readonly string[];
  readonly familyIds?: readonly string[];
  readonly meetingId?: string;
}

export interface Followings {
  readonly agencies: readonly AgencyName[];
  /** The newest meeting first, in the agenda's order. */
  readonly cards: readonly FollowedCard[];
  /** By family: all for whom, by a conflict of interest, its cards don't exist. */
  hiddenFrom(familyId: string): readonly string[];
}

/** The locked cards that exist for this person, with their actions as they stand. */
export async function readFollowings(
  queries: Queries,
  session: Pick<Session, 'user' | 'area' | 'memberships'>,
  wanted: Wanted = {}
): Promise<Followings> {
  const areaId = session.area.id;
  const [found, there, hidden, observed] = await Promise.all([
    readCards(queries, areaId, wanted),
    queries
      .select()
      .from(agencies)
      .where(eq(agencies.areaId, areaId))
      .orderBy(asc(agencies.position), asc(agencies.code)),
    readHidden(queries, areaId),
    queries.select().from(meetingObservers).where(eq(meetingObservers.userId, session.user.id))
  ]);
  const called = await readCalled(
    queries,
    found.map(({ row }) => row.id)
  );
  const standing = found.flatMap(({ row, meeting, reference }) => {
    const seat = seatOf(session.user.id, {
      meeting,
      memberships: session.memberships.map(({ role, agency }) => ({ role, agencyId: agency?.id ?? null })),
      observer: observed.some(({ meetingId }) => meetingId === meeting.id)
    });
    const at = there.filter(({ id }) => called.get(row.id)?.has(id));
    const conflicted = hidden(row.familyId).map((userId) => ({ userId }));
    const facts = cardFactsOf(row, meeting.state, at, conflicted);
    return mayReadOutcome(seat, facts) ? [{ row, meeting, reference, facts, seat }] : [];
  });
  const names = there.map(({ id, code, name }): AgencyName => ({ id, code, name }));
  const rows = await readRows(
    queries,
    standing.map(({ row }) => row.id)
  );
  return {
    agencies: names,
    cards: standing.map((card) => ({ ...card, actions: actionsOn(card, rows, names) })),
    hiddenFrom: hidden
  };
}

function actionsOn(
  card: Omit<FollowedCard, 'actions'>,
  rows: ActionRows,
  names: readonly AgencyName[]
): FollowedAction[] {
  return rows.actions
    .filter(({ action }) => action.cardId === card.row.id)
    .map((row) => actionAsItStands(card, row, rows, names));
}

function readCards(queries: Queries, areaId: string, { cardIds, familyIds, meetingId }: Wanted) {
  const none = '00000000-0000-0000-0000-000000000000';
  return queries
    .select({ row: cards, meeting: meetings, reference: families.reference })
    .from(cards)
    .innerJoin(meetings, eq(meetings.id, cards.meetingId))
    .innerJoin(families, eq(families.id, cards.familyId))
    .where(
      and(
        eq(cards.areaId, areaId),
        isNotNull(cards.lockedAt),
        isNull(cards.withdrawnAt),
        cardIds && inArray(cards.id, [...cardIds, none]),
        familyIds && inArray(cards.familyId, [...familyIds, none]),
        meetingId === undefined ? undefined : eq(cards.meetingId, meetingId)
      )
    )
    .orderBy(sql`${meetings.startsAt} desc`, asc(cards.position), asc(cards.id));
}

/** Who may not see a family: whoever declared a conflict at any card of any record joined to it. */
async function readHidden(
  queries: Queries,
  areaId: string
): Promise<(familyId: string) => readonly string[]> {
  const [declared, joins] = await Promise.all([
    queries
      .select({ familyId: cards.familyId, userId: conflicts.userId })
      .from(conflicts)
      .innerJoin(cards, eq(cards.id, conflicts.cardId))
      .where(eq(cards.areaId, areaId)),
    readJoins(queries, areaId)
  ]);
  return (familyId) => {
    const kin = kinOf(familyId, joins);
    return declared.filter((each) => kin.includes(each.familyId)).map(({ userId }) => userId);
  };
}

/** The area's joins of families that stand. */
export function readJoins(queries: Queries, areaId: string) {
  return queries
    .select({ familyId: familyJoins.familyId, intoId: familyJoins.intoId })
    .from(familyJoins)
    .where(and(eq(familyJoins.areaId, areaId), isNull(familyJoins.undoneAt)));
}

async function readCalled(queries: Queries, cardIds: readonly string[]): Promise<Map<string, Set<string>>> {
  if (cardIds.length === 0) return new Map();
  const rows = await queries
    .select()
    .from(cardAgencies)
    .where(inArray(cardAgencies.cardId, [...cardIds]));
  const byCard = Map.groupBy(rows, ({ cardId }) => cardId);
  return new Map([...byCard].map(([id, each]) => [id, new Set(each.map(({ agencyId }) => agencyId))]));
}

async function readRows(queries: Queries, cardIds: readonly string[]): Promise<ActionRows> {
  if (cardIds.length === 0) return { actions: [], answers: [], updates: [], before: [], members: new Map() };
  const ids = [...cardIds];
  const [planned, before, answers, updates, members] = await Promise.all([
    queries
      .select({ action: actions, number: decisions.number, version: decisions.version })
      .from(actions)
      .innerJoin(decisions, eq(decisions.id, actions.decisionId))
      .where(inArray(actions.cardId, ids))
      .orderBy(asc(decisions.version), asc(actions.due), asc(actions.id)),
    queries
      .select()
      .from(acceptances)
      .where(inArray(acceptances.cardId, ids))
      .orderBy(asc(acceptances.at), asc(acceptances.id)),
    queries
      .select({ row: actionAnswers, by: users.name })
      .from(actionAnswers)
      .innerJoin(users, eq(users.id, actionAnswers.by))
      .where(inArray(actionAnswers.cardId, ids))
      .orderBy(asc(actionAnswers.at), asc(actionAnswers.id)),
    queries
      .select({ row: actionUpdates, by: users.name })
      .from(actionUpdates)
      .innerJoin(users, eq(users.id, actionUpdates.by))
      .where(inArray(actionUpdates.cardId, ids))
      .orderBy(asc(actionUpdates.at), asc(actionUpdates.id)),
    readMembers(queries, ids)
  ]);
  // Of an amended decision the newest version's action counts.
  const newest = new Map(planned.map((each) => [`${each.action.cardId} ${each.action.actionId}`, each]));
  return {
    actions: [...newest.values()],
    before,
    answers,
    updates,
    members: new Map(members.map(({ member }) => [member.id, member.name]))
  };
}
