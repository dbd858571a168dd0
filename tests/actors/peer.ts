// Somebody at a document: an unmodified y-websocket client with a cookie, or a bare socket that sends what
// no client would.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { decodeHouseMessage, houseMessage, type HouseMessage } from '#lib/protocol/sync.ts';

export interface Address {
  /** ws://host:port/sync/<meetingId> */
  readonly url: string;
  /** As on the wire: cards/<cardId>. */
  readonly document: string;
  readonly cookie: string;
}

/** Waits until something is so; a test that waits in vain says for what. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  ms = 10_000
): Promise<void> {
  for (const end = Date.now() + ms; !(await isSo()); await new Promise((resolve) => setTimeout(resolve, 5)))
    if (Date.now() > end) throw new Error(`not seen in ${ms} ms: ${what}`);
}

export interface Peer {
  readonly doc: Y.Doc;
  readonly provider: WebsocketProvider;
  /** What the server said beyond the standard protocol; only where acks were asked for. */
  readonly house: HouseMessage[];
  /** The codes with which the server closed the connection. */
  readonly closes: number[];
  /** How many updates this peer has sent that the server counts. */
  sent(): number;
  saved(): number;
  /** Whether the server has acknowledged all that was sent on the connection that stands. */
  settled(): boolean;
  leave(): void;
}

/** A y-websocket client at a document, synced. */
export async function sitDown(
  { url, document, cookie }: Address,
  acks = false,
  doc = new Y.Doc(),
  params: Record<string, string> = {}
): Promise<Peer> {
  const house: HouseMessage[] = [];
  const savedSince = (from: number) =>
    Math.max(0, ...house.slice(from).map((each) => (each.kind === 'saved' ? each.count : 0)));
  let sent = 0;
  let before = 0;
  class Socket extends WebSocket {
    constructor(address: string) {
      super(address, { headers: { cookie } });
      sent = 0;
      before = house.length;
    }
    override send(data: never): void {
      const bytes = new Uint8Array(data);
      if (bytes[0] === 0 && bytes[1] !== 0) sent++;
      super.send(data);
    }
  }
  const provider = new WebsocketProvider(url, document, doc, {
    WebSocketPolyfill: Socket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
    params: { ...params, ...(acks ? { acks: '1' } : {}) }
  });
  const closes: number[] = [];
  provider.messageHandlers[houseMessage] = (_encoder, decoder) => {
    house.push(decodeHouseMessage(decoder));
  };
  provider.on('connection-close', (event) => event && closes.push(event.code));
  const peer: Peer = {
    doc,
    provider,
    house,
    closes,
    sent: () => sent,
    saved: () => savedSince(0),
    settled: () => provider.synced && savedSince(before) === sent,
    leave: () => provider.destroy()
  };
  await until(`${document} is synced`, () => provider.synced);
  return peer;
}

/** A bare socket, and all it was sent. */
export interface Bare {
  readonly socket: WebSocket;
  readonly received: Buffer[];
  readonly house: HouseMessage[];
  /** Resolves with the code of the closing. */
  readonly closed: Promise<number>;
  update(update: Uint8Array): void;
  /** As an answer to the server's question for what it lacks. */
  answer(update: Uint8Array): void;
  awareness(states: { client: number; clock: number; state: unknown }[]): void;
}

/** Opens a bare socket with acknowledgements; rejects with the HTTP status where the upgrade is refused. */
export function knock(
  { url, document, cookie }: Address,
  headers: Record<string, string> = {}
): Promise<Bare> {
  const socket = new WebSocket(`${url}/${document}?acks=1`, {
    headers: { ...(cookie ? { cookie } : {}), ...headers }
  });
  const received: Buffer[] = [];
  const house: HouseMessage[] = [];
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  socket.on('message', (bytes: Buffer) => {
    received.push(bytes);
    const decoder = decoding.createDecoder(new Uint8Array(bytes));
    if (decoding.readVarUint(decoder) === houseMessage) house.push(decodeHouseMessage(decoder));
  });
  const update = (bytes: Uint8Array) => socket.send(message(0, bytes, 2));
  const answer = (bytes: Uint8Array) => socket.send(message(0, bytes, 1));
  const awareness: Bare['awareness'] = (states) => {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, states.length);
    for (const { client, clock, state } of states) {
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarString(encoder, JSON.stringify(state));
    }
    socket.send(message(1, encoding.toUint8Array(encoder)));
  };
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve({ socket, received, house, closed, update, answer, awareness }));
    socket.on('unexpected-response', (_request, response) => {
      reject(new Error(String(response.statusCode)));
      response.destroy();
    });
    socket.on('error', reject);
  });
}

function message(type: number, payload: Uint8Array, step?: number): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, type);
  if (step !== undefined) encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, payload);
  return encoding.toUint8Array(encoder);
}
