// `npm run breaks`: proves that the tests see. Each patch here takes one rule's protection out of a copy of the
// tree; that rule's test has to fail there. The head of a patch says which rule it breaks, in which project and
// file its test stands ('browser' is Playwright), and what is missing then; 'After:' names the rules whose tests that
// test builds on, where those of a file follow each other. Ends with 1 where a test stays green.
//   npm run breaks -- GUARD         only those whose name begins so
//   npm run breaks -- --unbroken    the same tests with nothing taken out: one that fails so sees no break
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { findPrograms } from '../prepare/find.ts';

interface Break {
  readonly name: string;
  readonly patch: string;
  /** What the name of the test begins with, in which project and file. */
  readonly rule: string;
  readonly project: string;
  readonly file: string;
  /** The rules whose tests have to run before it. */
  readonly after: readonly string[];
  readonly without: string;
}

const root = path.join(import.meta.dirname, '../..');
const shared = ['node_modules', '.svelte-kit', 'build'];
const reported = z.object({
  testResults: z.array(
    z.object({ assertionResults: z.array(z.object({ title: z.string(), status: z.string() })) })
  )
});
/** Playwright's report: a suite a file, and suites within. */
interface Suite {
  readonly specs: readonly { readonly title: string; readonly ok: boolean }[];
  readonly suites?: readonly Suite[] | undefined;
}
const suite: z.ZodType<Suite> = z.lazy(() =>
  z.object({
    specs: z.array(z.object({ title: z.string(), ok: z.boolean() })),
    suites: z.array(suite).optional()
  })
);
const shown = z.object({ suites: z.array(suite) });

interface Outcome {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
}

function readBreaks(): Break[] {
  const wanted = process.argv.slice(2).filter((each) => each !== '--unbroken');
  const files = fs.readdirSync(import.meta.dirname).filter((file) => file.endsWith('.patch'));
  return files
    .map((file) => {
      const patch = path.join(import.meta.dirname, file);
      const text = fs.readFileSync(patch, 'utf8');
      const optional = (field: string) => new RegExp(`^${field}: (.+)$`, 'm').exec(text)?.[1];
      const head = (field: string) => {
        const value = optional(field);
        if (!value) throw new Error(`${file} has no '${field}:'`);
        return value;
      };
      return {
        name: file.replace('.patch', ''),
        patch,
        rule: head('Rule'),
        project: head('Project'),
        file: head('Test'),
        after: optional('After')?.split(' ') ?? [],
        without: head('Without')
      };
    })
    .filter(({ name }) => wanted.length === 0 || wanted.some((each) => name.startsWith(each)));
}

function run(program: string, args: readonly string[], cwd: string, env = process.env) {
  return spawnSync(program, args, { cwd, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
}

/** A copy of what git knows of the tree, as it stands; what was installed or built is only pointed to. */
function copyTree(): string {
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'same-room-breaks-'));
  const listed = run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], root).stdout;
  for (const file of listed.split('\0')) {
    if (!file || !fs.existsSync(path.join(root, file))) continue;
    fs.mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
    fs.copyFileSync(path.join(root, file), path.join(copy, file));
  }
  point(copy);
  return copy;
}

/** What was installed or built for the tree counts for its copy. */
function point(copy: string): void {
  for (const folder of shared) {
    fs.rmSync(path.join(copy, folder), { recursive: true, force: true });
    if (fs.existsSync(path.join(root, folder)))
      fs.symlinkSync(path.join(root, folder), path.join(copy, folder));
  }
}

/** Runs a rule's test; gives the names that passed and that failed, of the tests that carry the rule. */
function test(copy: string, each: Break): Outcome {
  const { chromium, pgBin } = findPrograms();
  const output = path.join(copy, 'breaks.json');
  fs.rmSync(output, { force: true });
  const env = { ...process.env, CHROMIUM: chromium, PG_BIN: pgBin };
  const testIn = each.project === 'browser' ? testPages : testModules;
  return testIn(copy, each, output, env);
}

