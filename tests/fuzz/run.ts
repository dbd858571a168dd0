// `npm run fuzz`: the guard against the truth, at length. Worlds of honest people, then worlds with forgers, until
// so many updates of each are judged; what was seen is printed, and the run fails at the first mismatch, and where
// the forgers were too few of one kind to prove anything.
//   npm run fuzz -- --honest 200000 --hostile 200000 --seed 1
//   npm run fuzz -- --lock 100 --seed 1     the lock against its model, so many worlds, on the embedded database
// A world that failed is played again with its own seed: npm run fuzz -- --seed <its seed> --worlds 1
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { playHonest } from './honest.ts';
import { playHostile } from './hostile.ts';
import { WORLD } from './pinned.ts';
import { Mismatch, Tally } from './tally.ts';

const { values: options } = parseArgs({
  options: {
    honest: { type: 'string', default: '200000' },
    hostile: { type: 'string', default: '200000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    worlds: { type: 'string' },
    lock: { type: 'string' }
  }
});
const first = Number(options.seed);
const tally = new Tally();
const PROGRESS = 5_000; // ms

/** Least shares of what the forgers send, in per cent. */
const due = [
  ['hostile accept', 15],
  ['hostile gap that would pend', 5],
  ['hostile, several sections', 5],
  ['hostile, deletions only', 5]
] as const;

function play(
  kind: 'honest' | 'hostile',
  wanted: number,
  world: (seed: number, updates: number, tally: Tally) => void
): void {
  const began = Date.now();
  let said = began;
  const worlds = options.worlds ? Number(options.worlds) : Math.ceil(wanted / WORLD);
  for (let at = 0; at < worlds; at++) {
    world(first + at, WORLD, tally);
    const now = Date.now();
    if (now - said < PROGRESS && at < worlds - 1) continue;
    said = now;
    const speed = Math.round((1000 * tally.of(kind)) / Math.max(1, now - began));
    console.log(`${kind}: ${tally.of(kind)} updates, ${speed}/s, seeds ${first} to ${first + at}`);
  }
}

function show(): void {
  for (const [what, many] of tally.counts()) {
    const whole = what.startsWith('hostile') ? 'hostile' : 'honest';
    console.log(`${String(many).padStart(9)}  ${tally.share(what, whole).toFixed(1).padStart(5)} %  ${what}`);
  }
}

/** The lock's model test at length; it prints each world's seed, and of one that failed every step. */
function playLock(worlds: string): never {
  const root = path.join(import.meta.dirname, '../..');
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  const file = 'tests/integration/lock-model.test.ts';
  const env = { ...process.env, LOCK_WORLDS: worlds, LOCK_SEED: String(first) };
  const args = [vitest, 'run', '--project', 'embedded', '--disableConsoleIntercept=true', file];
  const { status } = spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit' });
  process.exit(status ?? 1);
}

console.log(`seed ${first}`);
if (options.lock) playLock(options.lock);
try {
  play('honest', Number(options.honest), playHonest);
  play('hostile', Number(options.hostile), playHostile);
  show();
  console.log('mismatches: 0');
  const thin = due.filter(([what, least]) => tally.of('hostile') > 0 && tally.share(what, 'hostile') < least);
  for (const [what, least] of thin) console.log(`FAILED: ${what}: under ${least} %`);
  if (thin.length > 0 && !options.worlds) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof Mismatch)) throw error;
  show();
  console.log(`FAILED: ${error.message}`);
  console.log('Play it again with --seed <that seed> --worlds 1, and pin it in tests/fuzz/pinned.ts.');
  process.exitCode = 1;
}
