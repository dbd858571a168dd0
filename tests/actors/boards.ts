// Meetings served in this process, on a database of their own, with a door at which a cookie names who comes;
// and boards: real Socket.IO clients that keep every byte they were sent.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import type { Act, CommandAnswer } from '#lib/protocol/command.ts';
import type {
  ClientEvents,
  MeetingChange,
  MeetingState,
  Notice,
  ScreenKind,
  ServerEvents
} from '#lib/protocol/meeting.ts';
import { openDatabase, type Database } from '#server/database/database.ts';
import { openDecisions } from '#server/decisions/decisions.ts';
import { openLog } from '#server/log.ts';
import { openMeetings, type Meetings } from '#server/meetings/meetings.ts';
import { openJudge } from '#server/meetings/door.ts';
import { openSync, type Sync } from '#server/sync/sync.ts';
import { freshDatabase } from '../house.ts';
import { until, type Address } from './peer.ts';
import { layCard, layTable, sessionFor, type Table, type Who } from './table.ts';

export const ourOrigin = 'https://room.example';

export interface Board {
  readonly socket: Socket<ServerEvents, ClientEvents>;
  /** What this person knows now, merged as a browser merges it. */
  state(): MeetingState;
  /** Everything that was ever sent to them, as text. */
  received(): string;
  readonly changes: MeetingChange[];
  readonly notices: Notice[];
  send(act: Act, id?: string): Promise<CommandAnswer>;
  /** Sends whatever it is given as a command. */
  sendRaw(body: unknown): Promise<CommandAnswer>;
  close(): void;
}

export interface Boards {
  readonly database: Database;
  readonly sync: Sync;
  readonly meetings: Meetings;
  readonly table: Table;
  /** A second card, at which only the uncalled agency of the table sits. */
  readonly otherCardId: string;
  /** Where a y-websocket client finds a document of the first card. */
  address(who: Who, kind?: 'cards' | 'protected'): Address;
  sit(who: Who, mode?: 'room' | 'remote', screen?: ScreenKind): Promise<Board>;
  /** Tries to connect, and answers with why it was refused. */
  refusal(auth: unknown, as?: { who?: Who; origin?: string }): Promise<{ code?: string; message: string }>;
  signOut(who: Who): void;
  /** Ends everyone's connections. */
  close(): Promise<void>;
}

export interface Hall {
  /** A meeting with two cards, in an area of its own. */
  lay(): Promise<Boards>;
  close(): Promise<void>;
}

/** Opens a hall and lays one table in it. */
export async function openBoards(change?: (database: Database) => Database): Promise<Boards> {
  const hall = await openHall(change);
  const boards = await hall.lay();
  return {
    ...boards,
    async close() {
      await boards.close();
      await hall.close();
    }
  };
}

