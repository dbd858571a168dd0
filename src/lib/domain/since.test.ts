import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sentencesOf, type Happening } from './since.ts';

const wrote = (by: string, place: string, at: number, times = 1): Happening => ({
  kind: 'wrote',
  reference: 'F-0001',
  ...{ by, place, at, times }
});

test('REMOTE6: each happening is a plain sentence, in the order in which things last happened', () => {
  const reference = 'F-0001';
  expect(
    sentencesOf([
      { kind: 'locked', reference, at: 9, by: 'Joy Okafor' },
      { kind: 'shown', reference, at: 1 },
      { kind: 'chaired', at: 10, by: 'Sam Malik' },
      wrote('Dana Kowalska', 'the plan', 2),
      { kind: 'revealed', reference, at: 3 },
      { kind: 'concluded', reference, at: 4, by: 'Joy Okafor', rating: 'red' },
      { kind: 'dissented', reference, at: 5, by: 'Health' },
      { kind: 'accepted', reference, at: 6, by: 'Housing', times: 1 },
      { kind: 'accepted', reference, at: 7, by: 'Housing', times: 1 },
      { kind: 'declined', reference, at: 8, by: 'Police', times: 1 }
    ])
  ).toEqual([
    'F-0001 came to the table.',
    'Dana Kowalska wrote in the plan of F-0001.',
    'The ratings of F-0001 were revealed.',
    'Joy Okafor recorded the joint rating of F-0001: red.',
    'Health does not agree with the joint rating of F-0001.',
    'Housing accepted 2 actions of F-0001.',
    'Police declined an action of F-0001.',
    'Joy Okafor locked F-0001.',
    'Sam Malik holds the chair now.'
  ]);
  expect(sentencesOf([])).toEqual([]);
});

test('REMOTE6: the same person’s writing in the same place is one sentence, with how many times', () => {
  const people = fc.constantFrom('Dana', 'Tom');
  const places = fc.constantFrom('the plan', 'the analysis');
  fc.assert(
    fc.property(fc.array(fc.tuple(people, places, fc.nat(99), fc.integer({ min: 1, max: 5 }))), (drawn) => {
      const sentences = sentencesOf(drawn.map(([by, place, at, times]) => wrote(by, place, at, times)));
      const pairs = new Set(drawn.map(([by, place]) => `${by} ${place}`));
      expect(sentences).toHaveLength(pairs.size);
      for (const pair of pairs) {
        const times = drawn
          .filter(([by, place]) => `${by} ${place}` === pair)
          .reduce((sum, each) => sum + each[3], 0);
        const [by = '', ...place] = pair.split(' ');
        const end = times > 1 ? `, ${times} times.` : '.';
        expect(sentences).toContain(`${by} wrote in ${place.join(' ')} of F-0001${end}`);
      }
    })
  );
});
