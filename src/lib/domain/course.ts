// The course of a meeting and of a family at it: phases, stages, and the one step that comes next. Stages say
// where the table is; they bar nobody from writing, and going back undoes nothing. Pure. Carries COURSE rules.
import { placeOfTable } from './pace.ts';

export const phases = ['gathering', 'open', 'break', 'closing', 'closed'] as const;
export type Phase = (typeof phases)[number];

export const stages = ['new', 'information', 'analysis', 'ratings', 'conclusion', 'plan'] as const;
/** Where the table is with a family. */
export type Stage = (typeof stages)[number];

export type Step =
  | { readonly kind: 'stage'; readonly stage: Stage }
  /** Reveals the ratings, which brings the table to them. */
  | { readonly kind: 'reveal' }
  | { readonly kind: 'show'; readonly cardId: string }
  /** Every family has been spoken of. */
  | { readonly kind: 'close' };

/** What the course needs to know of a family on the agenda. */
export interface AgendaFamily {
  readonly id: string;
  readonly state: 'waiting' | 'shown' | 'concluded' | 'locked' | 'not-reached';
  readonly stage: Stage;
  /** Ratings are known to everyone at the card: revealed, or never sealed. */
  readonly revealed: boolean;
  /** Put off to the end of the agenda. */
  readonly parked: boolean;
}

/** An agenda of so many families is worth a break. */
const LONG = 6;

const placeOf = (stage: Stage) => stages.indexOf(stage);

/** Whether the table can be at this stage: what ratings were given is spoken of once they are known. */
export function mayStand(stage: Stage, revealed: boolean): boolean {
  return revealed || placeOf(stage) < placeOf('ratings');
}

/** The stage after a reveal: the ratings, unless the table is past them already. */
export function afterReveal(stage: Stage): Stage {
  return placeOf(stage) < placeOf('ratings') ? 'ratings' : stage;
}

/**
 * The family that comes after the one at the table, or, between two, after where the table last was: the next in the
 * agenda's order that is not dealt with, else the first such before it, else what is parked; null where none is left.
 * @param had the families that were at the table, in the order of time
 */
export function nextFamily(
  agenda: readonly AgendaFamily[],
  currentId: string | null,
  had: readonly string[] = []
): string | null {
  const standing = new Set(agenda.filter(({ parked }) => !parked).map(({ id }) => id));
  const place = placeOfTable([...had, currentId], standing);
  const at = agenda.findIndex(({ id }) => id === place);
  const open = [...agenda.slice(at + 1), ...agenda.slice(0, at + 1)].filter(
    ({ id, state }) => id !== currentId && (state === 'waiting' || state === 'shown')
  );
  return (open.find(({ parked }) => !parked) ?? open[0])?.id ?? null;
}

/** The family that stands before this one on the agenda, dealt with or not. */
export function previousFamily(agenda: readonly AgendaFamily[], currentId: string | null): string | null {
  return agenda[agenda.findIndex(({ id }) => id === currentId) - 1]?.id ?? null;
}

/** The step that one key takes: the next stage, the reveal where the ratings are still sealed, the next family. */
export function nextStep(
  agenda: readonly AgendaFamily[],
  currentId: string | null,
  had: readonly string[] = []
): Step {
  const current = agenda.find(({ id }) => id === currentId);
  const stage = current && stages[placeOf(current.stage) + 1];
  if (current && stage && current.state !== 'locked' && current.state !== 'not-reached')
    return mayStand(stage, current.revealed) ? { kind: 'stage', stage } : { kind: 'reveal' };
  const cardId = nextFamily(agenda, currentId, had);
  return cardId === null ? { kind: 'close' } : { kind: 'show', cardId };
}

/** The step back: the stage before, or the family before; undefined at the beginning. Nothing is undone by it. */
export function stepBack(
  agenda: readonly AgendaFamily[],
  currentId: string | null
): Extract<Step, { kind: 'stage' | 'show' }> | undefined {
  const current = agenda.find(({ id }) => id === currentId);
  const stage = current && stages[placeOf(current.stage) - 1];
  if (stage && current.state !== 'locked' && current.state !== 'not-reached') return { kind: 'stage', stage };
  const cardId = previousFamily(agenda, currentId);
  return cardId === null ? undefined : { kind: 'show', cardId };
}

/**
 * Whether a break is offered: half of a long agenda is behind, and there was none yet. In clinical team meetings
 * information grew poorer in the second half, and with a short break it did not (Soukup and others, BMJ Open 2019).
 */
export function isTimeForBreak(agenda: readonly AgendaFamily[], hadBreak: boolean): boolean {
  const behind = agenda.filter(({ state }) => state === 'concluded' || state === 'locked').length;
  return !hadBreak && agenda.length >= LONG && behind * 2 >= agenda.length && behind < agenda.length;
}

/** Whether a meeting can go from one phase to another by the chair's word. */
export function mayPass(from: Phase, to: Phase): boolean {
  const during: readonly Phase[] = ['open', 'break', 'closing'];
  return from !== to && during.includes(from) && during.includes(to);
}
