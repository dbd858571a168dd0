// The outcome of a meeting and of one family, to its end, for everyone who sat at that table: what was decided,
// what became of each action, who told the victim and the referrer. Never an observer's after the close, never
// somebody's with a conflict of interest. Each opening is in the audit first. Carries the OUTCOME rules.
import { and, asc, eq, inArray } from 'drizzle-orm';
import { withoutProtected, type DecisionContent, type SharedContent } from '#lib/card/canonical.ts';
import { sealOf } from '#lib/domain/decision.ts';
import { isClosed, isFree, tally, type Tally } from '#lib/domain/followup.ts';
import { inLondon } from '#lib/domain/london.ts';
import { mayReadProtected, maySee, mayTellOutcome } from '#lib/domain/permission.ts';
import type { Rating } from '#lib/domain/rating.ts';
import type { FollowedAction } from '#lib/protocol/followup.ts';
import { record } from '../audit/audit.ts';
import type { Db } from '../database/database.ts';
import { decisionContents, decisions } from '../database/schema/decisions.ts';
import { outcomeTellings } from '../database/schema/followup.ts';
import { agencies, users } from '../database/schema/identity.ts';
import type { Session } from '../identity/session.ts';
import { loadTable } from '../meetings/table.ts';
import { seatAtTable } from '../meetings/view.ts';
import { readFollowings, type FollowedCard } from './reading.ts';

interface MeetingNamed {
  readonly id: string;
  /** ISO, UTC. */
  readonly startsAt: string;
  readonly place: string;
}

export interface MeetingOutcomes {
  readonly today: string;
  readonly meeting: MeetingNamed & { readonly state: 'planned' | 'open' | 'closed' };
  /** In the agenda's order. */
  readonly cards: readonly {
    readonly cardId: string;
    readonly reference: string;
    readonly rating: Rating | null;
    readonly tally: Tally;
    readonly closed: boolean;
    /** How many actions the decision holds. */
    readonly planned: number;
  }[];
  /** Open actions that nobody has taken on. */
  readonly nobodys: readonly FollowedAction[];
}

/** What was said of telling one person. */
export interface Telling {
  readonly told: 'told' | 'not-safe' | 'open';
  readonly on: string;
  readonly by: string;
  readonly agency: string | null;
  /** ISO, UTC. */
  readonly at: string;
  /** Null also for who may not read it. */
  readonly how: string | null;
}

export interface ToTell {
  readonly whom: 'victim' | 'referrer';
  readonly memberId: string | null;
  /** The victim's name; null for the referrer. */
  readonly name: string | null;
  /** In the order in which it was said; the last stands. */
  readonly said: readonly Telling[];
  readonly mayTell: boolean;
}

