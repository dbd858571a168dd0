import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayInWords, fromLondon, inLondon, timeInWords, weekAfter } from './london.ts';

const utc = (date: string, time: string) => fromLondon({ date, time })?.toISOString();

test('SCHED2: winter time is level with UTC, summer time an hour ahead', () => {
  expect(utc('2026-11-24', '10:00')).toBe('2026-11-24T10:00:00.000Z');
  expect(utc('2026-07-01', '10:00')).toBe('2026-07-01T09:00:00.000Z');
  expect(inLondon(new Date('2026-07-01T09:00:00Z'))).toEqual({ date: '2026-07-01', time: '10:00' });
  expect(inLondon(new Date('2026-06-30T23:15:00Z'))).toEqual({ date: '2026-07-01', time: '00:15' });
});

test('SCHED2: a time that the night in March leaves out is no time', () => {
  expect(utc('2026-03-29', '00:59')).toBe('2026-03-29T00:59:00.000Z');
  expect(utc('2026-03-29', '01:00')).toBeUndefined();
  expect(utc('2026-03-29', '01:59')).toBeUndefined();
  expect(utc('2026-03-29', '02:00')).toBe('2026-03-29T01:00:00.000Z');
});

test('SCHED2: a time that the night in October has twice is the first of them', () => {
  expect(utc('2026-10-25', '00:59')).toBe('2026-10-24T23:59:00.000Z');
  expect(utc('2026-10-25', '01:30')).toBe('2026-10-25T00:30:00.000Z');
  expect(inLondon(new Date('2026-10-25T01:30:00Z')).time).toBe('01:30');
  expect(utc('2026-10-25', '02:00')).toBe('2026-10-25T02:00:00.000Z');
});

test('SCHED2: a day that no calendar has is no day', () => {
  for (const [date, time] of [
    ['2026-02-30', '10:00'],
    ['2026-13-01', '10:00'],
    ['2027-02-29', '10:00'],
    ['2026-11-24', '24:00'],
    ['', '10:00'],
    ['2026-11-24', '']
  ] as const)
    expect(utc(date, time)).toBeUndefined();
});

test('SCHED2: what London shows at a whole minute reads back as that minute, or as the first of two', () => {
  const first = Date.parse('2020-01-01T00:00:00Z') / 60_000;
  fc.assert(
    fc.property(fc.integer({ min: first, max: first + 60 * 24 * 366 * 12 }), (minute) => {
      const at = new Date(minute * 60_000);
      const back = fromLondon(inLondon(at))?.getTime();
      expect([at.getTime(), at.getTime() - 3_600_000]).toContain(back);
    })
  );
});

test('SCHED2: a day is told in full', () => {
  expect(dayInWords(new Date('2026-11-24T10:00:00Z'))).toBe('Tuesday 24 November 2026');
  expect(timeInWords(new Date('2026-06-30T23:15:00Z'))).toBe('Wednesday 1 July 2026, 00:15');
});

test('SCHED2: a week is seven days, over a change of the clocks and of the year', () => {
  expect(weekAfter('2026-10-22')).toBe('2026-10-29');
  expect(weekAfter('2026-12-28')).toBe('2027-01-04');
});
