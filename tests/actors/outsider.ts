// Somebody else's program: plain clients that know issue 2's contract and docs/protocol.md, and nothing of our
// source. fetch with a cookie, an unmodified y-websocket, socket.io-client. What it is sent, it keeps.
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import * as decoding from 'lib0/decoding';
import { io, type Socket } from 'socket.io-client';
import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { freshDatabase } from '../house.ts';
import { startServer, type RunningServer } from '../prepare/server.ts';
import { until } from './peer.ts';

export const demoPassword = 'same-room-demo';

export interface Account {
  email: string;
  name: string;
  role: string;
  agency: { id: string; code: string; name: string } | null;
}
export interface MeetingListed {
  id: string;
  startsAt: string;
  state: string;
  role: string;
  cards: { id: string; position: number; state: string; family: { reference: string } }[];
}
export interface CardTold {
  id: string;
  version: unknown;
  members: { id: string; role: string }[];
  agencies: { id: string; code: string; name: string; core: boolean }[];
  documents: { name: string; sections: { name: string; mayWrite: boolean }[] }[];
}
export interface Answer {
  ok: boolean;
  result?: unknown;
  error?: { code: string; message: string; missing?: unknown[]; moved?: { by: string }[]; reading?: string };
}

/** What `npm run demo -- --accounts` prints. */
export async function accounts(): Promise<Account[]> {
  const root = path.join(import.meta.dirname, '../..');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path.join(root, 'server/cli/demo.ts'), '--accounts'],
    { cwd: root }
  );
  return JSON.parse(stdout) as Account[];
}

export interface Demonstration {
  url: string;
  readonly env: Record<string, string>;
  readonly server: RunningServer;
  /** Ends the process at once and starts it again on the same data, at the same address. */
  again(end?: 'kill' | 'stop', between?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** `npm run demo` on a fresh database of the project's kind. */
export async function demonstration(env: Record<string, string> = {}): Promise<Demonstration> {
  const place = await freshDatabase();
  const given = { ...place.env, LOG_LEVEL: 'warn', ...env };
  let running = await startServer(given, 'server/cli/demo.ts', [], 'Ctrl+C ends');
  const { url } = running;
  return {
    url,
    env: given,
    get server() {
      return running;
    },
    async again(end = 'kill', between = async () => undefined) {
      await running[end]();
      await between();
      running = await startServer(
        { ...given, PORT: new URL(url).port },
        'server/cli/demo.ts',
        [],
        'Ctrl+C ends'
      );
    },
    async stop() {
      await running.stop();
      await place.remove();
    }
  };
}

export function cookieOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
}

/** Signs in over the contract's route. */
export async function signIn(url: string, email: string, password = demoPassword): Promise<Outsider> {
  const answer = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password })
  });
  if (!answer.ok) throw new Error(`${email}: ${answer.status} ${await answer.text()}`);
  return new Outsider(url, cookieOf(answer));
}

export class Outsider {
  readonly url: string;
  readonly cookie: string;

  constructor(url: string, cookie: string) {
    this.url = url;
    this.cookie = cookie;
  }

