// What a decision needs before it is made: a check over a card's actions, questions, members and ratings.
// Pure: it says what is missing, and which of it a chair may pass over. Carries the READY rules.
import type { ActionTerms } from './action.ts';

/** What keeps a card from being locked, each to be mended in place or, but for the joint rating, passed with a reason. */
export type Missing =
  | { kind: 'joint-rating' }
  | { kind: 'no-response'; memberId: string }
  | {
      kind: 'action-not-accepted' | 'action-without-owner' | 'action-without-date';
      actionId: string;
      what: string;
    }
  | { kind: 'unanswered-question'; questionId: string; text: string };

export interface ReadAction extends ActionTerms {
  readonly id: string;
  /** The member it is for. */
  readonly memberId: string | null;
  /** SHA-256, hex, of its canonical form as it reads now. */
  readonly reading: string;
}

/** An agency's answer to an action; of several, the last one counts. */
export interface Answer {
  readonly actionId: string;
  readonly agencyId: string;
  readonly answer: 'accepted' | 'declined';
  readonly reading: string | null;
}

export interface CardToLock {
  readonly members: readonly { readonly id: string; readonly role: string }[];
  /** The agencies at the card: an owner that is none of them is no owner. */
  readonly agencies: readonly string[];
  readonly joint: readonly { readonly memberId: string | null; readonly reason: string }[];
  readonly actions: readonly ReadAction[];
  readonly answers: readonly Answer[];
  /** The members causing harm for whom the plan holds a response in words. */
  readonly answered: readonly string[];
  readonly questions: readonly { readonly id: string; readonly text: string; readonly answer: string }[];
}

/** Whether the agency that is to do an action has accepted it as it reads now. */
export function isAccepted(action: ReadAction, answers: readonly Answer[]): boolean {
  const last = answers.findLast(
    ({ actionId, agencyId }) => actionId === action.id && agencyId === action.agencyId
  );
  return last?.answer === 'accepted' && last.reading === action.reading;
}

/** The agency that is to do an action; undefined where none at the card is named. */
export function ownerOf(action: ActionTerms, agencies: readonly string[]): string | undefined {
  return action.agencyId !== null && agencies.includes(action.agencyId) ? action.agencyId : undefined;
}

/** The day by which an action is to be done; undefined where none is named, or none that the calendar has. */
export function dayOf(action: ActionTerms): string | undefined {
  const { by } = action;
  if (by === null) return undefined;
  const day = new Date(`${by}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(by) ? by : undefined;
}

/** What a card lacks, in the order in which it is mended: the rating, the people, the actions, the questions. */
export function missingOn(card: CardToLock): Missing[] {
  const rated = card.joint.some(({ memberId, reason }) => memberId === null && !isEmpty(reason));
  return [
    ...(rated ? [] : [{ kind: 'joint-rating' } as const]),
    ...card.members.flatMap((member): Missing[] =>
      hasResponse(card, member) ? [] : [{ kind: 'no-response', memberId: member.id }]
    ),
    ...card.actions.flatMap((action) => missingOf(card, action)),
    ...card.questions.flatMap(({ id, text, answer }): Missing[] =>
      isEmpty(answer) && !isEmpty(text) ? [{ kind: 'unanswered-question', questionId: id, text }] : []
    )
  ];
}

/** Whether a chair may lock over this, with a reason. */
export function isPassable(missing: Missing): boolean {
  return missing.kind !== 'joint-rating';
}

function hasResponse(card: CardToLock, member: CardToLock['members'][number]): boolean {
  if (card.actions.some(({ memberId, what }) => memberId === member.id && !isEmpty(what))) return true;
  return member.role === 'harming' && card.answered.includes(member.id);
}

function missingOf(card: CardToLock, action: ReadAction): Missing[] {
  const { id: actionId, what } = action;
  const owner = ownerOf(action, card.agencies);
  const lacks = (kind: 'action-not-accepted' | 'action-without-owner' | 'action-without-date'): Missing => ({
    kind,
    actionId,
    what
  });
  return [
    ...(owner === undefined ? [lacks('action-without-owner')] : []),
    ...(owner !== undefined && !isAccepted(action, card.answers) ? [lacks('action-not-accepted')] : []),
    ...(dayOf(action) === undefined ? [lacks('action-without-date')] : [])
  ];
}

const isEmpty = (words: string) => words.trim() === '';

/** A decision's seal, as people read it aloud: the first digits of its hash. */
export function sealOf(hash: string): string {
  return `${hash.slice(0, 4)}-${hash.slice(4, 8)}`;
}
