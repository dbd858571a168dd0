// Makes updates durable: one statement for all rooms' waiting updates, one such statement at a time. Under
// little load it goes out at once; the more rooms write and the busier the process, the longer it waits for company. What stands in
// a locked document is left out by the statement itself and given back as late. Carries the JOURNAL rules.
import { performance } from 'node:perf_hooks';
import type { Database } from '../database/database.ts';
import type { Log } from '../log.ts';
import { unmeasured, type Measure } from '../metrics/metrics.ts';

/** A row of the journal, about to be. */
export interface Entry {
  readonly seq: number;
  readonly update: Uint8Array;
  /** Null: the server itself. */
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly sections: readonly string[];
  readonly authors: readonly number[];
}

/** A Yjs client id that somebody used for the first time. */
export interface Claim {
  readonly client: number;
  readonly userId: string;
}

export type Outcome = 'stored' | 'late' | 'failed';

/** A room, as the journal knows it. It is asked for what waits, and told what became of that before it is asked again. */
export interface Source {
  readonly documentId: string;
  take(): { readonly entries: readonly Entry[]; readonly claims: readonly Claim[] };
  settle(outcome: Outcome): void;
}

export interface Journal {
  /** Something waits in this room. `urgent`: somebody waits for it, too. */
  want(source: Source, urgent?: boolean): void;
  /** How long the oldest update has been waiting to be stored (ms), and whether the newest commit failed just now. */
  state(): { readonly behind: number; readonly failing: boolean };
  /** Resolves once nothing waits and nothing is under way. */
  idle(): Promise<void>;
}

interface Taken {
  readonly source: Source;
  readonly entries: readonly Entry[];
  readonly claims: readonly Claim[];
}

/** How long a failed commit is told of, in milliseconds: where nobody types, none follows that could succeed. */
const FRESH = 60_000;

export function openJournal(database: Database, log: Log, measure: Measure = unmeasured): Journal {
  const wanting = new Set<Source>();
  const linger = openLinger();
  let timer: NodeJS.Timeout | undefined;
  let soon = false;
  let pressing = false;
  let busy = false;
  /** Since when something waits that is not under way, and the oldest of what is under way. */
  let waitingSince: number | undefined;
  let takenSince: number | undefined;
  let failedAt: number | undefined;
  let idlers: (() => void)[] = [];

  function schedule(): void {
    if (busy || soon || wanting.size === 0) return;
    const wait = pressing ? 0 : linger();
    if (wait === 0) {
      clearTimeout(timer);
      timer = undefined;
      soon = true;
      setImmediate(() => void flush());
    } else timer ??= setTimeout(() => void flush(), wait);
  }

  async function flush(): Promise<void> {
    soon = false;
    pressing = false;
    timer = undefined;
    busy = true;
    takenSince = waitingSince;
    waitingSince = undefined;
    const taken = [...wanting].map((source) => ({ source, ...source.take() }));
    wanting.clear();
    const outcomes = await commit(taken);
    busy = false;
    takenSince = undefined;
    for (const { source } of taken) {
      try {
        source.settle(outcomes.get(source) ?? 'failed');
      } catch (error) {
        log.error({ error, document: source.documentId }, 'what was stored was not sent'); // one room's fault, and no other's
      }
    }
    if (wanting.size > 0) schedule();
    else for (const idler of idlers.splice(0)) idler();
  }

  /** All at once; where that fails, room by room, so that only those that fail again are lost. */
  async function commit(taken: readonly Taken[]): Promise<Map<Source, Outcome>> {
    try {
      return await timed(taken);
    } catch (error) {
      measure.commitFailed();
      log.warn({ error, rooms: taken.length }, 'a commit failed; tried once more, room by room');
    }
    const outcomes = new Map<Source, Outcome>();
    for (const each of taken) {
      try {
        for (const [source, outcome] of await timed([each])) outcomes.set(source, outcome);
      } catch (error) {
        failedAt = performance.now();
        measure.commitFailed();
        log.error({ error, document: each.source.documentId }, 'what waited in a room was not stored');
        outcomes.set(each.source, 'failed');
      }
    }
    return outcomes;
  }

  async function timed(taken: readonly Taken[]): Promise<Map<Source, Outcome>> {
    const began = performance.now();
    const outcomes = await append(database, taken);
    const now = performance.now();
    failedAt = undefined;
    const rows = taken.reduce((sum, { entries }) => sum + entries.length, 0);
    measure.stored(rows, now - (takenSince ?? began), now - began);
    return outcomes;
  }

  return {
    want(source, urgent = false) {
      wanting.add(source);
      linger.wrote(source);
      waitingSince ??= performance.now();
      pressing ||= urgent;
      schedule();
    },
    state() {
      const now = performance.now();
      const oldest = takenSince ?? waitingSince;
      return {
        behind: oldest === undefined ? 0 : now - oldest,
        failing: failedAt !== undefined && now - failedAt < FRESH
      };
    },
    idle: () =>
      wanting.size === 0 && !busy ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))
  };
}

