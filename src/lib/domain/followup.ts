// What becomes of an action after the lock: whose it is, whether it is open, overdue or ended, and in which
// words that is said. The decision stays as it was locked; what is said later is told beside it. Pure: days come in
// as YYYY-MM-DD, as London's calendar has them. Carries the TUESDAY and CHASE rules.

/** SafeLives tells apart what could no longer be done from what an agency did not do. */
export const endings = ['done', 'not-possible', 'not-done'] as const;
export type Ending = (typeof endings)[number];
export type Became = 'open' | Ending;

export const becameWords: Readonly<Record<Became, string>> = {
  open: 'Open',
  done: 'Done',
  'not-possible': 'Not possible, circumstances changed',
  'not-done': 'Not done'
};

/** An action as the decision holds it. */
export interface LockedAction {
  /** The agency that it names. */
  readonly agencyId: string | null;
  /** That agency had accepted it as it reads when the card was locked. */
  readonly accepted: boolean;
  readonly due: string | null;
}

/** An agency's answer to an action that it had not accepted at the lock. */
export interface LateAnswer {
  readonly agencyId: string;
  readonly answer: 'accepted' | 'declined';
  /** The day that the agency took on, where it is another than the decision's. */
  readonly due: string | null;
}

export interface Followed {
  /** The agency that has it; null: nobody's. */
  readonly ownerId: string | null;
  readonly due: string | null;
  readonly state: Became;
  /** Those whose last answer was no. */
  readonly declinedIds: readonly string[];
}

/**
 * Where an action stands now. What was accepted at the lock stays bound; anything else is nobody's until an
 * agency accepts it, and again when that agency declines it. The first to accept has it.
 * @param answers, updates in the order in which they were said.
 */
export function followed(
  action: LockedAction,
  answers: readonly LateAnswer[],
  updates: readonly { readonly state: Became }[]
): Followed {
  let owner = { id: action.accepted ? action.agencyId : null, due: action.due };
  const last = new Map<string, LateAnswer['answer']>();
  for (const { agencyId, answer, due } of answers) {
    last.set(agencyId, answer);
    if (answer === 'accepted' && owner.id === null) owner = { id: agencyId, due: due ?? action.due };
    if (answer === 'declined' && owner.id === agencyId && !action.accepted)
      owner = { id: null, due: action.due };
  }
  return {
    ownerId: owner.id,
    due: owner.due,
    state: updates.at(-1)?.state ?? 'open',
    declinedIds: [...last].flatMap(([id, answer]) => (answer === 'declined' ? [id] : []))
  };
}

/** Whether an agency may still take an action on: it is nobody's, and has not ended. */
export function isFree({ ownerId, state }: Followed): boolean {
  return ownerId === null && state === 'open';
}

/** Whether an agency may say no: to what names it, or to what it took on after the lock. */
export function mayRefuse(action: LockedAction, now: Followed, agencyId: string): boolean {
  if (now.state !== 'open') return false;
  if (now.ownerId === agencyId) return !action.accepted;
  return now.ownerId === null && action.agencyId === agencyId && !now.declinedIds.includes(agencyId);
}

/** Whether an action waits for the answer of the agency that it names. */
export function waitsFor(action: LockedAction, now: Followed, agencyId: string): boolean {
  return isFree(now) && mayRefuse(action, now, agencyId);
}

/** Overdue from the day after the one by which it was to be done. */
export function isOverdue({ state, due }: Pick<Followed, 'state' | 'due'>, today: string): boolean {
  return state === 'open' && due !== null && due < today;
}

/** A family's matter is closed for this decision when every action has ended; without actions it is at once. */
export function isClosed(actions: readonly Pick<Followed, 'state'>[]): boolean {
  return actions.every(({ state }) => state !== 'open');
}

export interface Tally {
  readonly open: number;
  readonly overdue: number;
  /** Of the open ones, those that nobody has taken on. */
  readonly nobodys: number;
  /** The earliest day of the open ones. */
  readonly firstDue: string | null;
}

/** Counts what is open. Count only what the reader may see. */
export function tally(actions: readonly Followed[], today: string): Tally {
  const open = actions.filter(({ state }) => state === 'open');
  const days = open.flatMap(({ due }) => due ?? []).sort();
  return {
    open: open.length,
    overdue: open.filter((action) => isOverdue(action, today)).length,
    nobodys: open.filter(({ ownerId }) => ownerId === null).length,
    firstDue: days[0] ?? null
  };
}

/** For sorting: the earliest day first, so what is overdue leads; what has no day comes last. */
export function byDue(a: { readonly due: string | null }, b: { readonly due: string | null }): number {
  if (a.due === b.due) return 0;
  if (a.due === null) return 1;
  return b.due === null || a.due < b.due ? -1 : 1;
}
