import { expect, test } from 'vitest';
import { roomOf, standingLaptops, type LaptopSaid } from './laptop.ts';

const here = (
  userId: string | null,
  mode: string,
  agencyId: string | null = null,
  cardId: string | null = null
) => ({
  userId,
  mode,
  agencyId,
  cardId,
  name: userId ? null : 'Hand Written'
});
const agenciesOf = (userId: string) => ({ tom: ['pol'], ann: ['hea'] })[userId] ?? [];
const shared: LaptopSaid = { userId: 'tom', agencyId: 'hea', act: 'shared' };

test('TWO1: a laptop speaks for two agencies only while both sit in the room, with a board or without', () => {
  const stands = (...attendance: ReturnType<typeof here>[]) =>
    standingLaptops([shared], roomOf(attendance, agenciesOf)).length === 1;
  expect(stands(here('tom', 'room'), here('ann', 'room'))).toBe(true);
  expect(stands(here('tom', 'room'), here(null, 'room', 'hea'))).toBe(true);
  expect(stands(here('tom', 'room'), here('ann', 'remote'))).toBe(false);
  expect(stands(here('tom', 'room'))).toBe(false);
  expect(stands(here('tom', 'room'), here('tom', 'remote'), here('ann', 'room'))).toBe(false);
  expect(stands(here('tom', 'room'), here('ann', 'room'), here('ann', 'left'))).toBe(false);
  expect(stands(here('tom', 'room', null, 'card'), here('ann', 'room')), 'at one card only').toBe(false);
});

test('TWO1: what was ended is ended, and can be shared anew', () => {
  const room = roomOf([here('tom', 'room'), here('ann', 'room')], agenciesOf);
  const ended: LaptopSaid = { ...shared, act: 'ended' };
  expect(standingLaptops([shared, ended], room)).toEqual([]);
  expect(standingLaptops([shared, ended, shared], room)).toEqual([shared]);
});
