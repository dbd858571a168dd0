// What was locked at a meeting, for one person: only the cards that exist for them, without what no minutes
// and no export hold. The opening is in the audit before a word is read. Carries the MIN and EXP rules.
import { and, asc, eq, inArray } from 'drizzle-orm';
import { withoutProtected, type DecisionContent, type SharedContent } from '#lib/card/canonical.ts';
import { sealOf } from '#lib/domain/decision.ts';
import { mayReadBeside, maySee, type Seat } from '#lib/domain/permission.ts';
import { record, type AuditAct } from '../audit/audit.ts';
import type { Db } from '../database/database.ts';
import { decisionContents, decisions } from '../database/schema/decisions.ts';
import type { Session } from '../identity/session.ts';
import { loadTable, type Table, type TableCard } from '../meetings/table.ts';
import { seatAtTable } from '../meetings/view.ts';

/** A decision as it may leave the table. */
export interface SharedDecision {
  readonly hash: string;
  /** The first of it, as people read it aloud. */
  readonly seal: string;
  readonly content: SharedContent;
  /** The versions before this one, the oldest first. */
  readonly earlier: readonly { readonly number: number; readonly version: number; readonly seal: string }[];
}

/** One version of a decision, whichever it is. */
export interface DecisionVersion {
  readonly meeting: { readonly id: string; readonly startsAt: string; readonly place: string };
  readonly decision: SharedDecision;
  /** The number of the newest version. */
  readonly newest: number;
}

export interface Minutes {
  readonly meeting: {
    readonly id: string;
    /** ISO, UTC. */
    readonly startsAt: string;
    readonly place: string;
    readonly state: 'planned' | 'open' | 'closed';
    readonly chair: string;
    readonly statement: string;
  };
  /** In the order of the agenda. */
  readonly decisions: readonly SharedDecision[];
  /** References of what this person may see and what is not locked yet; empty once the meeting is closed. */
  readonly open: readonly string[];
  /** References of what the meeting did not come to; for chair and coordinator, empty for others. */
  readonly notReached: readonly string[];
  /** What it carried to the next meeting; for chair and coordinator, empty for others. */
  readonly carried: readonly CarriedFamily[];
  /** Of which agency this is the copy; null: the reader's own. */
  readonly copyFor: AgencyCopy | null;
  /** The agencies at what was locked, each of which can be handed its copy; for chair and coordinator. */
  readonly copies: readonly AgencyCopy[];
}

export interface CarriedFamily {
  readonly reference: string;
  /** The chair's own words. */
  readonly reason: string;
}

export interface AgencyCopy {
  readonly id: string;
  readonly code: string;
  readonly name: string;
}

