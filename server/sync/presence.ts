// Who is where in a document: y-websocket's awareness, with the identity of each state put in by the server.
// States are small, one to a connection, never journalled, and leave the room together with its next flush.
// Carries the AWARE rules.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { limits, serverClient } from '#lib/card/schema.ts';
import type { Session } from '../identity/session.ts';
import type { Admission } from './sync.ts';

/** Somebody connected, as far as their presence goes. */
export interface Present {
  readonly session: Session;
  readonly admission: Admission;
}

interface State {
  clock: number;
  /** As JSON, stamped; null once its owner has left. */
  json: string | null;
  readonly holder: Present;
}

const MOST_BYTES = 512 * 1024;

export class Presence {
  readonly #states = new Map<number, State>();
  readonly #held = new Map<Present, number>();
  #news = new Set<number>();

  /**
   * Takes an awareness message. A client also echoes what it heard of others, which is passed over in silence.
   * @param claim says whether a client id is, or now becomes, this person's.
   * @returns false where the bytes are none of y-websocket's.
   */
  receive(from: Present, bytes: Uint8Array, claim: (client: number) => boolean): boolean {
    if (bytes.byteLength > MOST_BYTES) return false;
    const entries = read(bytes);
    if (!entries) return false;
    for (const { client, clock, json } of entries) {
      const known = this.#states.get(client);
      if (client === serverClient || (known && known.holder !== from)) continue;
      // Only what stands alone can be a person's first word of themselves; others' states are echoed together.
      if (!known && (json === null || entries.length > 1 || !claim(client))) continue;
      if (known && clock <= known.clock) continue;
      const stamped = json && stamp(json, from);
      if (stamped === undefined) return false;
      if (stamped !== null && stamped.length > limits.awarenessBytes) continue;
      this.#hold(from, client);
      this.#states.set(client, { clock, json: stamped, holder: from });
      this.#news.add(client);
    }
    return true;
  }

  leave(connection: Present): void {
    const client = this.#held.get(connection);
    this.#held.delete(connection);
    if (client !== undefined) this.#end(client);
  }

  get hasNews(): boolean {
    return this.#news.size > 0;
  }

  /** What is new since the last call: for those who said none of it all in one, and for each of the others the rest. */
  takeNews(): {
    readonly holders: ReadonlySet<Present>;
    for(connection?: Present): Uint8Array | undefined;
  } {
    const news = [...this.#news].flatMap((client) => {
      const state = this.#states.get(client);
      return state ? [{ client, ...state }] : [];
    });
    this.#news = new Set();
    for (const { client, json } of news) if (json === null) this.#states.delete(client);
    return {
      holders: new Set(news.map(({ holder }) => holder)),
      for: (connection) => write(connection ? news.filter((it) => it.holder !== connection) : news)
    };
  }

  /** Everyone's states, for a newcomer. */
  all(): Uint8Array | undefined {
    return write([...this.#states].map(([client, state]) => ({ client, ...state })));
  }

  /** One state to a connection: a client that changed its id leaves the old one. */
  #hold(connection: Present, client: number): void {
    const before = this.#held.get(connection);
    if (before !== undefined && before !== client) this.#end(before);
    this.#held.set(connection, client);
  }

  #end(client: number): void {
    const state = this.#states.get(client);
    if (!state) return;
    state.clock++;
    state.json = null;
    this.#news.add(client);
  }
}

function read(bytes: Uint8Array): { client: number; clock: number; json: string | null }[] | undefined {
  try {
    const decoder = decoding.createDecoder(bytes);
    const entries = [];
    for (let left = decoding.readVarUint(decoder); left > 0; left--) {
      const [client, clock] = [decoding.readVarUint(decoder), decoding.readVarUint(decoder)];
      const json = decoding.readVarString(decoder);
      entries.push({ client, clock, json: json === 'null' ? null : json });
    }
    return entries;
  } catch {
    return undefined; // it ended before it was complete
  }
}

/** Puts the sender's identity, as the server knows it, in place of whatever the state says of itself. */
function stamp(json: string, { session, admission }: Present): string | undefined {
  try {
    const state: unknown = JSON.parse(json);
    if (typeof state !== 'object' || state === null || Array.isArray(state)) return undefined;
    return JSON.stringify({ ...state, user: { id: session.user.id, ...admission.who } });
  } catch {
    return undefined; // no JSON
  }
}

function write(
  states: readonly { client: number; clock: number; json: string | null }[]
): Uint8Array | undefined {
  if (states.length === 0) return undefined;
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, states.length);
  for (const { client, clock, json } of states) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
    encoding.writeVarString(encoder, json ?? 'null');
  }
  return encoding.toUint8Array(encoder);
}
