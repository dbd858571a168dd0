// The driver's pool, made to end: a connection that is lost tells whoever asked it something and nobody else, one
// that has gone silent is ended, and closing waits for nobody for ever.
import pg from 'pg';
import type { Socket } from 'node:net';

export interface Pool extends pg.Pool {
  /** Waits for what is under way, but not for long. */
  close(): Promise<void>;
}

/**
 * What a lost process of ours leaves behind in a server: a statement or an open transaction that holds rows
 * ends by itself. Nothing that a meeting does takes a tenth of it.
 */
const BOUNDS = { statement_timeout: 30_000, idle_in_transaction_session_timeout: 30_000 };

/**
 * How long a connection in use may be silent, in milliseconds: longer than any statement may take there. A line
 * that has gone dead without a word would otherwise be waited for a quarter of an hour.
 */
const SILENCE = 40_000;
const LOOK = 5000;
const CLOSING = 5000;

interface Line {
  readonly stream: Socket;
  inUse: boolean;
  read: number;
  since: number;
}

/** @param bounded whether a server is at the other end, and not our own embedded one. */
export function openPool(config: pg.PoolConfig, bounded: boolean): Pool {
  const pool = new pg.Pool({ idleTimeoutMillis: 0, ...(bounded ? BOUNDS : {}), ...config });
  const lines = new Map<pg.PoolClient, Line>();
  pool.on('error', () => undefined); // an idle connection was lost: it is out of the pool, and nobody asked it anything
  pool.on('connect', (client) => {
    client.on('error', () => undefined); // told to whoever asked
    const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
    lines.set(client, { stream, inUse: true, read: 0, since: performance.now() });
  });
  const used = (client: pg.PoolClient, inUse: boolean) => {
    const line = lines.get(client);
    if (line) Object.assign(line, { inUse, since: performance.now() });
  };
  pool.on('acquire', (client) => used(client, true));
  pool.on('release', (_error, client) => used(client as pg.PoolClient, false));
  pool.on('remove', (client) => void lines.delete(client as pg.PoolClient));
  const watch = setInterval(() => endSilent(lines.values()), LOOK);
  watch.unref();
  if (!bounded) clearInterval(watch);
  return Object.assign(pool, {
    async close() {
      const late = setTimeout(() => {
        for (const { stream } of lines.values()) stream.destroy();
      }, CLOSING);
      await pool.end();
      clearTimeout(late);
      clearInterval(watch);
    }
  });
}

/** A connection that is asked one thing at a time, in the order of asking. */
export function serially(client: pg.PoolClient): Pick<pg.PoolClient, 'query'> {
  let turn: Promise<unknown> = Promise.resolve();
  const query = (...asked: never[]) => {
    const answer = turn.then(() => (client.query as (...asked: never[]) => Promise<unknown>)(...asked));
    turn = answer.catch(() => undefined); // told to whoever asked
    return answer;
  };
  return { query: query as pg.PoolClient['query'] };
}

function endSilent(lines: Iterable<Line>): void {
  const now = performance.now();
  for (const line of lines) {
    const { bytesRead } = line.stream;
    if (bytesRead !== line.read) Object.assign(line, { read: bytesRead, since: now });
    else if (line.inUse && now - line.since > SILENCE)
      line.stream.destroy(new Error('The database has been silent for too long.'));
  }
}
