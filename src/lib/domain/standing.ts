// What stands of the facts stated on a card. Facts are only ever added; the newest of its kind stands, the
// rest is its history, and taking an answer back leaves nothing standing. Carries the FACT rules.
import type { Rating, RecordState } from './rating.ts';

interface OfAgency {
  readonly memberId: string | null;
  readonly agencyId: string;
}

/** Everything stated on a card, each kind in the order in which it was stated. */
export interface History {
  readonly records: readonly (OfAgency & { readonly record: RecordState | null })[];
  readonly ratings: readonly (OfAgency & { readonly rating: Rating | null })[];
  readonly joint: readonly { readonly memberId: string | null }[];
  readonly dissents: readonly {
    readonly memberId: string | null;
    readonly agencyId: string | null;
    readonly userId: string;
    /** Null: the agency agrees by now. */
    readonly reason: string | null;
  }[];
  readonly answers: readonly {
    readonly actionId: string;
    readonly agencyId: string;
    readonly answer: 'accepted' | 'declined' | 'taken-back';
  }[];
}

/** The last fact of each key, in the order in which the keys were first stated. */
export function newest<F>(stated: readonly F[], key: (fact: F) => string): F[] {
  const last = new Map<string, F>();
  for (const fact of stated) last.set(key(fact), fact);
  return [...last.values()];
}

type Reasoned<H extends History> = H['dissents'][number] & { readonly reason: string };
type Answered<H extends History> = H['answers'][number] & { readonly answer: 'accepted' | 'declined' };
/** What stands of a history. */
export type Standing<H extends History> = Pick<H, Exclude<keyof History, 'dissents' | 'answers'>> & {
  readonly dissents: Reasoned<H>[];
  readonly answers: Answered<H>[];
};

/** What stands: the newest record state and rating of each agency and member, joint rating, dissent and answer. */
export function standing<H extends History>(history: H): Standing<H> {
  const ofAgency = (fact: OfAgency) => `${fact.agencyId} ${fact.memberId}`;
  return {
    records: newest(history.records, ofAgency).filter((fact) => fact.record !== null),
    ratings: newest(history.ratings, ofAgency).filter((fact) => fact.rating !== null),
    joint: newest(history.joint, (fact) => String(fact.memberId)),
    dissents: newest<H['dissents'][number]>(
      history.dissents,
      (fact) => `${fact.agencyId ?? fact.userId} ${fact.memberId}`
    ).filter((fact): fact is Reasoned<H> => fact.reason !== null),
    answers: newest<H['answers'][number]>(
      history.answers,
      (fact) => `${fact.actionId} ${fact.agencyId}`
    ).filter((fact): fact is Answered<H> => fact.answer !== 'taken-back')
  };
}

/** The agencies whose rating of the family stands. Says nothing of how they rated. */
export function ratedAgencies(
  standingRatings: readonly (OfAgency & { readonly rating: Rating | null })[]
): string[] {
  return standingRatings
    .filter((fact) => fact.memberId === null && fact.rating !== null)
    .map(({ agencyId }) => agencyId)
    .sort();
}

/** Where a card is in the meeting's course. */
export function courseOf(card: {
  readonly lockedAt: unknown;
  readonly notReachedAt: unknown;
  readonly shownAt: unknown;
  /** The family's joint rating stands. */
  readonly concluded: boolean;
}): 'waiting' | 'shown' | 'concluded' | 'locked' | 'not-reached' {
  if (card.lockedAt) return 'locked';
  if (card.notReachedAt) return 'not-reached';
  if (card.concluded) return 'concluded';
  return card.shownAt ? 'shown' : 'waiting';
}

/** A person's presence as it was last said: who, by user or by a name written by hand. */
export function presence<
  A extends { readonly userId: string | null; readonly name: string | null; readonly agencyId: string | null }
>(attendance: readonly A[]): A[] {
  return newest(attendance, (fact) => fact.userId ?? `${fact.name} ${fact.agencyId}`);
}
