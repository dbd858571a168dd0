// The guard against the truth, in short: the worlds of `npm run fuzz`, a few of them, and those that once failed.
import { expect, test } from 'vitest';
import { playHonest } from '../../tests/fuzz/honest.ts';
import { playHostile } from '../../tests/fuzz/hostile.ts';
import { pinned, WORLD } from '../../tests/fuzz/pinned.ts';
import { Tally } from '../../tests/fuzz/tally.ts';

const WORLDS = 30;

function seedsOf(kind: 'honest' | 'hostile'): number[] {
  const fresh = Array.from({ length: WORLDS }, (_, at) => at + 1);
  return [...pinned.filter((it) => it.kind === kind).map(({ seed }) => seed), ...fresh];
}

test('GUARD4: of honest traffic in any order, the guard names exactly the sections, authors and gaps that there are', () => {
  const tally = new Tally();
  for (const seed of seedsOf('honest')) playHonest(seed, WORLD, tally);
  for (const seen of ['honest accept', 'honest gap', 'honest known', 'honest, several sections'])
    expect(tally.of(seen), seen).toBeGreaterThan(WORLDS);
}, 60_000);

test('GUARD5: of updates that were meddled with, whatever the guard accepts neither throws nor parks nor touches what it did not name', () => {
  const tally = new Tally();
  for (const seed of seedsOf('hostile')) playHostile(seed, WORLD, tally);
  expect(tally.share('hostile accept', 'hostile')).toBeGreaterThan(15);
  for (const seen of ['hostile gap that would pend', 'hostile, several sections', 'hostile, deletions only'])
    expect(tally.share(seen, 'hostile'), seen).toBeGreaterThan(5);
}, 60_000);