function testModules(
  copy: string,
  { rule, project, file, after }: Break,
  output: string,
  env: NodeJS.ProcessEnv
): Outcome {
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  const names = `(${[rule, ...after].join('|')})\\b`;
  const only = ['--project', project, file, '-t', names, '--reporter=json', `--outputFile=${output}`];
  run(process.execPath, [vitest, 'run', ...only], copy, env);
  if (!fs.existsSync(output)) return { passed: [], failed: [] };
  const { testResults } = reported.parse(JSON.parse(fs.readFileSync(output, 'utf8')));
  const tests = testResults
    .flatMap((it) => it.assertionResults)
    .filter(({ title }) => title.startsWith(rule));
  const named = (status: string) => tests.filter((it) => it.status === status).map(({ title }) => title);
  return { passed: named('passed'), failed: named('failed') };
}

/** In a browser, on pages that are built with the break in them. */
function testPages(copy: string, { rule, file }: Break, output: string, env: NodeJS.ProcessEnv): Outcome {
  for (const folder of ['build', '.svelte-kit']) fs.rmSync(path.join(copy, folder), { force: true }); // only pointed to
  const vite = path.join(root, 'node_modules/vite/bin/vite.js');
  const built = run(process.execPath, [vite, 'build', '--logLevel', 'error'], copy, env);
  if (built.status !== 0) throw new Error(`a break can't be built: ${built.stderr}`);
  const playwright = path.join(root, 'node_modules/@playwright/test/cli.js');
  run(process.execPath, [playwright, 'test', file, '-g', `${rule}\\b`, '--reporter=json'], copy, {
    ...env,
    PLAYWRIGHT_JSON_OUTPUT_FILE: output
  });
  point(copy);
  if (!fs.existsSync(output)) return { passed: [], failed: [] };
  const { suites } = shown.parse(JSON.parse(fs.readFileSync(output, 'utf8')));
  const specs = suites.flatMap(specsOf).filter(({ title }) => title.startsWith(rule));
  const named = (ok: boolean) => specs.filter((it) => it.ok === ok).map(({ title }) => title);
  return { passed: named(true), failed: named(false) };
}

function specsOf({ specs, suites = [] }: Suite): Suite['specs'] {
  return [...specs, ...suites.flatMap(specsOf)];
}

function judge(copy: string, each: Break): string {
  if (unbroken) {
    const { passed, failed } = test(copy, each);
    if (failed.length > 0) return 'FAILS UNBROKEN';
    return passed.length > 0 ? 'green' : 'RAN NO TEST';
  }
  const applied = run('git', ['apply', each.patch], copy);
  if (applied.status !== 0) return `DOES NOT APPLY: ${applied.stderr.trim().split('\n')[0]}`;
  try {
    const { passed, failed } = test(copy, each);
    if (failed.length > 0) return 'seen';
    return passed.length > 0 ? 'STAYS GREEN' : 'RAN NO TEST';
  } finally {
    run('git', ['apply', '-R', each.patch], copy);
  }
}

const unbroken = process.argv.includes('--unbroken');
const wished = unbroken ? 'green' : 'seen';
const breaks = readBreaks();
const copy = copyTree();
let unseen = 0;
try {
  console.log('| break | rule | without | its test |\n| --- | --- | --- | --- |');
  for (const each of breaks) {
    const outcome = judge(copy, each);
    if (outcome !== wished) unseen++;
    console.log(`| ${each.name} | ${each.rule} | ${each.without} | ${outcome} |`);
  }
} finally {
  fs.rmSync(copy, { recursive: true, force: true });
}
console.log(`\n${breaks.length} breaks: ${breaks.length - unseen} ${wished}, ${unseen} not`);
process.exitCode = unseen === 0 && breaks.length > 0 ? 0 : 1;
