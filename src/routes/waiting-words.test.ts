import { expect, test } from 'vitest';
import { waitingWords } from './waiting-words.ts';

test.each([
  [
    { toSchedule: 4, carried: 1, notReached: 2 },
    '4 families wait for a meeting: 1 carried over, 2 not reached at the last one.'
  ],
  [
    { toSchedule: 3, carried: 0, notReached: 2 },
    '3 families wait for a meeting: 2 not reached at the last one.'
  ],
  [{ toSchedule: 1, carried: 1, notReached: 0 }, '1 family waits for a meeting: 1 carried over.'],
  [{ toSchedule: 2, carried: 0, notReached: 0 }, '2 families wait for a meeting.']
])('SCHED13: what was carried is said apart from what was not reached: %o', (waiting, words) => {
  expect(waitingWords(waiting)).toBe(words);
});
