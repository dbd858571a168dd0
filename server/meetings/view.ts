// What one person may know of a meeting, made for that person alone. Pure: what they may not see is not in
// it, not as a title, a position or a count. This is where the seal is kept. Carries the VIEW and SEAL rules.
import { missingOn } from '#lib/domain/decision.ts';
import {
  mayLead,
  mayProject,
  maySee,
  mayReadBeside,
  mayReadProtected,
  screenSeat,
  type CardFacts,
  type Seat
} from '#lib/domain/permission.ts';
import { courseOf, newest, presence, ratedAgencies } from '#lib/domain/standing.ts';
import type {
  CardView,
  MeetingChange,
  MeetingState,
  MeetingView,
  NotificationView,
  PersonHere,
  ScreenKind
} from '#lib/protocol/meeting.ts';
import { callViews, doorFor, linkFor } from './call-view.ts';
import { paceView } from './pace-view.ts';
import { handsAmong, keyOf } from './hands.ts';
import { onScreen } from './screen.ts';
import { hasPlace, roleOf, seatOf } from './seats.ts';
import type { Beside, CardReading, Table, TableCard } from './table.ts';

type Mode = MeetingState['you']['mode'];

/** The seat of someone at this meeting; undefined where they have no place at it. */
export function seatAtTable(table: Table, userId: string): Seat | undefined {
  const seat = seatOf(userId, {
    meeting: table.meeting,
    memberships: table.people.get(userId)?.memberships ?? [],
    observer: table.observers.has(userId)
  });
  return hasPlace(
    seat,
    table.cards.map(({ facts }) => facts)
  )
    ? seat
    : undefined;
}

/** Whether what was rated and recorded on a card is known to everyone at it. */
export function isRevealed(table: Pick<Table, 'sealed'>, card: Pick<TableCard, 'row'>): boolean {
  return !table.sealed || card.row.revealedAt !== null || card.row.lockedAt !== null;
}

/**
 * The meeting for one person; undefined where they have no place at it.
 * @param connected the users who have the board open now.
 * @param lostAt when those who have it open no more lost it.
 */
export function viewFor(
  table: Table,
  beside: Beside,
  connected: ReadonlySet<string>,
  you: { readonly userId: string; readonly mode: Mode; readonly screen?: ScreenKind | undefined },
  lostAt: ReadonlyMap<string, string> = new Map()
): MeetingState | undefined {
  const seat = seatAtTable(table, you.userId);
  if (!seat || (you.screen && !mayProject(seat))) return undefined;
  if (!you.screen) return viewFrom(seat, table, beside, connected, you.mode, lostAt);
  return onScreen(viewFrom(screenSeat(seat), table, beside, connected, you.mode, lostAt), you.screen);
}

function viewFrom(
  seat: Seat,
  table: Table,
  beside: Beside,
  connected: ReadonlySet<string>,
  mode: Mode,
  lostAt: ReadonlyMap<string, string>
): MeetingState {
  const seen = table.cards.filter(({ facts }) => maySee(seat, facts));
  const seenIds = new Set(seen.map(({ row }) => row.id));
  const people = peopleHere(table, connected, seenIds, lostAt);
  const calls = callViews(table, seat, seenIds);
  const current = seen.find(({ row }) => row.id === table.meeting.currentCardId);
  return {
    you: {
      userId: seat.userId,
      name: nameOf(table, seat.userId),
      agencyIds: seat.agencies,
      chair: seat.chair,
      deputy: seat.deputy,
      coordinator: seat.coordinator,
      observer: seat.observer,
      administrator: seat.administrator,
      mode,
      agreedAt: table.course.agreed.get(seat.userId) ?? null,
      askedOut: askedOut(table).includes(seat.userId)
    },
    meeting: { ...meetingView(table), videoLink: linkFor(table, seat, calls) },
    agencies: table.agencies,
    people,
    ...handsAmong(table.raised, people, table.attendance),
    currentCardId: current?.row.id ?? null,
    pace: paceView(table, seenIds, seat.chair),
    calls,
    door: doorFor(table, seat, calls),
    cards: Object.fromEntries(
      seen.map((card, index) => [card.row.id, cardView(table, beside, seat, card, index + 1)])
    )
  };
}

function meetingView(table: Table): Omit<MeetingView, 'videoLink'> {
  const { meeting } = table;
  const named = (userId: string) => ({ userId, name: nameOf(table, userId) });
  return {
    id: meeting.id,
    startsAt: meeting.startsAt.toISOString(),
    place: meeting.place,
    state: meeting.state,
    statement: table.statement,
    sealed: table.sealed,
    rehearsal: table.rehearsal,
    legend: table.legend,
    chair: named(meeting.heldBy),
    deputy: meeting.deputyId ? named(meeting.deputyId) : null,
    openedAt: iso(meeting.openedAt),
    closedAt: iso(meeting.closedAt),
    ...phaseOf(table),
    hadBreak: table.course.hadBreak,
    statementRead: withoutReader(table.course.statementRead),
    namedChair: named(meeting.chairId)
  };
}

