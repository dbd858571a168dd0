// A backup, made and restored as docs/operating.md has an operator do it: of PostgreSQL by its own programs while the
// server runs, of the embedded database by copying its folder while nothing has it open. What was locked is whole, what
// was being written reads the same, and the database refuses what it refused before.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import * as Y from 'yjs';
import { addAction, appendParagraphs } from '#lib/card/edit.ts';
import { documentKinds } from '#lib/domain/permission.ts';
import { openDatabase, sqlState, type Database } from '#server/database/database.ts';
import { decisionContents } from '#server/database/schema/decisions.ts';
import { jointRatings } from '#server/database/schema/meetings.ts';
import { openDecisions } from '#server/decisions/decisions.ts';
import { verify } from '#server/decisions/verify.ts';
import { readAuthorship } from '#server/sync/authorship.ts';
import { load, nameOf } from '#server/sync/documents.ts';
import { openDoor } from '../actors/door.ts';
import { knock, sitDown, until } from '../actors/peer.ts';
import { layCard, sessionFor, type Table } from '../actors/table.ts';
import { freshDatabase, type Place } from '../house.ts';
import { findPrograms } from '../prepare/find.ts';
import { startServer } from '../prepare/server.ts';

const { kind } = inject('template');
const run = promisify(execFile);
const program = (name: string, ...args: string[]) => run(path.join(findPrograms().pgBin, name), args);

let place: Place;
let table: Table;
let lockedId: string;
/** Where the backup lies. */
let backup: string;
/** What the database said when the backup was made. */
let before: Awaited<ReturnType<typeof reading>>;
const restored: Place[] = [];

beforeAll(async () => {
  place = await freshDatabase();
  backup = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'same-room-backup-')), 'backup');
  const door = await openDoor(undefined, { place });
  ({ table } = door);
  const { agencies, areaId, meetingId, cardId } = table;
  ({ cardId: lockedId } = await layCard(
    door.database.db,
    { areaId, meetingId, reference: 'F-0002', position: 2 },
    [agencies.police, agencies.health]
  ));
  await door.database.db.insert(jointRatings).values({
    ...{ cardId: lockedId, by: table.people.chair, memberId: null },
    ...{ rating: 'amber', reason: 'Two reports in a month' }
  });
  const police = await sitDown(door.address('police', 'cards', lockedId), true);
  addAction(police.doc, { what: 'Change the locks' });
  const here = await sitDown(door.address('police'), true);
  appendParagraphs(here.doc, 'analysis', 'worries', ['He has a key']);
  const idva = await sitDown(door.address('idva', 'protected', cardId), true);
  appendParagraphs(idva.doc, 'voice', undefined, ['Not to her mother']);
  await until('all is saved', () => [police, here, idva].every((peer) => peer.settled()));
  const locked = await openDecisions(door).lock(sessionFor(table, 'chair'), lockedId, { reason: 'time' });
  expect(locked).toMatchObject({ ok: true });
  before = await reading(door.database);
  if (kind === 'postgresql') await dump();
  for (const peer of [police, here, idva]) peer.leave();
  await door.close();
  if (kind === 'embedded') fs.cpSync(place.env.DATA_DIR ?? '', backup, { recursive: true });
});
afterAll(async () => {
  for (const each of [...restored, place]) await each.remove();
  fs.rmSync(path.dirname(backup), { recursive: true, force: true });
});

const dump = () => program('pg_dump', '-Fc', `--file=${backup}`, place.env.DATABASE_URL ?? '');

/** The backup as a database of its own, with nothing else of the old one. */
async function restore(): Promise<Place> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'same-room-restored-'));
  const made = kind === 'embedded' ? copied(folder) : await created(folder);
  restored.push(made);
  if (kind === 'embedded') fs.cpSync(backup, folder, { recursive: true });
  else {
    const into = `--dbname=${made.env.DATABASE_URL}`;
    await program('pg_restore', '--no-owner', '--exit-on-error', '--single-transaction', into, backup);
  }
  return made;
}

function copied(folder: string): Place {
  const remove = async () => fs.rmSync(folder, { recursive: true, force: true });
  return { kind, env: { ...place.env, DATA_DIR: folder }, remove };
}

