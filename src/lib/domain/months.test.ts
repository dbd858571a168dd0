import { expect, test } from 'vitest';
import { monthAfter, monthOf, monthsFrom, periodInWords, readAsked } from './months.ts';

const known = { from: '2026-02', to: '2026-10' };

test('REPORT4: a month is London’s, and months are counted over the turn of the year', () => {
  expect(monthOf(new Date('2026-06-30T23:30:00Z'))).toBe('2026-07');
  expect(monthOf(new Date('2026-11-30T23:30:00Z'))).toBe('2026-11');
  expect([monthAfter('2026-12'), monthAfter('2026-01', -1), monthAfter('2026-01', -13)]).toEqual([
    '2027-01',
    '2025-12',
    '2024-12'
  ]);
  expect(monthsFrom({ from: '2026-11', to: '2027-01' })).toEqual(['2026-11', '2026-12', '2027-01']);
  expect(periodInWords({ from: '2026-11', to: '2027-01' })).toBe('November 2026 to January 2027');
  expect(periodInWords({ from: '2026-11', to: '2026-11' })).toBe('November 2026');
});

test('REPORT4: one asks for the last 3, 6 or 12 months that are over, or for chosen ones; anything else is a year', () => {
  expect(readAsked({ last: '3' }, known)).toEqual({
    last: '3',
    period: { from: '2026-08', to: '2026-10' }
  });
  expect(readAsked({ last: '6', from: '2026-02', to: '2026-03' }, known).period.from).toBe('2026-05');
  const chosen = { from: '2026-03', to: '2026-05' };
  expect(readAsked({ last: 'chosen', ...chosen }, known)).toEqual({ last: 'chosen', period: chosen });
  expect(readAsked({ from: '2026-05', to: '2026-03' }, known).period).toEqual(chosen);
  expect(readAsked({ from: '2020-01', to: '2030-01' }, known).period).toEqual(known);
  for (const other of [{}, { last: '4' }, { from: '2026-13', to: 'x' }, { from: '2027-01', to: '2027-02' }])
    expect(readAsked(other, known)).toEqual({ last: '12', period: { from: '2025-11', to: '2026-10' } });
});
