import { expect, test } from 'vitest';
import { placeName } from './words.ts';

const find = {
  agency: (id: string) => (id === 'a1' ? 'CSC' : undefined),
  member: (id: string) => (id === 'm1' ? 'Robin Field' : undefined)
};

test.each([
  ['analysis/worries', 'Analysis: worries'],
  ['agency/a1/family/facts', 'CSC, facts on the family'],
  ['agency/a1/m1/opinion', 'CSC, opinion on Robin Field'],
  ['plan/actions', 'Plan: an action'],
  ['plan/response/m1/support', 'Plan: response to Robin Field'],
  ['questions/q1', 'Questions'],
  ['summary/', 'Summary'],
  ['voice/', 'The victim’s voice'],
  ['safety/m1/stay', 'Safety plan: Robin Field']
])('EASE4: where somebody writes is said in words: %s', (place, words) => {
  expect(placeName(place, find)).toBe(words);
});
