// An invented person, played over the real wires: signs in, sees, writes and commands as anyone does.
import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';
import type { Act, CommandAnswer } from '#lib/protocol/command.ts';
import {
  withChange,
  type ClientEvents,
  type MeetingChange,
  type MeetingState,
  type ServerEvents
} from '#lib/protocol/meeting.ts';
import { decodeHouseMessage, houseMessage, type HouseMessage } from '#lib/protocol/sync.ts';

const patience = 15_000;

/** Settles as `promise` does, or fails after a while, saying what was waited for. */
function within<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${patience / 1000} s`)), patience);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** A live document that is open. */
export interface OpenDocument {
  readonly doc: Y.Doc;
  /** Writes, and returns when every word is stored. */
  write<T>(write: (doc: Y.Doc) => T): Promise<T>;
  close(): void;
}

export class Actor {
  readonly #origin: string;
  readonly #cookie: string;
  readonly #onSeen: ((state: MeetingState) => void)[] = [];
  #socket: Socket<ServerEvents, ClientEvents> | undefined;
  #state: MeetingState | undefined;

  constructor(origin: string, cookie: string) {
    this.#origin = origin;
    this.#cookie = cookie;
  }

  static async signIn(origin: string, email: string, password: string): Promise<Actor> {
    const answer = await fetch(`${origin}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password })
    });
    if (!answer.ok) throw new Error(`${email} could not sign in: ${answer.status}`);
    return new Actor(
      origin,
      answer.headers
        .getSetCookie()
        .map((each) => each.split(';')[0])
        .join('; ')
    );
  }

  get cookie(): string {
    return this.#cookie;
  }
  /** The meeting as this person sees it; undefined until they are there. */
  get state(): MeetingState | undefined {
    return this.#state;
  }
  /** Called with each new sight of the meeting. */
  onSeen(see: (state: MeetingState) => void): void {
    this.#onSeen.push(see);
  }

  async get<T>(path: string): Promise<T> {
    const answer = await fetch(new URL(path, this.#origin), { headers: { cookie: this.#cookie } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return (await answer.json()) as T;
  }

  async enter(meetingId: string, mode: 'room' | 'remote'): Promise<void> {
    const socket: Socket<ServerEvents, ClientEvents> = io(this.#origin, {
      path: '/events',
      transports: ['websocket'],
      auth: { meetingId, mode },
      extraHeaders: { cookie: this.#cookie },
      forceNew: true
    });
    this.#socket = socket;
    socket.on('state', (state) => this.#see(state));
    socket.on('change', (change: MeetingChange) => {
      if (this.#state) this.#see(withChange(this.#state, change));
    });
    await within(
      new Promise<void>((resolve, reject) => {
        socket.once('state', () => resolve());
        socket.once('connect_error', reject);
      }),
      'entering the meeting'
    );
  }

  /** Does one act of the meeting; fails with the server's words where it is refused. */
  async does(act: Act): Promise<unknown> {
    const socket = this.#socket;
    if (!socket) throw new Error('Not in the meeting');
    const answer = await within(
      new Promise<CommandAnswer>((resolve) => socket.emit('command', { ...act, id: randomUUID() }, resolve)),
      act.type
    );
    if (!answer.ok) throw new Error(`${act.type}: ${answer.error.message}`);
    return answer.result;
  }

  /** Writes into a live document, and returns when every word is stored. */
  async writes<T>(meetingId: string, name: string, write: (doc: Y.Doc) => T): Promise<T> {
    const document = await this.opens(meetingId, name);
    try {
      return await document.write(write);
    } finally {
      document.close();
    }
  }

  /** Opens a live document, and returns when it is there. */
  async opens(meetingId: string, name: string): Promise<OpenDocument> {
    const cookie = this.#cookie;
    class SignedIn extends WebSocket {
      constructor(address: string | URL) {
        super(address, { headers: { cookie } });
      }
    }
    const doc = new Y.Doc();
    const address = `${this.#origin.replace(/^http/, 'ws')}/sync/${meetingId}`;
    const provider = new WebsocketProvider(address, name, doc, {
      WebSocketPolyfill: SignedIn as unknown as typeof globalThis.WebSocket,
      disableBc: true,
      params: { acks: '1' }
    });
    const close = () => {
      provider.destroy();
      doc.destroy();
    };
    // What is told of the storing is listened to while one writes; nothing else is of use here.
    const listen = (hear: (message: HouseMessage) => void) => {
      provider.messageHandlers[houseMessage] = (_encoder: unknown, decoder: decoding.Decoder) =>
        hear(decodeHouseMessage(decoder));
    };
    listen(() => undefined);
    let updates = 0;
    doc.on('update', (_bytes: Uint8Array, origin: unknown) => {
      if (origin !== provider) updates++;
    });
    try {
      await within(
        new Promise<void>((resolve) => provider.once('sync', () => resolve())),
        `opening ${name.split('/')[0]}`
      );
    } catch (error) {
      close();
      throw error;
    }
    return {
      doc,
      close,
      async write(write) {
        const stored = new Promise<void>((resolve, reject) => {
          listen((message) => {
            // The client's answer to the server's first step is an update too, and is counted.
            if (message.kind === 'saved' && message.count > updates) resolve();
            if (message.kind === 'refused') reject(new Error(message.message));
          });
        });
        const written = write(doc);
        if (updates > 0) await within(stored, 'storing');
        return written;
      }
    };
  }

  leave(): void {
    this.#socket?.disconnect();
  }

  #see(state: MeetingState): void {
    this.#state = state;
    for (const see of this.#onSeen) see(state);
  }
}
