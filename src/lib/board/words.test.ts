import { expect, test } from 'vitest';
import { agendaWords, placeName } from './words.ts';

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

const told = { by: 'The chair', at: '2026-11-24T10:42:00Z', reason: 'Health is not here' };
const family = { id: 'c1', state: 'waiting', parked: null, carried: null } as const;

test.each([
  ['locked', { state: 'locked' }],
  ['not reached', { state: 'not-reached' }],
  ['not reached', { state: 'not-reached', parked: told }],
  ['carried', { state: 'not-reached', carried: told }],
  ['carried', { state: 'not-reached', parked: told, carried: told }]
] as const)('CLOSE9: after the close the family that was at the table reads %s: %o', (words, change) => {
  const card = { ...family, ...change };
  expect(agendaWords(card, { meeting: { state: 'closed' }, currentCardId: 'c1' })).toBe(words);
  expect(agendaWords(card, { meeting: { state: 'closed' }, currentCardId: 'c2' })).toBe(words);
});

test('CLOSE9: until the close the family at the table reads now, and one put off parked', () => {
  const open = { meeting: { state: 'open' }, currentCardId: 'c1' } as const;
  expect(agendaWords({ ...family, state: 'shown' }, open)).toBe('now');
  for (const state of ['waiting', 'concluded'] as const)
    expect(agendaWords({ ...family, id: 'c2', state, parked: told }, open)).toBe('parked');
  expect(agendaWords({ ...family, id: 'c2', state: 'concluded' }, open)).toBe('concluded');
});
