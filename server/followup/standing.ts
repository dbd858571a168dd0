// One action as it stands for one person: made of the decision's row, what was answered and said since, and the
// permission table. Pure. Carries TUESDAY rules.
import {
  becameWords,
  followed,
  isFree,
  mayRefuse,
  type Became,
  type Followed,
  type LateAnswer
} from '#lib/domain/followup.ts';
import { mayAnswerFor, mayEnd, type CardFacts, type Seat } from '#lib/domain/permission.ts';
import type { AgencyName, FollowedAction, SaidOfAction } from '#lib/protocol/followup.ts';
import type { actions } from '../database/schema/decisions.ts';
import type { actionAnswers, actionUpdates } from '../database/schema/followup.ts';
import type { acceptances } from '../database/schema/meetings.ts';
import type { FollowedCard } from './reading.ts';

type ActionRow = typeof actions.$inferSelect;

export interface DecidedRow {
  readonly action: ActionRow;
  /** The decision's. */
  readonly number: number;
}

/** Rows of several cards, each kind in the order in which it was said. */
export interface ActionRows {
  readonly actions: readonly DecidedRow[];
  /** Answers given before the lock. */
  readonly before: readonly (typeof acceptances.$inferSelect)[];
  readonly answers: readonly { readonly row: typeof actionAnswers.$inferSelect; readonly by: string }[];
  readonly updates: readonly { readonly row: typeof actionUpdates.$inferSelect; readonly by: string }[];
  /** Names by member. */
  readonly members: ReadonlyMap<string, string>;
}

const states = Object.keys(becameWords) as Became[];

/** An action for the person whose seat the card carries. */
export function actionAsItStands(
  card: Omit<FollowedCard, 'actions'>,
  { action, number }: DecidedRow,
  rows: ActionRows,
  agencies: readonly AgencyName[]
): FollowedAction {
  const its = <R extends { cardId: string; actionId: string }>(row: R) =>
    row.cardId === action.cardId && row.actionId === action.actionId;
  const answers = rows.answers.filter(({ row }) => its(row));
  const updates = rows.updates.filter(({ row }) => its(row));
  const now = followed(
    action,
    [...refusedBefore(action, rows.before.filter(its)), ...answers.map(({ row }) => row)],
    updates.map(({ row }) => row)
  );
  const agency = (id: string | null) => agencies.find((each) => each.id === id) ?? null;
  return {
    ...now,
    cardId: action.cardId,
    actionId: action.actionId,
    reference: card.reference,
    what: action.what,
    member: action.memberId ? (rows.members.get(action.memberId) ?? null) : null,
    owner: agency(now.ownerId),
    named: agency(action.agencyId),
    accepted: action.accepted,
    decision: number,
    meetingId: card.meeting.id,
    startsAt: card.meeting.startsAt.toISOString(),
    history: historyOf(answers, updates, (id) => agency(id)?.name ?? null),
    may: mayDo(card, action, now, agencies)
  };
}

/** The named agency's no before the lock, where it was its last word. */
function refusedBefore(action: ActionRow, before: ActionRows['before']): LateAnswer[] {
  const last = before.findLast(({ agencyId }) => agencyId === action.agencyId);
  return last?.answer === 'declined' ? [{ agencyId: last.agencyId, answer: 'declined', due: null }] : [];
}

function historyOf(
  answers: ActionRows['answers'],
  updates: ActionRows['updates'],
  nameOf: (id: string | null) => string | null
): SaidOfAction[] {
  return [
    ...answers.map(({ row, by }): SaidOfAction => ({
      ...{ at: row.at.toISOString(), by, agency: nameOf(row.agencyId), kind: row.answer },
      ...{ on: row.due, note: row.reason, noted: false }
    })),
    ...updates.map(({ row, by }): SaidOfAction => ({
      ...{ at: row.at.toISOString(), by, agency: nameOf(row.agencyId), kind: row.state },
      ...{ on: row.on, note: row.note, noted: row.noted }
    }))
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** Whether somebody who may say what became of an action says it for an agency that is not theirs. */
export function isNoting(seat: Seat, card: CardFacts, ownerId: string | null): boolean {
  return ownerId !== null && mayEnd(seat, card, ownerId, 'done') && !seat.agencies.includes(ownerId);
}

function mayDo(
  { seat, facts }: Omit<FollowedCard, 'actions'>,
  action: ActionRow,
  now: Followed,
  agencies: readonly AgencyName[]
): FollowedAction['may'] {
  const mine = agencies.filter(({ id }) => mayAnswerFor(seat, facts, id));
  return {
    end: states.filter((state) => state !== now.state && mayEnd(seat, facts, now.ownerId, state)),
    accept: isFree(now) ? mine : [],
    decline: mine.filter(({ id }) => mayRefuse(action, now, id)),
    noting: isNoting(seat, facts, now.ownerId)
  };
}
