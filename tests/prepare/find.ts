// Finds the two programs that the tests need and npm can't bring: Chromium and PostgreSQL's binaries.
// Installs them where it may (root on Debian or Ubuntu), and names all that is missing at once.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

export interface Found {
  /** Chromium's executable. */
  readonly chromium: string;
  /** The folder with initdb, postgres and pg_ctl. */
  readonly pgBin: string;
}

/**
 * Looks in CHROMIUM and PG_BIN, on the path and in the usual places.
 * @throws Error naming everything that can't be had, and how to install it.
 */
export function findPrograms(): Found {
  let found = look();
  if ((!found.chromium || !found.pgBin) && mayInstall()) {
    install([...(found.chromium ? [] : ['chromium']), ...(found.pgBin ? [] : ['postgresql'])]);
    found = look();
  }
  const { chromium, pgBin } = found;
  if (chromium && pgBin) return { chromium, pgBin };
  const missing = [
    ...(chromium
      ? []
      : [
          "Chromium: install your system's package (Debian: apt-get install chromium), or set CHROMIUM to its executable."
        ]),
    ...(pgBin
      ? []
      : [
          "PostgreSQL 14 or later: install your system's server package (Debian: apt-get install postgresql), or set PG_BIN to the folder that holds initdb."
        ])
  ];
  throw new Error(`The tests need what was not found here:\n  ${missing.join('\n  ')}`);
}

function look(): Partial<Found> {
  return { chromium: findChromium(), pgBin: findPostgres() };
}

function findChromium(): string | undefined {
  const given = process.env.CHROMIUM;
  if (given) return isExecutable(given) ? given : undefined;
  return [
    ...['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].flatMap(onPath),
    '/usr/bin/chromium',
    '/snap/bin/chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium'
  ].find(isExecutable);
}

function findPostgres(): string | undefined {
  const holdsServer = (folder: string) =>
    ['initdb', 'postgres', 'pg_ctl'].every((name) => isExecutable(path.join(folder, name)));
  const given = process.env.PG_BIN;
  if (given) return holdsServer(given) ? given : undefined;
  const versions = '/usr/lib/postgresql';
  const debian = fs.existsSync(versions)
    ? fs.readdirSync(versions).sort((a, b) => Number(b) - Number(a))
    : [];
  return [
    ...debian.map((version) => path.join(versions, version, 'bin')),
    ...onPath('initdb').map((file) => path.dirname(file)),
    '/usr/pgsql-17/bin',
    '/usr/pgsql-16/bin',
    '/opt/homebrew/opt/postgresql@17/bin',
    '/opt/homebrew/bin',
    '/usr/local/bin'
  ].find(holdsServer);
}

function onPath(name: string): string[] {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .filter(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false; // not there, or not for us: the same to the caller
  }
}

function mayInstall(): boolean {
  return process.getuid?.() === 0 && isExecutable('/usr/bin/apt-get');
}

function install(packages: string[]): void {
  console.log(`Installing ${packages.join(' and ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = (args: string[]) =>
    spawnSync('/usr/bin/apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  run(['-qq', 'update']);
  run(['-qq', '-y', '--no-install-recommends', 'install', ...packages]);
}