function phaseOf({ meeting, course }: Table): Pick<MeetingView, 'phase' | 'phaseSince'> {
  if (meeting.state === 'planned') return { phase: 'gathering', phaseSince: null };
  if (meeting.state === 'closed') return { phase: 'closed', phaseSince: iso(meeting.closedAt) };
  const { phase = 'open', at = iso(meeting.openedAt) } = course.phase ?? {};
  return { phase, phaseSince: at };
}

const withoutReader = (read: Table['course']['statementRead']) => read && { by: read.by, at: read.at };

/** For whom, by a conflict of interest, the family at the table does not exist. */
function askedOut({ meeting, cards }: Table): readonly string[] {
  if (meeting.state !== 'open') return [];
  return cards.find(({ row }) => row.id === meeting.currentCardId)?.facts.hiddenFrom ?? [];
}

function cardView(table: Table, beside: Beside, seat: Seat, card: TableCard, position: number): CardView {
  const { row, stands, facts } = card;
  const revealed = isRevealed(table, card);
  const known = <F extends { id: string; userId: string; agencyId: string }>(stated: readonly F[]) =>
    stated.filter(({ agencyId }) => revealed || seat.agencies.includes(agencyId)).map(withoutAuthorId);
  return {
    id: row.id,
    position,
    state: courseOf({
      ...row,
      shownAt: card.course.parked ? null : row.shownAt,
      concluded: stands.joint.some(({ memberId }) => memberId === null)
    }),
    version: row.version,
    reference: card.reference,
    members: card.members,
    agencyIds: facts.agencies,
    notifications: card.notifications.map((notification): NotificationView => ({
      ...notification,
      narrative: mayReadProtected(seat, facts) ? notification.narrative : null
    })),
    revealedAt: iso(row.revealedAt ?? row.lockedAt),
    records: known(stands.records),
    ratings: known(stands.ratings),
    ratedAgencyIds: ratedAgencies(stands.ratings),
    joint: stands.joint.map(withoutAuthorId),
    dissents: stands.dissents.map(withoutAuthorId),
    answers: stands.answers.map(withoutAuthorId),
    ...courseView(table, seat, card),
    notedAgencyIds: notedAgencies(card, beside.noted.get(row.id)),
    lock: card.lock,
    carried: card.carried,
    ...stillOpen(beside.readings.get(row.id), seat, card),
    ...sinceLock(beside, seat, card)
  };
}

/** Late edits and what was proposed: for chair and coordinator; what one proposed oneself, for anybody. */
function sinceLock(
  beside: Beside,
  seat: Seat,
  { row, facts, since }: TableCard
): Pick<CardView, 'lateEdits' | 'amendments' | 'proposals'> {
  const may = mayReadBeside(seat, facts);
  const kept = may ? (beside.lateEdits.get(row.id) ?? []) : [];
  return {
    lateEdits: kept.map((edit) => ({ ...edit, takenIn: since.takenIn.get(edit.id) ?? null })),
    amendments: since.amendments,
    proposals: since.proposals.flatMap(({ userId, ...proposal }) =>
      may || userId === seat.userId ? [proposal] : []
    )
  };
}

/** Where the table is with a card, and what binds it to others that this person may see. */
function courseView(
  table: Table,
  seat: Seat,
  { course, facts }: TableCard
): Pick<CardView, 'stage' | 'parked' | 'links' | 'notTheChairs'> {
  const { parked } = course;
  const maySeeLinked = (cardId: string) =>
    table.cards.some(({ row, facts: others }) => row.id === cardId && maySee(seat, others));
  return {
    stage: course.stage,
    parked: parked && { by: parked.by, at: parked.at, reason: parked.reason },
    links: course.links
      .filter(({ cardId }) => maySeeLinked(cardId))
      .map(({ cardId, together, reason, by, at }) => ({ cardId, together, reason, by, at })),
    notTheChairs: (seat.deputy || seat.coordinator) && facts.hiddenFrom.includes(table.meeting.heldBy)
  };
}

/** What one's agencies are asked, and, for the chair, what the card lacks: as its documents were last read. */
function stillOpen(
  reading: CardReading | undefined,
  seat: Seat,
  { members, facts, stands }: TableCard
): Pick<CardView, 'asked' | 'missing'> {
  if (!reading || facts.locked) return { asked: [], missing: null };
  const asked = reading.questions.flatMap(({ id, text, agencyId, answer }) =>
    agencyId && isAsked({ text, answer }) && sitsHere(seat, facts, agencyId)
      ? [{ questionId: id, agencyId, text }]
      : []
  );
  const { joint, answers } = stands;
  const card = { members, agencies: facts.agencies, joint, answers, ...reading };
  return { asked, missing: mayLead(seat, 'lock') ? missingOn(card) : null };
}

