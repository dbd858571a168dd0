// Calls as one person may know them, whether the video call is open to them, and, for who keeps its door, whom to
// let in and out. Pure. Carries CALL5, CALL6 and REMOTE1.
import { callAnswers, callState, isDoneWith, opensTheCall, type CallAnswer } from '#lib/domain/call.ts';
import { mayHaveLink, maySee, type Seat } from '#lib/domain/permission.ts';
import { presence } from '#lib/domain/standing.ts';
import type { CallView, DoorEntry, DoorView } from '#lib/protocol/meeting.ts';
import type { CallRow } from './calls.ts';
import type { Table } from './table.ts';

/** The calls for the cards that this person may see, the oldest first. */
export function callViews(table: Table, seat: Seat, seen: ReadonlySet<string>): CallView[] {
  return table.calls.calls
    .filter(({ cardId }) => seen.has(cardId))
    .map((call): CallView => {
      const last = call.steps.at(-1);
      const who = answererOf(call);
      const asked = call.agencyId
        ? seat.agencies.includes(call.agencyId) && (who === undefined || who === seat.userId)
        : call.userId === seat.userId;
      return {
        id: call.id,
        cardId: call.cardId,
        agencyId: call.agencyId,
        userId: call.userId ?? who ?? null,
        name: nameOf(table, call.userId ?? who ?? ''),
        by: nameOf(table, call.by),
        at: call.at.toISOString(),
        state: stateOf(table, call),
        since: (last?.at ?? call.at).toISOString(),
        reason: last?.reason ?? null,
        yours: asked
      };
    });
}

/** The link to the video call, for whom it is there: whoever attends the whole, and others while they are called. */
export function linkFor(table: Table, seat: Seat, calls: readonly CallView[]): string | null {
  const core = table.agencies.flatMap(({ id, core }) => (core ? [id] : []));
  const called = calls.some(({ yours, state }) => yours && opensTheCall(state));
  return mayHaveLink(seat, core, called) ? table.meeting.videoLink : null;
}

/** Whom to let into the call and out of it; null for who does not keep its door. */
export function doorFor(table: Table, seat: Seat, calls: readonly CallView[]): DoorView | null {
  if (!seat.coordinator && !seat.chair) return null;
  const present = table.meeting.currentCardId;
  const entry = (call: CallView, why: DoorEntry['why']): DoorEntry => ({
    callId: call.id,
    name: call.name,
    agencyIds: call.agencyId ? [call.agencyId] : agenciesOf(table, call.userId ?? ''),
    why
  });
  return {
    letIn: calls.flatMap((call) =>
      call.state === 'coming' || call.state === 'in-5' ? [entry(call, call.state)] : []
    ),
    letOut: [
      ...calls.flatMap((call) =>
        call.state === 'in' && (call.cardId !== present || isDone(table, call)) ? [entry(call, 'done')] : []
      ),
      ...conflicted(table, seat, calls)
    ]
  };
}

/** Who is remote at the meeting, and may not hear of the family at the table. */
function conflicted(table: Table, seat: Seat, calls: readonly CallView[]): DoorEntry[] {
  const card = table.cards.find(({ row }) => row.id === table.meeting.currentCardId);
  if (!card || !maySee(seat, card.facts) || isCardDone(card)) return [];
  const inCall = new Set(calls.flatMap(({ state, userId }) => (state === 'in' && userId ? [userId] : [])));
  const core = table.agencies.flatMap(({ id, core: whole }) => (whole ? [id] : []));
  const remote = presence(table.attendance.filter(({ cardId }) => cardId === null));
  return remote.flatMap(({ userId, mode, name }): DoorEntry[] => {
    if (!userId || mode !== 'remote' || !card.facts.hiddenFrom.includes(userId)) return [];
    const agencyIds = agenciesOf(table, userId);
    if (!inCall.has(userId) && !agencyIds.some((id) => core.includes(id))) return [];
    return [{ callId: null, name, agencyIds, why: 'conflict' }];
  });
}

/** Who answered for an agency, or was let in for it. */
function answererOf({ steps }: CallRow): string | undefined {
  return steps.findLast(({ step }) => callAnswers.includes(step as CallAnswer))?.by;
}

function stateOf(table: Table, call: CallRow): CallView['state'] {
  return callState(call.steps, isDone(table, call));
}

function isDone(table: Table, call: { cardId: string; at: Date | string }): boolean {
  const card = table.cards.find(({ row }) => row.id === call.cardId);
  const done = table.meeting.state === 'closed' || card === undefined || isCardDone(card);
  return isDoneWith({ cardId: call.cardId, at: new Date(call.at).getTime() }, table.pacing.turns, done);
}

const isCardDone = ({ row }: Table['cards'][number]) => row.lockedAt !== null || row.notReachedAt !== null;
const nameOf = (table: Table, userId: string) => table.people.get(userId)?.name ?? '';
const agenciesOf = (table: Table, userId: string) =>
  (table.people.get(userId)?.memberships ?? []).flatMap(({ role, agencyId }) =>
    role === 'rep' && agencyId ? [agencyId] : []
  );
