// `npm test`: everything, in the order in which it fails fastest. It prepares what it can by itself, and
// ends at the first step that fails.
import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { findPrograms } from './prepare/find.ts';

interface Step {
  readonly name: string;
  readonly command: readonly string[];
}

const steps: Step[] = [
  { name: 'Format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { name: 'Types of the pages', command: ['svelte-kit', 'sync'] },
  { name: 'Types', command: ['svelte-check', '--tsconfig', './tsconfig.json', '--threshold', 'warning'] },
  { name: 'Build', command: ['vite', 'build', '--logLevel', 'error'] },
  { name: 'Laws and unit tests', command: ['vitest', 'run', '--project', 'unit'] },
  {
    name: 'Integration tests, on the embedded database and on PostgreSQL',
    command: ['vitest', 'run', '--project', 'embedded', '--project', 'postgresql']
  },
  { name: 'Browser tests', command: ['playwright', 'test'] }
];

function run({ name, command: [program = '', ...args] }: Step, env: NodeJS.ProcessEnv): Promise<boolean> {
  const began = Date.now();
  console.log(`\n── ${name}`);
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit', env, shell: process.platform === 'win32' });
    child.on('error', (error) => {
      console.error(error.message);
      resolve(false);
    });
    child.on('exit', (code) => {
      console.log(
        `── ${name}: ${code === 0 ? 'passed' : 'FAILED'} in ${Math.round((Date.now() - began) / 1000)} s`
      );
      resolve(code === 0);
    });
  });
}

const began = Date.now();
let passed = 0;
try {
  const { chromium, pgBin } = findPrograms();
  // Servers are started again and again: Node keeps what it compiled of them.
  const compiled = path.join(os.tmpdir(), 'same-room-compiled');
  const env = { ...process.env, CHROMIUM: chromium, PG_BIN: pgBin, NODE_COMPILE_CACHE: compiled };
  for (const step of steps) {
    if (!(await run(step, env))) break;
    passed++;
  }
} catch (error) {
  console.error((error as Error).message);
}
const failed = passed === steps.length ? 0 : 1;
console.log(`\nSteps, of ${steps.length}, in ${Math.round((Date.now() - began) / 1000)} s:`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed;
