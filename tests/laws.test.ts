// The laws of the tree: who may import whom, and that rules and tests name each other.
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '..');

/** The layers of ARCHITECTURE.md: a file may import its own layer and those named here. */
const layers: Record<string, readonly string[]> = {
  'src/lib/domain': [],
  'src/lib/card': ['src/lib/domain'],
  'src/lib/protocol': ['src/lib/domain'],
  'src/lib/style': [],
  'src/lib/ui': ['src/lib/domain', 'src/lib/style'],
  'src/lib/meeting': ['src/lib/card', 'src/lib/protocol', 'src/lib/domain'],
  'src/lib/family': ['src/lib/ui', 'src/lib/style', 'src/lib/protocol', 'src/lib/domain'],
  'src/lib/board': [
    'src/lib/meeting',
    'src/lib/family',
    'src/lib/ui',
    'src/lib/style',
    'src/lib/card',
    'src/lib/protocol',
    'src/lib/domain'
  ],
  'src/lib/screen': [
    'src/lib/board',
    'src/lib/meeting',
    'src/lib/ui',
    'src/lib/style',
    'src/lib/card',
    'src/lib/protocol',
    'src/lib/domain'
  ],
  'src/routes': ['src/lib'],
  server: ['src/lib/domain', 'src/lib/card', 'src/lib/protocol']
};

function filesBelow(folder: string, pattern: RegExp): string[] {
  const full = path.join(root, folder);
  if (!fs.existsSync(full)) return [];
  return fs
    .readdirSync(full, { recursive: true, encoding: 'utf8' })
    .map((file) => path.join(folder, file))
    .filter(
      (file) =>
        pattern.test(file) && !file.includes('node_modules') && fs.statSync(path.join(root, file)).isFile()
    );
}

const sources = ['src', 'server']
  .flatMap((folder) => filesBelow(folder, /\.(ts|svelte)$/))
  .filter((file) => !/\.test\.ts$/.test(file));

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = fs.readFileSync(path.join(root, file), 'utf8');
  const found: Import[] = [];
  for (const match of text.matchAll(
    /(import|export)(\s+type)?\s[^;'"`]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|import\s*['"]([^'"]+)['"]/g
  )) {
    const name = match[3] ?? match[4] ?? match[5] ?? '';
    const to = resolve(file, name);
    if (to) found.push({ from: file, to, typeOnly: match[2] !== undefined || isTypeExpression(text, match) });
  }
  return found;
}

/** `import('…').Name` in a type: nothing is loaded by it. */
function isTypeExpression(text: string, match: RegExpExecArray): boolean {
  return (
    match[4] !== undefined &&
    text.charAt(match.index + match[0].length) === '.' &&
    !/^\.then\b/.test(text.slice(match.index + match[0].length))
  );
}

function resolve(file: string, name: string): string | undefined {
  if (name.startsWith('#lib/')) return path.join('src/lib', name.slice('#lib/'.length));
  if (name.startsWith('#server/')) return path.join('server', name.slice('#server/'.length));
  if (name.startsWith('.')) return path.join(path.dirname(file), name);
  return undefined;
}

const layerOf = (file: string) => Object.keys(layers).find((layer) => file.startsWith(`${layer}/`));
const imports = sources.flatMap(importsOf);

test('LAW1: each layer imports only those below it', () => {
  const wrong = imports.filter(({ from, to, typeOnly }) => {
    const own = layerOf(from);
    const other = layerOf(to);
    if (to.startsWith('server/') && !from.startsWith('server/'))
      return (
        !(typeOnly && /^src\/(routes\/|app\.d\.ts|hooks\.server\.ts)/.test(from)) &&
        !(from === 'src/hooks.server.ts' && to === 'server/locals.ts')
      );
    if (!own || own === other) return false;
    return !(layers[own] ?? []).some((allowed) => to.startsWith(`${allowed}/`));
  });
  expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

test('LAW2: imports name the file with its ending, and it is there', () => {
  const missing = imports.filter(
    ({ to }) => !to.includes('$types') && !fs.existsSync(path.join(root, to.replace(/\?\w+$/, '')))
  );
  expect(missing.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

test('LAW3: nothing imports in a circle', () => {
  const graph = new Map<string, string[]>();
  for (const { from, to, typeOnly } of imports)
    if (!typeOnly) graph.set(from, [...(graph.get(from) ?? []), to]);
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, trail: string[]) => {
    if (trail.includes(file)) circles.push([...trail.slice(trail.indexOf(file)), file].join(' → '));
    if (done.has(file) || trail.includes(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  expect(circles).toEqual([]);
});

test('LAW4: each rule in SPEC.md has a test, and each test cites a rule', () => {
  const rules = [
    ...fs.readFileSync(path.join(root, 'tests/SPEC.md'), 'utf8').matchAll(/^- \*\*([A-Z]+\d+)\*\*/gm)
  ].map((match) => match[1] ?? '');
  const tests = [
    ...filesBelow('src', /\.test\.ts$/),
    ...filesBelow('server', /\.test\.ts$/),
    ...filesBelow('tests', /\.(test|spec)\.ts$/)
  ];
  const names = tests.flatMap((file) =>
    [
      ...fs
        .readFileSync(path.join(root, file), 'utf8')
        .matchAll(/\b(?:test|it)(?:\.each\([^)]*\))?\(\s*[`'"]([^`'"]+)/g)
    ].map((match) => ({ file, name: match[1] ?? '' }))
  );
  const cited = new Set(names.map(({ name }) => /^([A-Z]+\d+)\b/.exec(name)?.[1]));
  expect(
    rules.filter((rule, at) => rules.indexOf(rule) !== at),
    'rules written twice'
  ).toEqual([]);
  expect(
    rules.filter((rule) => !cited.has(rule)),
    'rules without a test'
  ).toEqual([]);
  const unknown = names.filter(({ name }) => !rules.includes(/^([A-Z]+\d+)\b/.exec(name)?.[1] ?? ''));
  expect(
    unknown.map(({ file, name }) => `${file}: ${name}`),
    'tests that cite no rule'
  ).toEqual([]);
});

test('LAW5: each dependency has a licence that docs/licences.md lists', () => {
  const listed = [
    ...fs.readFileSync(path.join(root, 'docs/licences.md'), 'utf8').matchAll(/^\| ([\w.-]+) \|/gm)
  ].map((match) => match[1]);
  const lock = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { license?: string }>;
  };
  // This one has its MIT text in its README, and no licence field.
  const known: Record<string, string> = { 'node_modules/xmlhttprequest-ssl': 'MIT' };
  const others = Object.entries(lock.packages).filter(
    ([name, { license }]) => name && !listed.includes(license ?? known[name] ?? 'none')
  );
  expect(others.map(([name, { license }]) => `${name}: ${license}`)).toEqual([]);
});
