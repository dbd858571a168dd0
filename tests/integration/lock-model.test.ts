// The lock against a model: people who type, lose their line, come back, lock and amend in an order that dice decide,
// on a server that is stopped and started. Short here; at length with `npm run fuzz -- --lock`.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase, type Database } from '#server/database/database.ts';
import { verify } from '#server/decisions/verify.ts';
import { LockWorld, Wrong } from '../actors/lock-world.ts';
import { dice } from '../fuzz/dice.ts';
import { pinnedLocks } from '../fuzz/pinned.ts';
import { freshDatabase, type Place } from '../house.ts';

const STEPS = 50;
const worlds = Number(process.env.LOCK_WORLDS ?? 3);
const first = Number(process.env.LOCK_SEED ?? 1);
const seeds = [
  ...(process.env.LOCK_WORLDS ? [] : pinnedLocks.map(({ seed }) => seed)),
  ...Array.from({ length: worlds }, (_, at) => first + at)
];

let place: Place;
let database: Database;
beforeAll(async () => {
  place = await freshDatabase();
  const { DATA_DIR = '', DATABASE_URL } = place.env;
  database = await openDatabase({ dataDir: DATA_DIR, databaseUrl: DATABASE_URL });
});
afterAll(async () => {
  await database.close();
  await place.remove();
});

test(
  'MODEL1: whatever the order of edits, lost lines, restarts, locks and amendments, a decision holds what was saved before it, never changes and is there once; late words are kept and enter by an amendment alone',
  async () => {
    for (const seed of seeds) {
      const world = await LockWorld.open(database, dice(seed));
      try {
        for (let step = 0; step < STEPS; step++) await world.step();
        await world.end();
      } catch (error) {
        const said = error instanceof Error ? error.message : String(error);
        throw new Wrong(`seed ${seed}: ${said}\n${world.steps.join('\n')}`, { cause: error });
      } finally {
        await world.close();
      }
      if (process.env.LOCK_WORLDS) console.log(`seed ${seed}: ${world.summary}`);
    }
    expect((await verify(database.db)).filter(({ broken }) => broken !== null)).toEqual([]);
  },
  60_000 + worlds * 30_000
);
