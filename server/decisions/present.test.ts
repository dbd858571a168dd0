import { expect, test } from 'vitest';
import type { AttendanceFact } from '../meetings/facts.ts';
import { presentAt } from './present.ts';

const said = (
  userId: string,
  mode: AttendanceFact['mode'],
  at: string,
  cardId: string | null = null
): AttendanceFact => ({
  cardId,
  userId,
  name: userId,
  agencyId: null,
  mode,
  saidBy: userId,
  at
});
const known = (userId: string | null) =>
  userId === 'hidden' ? undefined : { agencies: ['POL'], role: 'rep' as const };
const here = (
  attendance: AttendanceFact[],
  opened: [string, string][] = [],
  shownAt: string | null = '10:30'
) =>
  presentAt(
    { attendance, shownAt, opened: new Map(opened.map(([userId, at]) => [userId, { name: userId, at }])) },
    known
  ).map(({ name, mode, leftAt, openedAt }) => [name, mode, leftAt, openedAt]);

test('DEC14: who came is there as last said, with when they left; who left before the card was shown was not', () => {
  expect(here([said('ann', 'room', '10:00'), said('ann', 'remote', '10:20')])).toEqual([
    ['ann', 'remote', null, null]
  ]);
  expect(here([said('ann', 'room', '10:00'), said('ann', 'left', '10:40')])).toEqual([
    ['ann', 'room', '10:40', null]
  ]);
  expect(here([said('ann', 'room', '10:00'), said('ann', 'left', '10:20')])).toEqual([]);
  expect(here([said('ann', 'left', '10:20')])).toEqual([]);
  expect(here([said('ann', 'apologies', '09:00')])).toEqual([['ann', 'apologies', null, null]]);
});

test('DEC14: what was said of somebody at this card counts before what was said of the meeting', () => {
  const outAt = (at: string) => here([said('ann', 'room', '10:00'), said('ann', 'left', at, 'this')]);
  expect(outAt('10:35')).toEqual([['ann', 'room', '10:35', null]]);
  expect(outAt('10:20')).toEqual([]);
  expect(here([said('ann', 'apologies', '09:00'), said('ann', 'remote', '10:31', 'this')])).toEqual([
    ['ann', 'remote', null, null]
  ]);
});

test('DEC14: who had the card open is there too, and nobody for whom it does not exist', () => {
  expect(here([], [['ann', '10:31']])).toEqual([['ann', null, null, '10:31']]);
  expect(here([said('hidden', 'room', '10:00')], [['hidden', '10:31']])).toEqual([]);
});
