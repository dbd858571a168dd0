// The servers that are measured, each behind one face. Same Room is what `npm start` starts, on PostgreSQL with
// fsync, or with EMBEDDED=yes on its own; nothing is switched off and nobody is let past the guard.
import fs from 'node:fs';
import path from 'node:path';
import postgres from 'postgres';
import * as Y from 'yjs';
import { readConfig } from '#server/config.ts';
import { openServices } from '#server/services.ts';
import { containersMissing } from '#server/sync/documents.ts';
import { freePort } from '../prepare/cluster.ts';
import type { Place, Protocol, Room } from './load/job.ts';
import { peersFolder, root, type Machine, type Started } from './machine.ts';
import { seedMeetings } from './seed.ts';

export interface Size {
  readonly cards: number;
  readonly people: number;
  readonly typists: number;
}

/** One server with a store of its own. */
export interface Standing {
  /** Its cards; the first call makes them, a later one only what is missing. The server does not run meanwhile. */
  rooms(size: Size): Promise<Room[]>;
  /** @param inspector a port for its inspector */
  start(inspector?: number): Promise<Started>;
  /** A PostgreSQL whose work is its own; 0 for none. */
  readonly databasePid: number;
  /** What makes its figures worth printing; throws where something is not so. */
  prove(typed: number, forgeryRefused: boolean | null): Promise<void>;
  remove(): Promise<void>;
}

export interface Target {
  readonly name: string;
  readonly protocol: Protocol;
  /** Holds after a restart what it was told. */
  readonly durable: boolean;
  /** Judges what is written, so a forged update is sent to it. */
  readonly judges: boolean;
  stand(machine: Machine): Promise<Standing>;
}

/** What `npm start` gives to Node. */
const startArguments = (
  JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { scripts: { start: string } }
).scripts.start
  .split(' ')
  .slice(1);

const common: Place = { section: 'analysis', part: 'worries' };
const factsOf = (agency: string): Place => ({ section: `agency/${agency}`, part: 'family/facts' });
const secret = 'a-secret-that-only-the-bench-may-have';
let standings = 0;

function sameRoom(name: string, embedded: boolean): Target {
  return {
    name,
    protocol: 'y-websocket',
    durable: true,
    judges: true,
    async stand(machine) {
      const database = `bench_${++standings}`;
      const url = embedded ? undefined : await machine.database(database);
      const port = await freePort();
      const env = {
        ...(url ? { DATABASE_URL: url } : { EMBEDDED: 'yes' }),
        DATA_DIR: path.join(machine.scratch, database),
        AUTH_SECRET: secret,
        LOG_LEVEL: 'warn'
      };
      const made: Room[] = [];
      return {
        databasePid: embedded ? 0 : machine.cluster.pid,
        async rooms({ cards, people, typists }) {
          if (made.length < cards) {
            const { services, close } = await openServices(readConfig(env));
            const seeded = await seedMeetings(services, secret, cards - made.length, people, typists);
            await close();
            for (const meeting of seeded) {
              const document = `cards/${meeting.cardId}`;
              made.push({
                url: `ws://localhost:${port}/sync/${meeting.meetingId}/${document}`,
                name: document,
                cookies: meeting.cookies,
                places: meeting.typists.map(factsOf),
                common
              });
            }
          }
          return made.slice(0, cards);
        },
        start(inspector) {
          const watched = inspector ? [`--inspect=127.0.0.1:${inspector}`] : [];
          return machine.start([...watched, ...startArguments], env, port, '/healthz');
        },
        async prove(typed, forgeryRefused) {
          if (url) await proveDurable(url, typed);
          if (forgeryRefused !== true) throw new Error('A forged update was not refused');
        },
        async remove() {
          if (url) await machine.dropDatabase(database);
        }
      };
    }
  };
}

async function proveDurable(url: string, typed: number): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  const [fsync] = await sql`show fsync`;
  const [rows] = await sql`select count(*)::int as n from journal where user_id is not null`;
  const [forged] = await sql`select count(*)::int as n from quarantine`;
  await sql.end();
  if (fsync?.fsync !== 'on') throw new Error('fsync is off');
  // Within a flush, what one person typed is one row: never more than a handful of keys, even when it is late.
  if (Number(rows?.n) < typed / 8) throw new Error(`The journal holds ${rows?.n} rows for ${typed} keys`);
  if (Number(forged?.n) === 0) throw new Error('A forged update left no evidence');
}

/** A peer's cards look like ours: the same members and agencies, and so the same documents. */
function peer(
  name: string,
  about: Pick<Target, 'protocol' | 'durable'> & { readonly program: string; readonly stores: boolean }
): Target {
  return {
    name,
    protocol: about.protocol,
    durable: about.durable,
    judges: false,
    async stand(machine) {
      const database = `peer_${++standings}`;
      const url = about.stores ? await machine.database(database) : undefined;
      const port = await freePort();
      const agencies = Array.from({ length: 10 }, () => crypto.randomUUID());
      const members = (['victim', 'harming', 'child', 'child'] as const).map((role) => ({
        id: crypto.randomUUID(),
        role
      }));
      const { update } = containersMissing(new Y.Doc(), 'cards', members, agencies) ?? {};
      const card = Buffer.from(update ?? []).toString('base64');
      let points = 0;
      return {
        databasePid: url ? machine.cluster.pid : 0,
        async rooms({ cards, typists }) {
          const point = ++points;
          return Array.from({ length: cards }, (_, n) => {
            const document = `card-${point}-${n}`;
            return {
              url: `ws://localhost:${port}/${document}`,
              name: document,
              cookies: [],
              places: agencies.slice(0, typists).map(factsOf),
              common,
              card
            };
          });
        },
        start: () =>
          machine.start([path.join(peersFolder, about.program)], url ? { DATABASE_URL: url } : {}, port, '/'),
        prove: async () => undefined,
        async remove() {
          if (url) await machine.dropDatabase(database);
        }
      };
    }
  };
}

const inMemory = { durable: false, stores: false } as const;
export const targets = {
  yws: peer('@y/websocket-server', {
    ...inMemory,
    protocol: 'y-websocket',
    program: 'y-websocket-server.js'
  }),
  hocuspocus: peer('Hocuspocus', { ...inMemory, protocol: 'hocuspocus', program: 'hocuspocus.js' }),
  hocuspocusPg: peer('Hocuspocus on PostgreSQL', {
    durable: true,
    stores: true,
    protocol: 'hocuspocus',
    program: 'hocuspocus.js'
  }),
  sameRoom: sameRoom('Same Room', false),
  embedded: sameRoom('Same Room, embedded', true)
} as const;
