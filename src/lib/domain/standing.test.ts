import fc from 'fast-check';
import { expect, test } from 'vitest';
import { courseOf, newest, presence, ratedAgencies, standing } from './standing.ts';

const record = (agencyId: string, memberId: string, record: 'known' | 'none' | null) => ({
  agencyId,
  memberId,
  record
});
const rating = (agencyId: string, memberId: string | null, rating: 'red' | 'green' | null) => ({
  agencyId,
  memberId,
  rating
});
const nothing = { records: [], ratings: [], joint: [], dissents: [], answers: [] };

test('FACT1: the newest of each agency and member stands, and an answer taken back leaves nothing', () => {
  const { records, ratings } = standing({
    ...nothing,
    records: [record('hou', 'm1', 'known'), record('pol', 'm1', 'none'), record('hou', 'm1', null)],
    ratings: [
      rating('pol', null, 'red'),
      rating('hou', null, 'red'),
      rating('hou', 'm1', 'green'),
      rating('hou', null, 'green'),
      rating('pol', null, null)
    ]
  });
  expect(records).toEqual([record('pol', 'm1', 'none')]);
  expect(ratings).toEqual([rating('hou', null, 'green'), rating('hou', 'm1', 'green')]);
});

test('FACT1: an agency rated once it gave a rating of the family that stands', () => {
  const { ratings } = standing({
    ...nothing,
    ratings: [rating('hou', 'm1', 'red'), rating('pol', null, 'red'), rating('idv', null, 'green')]
  });
  expect(ratedAgencies(ratings)).toEqual(['idv', 'pol']);
  expect(ratedAgencies([rating('pol', null, null)])).toEqual([]);
});

test('FACT2: for any history, what stands is the last of its key and nothing else', () => {
  const fact = fc.record({ key: fc.constantFrom('a', 'b', 'c'), value: fc.integer() });
  fc.assert(
    fc.property(fc.array(fact), (stated) => {
      const stands = newest(stated, ({ key }) => key);
      expect(new Set(stands.map(({ key }) => key))).toEqual(new Set(stated.map(({ key }) => key)));
      for (const each of stands) expect(each).toBe(stated.findLast(({ key }) => key === each.key));
    })
  );
});

test("FACT3: a card's course runs waiting, shown, concluded, locked; what closing left behind is not reached", () => {
  const card = { lockedAt: null, notReachedAt: null, shownAt: null, concluded: false };
  expect(courseOf(card)).toBe('waiting');
  expect(courseOf({ ...card, shownAt: 1 })).toBe('shown');
  expect(courseOf({ ...card, shownAt: 1, concluded: true })).toBe('concluded');
  expect(courseOf({ ...card, concluded: true, lockedAt: 1 })).toBe('locked');
  expect(courseOf({ ...card, notReachedAt: 1 })).toBe('not-reached');
});

test('FACT1: presence is what was last said of a person, by user or by name', () => {
  const said = (userId: string | null, name: string | null, mode: string) => ({
    userId,
    name,
    agencyId: null,
    mode
  });
  expect(
    presence([said('u', null, 'room'), said(null, 'A. Nurse', 'room'), said('u', null, 'left')])
  ).toEqual([said('u', null, 'left'), said(null, 'A. Nurse', 'room')]);
});
