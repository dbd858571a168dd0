import { expect, test } from 'vitest';
import { daysOffered, mayChangeAction } from './plan.ts';

const rep = { agencies: ['HOU'], chair: false, coordinator: false };

test('PLAN1: an accepted action is changed by its agency, chair or coordinator; an open one by anyone who writes the plan', () => {
  const other = { ...rep, agencies: ['POL'] };
  const nobodys = { ...rep, agencies: [] };
  for (const seat of [rep, other, nobodys])
    expect(mayChangeAction(seat, { agencyId: 'HOU', accepted: false })).toBe(true);
  const accepted = { agencyId: 'HOU', accepted: true };
  expect(mayChangeAction(rep, accepted)).toBe(true);
  expect(mayChangeAction(other, accepted)).toBe(false);
  expect(mayChangeAction(nobodys, accepted)).toBe(false);
  expect(mayChangeAction(other, { agencyId: null, accepted: true })).toBe(false);
  expect(mayChangeAction({ ...other, chair: true }, accepted)).toBe(true);
  expect(mayChangeAction({ ...other, coordinator: true }, accepted)).toBe(true);
});

test('PLAN4: the days offered begin with the next working day and hold over month and year', () => {
  expect(daysOffered('2026-11-24').map(({ words, day }) => `${words} ${day}`)).toEqual([
    'Tomorrow 2026-11-25',
    'In a week 2026-12-01',
    'In 2 weeks 2026-12-08',
    'In 4 weeks 2026-12-22'
  ]);
  expect(daysOffered('2026-11-27')[0]).toEqual({ words: 'Monday', day: '2026-11-30' });
  expect(daysOffered('2026-11-28')[0]).toEqual({ words: 'Monday', day: '2026-11-30' });
  expect(daysOffered('2026-11-29')[0]).toEqual({ words: 'Tomorrow', day: '2026-11-30' });
  expect(daysOffered('2026-12-31')[0]).toEqual({ words: 'Tomorrow', day: '2027-01-01' });
});