export interface CardOutcome {
  readonly today: string;
  readonly meeting: MeetingNamed;
  readonly cardId: string;
  readonly seal: string;
  readonly content: Pick<
    SharedContent,
    'number' | 'version' | 'lockedAt' | 'chair' | 'members' | 'joint' | 'summary'
  > & { readonly reference: string };
  readonly actions: readonly FollowedAction[];
  readonly closed: boolean;
  readonly toTell: readonly ToTell[];
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const purposeOf = (startsAt: Date) => `the outcome of the meeting of ${inLondon(startsAt).date}`;
const named = ({ id, startsAt, place }: FollowedCard['meeting']): MeetingNamed => ({
  id,
  startsAt: startsAt.toISOString(),
  place
});

/** The outcomes of a meeting's families for this person; undefined where the meeting has none for them. */
export async function outcomesOf(
  db: Db,
  session: Session,
  meetingId: string,
  now: Date
): Promise<MeetingOutcomes | undefined> {
  const table = uuid.test(meetingId) ? await loadTable(db, session.area.id, meetingId) : undefined;
  const seat = table && seatAtTable(table, session.user.id);
  if (!seat) return undefined;
  const leads = seat.chair || seat.deputy || seat.coordinator;
  if (!leads && !table.cards.some(({ facts }) => maySee(seat, facts))) return undefined;
  const { cards } = await readFollowings(db, session, { meetingId });
  const cardIds = cards.map(({ row }) => row.id);
  const { meeting } = table;
  const purpose = purposeOf(meeting.startsAt);
  await record(db, session, { act: 'outcome-opened', purpose, meetingId, detail: { cardIds } });
  const contents = await readContents(db, session, cardIds);
  const today = inLondon(now).date;
  return {
    today,
    meeting: { ...named(meeting), state: meeting.state },
    cards: cards.map(({ row, reference, actions }) => ({
      ...{ cardId: row.id, reference, planned: actions.length },
      ...{ tally: tally(actions, today), closed: isClosed(actions) },
      rating: contents.get(row.id)?.content.joint.find(({ memberId }) => memberId === null)?.rating ?? null
    })),
    nobodys: cards.flatMap(({ actions }) => actions.filter(isFree))
  };
}

/** One family's outcome; undefined where the card, or a decision on it, does not exist for this person. */
export async function outcomeOf(
  db: Db,
  session: Session,
  cardId: string,
  now: Date
): Promise<CardOutcome | undefined> {
  if (!uuid.test(cardId)) return undefined;
  const [card] = (await readFollowings(db, session, { cardIds: [cardId] })).cards;
  if (!card) return undefined;
  const { row, meeting, actions } = card;
  await record(db, session, {
    ...{ act: 'outcome-opened', purpose: purposeOf(meeting.startsAt) },
    ...{ familyId: row.familyId, meetingId: meeting.id, cardId }
  });
  const decided = (await readContents(db, session, [cardId])).get(cardId);
  if (!decided) return undefined;
  const { number, version, lockedAt, chair, members, joint, summary } = decided.content;
  return {
    ...{ today: inLondon(now).date, meeting: named(meeting), cardId, actions, closed: isClosed(actions) },
    seal: sealOf(decided.hash),
    content: { number, version, lockedAt, chair, members, joint, summary, reference: card.reference },
    toTell: await readToTell(db, card, decided.content)
  };
}

async function readToTell(db: Db, card: FollowedCard, { members }: SharedContent): Promise<ToTell[]> {
  const rows = await db
    .select({ row: outcomeTellings, by: users.name, agency: agencies.name })
    .from(outcomeTellings)
    .innerJoin(users, eq(users.id, outcomeTellings.by))
    .leftJoin(agencies, eq(agencies.id, outcomeTellings.agencyId))
    .where(eq(outcomeTellings.cardId, card.row.id))
    .orderBy(asc(outcomeTellings.at), asc(outcomeTellings.id));
  const readsHow = mayReadProtected(card.seat, card.facts);
  const toTell = (whom: ToTell['whom'], memberId: string | null, name: string | null): ToTell => ({
    ...{ whom, memberId, name, mayTell: mayTellOutcome(card.seat, card.facts, whom) },
    said: rows
      .filter(({ row }) => row.whom === whom && row.memberId === memberId)
      .map(({ row, by, agency }) => ({
        ...{ told: row.told, on: row.on, by, agency, at: row.at.toISOString() },
        how: readsHow ? row.how : null
      }))
  });
  const victims = members.filter(({ role }) => role === 'victim');
  return [...victims.map(({ id, name }) => toTell('victim', id, name)), toTell('referrer', null, null)];
}

/** The last decision of each of these cards, without its protected part. */
async function readContents(
  db: Db,
  session: Session,
  cardIds: readonly string[]
): Promise<Map<string, { hash: string; content: SharedContent }>> {
  if (cardIds.length === 0) return new Map();
  const rows = await db
    .select({ cardId: decisions.cardId, hash: decisions.hash, canonical: decisionContents.canonical })
    .from(decisions)
    .innerJoin(decisionContents, eq(decisionContents.decisionId, decisions.id))
    .where(and(inArray(decisions.cardId, [...cardIds]), eq(decisions.areaId, session.area.id)))
    .orderBy(asc(decisions.version));
  return new Map(
    rows.map(({ cardId, hash, canonical }) => [
      cardId,
      { hash, content: withoutProtected(JSON.parse(canonical) as DecisionContent) }
    ])
  );
}
