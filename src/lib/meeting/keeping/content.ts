// What is kept, as plain values, and the bytes that are encrypted. A note says what it is; a document's state
// stands behind it. What an older page wrote otherwise is not read.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { MeetingState } from '#lib/protocol/meeting.ts';
import type { Kept } from '../KeptWords.svelte.ts';
import type { Change } from '../Saving.ts';
import type { Bytes } from './seal.ts';

/** A live document: what of it is not saved is named by its authors' clocks. */
export interface DocumentNote {
  readonly kind: 'document';
  readonly meetingId: string;
  readonly name: string;
  readonly changes: readonly Change[];
}
/** The meeting as it was last seen. */
export interface MeetingNote {
  readonly kind: 'meeting';
  readonly meetingId: string;
  readonly state: MeetingState;
  readonly lostAt: number | null;
  readonly openId: string | null;
}
/** Words that came back to their author. */
export interface WordsNote {
  readonly kind: 'words';
  readonly meetingId: string;
  readonly words: readonly Kept[];
}
export type Note = DocumentNote | MeetingNote | WordsNote;

export interface Content {
  readonly note: Note;
  /** A document's state; empty for other notes. */
  readonly bytes: Uint8Array;
}

/** Grows when the shape of the notes changes. */
const shape = 1;

export function encode({ note, bytes }: Content): Bytes {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, shape);
  encoding.writeVarString(encoder, JSON.stringify(note));
  encoding.writeVarUint8Array(encoder, bytes);
  return new Uint8Array(encoding.toUint8Array(encoder));
}

/** Undefined where another version of the page wrote it. Only this page writes it, and it is authenticated: its shape is trusted. */
export function decode(plain: Bytes): Content | undefined {
  const decoder = decoding.createDecoder(plain);
  if (decoding.readVarUint(decoder) !== shape) return undefined;
  const note = JSON.parse(decoding.readVarString(decoder)) as Note;
  return { note, bytes: decoding.readVarUint8Array(decoder) };
}