  ask(where: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.url + where, {
      redirect: 'manual',
      ...init,
      headers: { cookie: this.cookie, ...(init.headers as Record<string, string>) }
    });
  }

  async get<T>(where: string): Promise<T> {
    const answer = await this.ask(where);
    if (!answer.ok) throw new Error(`${where}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** Sends a form as the page of ours does. */
  form(where: string, fields: Record<string, string>, origin = this.url): Promise<Response> {
    return this.ask(where, {
      method: 'POST',
      headers: { origin, accept: 'text/html' },
      body: new URLSearchParams(fields)
    });
  }

  /** Status, headers that may tell, and body of an answer, to be compared byte for byte. */
  async whole(where: string): Promise<string> {
    const answer = await this.ask(where);
    const headers = [...answer.headers].filter(([name]) => name !== 'date');
    return JSON.stringify([answer.status, headers, await answer.text()]);
  }

  events(meetingId: string, mode: 'room' | 'remote' = 'room', headers: Record<string, string> = {}): Events {
    return new Events(this.url, { meetingId, mode }, { cookie: this.cookie, ...headers });
  }

  /** In the meeting, once its state is there. */
  async enter(meetingId: string, mode: 'room' | 'remote' = 'room'): Promise<Events> {
    const events = this.events(meetingId, mode);
    await until('the meeting’s state', () => events.state !== undefined);
    return events;
  }

  /** At a document, synced. */
  async open(meetingId: string, document: string, acks = false): Promise<Writer> {
    const writer = new Writer(this.url, meetingId, document, this.cookie, acks);
    await until(`${document} is synced`, () => writer.provider.synced);
    return writer;
  }

  /** The HTTP status with which an upgrade is answered; 101 where it is let in. */
  knock(where: string, headers: Record<string, string> = {}): Promise<number> {
    return knock(this.url + where, { cookie: this.cookie, ...headers });
  }
}

/** The HTTP status with which an upgrade is answered; 101 where it is let in. */
export function knock(url: string, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers });
  return new Promise((resolve, reject) => {
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('unexpected-response', (_request, response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', (error: Error & { code?: string }) =>
      error.code === 'ECONNRESET' || /socket hang up/.test(error.message) ? resolve(0) : reject(error)
    );
  });
}

type CardSeen = Record<string, unknown> & { ratings: Record<string, unknown>[]; version: unknown };
export interface StateSeen {
  you: Record<string, unknown>;
  meeting: Record<string, unknown> & { state: string; chair: { userId: string } };
  people: { userId: string | null; name: string; mode: string | null }[];
  currentCardId: string | null;
  cards: Record<string, CardSeen>;
}

/** One connection to the meeting's events, and every byte it was sent. */
export class Events {
  readonly socket: Socket;
  state: StateSeen | undefined;
  bytes = '';
  fault: (Error & { data?: { code: string } }) | undefined;
  ended = false;

  constructor(url: string, auth: Record<string, unknown>, headers: Record<string, string>) {
    this.socket = io(url, {
      path: '/events',
      transports: ['websocket'],
      auth,
      extraHeaders: headers,
      reconnection: false,
      forceNew: true
    });
    this.socket.io.on('open', () =>
      this.socket.io.engine.on('data', (data: unknown) => (this.bytes += `${String(data)}\n`))
    );
    this.socket.on('connect_error', (error) => (this.fault = error));
    this.socket.on('disconnect', () => (this.ended = true));
    this.socket.on('state', (state: StateSeen) => (this.state = state));
    this.socket.on('change', ({ cards, ...parts }: Partial<StateSeen>) => {
      if (!this.state) return;
      const merged = Object.entries({ ...this.state.cards, ...cards }).filter(([, card]) => card);
      this.state = { ...this.state, ...parts, cards: Object.fromEntries(merged) };
    });
  }

  async send(type: string, fields: Record<string, unknown> = {}, id: string = randomUUID()): Promise<Answer> {
    return this.raw({ id, type, ...fields });
  }

  async raw(body: unknown): Promise<Answer> {
    return (await this.socket.timeout(20_000).emitWithAck('command', body)) as Answer;
  }

  /** Sends one that must be done; gives its result. */
  async does(type: string, fields: Record<string, unknown> = {}): Promise<unknown> {
    const answer = await this.send(type, fields);
    if (!answer.ok) throw new Error(`${type}: ${JSON.stringify(answer.error)}`);
    return answer.result;
  }

  close(): void {
    this.socket.disconnect();
  }
}

export interface Said {
  kind: string;
  count?: number;
  at?: string;
  reason?: string;
  section?: string | null;
  message?: string;
  by?: string;
  late?: boolean;
}

/** An unmodified y-websocket client with a cookie and no Origin. */
export class Writer {
  readonly doc = new Y.Doc();
  readonly provider: WebsocketProvider;
  readonly closes: number[] = [];
  readonly said: Said[] = [];

  constructor(url: string, meetingId: string, document: string, cookie: string, acks: boolean) {
    class SignedIn extends WebSocket {
      constructor(address: string) {
        super(address, { headers: { cookie } });
      }
    }
    this.provider = new WebsocketProvider(
      `${url.replace(/^http/, 'ws')}/sync/${meetingId}`,
      document,
      this.doc,
      {
        WebSocketPolyfill: SignedIn as unknown as typeof globalThis.WebSocket,
        disableBc: true,
        params: acks ? { acks: '1' } : {}
      }
    );
    this.provider.on('connection-close', (event) => event && this.closes.push(event.code));
    this.provider.messageHandlers[100] = (_encoder, decoder) =>
      void this.said.push(JSON.parse(decoding.readVarString(decoder)) as Said);
  }

  /** The fragment under a root map that the server made. */
  fragment(root: string, key: string): Y.XmlFragment {
    const found = this.doc.getMap(root).get(key);
    if (!(found instanceof Y.XmlFragment)) throw new Error(`${root} has no fragment ${key}`);
    return found;
  }

  /** Writes a paragraph at the end of a fragment. */
  paragraph(fragment: Y.XmlFragment, words: string): void {
    this.doc.transact(() => {
      const made = new Y.XmlElement('paragraph');
      made.insert(0, [new Y.XmlText(words)]);
      fragment.push([made]);
    });
  }

  /** Proposes an action; gives its id. */
  action(action: {
    what: string;
    agencyId: string | null;
    memberId: string | null;
    by: string | null;
  }): string {
    const id = randomUUID();
    this.doc.transact(() => {
      const made = new Y.Map<unknown>();
      made.set('what', new Y.Text(action.what));
      made.set('memberId', action.memberId);
      made.set('agencyId', action.agencyId);
      made.set('by', action.by);
      this.doc.getMap('plan').set(`action/${id}`, made);
    });
    return id;
  }

  /** All the words of a root, as text. */
  text(root: string): string {
    return root === 'summary' || root === 'voice'
      ? this.doc.getXmlFragment(root).toString()
      : JSON.stringify(this.doc.getMap(root).toJSON());
  }

  leave(): void {
    this.provider.destroy();
  }
}

/** docs/protocol.md's reading of an action. */
export function readingOf(what: string, agencyId: string, by: string): string {
  const letters = what
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return createHash('sha256').update(`${letters}\n${agencyId}\n${by}`).digest('hex');
}

/** Every person of the demonstration, signed in, by the first word of their name; and its open meeting. */
export async function everyone(url: string): Promise<{
  list: Account[];
  who: (name: string) => Promise<Outsider>;
  agency: (code: string) => string;
}> {
  const list = await accounts();
  const known = new Map<string, Promise<Outsider>>();
  return {
    list,
    who(name) {
      const account = list.find((each) => each.name.startsWith(name));
      if (!account) throw new Error(`nobody is called ${name}`);
      const person = known.get(name) ?? signIn(url, account.email);
      known.set(name, person);
      return person;
    },
    agency: (code) => list.find((each) => each.agency?.code === code)?.agency?.id ?? ''
  };
}
