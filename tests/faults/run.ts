// `npm run faults`: the faults at length, on the embedded database and on PostgreSQL. A hundred kill rounds each; the
// wire cut at every message of an append, a compaction and a lock; PostgreSQL stopped, full, its connections ended,
// again and again. The same tests as in the test command, with more rounds; seeds are printed, and what failed is
// played again with FAULT_SEED=<its seed>.
//   npm run faults -- sync-kill        only the files whose name begins so
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { findPrograms } from '../prepare/find.ts';

const root = path.join(import.meta.dirname, '../..');
const wanted = process.argv.slice(2);
const files = ['sync-kill', 'faults-points', 'faults-server'].filter(
  (name) => wanted.length === 0 || wanted.some((each) => name.startsWith(each))
);
const { chromium, pgBin } = findPrograms();
const seed = process.env.FAULT_SEED ?? String(Date.now() % 1_000_000_000);
const env = { ...process.env, CHROMIUM: chromium, PG_BIN: pgBin, FAULTS: 'long', FAULT_SEED: seed };

if (!fs.existsSync(path.join(root, 'build/handler.js')))
  throw new Error("The pages aren't built: npm run build first.");
console.log(`seed ${seed}`);
const failed = (['embedded', 'postgresql'] as const).filter((project) => {
  const only = files.filter((name) => project === 'postgresql' || name === 'sync-kill');
  const args = ['run', '--project', project, ...only.map((name) => `tests/integration/${name}.test.ts`)];
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  return spawnSync(process.execPath, [vitest, ...args], { cwd: root, env, stdio: 'inherit' }).status !== 0;
});
console.log(failed.length === 0 ? 'Nothing was lost.' : `FAILED on ${failed.join(' and ')}; seed ${seed}`);
process.exitCode = failed.length === 0 ? 0 : 1;