/** An empty database beside the old one. */
async function created(folder: string): Promise<Place> {
  const url = new URL(place.env.DATABASE_URL ?? '');
  const name = `${url.pathname.slice(1)}_restored_${restored.length}`;
  const maintenance = `--maintenance-db=${inject('template').place}`;
  await program('createdb', maintenance, name);
  url.pathname = `/${name}`;
  const remove = async () => {
    await program('dropdb', '--force', maintenance, name);
    fs.rmSync(folder, { recursive: true, force: true });
  };
  return { kind, env: { ...place.env, DATA_DIR: folder, DATABASE_URL: url.href }, remove };
}

const open = ({ env }: Place) => openDatabase({ dataDir: env.DATA_DIR ?? '', databaseUrl: env.DATABASE_URL });

/** All that must be the same: the cards' documents, who wrote them, the decisions, and what the database refuses. */
async function reading({ db }: Database) {
  const documents = [];
  for (const cardId of [table.cardId, lockedId])
    for (const documentKind of documentKinds) {
      const stored = await load(db, nameOf(documentKind, cardId));
      documents.push({
        ...{ seq: stored?.seq, lockedAt: stored?.lockedAt, words: stored?.document.toJSON() },
        written: await readAuthorship(db, documentKind, cardId)
      });
    }
  const { rows: triggers } = await db.execute(
    sql`select tgrelid::regclass::text as "table", pg_get_triggerdef(oid) as "says"
        from pg_trigger where not tgisinternal order by 1, 2`
  );
  const contents = await db.select().from(decisionContents);
  return { documents, triggers, contents, verified: await verify(db) };
}

async function expectWhole(made: Place): Promise<void> {
  const said = await run(process.execPath, ['server/cli/verify-decisions.ts'], {
    env: { ...process.env, ...made.env }
  });
  expect(said.stdout).toContain(`1 decisions, whole. Head: ${before.verified[0]?.head.hash}`);
  const server = await startServer(made.env);
  expect(await server.stop()).toBe(0);
  const database = await open(made);
  try {
    expect(before.contents).toHaveLength(1);
    expect(JSON.stringify(before.documents)).toContain('Not to her mother');
    expect(before.triggers.length).toBeGreaterThan(10);
    expect(await reading(database)).toEqual(before);
    for (const statement of [
      sql`update decision_contents set canonical = ''`,
      sql`delete from decisions`,
      sql`update journal set user_id = null`,
      sql`delete from audit_events`,
      sql`truncate audit_events`
    ])
      expect(await database.db.execute(statement).then(() => 'done', sqlState)).toBe('23000');
  } finally {
    await database.close();
  }
}

describe.skipIf(kind === 'embedded')('on PostgreSQL', () => {
  test('BACKUP1: what pg_dump took from a running server is restored whole, and the server serves it', async () => {
    await expectWhole(await restore());
  }, 120_000);
});

describe.skipIf(kind === 'postgresql')('on the embedded database', () => {
  test('BACKUP2: a copy of the stopped embedded database is whole, and the server serves it', async () => {
    await expectWhole(await restore());
  }, 120_000);
});

test('BACKUP3: to a restored database an author’s copy gives back what they wrote since; a copy that holds others’ is refused whole', async () => {
  const { agencies } = table;
  const since = await openDoor(undefined, { place, table });
  const write = async (who: 'police' | 'health', words: string) => {
    const peer = await sitDown(since.address(who), true);
    appendParagraphs(peer.doc, `agency/${agencies[who]}`, 'family/facts', [words]);
    await until('it is saved', () => peer.settled());
    peer.leave();
    return peer.doc;
  };
  const police = await write('police', 'Police, since the backup');
  const health = await write('health', 'Health, since the backup'); // and holds what the police wrote
  await since.close();
  const door = await openDoor(undefined, { place: await restore(), table });
  const refused = await knock(door.address('health'));
  refused.answer(Y.encodeStateAsUpdate(health));
  expect(await refused.closed).toBe(4403);
  const back = await sitDown(door.address('police'), true, police);
  await until('it is stored', () => back.settled());
  const stored = await load(door.database.db, nameOf('cards', table.cardId));
  const words = JSON.stringify(stored?.document.toJSON());
  expect(words.split('Police, since the backup')).toHaveLength(2);
  expect(words).not.toContain('Health, since the backup');
  back.leave();
  await door.close();
}, 120_000);
