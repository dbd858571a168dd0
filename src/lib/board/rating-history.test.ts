import { expect, test } from 'vitest';
import type { RatingFact } from '#lib/protocol/meeting.ts';
import { historyLines } from './rating-history.ts';

const fact = (more: Partial<RatingFact>): RatingFact => ({
  memberId: null,
  agencyId: 'hea',
  rating: 'amber',
  basis: 'own-record',
  reason: null,
  noted: false,
  laptopOf: null,
  afterReveal: false,
  by: 'Hannah Osei',
  at: '10:00',
  ...more
});
const words = {
  word: (rating: string) => rating.toUpperCase(),
  clock: (at: string) => at,
  code: (id: string) => ({ pol: 'POL' })[id]
};

test('RATE10: a rating’s history says who, when, what before, why, and how it came to be said, newest first', () => {
  const lines = historyLines(
    [
      fact({}),
      fact({
        at: '10:05',
        rating: 'red',
        by: 'Tom',
        laptopOf: 'pol',
        basis: 'heard',
        reason: 'It grew worse.'
      }),
      fact({ at: '10:20', rating: null, noted: true, by: 'Carys Bevan' }),
      fact({ at: '10:30', rating: 'green', afterReveal: true })
    ],
    words
  );
  expect(lines).toEqual([
    '10:30 GREEN. Hannah Osei. Given after the reveal.',
    '10:20 Taken back, before that RED. Carys Bevan. Noted by the coordinator.',
    '10:05 RED, before that AMBER. Tom, POL, for them. On what was heard at the table. Because: It grew worse.',
    '10:00 AMBER. Hannah Osei.'
  ]);
});