/** Serves meetings on a fresh database; `change` may put something between them and it. */
export async function openHall(change: (database: Database) => Database = (same) => same): Promise<Hall> {
  const place = await freshDatabase();
  const database = await openDatabase({
    dataDir: place.env.DATA_DIR ?? '',
    databaseUrl: place.env.DATABASE_URL
  });
  const tables = new Map<string, Table>();
  const gone = new Set<string>();
  const log = openLog({ logLevel: (process.env.LOG_LEVEL ?? 'silent') as 'silent' });
  const config = { origins: [ourOrigin] };
  const sessionOf = async (headers: Headers) => {
    const [, who, at] = /who=(\w+)@([\w-]+)/.exec(headers.get('cookie') ?? '') ?? [];
    const table = tables.get(at ?? '');
    const userId = table?.people[who as Who];
    return table && userId && !gone.has(userId) ? sessionFor(table, who as Who) : null;
  };
  const sync = openSync({
    database,
    log,
    config,
    sessionOf,
    judge: openJudge(database.db)
  });
  const decisions = openDecisions({ database, sync });
  const meetings = openMeetings({ database: change(database), log, config, sessionOf, sync, decisions });
  const server = createServer();
  server.on('upgrade', (request, socket, head) =>
    (request.url?.startsWith('/sync/') ? sync : meetings).upgrade(request, socket, head)
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    async lay() {
      const table = await layTable(database.db);
      const { areaId, meetingId } = table;
      tables.set(areaId, table);
      const other = await layCard(database.db, { areaId, meetingId, reference: 'F-0002', position: 2 }, [
        table.agencies.stranger
      ]);
      const boards = new Set<Board>();
      const cookieOf = (who: Who) => `who=${who}@${areaId}`;
      return {
        database,
        sync,
        meetings,
        table,
        otherCardId: other.cardId,
        address: (who, kind = 'cards') => ({
          url: `${url.replace('http', 'ws')}/sync/${meetingId}`,
          document: `${kind}/${table.cardId}`,
          cookie: cookieOf(who)
        }),
        async sit(who, mode = 'room', screen) {
          const board = open(url, { meetingId, mode, screen }, { cookie: cookieOf(who) });
          boards.add(board);
          await until(`${who}'s state`, () => board.socket.connected && hasState(board));
          return board;
        },
        async refusal(auth, { who, origin } = {}) {
          const headers = { ...(who ? { cookie: cookieOf(who) } : {}), ...(origin ? { origin } : {}) };
          const board = open(url, auth, headers);
          const letIn = once(board.socket as never, 'connect').then(() => {
            throw new Error('they were let in');
          });
          try {
            const refused = once(board.socket as never, 'connect_error');
            const [error] = (await Promise.race([refused, letIn])) as [Error & { data?: { code: string } }];
            return { ...(error.data ? { code: error.data.code } : {}), message: error.message };
          } finally {
            board.close();
          }
        },
        signOut: (who) => void gone.add(table.people[who]),
        async close() {
          for (const board of boards) board.close();
        }
      };
    },
    async close() {
      await meetings.close();
      await sync.close();
      server.close();
      server.closeAllConnections();
      await database.close();
      await place.remove();
    }
  };
}

const states = new WeakMap<Board, { state: MeetingState | undefined }>();
const hasState = (board: Board) => states.get(board)?.state !== undefined;

function open(url: string, auth: unknown, headers: { cookie?: string; origin?: string }): Board {
  const socket: Socket<ServerEvents, ClientEvents> = io(url, {
    path: '/events',
    transports: ['websocket'],
    auth: auth as Record<string, unknown>,
    extraHeaders: headers as Record<string, string>,
    reconnection: false,
    forceNew: true
  });
  let bytes = '';
  socket.io.on('open', () => socket.io.engine.on('data', (data: unknown) => (bytes += `${String(data)}\n`)));
  const kept: { state: MeetingState | undefined } = { state: undefined };
  const changes: MeetingChange[] = [];
  const notices: Notice[] = [];
  socket.on('state', (state) => (kept.state = state));
  socket.on('notice', (notice) => notices.push(notice));
  socket.on('change', (change) => {
    changes.push(change);
    if (!kept.state) return;
    const { cards: changed = {}, ...parts } = change;
    const merged = Object.entries({ ...kept.state.cards, ...changed }).filter(([, card]) => card !== null);
    kept.state = { ...kept.state, ...parts, cards: Object.fromEntries(merged) as MeetingState['cards'] };
  });
  const sendRaw = (body: unknown) =>
    socket.timeout(20_000).emitWithAck('command', body) as Promise<CommandAnswer>;
  const board: Board = {
    socket,
    state() {
      if (!kept.state) throw new Error('no state yet');
      return kept.state;
    },
    received: () => bytes,
    changes,
    notices,
    send: (act, id = randomUUID()) => sendRaw({ ...act, id }),
    sendRaw,
    close: () => void socket.disconnect()
  };
  states.set(board, kept);
  return board;
}
