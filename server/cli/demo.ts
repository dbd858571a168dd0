// `npm run demo`: builds, loads the demonstration's area, serves, and says who can sign in.
// `-- --accounts` prints everyone as JSON and ends; `-- --reset` starts from an empty area again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { isExposed, readConfig, StartError } from '../config.ts';
import { openDatabase } from '../database/database.ts';
import { holdsDemonstration, holdsRealArea, insertDemonstration } from '../demo/area.ts';
import { loadMeeting } from '../demo/meeting.ts';
import { accounts, password } from '../demo/people.ts';
import { run } from '../run.ts';
import { serve } from '../serve.ts';

const root = path.join(import.meta.dirname, '../..');

await run(async () => {
  const { values } = parseArgs({ options: { accounts: { type: 'boolean' }, reset: { type: 'boolean' } } });
  if (values.accounts) {
    console.log(JSON.stringify(accounts(), null, 2));
    return;
  }
  const config = readConfig(process.env);
  if (config.origins.some(isExposed))
    throw new StartError(
      'The demonstration serves this machine only, or https: its password is known to all.'
    );
  if (values.reset) await reset();
  await build();
  const serving = await serve(process.env, async ({ services: { database } }) => {
    if (await holdsRealArea(database))
      throw new StartError(
        'This database holds an area that is not a demonstration. Give the demonstration a database of its own.'
      );
    if (!(await holdsDemonstration(database))) await insertDemonstration(database);
  });
  await loadMeeting(serving.house.services, serving.address);
  console.log(`\nSame Room's demonstration is at ${serving.address}`);
  console.log(`The sign-in page lets you sit down as anyone. Every password is ${password}:\n`);
  for (const { name, email, role, agency } of accounts())
    console.log(`  ${name.padEnd(16)} ${role.padEnd(14)} ${(agency?.code ?? '').padEnd(4)} ${email}`);
  console.log(
    '\nThe week to import is offered on the coordinator’s intake page. Ctrl+C ends; what is here is kept in DATA_DIR.'
  );
  return serving;
});

/** Empties a database that holds a demonstration, or nothing. */
async function reset(): Promise<void> {
  const database = await openDatabase(readConfig(process.env));
  try {
    if (await holdsRealArea(database))
      throw new StartError(
        'This database holds an area that is not a demonstration, so nothing was removed.'
      );
    for (const step of [
      'drop schema if exists drizzle cascade',
      'drop schema public cascade',
      'create schema public'
    ])
      await database.db.execute(step);
  } finally {
    await database.close();
  }
}

/** Builds the pages, unless what is built is newer than everything it is made of. */
async function build(): Promise<void> {
  const built = path.join(root, 'build/handler.js');
  const made = fs.existsSync(built) ? fs.statSync(built).mtimeMs : 0;
  const sources = ['src', 'static'].flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((file) => path.join(root, folder, file))
  );
  const newest = Math.max(
    ...[...sources, path.join(root, 'package-lock.json'), path.join(root, 'svelte.config.js')].map(
      (file) => fs.statSync(file).mtimeMs
    )
  );
  if (made > newest) return;
  console.log('Building the pages …');
  const vite = spawn(
    process.execPath,
    [path.join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'error'],
    { cwd: root, stdio: 'inherit' }
  );
  const [code] = (await once(vite, 'exit')) as [number | null];
  if (code !== 0) throw new StartError('The pages could not be built.');
}
