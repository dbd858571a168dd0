import { expect, test } from 'vitest';
import { begun } from './overheard.ts';

test('EASE4: who begins to write is said once for each place, and not again after a pause', () => {
  const worries = { who: 'CSC', place: 'analysis/worries' };
  const needs = { who: 'CSC', place: 'analysis/needs' };
  const first = begun(new Map(), [worries]);
  expect(first.fresh).toEqual([worries]);
  const paused = begun(first.heard, []);
  expect(paused.fresh).toEqual([]);
  expect(begun(paused.heard, [worries]).fresh).toEqual([]);
  const moved = begun(paused.heard, [needs, { who: 'POL', place: 'analysis/needs' }]);
  expect(moved.fresh.map(({ who }) => who)).toEqual(['CSC', 'POL']);
  expect(begun(moved.heard, [worries]).fresh).toEqual([worries]);
});
