import { expect, test } from 'vitest';
import { answerOf } from './pulse.ts';

test('PULSE5: a letter answers, in either case; another key does not', () => {
  expect(['y', 'P', 'n'].map(answerOf)).toEqual(['yes', 'partly', 'no']);
  expect(['x', '', 'Enter', 'PageDown', 'no', ' '].map(answerOf)).toEqual(Array(6).fill(undefined));
});
