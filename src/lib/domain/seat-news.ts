// What is told to somebody who is needed for some families only: five minutes before, at 'next', at 'now', and when a
// family comes later than was said. Pure. Carries REMOTE2 and REMOTE3.
import type { Nearness } from './pace.ts';

/** A family that somebody is needed for, as it stands in the meeting. */
export interface Needed {
  readonly cardId: string;
  readonly reference: string;
  readonly near: Nearness;
}

export interface News {
  readonly cardId: string;
  readonly kind: Exclude<Nearness, 'later'> | 'gone';
  /** For the page of who may see the family. */
  readonly text: string;
  /** For the system's own notice, which others may read: nothing of any family. */
  readonly plain: string;
}

const rank: Record<Nearness, number> = { parked: 0, skipped: 0, later: 0, five: 1, next: 2, now: 3 };

const words: Record<News['kind'], (reference: string) => Pick<News, 'text' | 'plain'>> = {
  five: (reference) => ({
    text: `${reference} is up in about 5 minutes.`,
    plain: 'Same Room: you are needed in about 5 minutes'
  }),
  next: (reference) => ({ text: `${reference} is next.`, plain: 'Same Room: you are needed next' }),
  now: (reference) => ({ text: `${reference} is at the table now.`, plain: 'Same Room: you are needed now' }),
  skipped: (reference) => ({
    text: `The table has gone past ${reference}. It comes later.`,
    plain: 'Same Room: you are needed later than was said'
  }),
  parked: (reference) => ({
    text: `${reference} has been put off to the end of the agenda.`,
    plain: 'Same Room: you are needed later than was said'
  }),
  // Withdrawn, or not this person's any more: which, they are not told.
  gone: () => ({
    text: 'A family is no longer on your agenda.',
    plain: 'Same Room: your part of the agenda has changed'
  })
};

/**
 * What is new since `before`. On arrival, with nothing before, only what is near is told.
 * @param before what was there the last time, undefined on arrival
 */
export function seatNews(before: readonly Needed[] | undefined, now: readonly Needed[]): News[] {
  const was = new Map(before?.map((each) => [each.cardId, each]));
  const here = new Set(now.map(({ cardId }) => cardId));
  const changed = now.flatMap(({ cardId, reference, near }): News[] => {
    const last = was.get(cardId)?.near ?? 'later';
    if (near === last || near === 'later') return [];
    const nearer = rank[near] > rank[last];
    const putOff = before !== undefined && (near === 'skipped' || near === 'parked');
    return nearer || putOff ? [{ cardId, kind: near, ...words[near](reference) }] : [];
  });
  const gone = [...was.values()].filter(({ cardId }) => !here.has(cardId));
  return [
    ...changed,
    ...gone.map(({ cardId, reference }): News => ({ cardId, kind: 'gone', ...words.gone(reference) }))
  ];
}
