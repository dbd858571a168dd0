import fc from 'fast-check';
import { expect, test } from 'vitest';
import { delayBefore, isSilent } from './reconnect.ts';

test('WAKE1: the next try is later with each failure, spread by chance, and never later than ten seconds', () => {
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.nat(1000), chance, (failures, random) => {
      const delay = delayBefore(failures, () => random);
      expect(delay).toBeGreaterThanOrEqual(100);
      expect(delay).toBeLessThanOrEqual(10_000);
      expect(delayBefore(failures + 1, () => random)).toBeGreaterThanOrEqual(delay);
    })
  );
  // Forty people whose Wi-Fi comes back for the third time are spread over more than a second.
  const room = Array.from({ length: 40 }, (_, at) => delayBefore(3, () => at / 40));
  expect(Math.max(...room) - Math.min(...room)).toBeGreaterThan(1000);
});

test('WAKE1: a socket that was silent for longer than the server ever is, is not believed', () => {
  expect(isSilent(0, 16_000)).toBe(false);
  expect(isSilent(0, 21_000)).toBe(true);
});
