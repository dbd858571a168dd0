import { expect, test } from 'vitest';
import { finding } from './finding.ts';

const all = [
  { name: 'Raise my hand', group: 'At the table' },
  { name: 'Go on: reveal ratings', group: 'Chair' },
  { name: 'F-2231, 5 of 6', group: 'Families' },
  { name: 'Ratings', group: 'Go to' },
  { name: 'Go to the table’s family', group: 'At the table' }
];
const found = (typed: string) => finding(all, typed).map(({ name }) => name);

test('EASE1: commands are found by some of their words, in any order and either case', () => {
  expect(found('')).toEqual(all.map(({ name }) => name));
  expect(found('  HAND ')).toEqual(['Raise my hand']);
  expect(found('ratings reveal')).toEqual(['Go on: reveal ratings']);
  expect(found('2231')).toEqual(['F-2231, 5 of 6']);
  expect(found("table's")).toEqual(['Go to the table’s family']);
  expect(found('nothing of that')).toEqual([]);
});

test('EASE1: what begins with what was typed comes first', () => {
  expect(found('ratings')).toEqual(['Ratings', 'Go on: reveal ratings']);
});
