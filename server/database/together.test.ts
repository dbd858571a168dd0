import { expect, test } from 'vitest';
import { together } from './together.ts';

test('HOUSE5: a question that many have at once is asked once, and whoever asks meanwhile is in the next', async () => {
  const asked: number[][] = [];
  let answer: () => void = () => undefined;
  const double = together(async (keys: readonly number[]) => {
    asked.push([...keys]);
    await new Promise<void>((resolve) => (answer = resolve));
    return keys.map((key) => key * 2);
  });
  const first = Promise.all([double(1), double(2)]);
  await new Promise((later) => setTimeout(later, 5));
  const second = double(3);
  answer();
  expect(await first).toEqual([2, 4]);
  await new Promise((later) => setTimeout(later, 5));
  answer();
  expect(await second).toBe(6);
  expect(asked).toEqual([[1, 2], [3]]);
});

test('HOUSE5: where a question fails, everyone in it is told, and the next is asked', async () => {
  let broken = true;
  const ask = together(async (keys: readonly string[]) => {
    if (broken) throw new Error('no database');
    return keys;
  });
  const both = await Promise.allSettled([ask('a'), ask('b')]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  broken = false;
  expect(await ask('c')).toBe('c');
});
