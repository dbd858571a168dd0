// What crosses the sync wire, as bytes: y-websocket's messages in both directions, and the WebSocket frames
// around ours, made once for however many people they go to.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { houseMessage } from '#lib/protocol/sync.ts';

const [sync, awareness, , queryAwareness] = [0, 1, 2, 3];

export type ClientMessage =
  | { readonly kind: 'state-vector'; readonly vector: Uint8Array }
  /** `whole`: the answer to a state vector, so all that its reader lacked. */
  | { readonly kind: 'update'; readonly update: Uint8Array; readonly whole: boolean }
  | { readonly kind: 'awareness'; readonly states: Uint8Array }
  | { readonly kind: 'query-awareness' }
  | { readonly kind: 'house'; readonly text: string };

/** Reads one message of a client; undefined where it is none. */
export function readMessage(bytes: Uint8Array): ClientMessage | undefined {
  const decoder = decoding.createDecoder(bytes);
  try {
    const message = readKind(decoder);
    return decoding.hasContent(decoder) ? undefined : message;
  } catch {
    return undefined; // it ended before it was complete
  }
}

function readKind(decoder: decoding.Decoder): ClientMessage | undefined {
  switch (decoding.readVarUint(decoder)) {
    case sync: {
      const step = decoding.readVarUint(decoder);
      const payload = decoding.readVarUint8Array(decoder);
      if (step === 0) return { kind: 'state-vector', vector: payload };
      return step <= 2 ? { kind: 'update', update: payload, whole: step === 1 } : undefined;
    }
    case awareness:
      return { kind: 'awareness', states: decoding.readVarUint8Array(decoder) };
    case queryAwareness:
      return { kind: 'query-awareness' };
    case houseMessage:
      return { kind: 'house', text: decoding.readVarString(decoder) };
    default:
      return undefined;
  }
}

/** Asks for what the server lacks of a client's document. */
export const stepOne = (vector: Uint8Array) => syncMessage(0, vector);
/** Answers such a question. */
export const stepTwo = (update: Uint8Array) => syncMessage(1, update);
export const updateMessage = (update: Uint8Array) => syncMessage(2, update);

function syncMessage(step: number, payload: Uint8Array): Buffer {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, sync);
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, payload);
  return frame(encoding.toUint8Array(encoder));
}

export function awarenessMessage(states: Uint8Array): Buffer {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, awareness);
  encoding.writeVarUint8Array(encoder, states);
  return frame(encoding.toUint8Array(encoder));
}

/** Nothing, said aloud: y-websocket leaves a server that is silent for 30 seconds. */
export const stillHere = awarenessMessage(Uint8Array.of(0));

/** One whole binary WebSocket message of a server (RFC 6455, 5.2): final, unmasked, uncompressed. */
export function frame(payload: Uint8Array): Buffer {
  const { length } = payload;
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const bytes = Buffer.allocUnsafe(head + length);
  bytes[0] = 0x82;
  if (head === 2) bytes[1] = length;
  else if (head === 4) {
    bytes[1] = 126;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = 127;
    bytes.writeBigUInt64BE(BigInt(length), 2);
  }
  bytes.set(payload, head);
  return bytes;
}
