import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Bases } from './bases.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Makes each base in 10 ms, and keeps when each began and ended. */
function maker() {
  const [began, ended] = [[] as number[], [] as number[]];
  const start = performance.now();
  const at = () => Math.round(performance.now() - start);
  const bases = new Bases(async (name) => {
    began.push(at());
    await new Promise((resolve) => setTimeout(resolve, 10));
    ended.push(at());
    if (name === 'broken') throw new Error('no');
  });
  return { bases, began, ended };
}

test('JOURNAL7: bases that are wanted together are made one at a time, with a rest between them', async () => {
  const { bases, began, ended } = maker();
  const all = Promise.all(['a', 'b', 'c'].map((name) => bases.wanted(name)));
  await vi.runAllTimersAsync();
  await all;
  expect(began).toEqual([0, 50, 100]);
  expect(ended).toEqual([10, 60, 110]);
});

test('JOURNAL7: one that fails holds up no other, and whoever closes does not wait for rests', async () => {
  const { bases, began } = maker();
  const first = bases.wanted('broken').catch((error: Error) => error.message);
  bases.hurry();
  const rest = Promise.all(['b', 'c'].map((name) => bases.wanted(name)));
  await vi.runAllTimersAsync();
  expect(await first).toBe('no');
  await rest;
  expect(began).toEqual([0, 10, 20]);
});
