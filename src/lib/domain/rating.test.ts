import fc from 'fast-check';
import { expect, test } from 'vitest';
import { askFirst, haveRated, highest, isBelowHighest, offeredReason, ratings, spread } from './rating.ts';

const anyRating = fc.constantFrom(...ratings);
const given = fc.uniqueArray(
  fc.record({ agency: fc.integer({ min: 0, max: 40 }), rating: fc.option(anyRating) }),
  { selector: ({ agency }) => agency, maxLength: 20 }
);
const ratingsOf = (all: readonly { rating: (typeof ratings)[number] | null }[]) =>
  all.flatMap(({ rating }) => (rating ? [rating] : []));

test('RATE1: each agency counts once and alike, whoever speaks first, and who did not rate stands in no colour', () => {
  fc.assert(
    fc.property(given, fc.nat(), (all, turn) => {
      const by = spread(all);
      const placed = ratings.flatMap((rating) => by[rating]);
      expect(placed.sort()).toEqual(all.flatMap(({ agency, rating }) => (rating ? [agency] : [])).sort());
      const turned = [...all.slice(turn % (all.length + 1)), ...all.slice(0, turn % (all.length + 1))];
      for (const rating of ratings)
        expect([...spread(turned)[rating]].sort()).toEqual([...by[rating]].sort());
      expect(highest(ratingsOf(turned))).toBe(highest(ratingsOf(all)));
      // One more of the same moves nothing: no number of agencies outvotes another.
      const [first] = ratingsOf(all);
      if (first) expect(highest([...ratingsOf(all), first])).toBe(highest(ratingsOf(all)));
    })
  );
});

test('RATE2: how many have rated is said in words', () => {
  expect(haveRated(0, 11)).toBe('Nobody has rated yet');
  expect(haveRated(1, 11)).toBe('One of eleven has rated');
  expect(haveRated(9, 11)).toBe('Nine of eleven have rated');
  expect(haveRated(11, 11)).toBe('All eleven have rated');
  expect(haveRated(21, 22)).toBe('21 of 22 have rated');
});

test('RATE3: those asked first are who rated highest and who rated lowest, and nobody where all agree', () => {
  expect(askFirst(spread([]))).toBeUndefined();
  expect(askFirst(spread([{ agency: 'POL', rating: 'red' }]))).toBeUndefined();
  const asked = askFirst(
    spread([
      { agency: 'MHT', rating: 'green' },
      { agency: 'POL', rating: 'red' },
      { agency: 'HOU', rating: 'amber' },
      { agency: 'ASC', rating: null },
      { agency: 'IDV', rating: 'red' }
    ])
  );
  expect(asked).toEqual({
    highest: { rating: 'red', agencies: ['POL', 'IDV'] },
    lowest: { rating: 'green', agencies: ['MHT'] }
  });
});

test('RATE4: a joint rating below the highest given has no ready-made reason; any other has', () => {
  fc.assert(
    fc.property(anyRating, fc.array(anyRating, { maxLength: 12 }), (joint, all) => {
      expect(offeredReason(joint, all) === undefined).toBe(isBelowHighest(joint, all));
    })
  );
  expect(offeredReason('red', ['red', 'green'])).toBe('As the highest rating given');
  expect(offeredReason('red', ['amber'])).toBe('Higher than any rating given');
  expect(offeredReason('green', [])).toBe('No agency has rated the family');
});