const isAsked = ({ text, answer }: { text: string; answer: string }) => !answer.trim() && text.trim() !== '';
const sitsHere = (seat: Seat, facts: CardFacts, agencyId: string) =>
  seat.agencies.includes(agencyId) && facts.agencies.includes(agencyId);

/** The agencies for which the coordinator wrote something that they have not confirmed since. */
function notedAgencies(card: TableCard, noted: ReadonlyMap<string, number> | undefined): string[] {
  const confirmed = new Map(
    newest(card.confirmations, ({ agencyId }) => agencyId).map(({ agencyId, seq }) => [agencyId, seq])
  );
  return card.facts.agencies.filter((id) => (noted?.get(id) ?? 0) > (confirmed.get(id) ?? 0));
}

/**
 * Who is at the meeting, seen or said to be. Someone who was said to be at one card only is known to those
 * who may see that card.
 */
function peopleHere(
  table: Table,
  connected: ReadonlySet<string>,
  seen: ReadonlySet<string>,
  lostAt: ReadonlyMap<string, string>
): PersonHere[] {
  const out = seen.has(table.meeting.currentCardId ?? '') ? askedOut(table) : [];
  const said = table.attendance.filter(({ cardId }) => cardId === null || seen.has(cardId));
  const whole = new Set(said.filter(({ cardId }) => cardId === null).map(({ userId }) => userId));
  const last = presence(
    said.filter(({ cardId, userId }) => cardId === null || !userId || !whole.has(userId))
  );
  const byUser = new Map(last.flatMap((fact) => (fact.userId ? [[fact.userId, fact] as const] : [])));
  const users = [...new Set([...connected, ...byUser.keys()])].flatMap((userId): PersonHere[] => {
    const seat = seatAtTable(table, userId);
    if (!seat) return [];
    const fact = byUser.get(userId);
    return [
      {
        key: userId,
        userId,
        name: nameOf(table, userId),
        agencyIds: seat.agencies,
        role: roleOf(
          seat,
          table.cards.flatMap(({ facts }) => facts.agencies)
        ),
        mode: fact?.mode ?? null,
        connected: connected.has(userId),
        since: fact?.at ?? null,
        lostAt: connected.has(userId) ? null : (lostAt.get(userId) ?? null),
        agreedAt: table.course.agreed.get(userId) ?? null,
        askedOut: out.includes(userId),
        alone: table.calls.alone.get(userId)?.alone ?? null
      }
    ];
  });
  const byHand = last
    .filter(({ userId }) => userId === null)
    .map((fact): PersonHere => {
      const { name, agencyId, mode, at } = fact;
      const key = keyOf(fact);
      const agencyIds = agencyId ? [agencyId] : [];
      const without = {
        userId: null,
        connected: false,
        lostAt: null,
        agreedAt: null,
        askedOut: false,
        alone: null
      };
      return { key, name, agencyIds, role: 'rep', mode, since: at, ...without };
    });
  return [...users, ...byHand].sort((a, b) => a.name.localeCompare(b.name, 'en') || (a.key < b.key ? -1 : 1));
}

const iso = (at: Date | null) => at?.toISOString() ?? null;
const nameOf = (table: Table, userId: string) => table.people.get(userId)?.name ?? '';

/** A fact as it is sent: its author by name. */
function withoutAuthorId<F extends { id: string; userId: string }>(fact: F): Omit<F, 'id' | 'userId'> {
  const { id: _id, userId: _user, ...shown } = fact;
  return shown;
}

/** A state as it was last sent: each part as JSON. */
export type Sent = ReadonlyMap<string, string>;

const cardKey = (id: string) => `cards/${id}`;

/** The parts of a state as JSON, to compare the next one with. */
export function partsOf(state: MeetingState): Sent {
  const { cards, ...rest } = state;
  return new Map([
    ...Object.entries(rest).map(([key, part]) => [key, JSON.stringify(part)] as const),
    ...Object.entries(cards).map(([id, card]) => [cardKey(id), JSON.stringify(card)] as const)
  ]);
}

/** What of a state is new to someone who was sent these parts; undefined where nothing is. */
export function changeSince(sent: Sent, state: MeetingState, parts: Sent): MeetingChange | undefined {
  const { cards: now, ...rest } = state;
  const isNew = (key: string) => parts.get(key) !== sent.get(key);
  const slices = Object.fromEntries(Object.entries(rest).filter(([key]) => isNew(key)));
  const gone = [...sent.keys()].filter((key) => key.startsWith('cards/') && !parts.has(key));
  const cards: Record<string, CardView | null> = Object.fromEntries([
    ...Object.entries(now).filter(([id]) => isNew(cardKey(id))),
    ...gone.map((key) => [key.slice('cards/'.length), null] as const)
  ]);
  const change: MeetingChange = { ...slices, ...(Object.keys(cards).length > 0 ? { cards } : {}) };
  return Object.keys(change).length > 0 ? change : undefined;
}
