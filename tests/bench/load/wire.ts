// The two wires, as bytes: y-websocket's messages, and the same with a document's name before each as
// Hocuspocus speaks them. Reading builds nothing, since one process reads for thousands.
import * as encoding from 'lib0/encoding';
import type { Protocol } from './job.ts';

export type Kind = 'step-one' | 'step-two' | 'update' | 'other';

/** The last message that was read: its kind and where its bytes are. */
export interface Read {
  kind: Kind;
  from: number;
  to: number;
}

export interface Wire {
  /** What is said before anything else. */
  readonly hello: readonly Uint8Array[];
  sync(kind: 0 | 1 | 2, payload: Uint8Array): Uint8Array;
  awareness(client: number, clock: number, state: unknown): Uint8Array;
  /** Valid until the next call. */
  read(bytes: Uint8Array): Read;
}

function message(write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  write(encoder);
  return encoding.toUint8Array(encoder);
}

const found: Read = { kind: 'other', from: 0, to: 0 };
let after = 0;
function number(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let unit = 1; ; unit *= 128) {
    const byte = bytes[at++] ?? 0;
    value += (byte & 0x7f) * unit;
    if (byte < 0x80) break;
  }
  after = at;
  return value;
}

const kinds: readonly Kind[] = ['step-one', 'step-two', 'update'];
function readSync(bytes: Uint8Array, at: number, isSync: boolean): Read {
  found.kind = 'other';
  if (!isSync) return found;
  found.kind = kinds[number(bytes, at)] ?? 'other';
  const length = number(bytes, after);
  found.from = after;
  found.to = after + length;
  return found;
}

/** @param name the document's, for the protocol that says it in each message */
export function wireFor(protocol: Protocol, name: string): Wire {
  const named = protocol === 'hocuspocus';
  const prefix = (encoder: encoding.Encoder) => named && encoding.writeVarString(encoder, name);
  return {
    hello: named
      ? [
          message((encoder) => {
            prefix(encoder);
            encoding.writeVarUint(encoder, 2); // authentication
            encoding.writeVarUint(encoder, 0);
            encoding.writeVarString(encoder, 'a token');
            encoding.writeVarString(encoder, '4.7.0');
          })
        ]
      : [],
    sync: (kind, payload) =>
      message((encoder) => {
        prefix(encoder);
        encoding.writeVarUint(encoder, 0);
        encoding.writeVarUint(encoder, kind);
        encoding.writeVarUint8Array(encoder, payload);
      }),
    awareness: (client, clock, state) =>
      message((encoder) => {
        prefix(encoder);
        encoding.writeVarUint(encoder, 1);
        const inner = message((states) => {
          encoding.writeVarUint(states, 1);
          encoding.writeVarUint(states, client);
          encoding.writeVarUint(states, clock);
          encoding.writeVarString(states, JSON.stringify(state));
        });
        encoding.writeVarUint8Array(encoder, inner);
      }),
    read(bytes) {
      let at = 0;
      if (named) {
        const length = number(bytes, 0);
        at = after + length;
      }
      const type = number(bytes, at);
      // Hocuspocus answers a question under a number of its own.
      return readSync(bytes, after, type === 0 || (named && type === 4));
    }
  };
}
