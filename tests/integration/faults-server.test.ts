// A real PostgreSQL that is stopped at once and started again, whose disk is full, whose connections are ended, and
// whose wire is silent, while people type. Nobody is told 'saved' meanwhile, and nobody loses a word.
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { addAction } from '#lib/card/edit.ts';
import { actionsIn } from '#lib/card/read.ts';
import { openDatabase, type Database } from '#server/database/database.ts';
import { openHealth } from '#server/health.ts';
import { load } from '#server/sync/documents.ts';
import { openDoor, type Door } from '../actors/door.ts';
import { knock, sitDown, until, type Peer } from '../actors/peer.ts';
import { layTable, type Table } from '../actors/table.ts';
import { openWire, type Wire } from '../actors/wire.ts';
import { startCluster, type Cluster } from '../prepare/cluster.ts';
import { openDisk, type Disk } from '../prepare/disk.ts';
import { findPrograms } from '../prepare/find.ts';

const long = process.env.FAULTS === 'long';
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const words = (peer: Peer) => actionsIn(peer.doc).map(({ what }) => what);
const ways = ['police', 'idva'] as const;

describe.skipIf(inject('template').kind === 'embedded')('on a PostgreSQL of its own', () => {
  let disk: Disk;
  let cluster: Cluster;
  let wire: Wire;
  let door: Door;
  let table: Table;
  let typists: Peer[];
  let reader: Peer;
  let typed = 0;

  beforeAll(async () => {
    disk = openDisk();
    cluster = await startCluster(findPrograms().pgBin, disk.folder);
    const address = cluster.url('postgres');
    const laying = await openDatabase({ dataDir: '', databaseUrl: address });
    table = await layTable(laying.db);
    await laying.close();
    wire = await openWire(address);
    const place = { kind: 'postgresql' as const, env: {}, remove: async () => undefined };
    door = await openDoor(undefined, { place, databaseUrl: wire.url, table });
    typists = await Promise.all(ways.map((who) => sitDown(door.address(who), true)));
    reader = await sitDown(door.address('health'));
    await until('all have come in', () => typists.every((each) => each.settled()));
  });
  afterAll(async () => {
    for (const peer of [...typists, reader]) peer.leave();
    await door.close();
    await wire.close();
    await cluster.remove();
    disk.remove();
  });

  /** From a connection of its own, opened and ended: what is stored. */
  async function stored(): Promise<string[]> {
    const database: Database = await openDatabase({ dataDir: '', databaseUrl: cluster.url('postgres') });
    try {
      const found = await load(database.db, `cards/${table.cardId}`);
      return found ? actionsIn(found.document).map(({ what }) => what) : [];
    } finally {
      await database.close();
    }
  }

  /** Both type on, whatever happens, until the end is called. */
  function typing(letters = 0): () => void {
    const timer = setInterval(() => {
      for (const each of typists) addAction(each.doc, { what: `${typed++} ${'x'.repeat(letters)}` });
    }, 60);
    return () => clearInterval(timer);
  }

  async function allIsWell(ms = 60_000): Promise<void> {
    await until('everything is saved', () => typists.every((each) => each.settled()), ms);
    await until('everything is shown', () => reader.provider.synced && words(reader).length === typed, ms);
    const kept = await stored();
    expect(kept).toHaveLength(typed);
    expect(new Set(kept).size).toBe(typed);
  }

  test('FAULT4: PostgreSQL is stopped at once and started again; nothing shown is missing, and all that was typed is stored once', async () => {
    for (let round = 0; round < (long ? 20 : 2); round++) {
      const end = typing();
      await pause(300 + round * 37);
      await cluster.stop('immediate');
      await until('the rooms are dropped', () => typists.some((each) => !each.provider.synced));
      const told = typists.map((each) => each.saved());
      await pause(500);
      expect(typists.every((each) => !each.settled())).toBe(true);
      expect(typists.map((each) => each.saved())).toEqual(told);
      await expect(knock(door.address('health'))).rejects.toThrow('503'); // and no empty card
      const shown = words(reader);
      await cluster.start();
      expect(await stored()).toEqual(expect.arrayContaining(shown));
      await until('typing is stored again', () => words(reader).length > shown.length, 30_000);
      end();
      await allIsWell();
    }
  }, 600_000);

  test('FAULT5: a full disk saves nothing and says so; when there is room again, all is stored once', async () => {
    const health = openHealth({
      alive: (ms) => door.database.alive(ms),
      look: () => ({ ...door.sync.journalState(), meetings: true })
    });
    for (let round = 0; round < (long ? 5 : 1); round++) {
      disk.fill(cluster.pid);
      const end = typing(3000);
      await until('a room is dropped', () => !typists[0]?.provider.synced, 60_000);
      expect(await health.read()).toMatchObject({ status: 'degraded', ready: true });
      const shown = words(reader);
      end();
      disk.free(cluster.pid);
      await pause(200);
      await cluster.stop('immediate'); // where its own log could not be written, it has ended already
      await cluster.start();
      expect(await stored()).toEqual(expect.arrayContaining(shown));
      await allIsWell();
      await until('it is well', async () => (await health.read()).status === 'ready');
    }
    health.close();
    console.log(`full: ${disk.how}`);
  }, 300_000);

  test('FAULT6: connections that the database ends cost nobody a word', async () => {
    const admin = postgres(cluster.url('postgres'), { max: 1, onnotice: () => undefined });
    const end = typing();
    for (let round = 0; round < (long ? 100 : 6); round++) {
      await pause(70 + ((round * 31) % 90));
      // In every other round a commit is on its way, for certain.
      const release = round % 2 === 0 ? wire.hold() : () => undefined;
      await until('a commit is on its way', () => round % 2 === 1 || door.sync.journalState().behind > 25);
      const shown = words(reader);
      await admin`select pg_terminate_backend(pid) from pg_stat_activity
        where pid <> pg_backend_pid() and backend_type = 'client backend'`;
      release();
      expect(await stored()).toEqual(expect.arrayContaining(shown));
    }
    end();
    await admin.end();
    await allIsWell();
  }, 300_000);

  test('FAULT7: while the wire is silent nobody is shown or told anything, and it is said; then all goes on', async () => {
    const release = wire.hold();
    const [told, shown] = [typists.map((each) => each.saved()), words(reader).length];
    const end = typing();
    await pause(2500);
    end();
    expect(typists.map((each) => each.saved())).toEqual(told);
    expect(words(reader)).toHaveLength(shown);
    expect(door.sync.journalState().behind).toBeGreaterThan(2000);
    expect(await door.database.alive(100)).toBe(false);
    release();
    await allIsWell();
    expect(door.sync.journalState()).toEqual({ behind: 0, failing: false });
  }, 120_000);
});