/**
 * One statement, so one transaction, without the round trips of one; and one text for everything that waits, since
 * the driver writes an array's elements one by one. The key-share lock waits for a lock of the card under way, and
 * then sees that it is locked.
 */
const statement = `
  with open as (
    select id from documents where id = any($1::uuid[]) and locked_at is null for key share),
  claimed as (
    insert into client_ids (document_id, client, user_id)
    select c.document, c.client, c."userId"
    from json_to_recordset($2::json) as c (document uuid, client bigint, "userId" uuid)
    join open on open.id = c.document on conflict do nothing),
  appended as (
    insert into journal (document_id, seq, update, user_id, session_id, sections, authors)
    select w.document, w.seq, decode(w.update, 'base64'), w."userId", w."sessionId", w.sections, w.authors
    from json_to_recordset($3::json) as w (document uuid, seq bigint, update text, "userId" uuid,
      "sessionId" uuid, sections text[], authors bigint[])
    join open on open.id = w.document)
  select id from open`;

async function append(database: Database, taken: readonly Taken[]): Promise<Map<Source, Outcome>> {
  const rows = taken.flatMap(({ source, entries }) =>
    entries.map(({ seq, update, userId, sessionId, sections, authors }) => {
      const bytes = Buffer.from(update.buffer, update.byteOffset, update.byteLength).toString('base64');
      return { document: source.documentId, seq, update: bytes, userId, sessionId, sections, authors };
    })
  );
  const claims = taken.flatMap(({ source, claims }) =>
    claims.map(({ client, userId }) => ({ document: source.documentId, client, userId }))
  );
  const documents = `{${taken.map(({ source }) => source.documentId).join()}}`;
  const stored = await database.append<{ id: string }>({
    name: 'append',
    text: statement,
    values: [documents, JSON.stringify(claims), JSON.stringify(rows)]
  });
  const ids = new Set(stored.map(({ id }) => id));
  return new Map(taken.map(({ source }) => [source, ids.has(source.documentId) ? 'stored' : 'late']));
}

/** Rooms for each ms of waiting, where many write at once, and the most that is waited for their sake. */
const COMPANY = { roomsPerMs: 3, most: 12 };

/**
 * How long a commit waits for company, in ms. Where few rooms write, none comes, and the two who answer each other
 * would only be slower: nothing. Where many write, each commit of a single key costs more than its key. Where the
 * loop's time is half used, longer, up to 40 at 85 %.
 */
function openLinger(): { (): number; wrote(source: Source): void } {
  let last = performance.eventLoopUtilization();
  let at = performance.now();
  let wait = 0;
  const writing = new Set<Source>();
  const linger = () => {
    const now = performance.now();
    if (now - at < 250) return wait;
    const { utilization } = performance.eventLoopUtilization(last);
    last = performance.eventLoopUtilization();
    at = now;
    const company = Math.min(COMPANY.most, Math.floor(writing.size / COMPANY.roomsPerMs));
    wait = Math.min(40, Math.max(company, Math.round(((utilization - 0.5) / 0.35) * 40)));
    writing.clear();
    return wait;
  };
  return Object.assign(linger, { wrote: (source: Source) => void writing.add(source) });
}
