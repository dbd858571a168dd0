// One database layer over two places: the embedded PostgreSQL by default, a server by DATABASE_URL.
// Both are spoken to by the same driver, with the same schema and the same migrations. A connection that is lost
// takes what it was asked with it, as an error, and is never used again; the next question opens another.
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import path from 'node:path';
import pg from 'pg';
import { StartError, type Config } from '../config.ts';
import { openEmbedded } from './embedded.ts';
import { openPool, serially } from './pool.ts';

export type Db = NodePgDatabase;
export type Transaction = Parameters<Parameters<Db['transaction']>[0]>[0];
/** Either: what a query needs when it may stand inside a transaction or alone. */
export type Queries = Db | Transaction;

/** A statement in SQL's own words, with its values; `name` where it is prepared once and asked often. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
}

export interface Database {
  readonly kind: 'embedded' | 'postgresql';
  readonly db: Db;
  /** For the journal's statement alone: on a PostgreSQL server it has a connection of its own, and never queues. */
  append<Row extends pg.QueryResultRow>(statement: Statement): Promise<Row[]>;
  /** What `select version()` says: which database this really is. */
  version(): Promise<string>;
  /** Whether a statement is answered within `ms` milliseconds. */
  alive(ms: number): Promise<boolean>;
  close(): Promise<void>;
}

const migrations = path.join(import.meta.dirname, '../../drizzle');

const options = { casing: 'snake_case' } as const;
/** How many connections a server is asked for, beside the journal's own. */
const CONNECTIONS = 10;
/** How long a connection may take to open or to be free, in milliseconds. */
const OPENING = 10_000;
/**
 * Opens the database that `config` names and brings its tables up to date.
 * @throws StartError when it can't be reached or is in use.
 */
export async function openDatabase(config: Pick<Config, 'databaseUrl' | 'dataDir'>): Promise<Database> {
  const embedded = config.databaseUrl ? undefined : await openEmbedded(config.dataDir, 12);
  const where: pg.PoolConfig = embedded
    ? { host: embedded.host, port: embedded.port, user: 'postgres', database: 'postgres' }
    : { connectionString: config.databaseUrl, connectionTimeoutMillis: OPENING, keepAlive: true };
  // One backend stands behind all the embedded database's connections, and two would overwrite each other's statement.
  const pool = openPool({ ...where, max: embedded ? 1 : CONNECTIONS }, embedded === undefined);
  const own = embedded ? pool : openPool({ ...where, max: 1 }, true);
  const db = openDb(pool);
  /** One question at a time: what hangs is not asked again and again. */
  let asked: Promise<boolean> | undefined;
  const close = async () => {
    await Promise.all([pool.close(), own === pool ? undefined : own.close()]);
    await embedded?.close();
  };
  try {
    await bringUpToDate(where);
  } catch (error) {
    await close();
    if (isUnreachable(error))
      throw new StartError(
        `The database at DATABASE_URL can't be reached: ${(causeOf(error) as Error).message}`
      );
    throw error;
  }
  return {
    kind: embedded ? 'embedded' : 'postgresql',
    db,
    async append<Row extends pg.QueryResultRow>({ name, ...statement }: Statement) {
      // The embedded backend would know the names that an earlier connection gave.
      const { rows } = await own.query<Row>(embedded || !name ? statement : { name, ...statement });
      return rows;
    },
    version: async () => String((await pool.query<{ version: string }>('select version()')).rows[0]?.version),
    alive: (ms) =>
      Promise.race([
        (asked ??= pool
          .query('select 1')
          .then(
            () => true,
            () => false
          )
          .finally(() => (asked = undefined))),
        new Promise<boolean>((resolve) => setTimeout(resolve, ms, false).unref())
      ]),
    close
  };
}

function openDb(pool: pg.Pool): Db {
  /** Drizzle's own keeps a connection for good that was lost as the transaction began, and gives back one in doubt. */
  const transaction: Db['transaction'] = async (work, config) => {
    const client = await pool.connect();
    let inDoubt = true;
    let thrown: { error: unknown } | undefined;
    try {
      const done = await drizzle(serially(client) as pg.PoolClient, options).transaction(async (tx) => {
        try {
          return await work(tx);
        } catch (error) {
          thrown = { error };
          throw error;
        }
      }, config);
      inDoubt = false;
      return done;
    } catch (error) {
      inDoubt = error !== thrown?.error; // neither committed nor rolled back, as far as anyone knows
      throw thrown ? thrown.error : error;
    } finally {
      client.release(inDoubt);
    }
  };
  return Object.assign(drizzle(pool, options), { transaction });
}

/** On a connection of its own, without bounds: a migration may take its time. */
async function bringUpToDate(where: pg.PoolConfig): Promise<void> {
  const client = new pg.Client(where);
  client.on('error', () => undefined); // told to whoever asked
  await client.connect();
  try {
    await migrate(drizzle(client, options), { migrationsFolder: migrations });
  } finally {
    await client.end();
  }
}

/** The SQLSTATE of a refused statement, e.g. '23505' for a broken unique rule; undefined for another kind of error. */
export function sqlState(error: unknown): string | undefined {
  const { code } = causeOf(error) as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

/** What the driver said, where Drizzle wrapped it in an error of its own. */
function causeOf(error: unknown): unknown {
  return (error as { cause?: unknown }).cause ?? error;
}

function isUnreachable(error: unknown): boolean {
  return [
    'ECONNREFUSED',
    'ENOTFOUND',
    'EHOSTUNREACH',
    'ETIMEDOUT',
    'CONNECT_TIMEOUT',
    '28P01',
    '3D000'
  ].includes(sqlState(error) ?? '');
}
