import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openGate } from './gate.ts';

const limit = 10;

/** A flood of attempts at once, each of which takes its time; answers how many were let in, and how many failed. */
async function flood(attempts: readonly { fails: boolean; ticks: number }[]) {
  const enter = openGate();
  let failures = 0;
  let admitted = 0;
  const pause = async (ticks: number) => {
    for (let n = 0; n < ticks; n++) await Promise.resolve();
  };
  await Promise.all(
    attempts.map(async ({ fails, ticks }) => {
      const leave = await enter('one account', async () => {
        const seen = failures;
        await pause(ticks);
        return limit - seen;
      });
      if (!leave) return;
      admitted++;
      await pause(ticks * 2);
      if (fails) failures++;
      leave();
    })
  );
  return { admitted, failures };
}

test('ID3: however attempts interleave, no more fail than are allowed, and nobody waits for ever', async () => {
  const attempt = fc.record({ fails: fc.boolean(), ticks: fc.nat(5) });
  await fc.assert(
    fc.asyncProperty(fc.array(attempt, { maxLength: 60 }), async (attempts) => {
      const { admitted, failures } = await flood(attempts);
      const wrong = attempts.filter(({ fails }) => fails).length;
      expect(failures).toBe(Math.min(wrong, limit));
      if (wrong < limit) expect(admitted).toBe(attempts.length);
    })
  );
});

test('ID4: successes are not made to queue behind each other', async () => {
  const enter = openGate();
  const together = await Promise.all(
    Array.from({ length: limit }, () => enter('one account', () => Promise.resolve(limit)))
  );
  expect(together.every((leave) => leave !== undefined)).toBe(true);
});

test('ID3: a count that can’t be read lets nobody in, and keeps nobody out afterwards', async () => {
  const enter = openGate();
  await expect(enter('one account', () => Promise.reject(new Error('no database')))).rejects.toThrow();
  expect(await enter('one account', () => Promise.resolve(1))).toBeDefined();
});
