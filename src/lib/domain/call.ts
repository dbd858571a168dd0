// Asking somebody in who is not at the table: how a call stands, what may follow, and for how long it opens the
// video call to them. Pure. Carries CALL1 and CALL2.

/** What the one who is called answers. */
export const callAnswers = ['coming', 'in-5', 'cannot'] as const;
export type CallAnswer = (typeof callAnswers)[number];
/** What chair or coordinator note of a call; whoever is called may say that they have left. */
export const callNotes = ['in', 'out', 'withdrawn'] as const;
export type CallNote = (typeof callNotes)[number];
export type CallStep = CallAnswer | CallNote;
/** 'over': the family it was for is done with, and nobody came. */
export type CallState = 'ringing' | CallStep | 'over';

const following: Record<CallState, readonly CallStep[]> = {
  ringing: ['coming', 'in-5', 'cannot', 'in', 'withdrawn'],
  'in-5': ['coming', 'cannot', 'in', 'withdrawn'],
  coming: ['in-5', 'cannot', 'in', 'out', 'withdrawn'],
  cannot: ['coming', 'in-5', 'in'],
  in: ['out'],
  out: [],
  withdrawn: [],
  over: []
};

/** How a call stands. @param done its family is done with at this meeting */
export function callState(steps: readonly { readonly step: CallStep }[], done: boolean): CallState {
  const state = steps.at(-1)?.step ?? 'ringing';
  return done && ['ringing', 'in-5', 'coming'].includes(state) ? 'over' : state;
}

export function mayFollow(state: CallState, step: CallStep): boolean {
  return following[state].includes(step);
}

/** Whether the call is one by which somebody comes, or is, in the video call. */
export function opensTheCall(state: CallState): boolean {
  return ['ringing', 'in-5', 'coming', 'in'].includes(state);
}

/**
 * Whether the family that a call is for is done with: locked or left behind, or the table has gone on to another
 * since the call was made.
 * @param turns in the order of time; a turn without a card is a pause
 */
export function isDoneWith(
  call: { readonly cardId: string; readonly at: number },
  turns: readonly { readonly cardId: string | null; readonly at: number }[],
  cardDone: boolean
): boolean {
  if (cardDone) return true;
  const named = turns.filter(({ cardId }) => cardId !== null);
  const last = named.findLastIndex(({ cardId }) => cardId === call.cardId);
  const next = last < 0 ? undefined : named[last + 1];
  return next !== undefined && next.at > call.at;
}
