import { expect, test } from 'vitest';
import { Buckets } from './buckets.ts';
import { Turnstile } from './turnstile.ts';

test('CALM5: a crowd passes a few at a time, in its order, and whoever fails holds up nobody', async () => {
  const turnstile = new Turnstile(4, 300);
  const order: number[] = [];
  let [inside, most] = [0, 0];
  const passed = await Promise.all(
    Array.from({ length: 250 }, (_, n) =>
      turnstile
        .pass(async () => {
          most = Math.max(most, ++inside);
          order.push(n);
          await new Promise((resolve) => setImmediate(resolve));
          inside--;
          if (n % 3 === 0) throw new Error('turned away');
          return n;
        })
        .catch(() => 'turned away')
    )
  );
  expect(most).toBe(4);
  expect(order).toEqual(Array.from({ length: 250 }, (_, n) => n));
  expect(passed.filter((each) => each === 'turned away')).toHaveLength(84);
  expect(turnstile.waiting).toBe(0);
});

test('CALM5: where too many wait already, the next is told at once', async () => {
  const turnstile = new Turnstile(1, 2);
  let open = () => {};
  const gate = new Promise<string>((resolve) => (open = () => resolve('in')));
  const waiting = [turnstile.pass(() => gate), turnstile.pass(() => gate), turnstile.pass(() => gate)];
  expect(await turnstile.pass(() => gate)).toBeUndefined();
  open();
  expect(await Promise.all(waiting)).toEqual(['in', 'in', 'in']);
});

test('CALM6: of one person so much is taken at once and so much a second, and of each other as much', () => {
  let now = 0;
  const buckets = new Buckets(10, 2, () => now);
  expect(buckets.take('a', 8)).toBe(true);
  expect(buckets.take('a', 3)).toBe(false);
  expect(buckets.take('b', 10)).toBe(true);
  now += 500;
  expect(buckets.take('a', 3)).toBe(true);
  now += 60_000;
  expect(buckets.take('a', 11)).toBe(false);
  expect(buckets.take('a', 10)).toBe(true);
});
