import { expect, test } from 'vitest';
import { idleness } from './idle.ts';

const minute = 60_000;

test('IDLE1: a page is awake, then warned for two minutes, then out', () => {
  expect(idleness(0, 0, 15)).toEqual({ kind: 'awake' });
  expect(idleness(0, 13 * minute - 1, 15)).toEqual({ kind: 'awake' });
  expect(idleness(0, 13 * minute, 15)).toEqual({ kind: 'warned', seconds: 120 });
  expect(idleness(0, 15 * minute - 1, 15)).toEqual({ kind: 'warned', seconds: 1 });
  expect(idleness(0, 15 * minute, 15)).toEqual({ kind: 'out' });
});

test('IDLE1: a device that slept through the warning is out, and a short limit still warns', () => {
  expect(idleness(0, 8 * 60 * minute, 15)).toEqual({ kind: 'out' });
  expect(idleness(0, minute / 4, 1)).toEqual({ kind: 'awake' });
  expect(idleness(0, minute / 2, 1)).toEqual({ kind: 'warned', seconds: 30 });
});