export interface DecisionExport {
  readonly meeting: { readonly id: string; readonly startsAt: string; readonly place: string };
  readonly decisions: readonly SharedDecision[];
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

interface Place {
  readonly table: Table;
  readonly seat: Seat;
  /** The cards that exist for this person. */
  readonly cards: readonly TableCard[];
}

/**
 * The minutes for this person; undefined where the meeting, or all of it, does not exist for them.
 * @param agencyId the agency whose copy is wanted: exactly what its reps read, for chair and coordinator to hand out.
 */
export async function readMinutes(
  db: Db,
  session: Session,
  meetingId: string,
  agencyId?: string
): Promise<Minutes | undefined> {
  const own = await placeAt(db, session, meetingId);
  const copyFor = own && agencyId !== undefined ? agencyAt(own, agencyId) : null;
  if (!own || copyFor === undefined) return undefined;
  const place = copyFor ? { ...own, cards: cardsOf(own, copyFor.id) } : own;
  const { table, seat, cards } = place;
  const { meeting } = table;
  const leads = seat.chair || seat.deputy || seat.coordinator;
  if (!leads && cards.length === 0) return undefined;
  const shared = await readShared(
    db,
    session,
    place,
    'minutes-opened',
    copyFor ? { agencyId: copyFor.id } : {}
  );
  return {
    meeting: {
      id: meeting.id,
      startsAt: meeting.startsAt.toISOString(),
      place: meeting.place,
      state: meeting.state,
      chair: table.people.get(meeting.heldBy)?.name ?? '',
      statement: table.statement
    },
    decisions: shared,
    open: meeting.state === 'closed' ? [] : references(cards.filter(({ row }) => row.lockedAt === null)),
    ...(copyFor ? { notReached: [], carried: [] } : leftBehind(place)),
    copyFor,
    copies: copyFor || !handsOut(seat) ? [] : copiesOf(own)
  };
}

/** What was not locked at the close: what the chair carried on, with the reason, apart from what nobody came to. */
function leftBehind({ seat, cards }: Place): Pick<Minutes, 'notReached' | 'carried'> {
  const left = cards.filter(({ row, facts }) => row.notReachedAt !== null && mayReadBeside(seat, facts));
  return {
    notReached: references(left.filter(({ carried }) => carried === null)),
    carried: left.flatMap(({ reference, carried }) =>
      carried ? [{ reference, reason: carried.reason }] : []
    )
  };
}

const handsOut = (seat: Seat) => seat.chair || seat.coordinator;
const cardsOf = ({ cards }: Place, agencyId: string) =>
  cards.filter(({ facts }) => facts.agencies.includes(agencyId));

/** The agencies that were at something locked here, in the area's order. */
function copiesOf(place: Place): AgencyCopy[] {
  return place.table.agencies
    .filter(({ id }) => cardsOf(place, id).some(({ row }) => row.lockedAt !== null))
    .map(({ id, code, name }) => ({ id, code, name }));
}

/** The agency whose copy this person may hand out; undefined for anyone else, and for an agency without one. */
function agencyAt(place: Place, agencyId: string): AgencyCopy | undefined {
  return handsOut(place.seat) ? copiesOf(place).find(({ id }) => id === agencyId) : undefined;
}

/** The locked decisions for other programs; undefined for all but the coordinator and who holds the chair. */
export async function readExport(
  db: Db,
  session: Session,
  meetingId: string
): Promise<DecisionExport | undefined> {
  const place = await placeAt(db, session, meetingId);
  if (!place || !(place.seat.chair || place.seat.coordinator)) return undefined;
  const { id, startsAt, place: where } = place.table.meeting;
  return {
    meeting: { id, startsAt: startsAt.toISOString(), place: where },
    decisions: await readShared(db, session, place, 'export-made')
  };
}

async function placeAt(db: Db, session: Session, meetingId: string): Promise<Place | undefined> {
  const table = uuid.test(meetingId) ? await loadTable(db, session.area.id, meetingId) : undefined;
  const seat = table && seatAtTable(table, session.user.id);
  if (!seat) return undefined;
  return { table, seat, cards: table.cards.filter(({ facts }) => maySee(seat, facts)) };
}

const references = (cards: readonly TableCard[]) => cards.map(({ reference }) => reference);

/** The last decision of each of these cards, after the audit has the opening of each. */
async function readShared(
  db: Db,
  session: Session,
  { cards, table: { meeting } }: Pick<Place, 'cards' | 'table'>,
  act: Extract<AuditAct, 'minutes-opened' | 'export-made'>,
  copy: { readonly agencyId?: string } = {}
): Promise<SharedDecision[]> {
  const locked = cards.filter(({ row }) => row.lockedAt !== null);
  const purpose = `the meeting of ${meeting.startsAt.toISOString().slice(0, 10)}`;
  const cardIds = locked.map(({ row }) => row.id);
  await record(db, session, { act, purpose, meetingId: meeting.id, detail: { cardIds, ...copy } });
  if (cardIds.length === 0) return [];
  const rows = await versionsOf(db, session, cardIds);
  return locked.flatMap(({ row }): SharedDecision[] => {
    const versions = rows.filter(({ cardId }) => cardId === row.id);
    return versions.length > 0 ? [sharedOf(versions)] : [];
  });
}

interface Row {
  readonly number: number;
  readonly version: number;
  readonly hash: string;
  readonly canonical: string;
}

/** The last of these versions, as it may leave the table. */
function sharedOf(versions: readonly Row[]): SharedDecision {
  const { hash = '', canonical = '{}' } = versions.at(-1) ?? {};
  return {
    hash,
    seal: sealOf(hash),
    content: withoutProtected(JSON.parse(canonical) as DecisionContent),
    earlier: versions
      .slice(0, -1)
      .map(({ number, version, hash: before }) => ({ number, version, seal: sealOf(before) }))
  };
}

/** One version of a decision by its number; undefined where it, or its card, does not exist for this person. */
export async function readVersion(
  db: Db,
  session: Session,
  meetingId: string,
  number: number
): Promise<DecisionVersion | undefined> {
  const place = await placeAt(db, session, meetingId);
  const cardIds = place?.cards.flatMap(({ row }) => (row.lockedAt ? [row.id] : [])) ?? [];
  if (!place || cardIds.length === 0) return undefined;
  const [found] = await db
    .select({ cardId: decisions.cardId })
    .from(decisions)
    .where(
      and(
        inArray(decisions.cardId, cardIds),
        eq(decisions.areaId, session.area.id),
        eq(decisions.number, number)
      )
    );
  if (!found) return undefined;
  const { meeting } = place.table;
  const purpose = `the meeting of ${meeting.startsAt.toISOString().slice(0, 10)}`;
  const { cardId } = found;
  await record(db, session, {
    act: 'minutes-opened',
    purpose,
    meetingId: meeting.id,
    cardId,
    detail: { number }
  });
  const rows = await versionsOf(db, session, [cardId]);
  const upTo = rows.filter((row) => row.number <= number);
  return {
    meeting: { id: meeting.id, startsAt: meeting.startsAt.toISOString(), place: meeting.place },
    decision: sharedOf(upTo),
    newest: rows.at(-1)?.number ?? number
  };
}

/** Every version of these cards' decisions, the oldest first. */
function versionsOf(db: Db, session: Session, cardIds: readonly string[]) {
  return db
    .select({
      cardId: decisions.cardId,
      number: decisions.number,
      version: decisions.version,
      hash: decisions.hash,
      canonical: decisionContents.canonical
    })
    .from(decisions)
    .innerJoin(decisionContents, eq(decisionContents.decisionId, decisions.id))
    .where(and(inArray(decisions.cardId, [...cardIds]), eq(decisions.areaId, session.area.id)))
    .orderBy(asc(decisions.version));
}
