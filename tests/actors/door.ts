// The sync server in this process, on a database of its own, with a door at which a cookie names who comes.
// Everything behind the door is real; only the signing in is left out.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openDatabase, type Database } from '#server/database/database.ts';
import { openLog } from '#server/log.ts';
import { openJudge } from '#server/meetings/door.ts';
import { openSync, type Sync } from '#server/sync/sync.ts';
import { freshDatabase, type Place } from '../house.ts';
import type { Address } from './peer.ts';
import { layTable, sessionFor, type Table, type Who } from './table.ts';

export interface Door {
  readonly table: Table;
  readonly database: Database;
  readonly sync: Sync;
  readonly place: Place;
  address(who: Who, kind?: 'cards' | 'protected', cardId?: string): Address;
  /** From now on this person is not signed in. */
  signOut(who: Who): void;
  close(): Promise<void>;
}

/** What a door stands on, where it does not lay its own: another address of the database, a table that was laid before. */
export interface Ground {
  readonly place: Place;
  readonly databaseUrl?: string;
  readonly table?: Table;
}

/** Opens the door on a fresh database; `change` may put something between the server and its database. */
export async function openDoor(
  change: (database: Database) => Database = (same) => same,
  ground?: Ground
): Promise<Door> {
  const place = ground?.place ?? (await freshDatabase());
  const database = await openDatabase({
    dataDir: place.env.DATA_DIR ?? '',
    databaseUrl: ground?.databaseUrl ?? place.env.DATABASE_URL
  });
  const table = ground?.table ?? (await layTable(database.db));
  const gone = new Set<string>();
  const sync = openSync({
    database: change(database),
    log: openLog({ logLevel: (process.env.LOG_LEVEL ?? 'silent') as 'silent' }),
    config: { origins: ['https://room.example'] },
    sessionOf: async (headers) => {
      const who = /who=(\w+)/.exec(headers.get('cookie') ?? '')?.[1] as Who | undefined;
      return who && table.people[who] && !gone.has(who) ? sessionFor(table, who) : null;
    },
    judge: openJudge(database.db)
  });
  const server: Server = createServer();
  server.on('upgrade', (request, socket, head) => sync.upgrade(request, socket, head));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/sync/${table.meetingId}`;
  return {
    table,
    database,
    sync,
    place,
    address: (who, kind = 'cards', cardId = table.cardId) => ({
      url,
      document: `${kind}/${cardId}`,
      cookie: `who=${who}`
    }),
    signOut: (who) => void gone.add(who),
    async close() {
      await sync.close();
      server.close();
      server.closeAllConnections();
      await database.close();
      if (!ground) await place.remove();
    }
  };
}
