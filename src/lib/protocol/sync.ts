// What crosses the sync wire beyond the standard y-websocket protocol (0 sync, 1 awareness, 2 auth,
// 3 query awareness): one message type of our own, sent only to a client that asked with ?acks=1.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as z from 'zod';

/** Our message type. Its payload is a kind and a JSON text. */
export const houseMessage = 100;

export const closeCodes = {
  /** An update was refused; the sender's copy can't be used any more. */
  refused: 4403,
  /** The document is no longer this person's to read. */
  gone: 4404,
  /** Writing to a locked document. */
  locked: 4423,
  /** Come back in a moment: rights changed, the room was reloaded, or the server is stopping. */
  again: 4503
} as const;

export type HouseMessage =
  /** The first `count` updates (sync step 2 and update messages) of this connection are durable; `at` is the server's clock, ISO. */
  | { kind: 'saved'; count: number; at: string }
  | { kind: 'refused'; reason: RefusalReason; section: string | null; message: string }
  /** Writing has stopped. A late edit of this connection, if any, was kept beside the card. */
  | { kind: 'locked'; at: string; by: string; late: boolean };

export type RefusalReason =
  | 'malformed'
  | 'too-large'
  | 'unknown-section'
  | 'not-yours-to-write'
  | 'another-author'
  | 'overlap'
  | 'content'
  | 'gap'
  | 'too-fast';

export function encodeHouseMessage(message: HouseMessage): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, houseMessage);
  encoding.writeVarString(encoder, JSON.stringify(message));
  return encoding.toUint8Array(encoder);
}

/** Reads the rest of a message of our type, from a decoder that stands behind the type. The server is the only sender, and trusted. */
export function decodeHouseMessage(decoder: decoding.Decoder): HouseMessage {
  return JSON.parse(decoding.readVarString(decoder)) as HouseMessage;
}

/**
 * What a browser may say, of the same type, before it sends words that were typed without a connection: when,
 * by its own clock, the last of them was typed. A late edit is shown with it.
 */
export function encodeWritten(at: Date): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, houseMessage);
  encoding.writeVarString(encoder, JSON.stringify({ kind: 'written', at: at.toISOString() }));
  return encoding.toUint8Array(encoder);
}

const written = z.object({ kind: z.literal('written'), at: z.iso.datetime() });

/** Reads such a message's text; undefined where it says nothing of the kind. */
export function parseWritten(text: string): Date | undefined {
  try {
    const said = written.safeParse(JSON.parse(text));
    return said.success ? new Date(said.data.at) : undefined;
  } catch {
    return undefined; // no JSON
  }
}
