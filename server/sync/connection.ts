// One person's WebSocket at one document: frames in, frames out, and what it may cost. Whatever a client
// sends can close its own connection and touches no other. Carries SYNC2, SYNC6 and SYNC8.
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket } from 'ws';
import {
  closeCodes,
  encodeHouseMessage,
  parseWritten,
  type HouseMessage,
  type RefusalReason
} from '#lib/protocol/sync.ts';
import type { Session } from '../identity/session.ts';
import { frame, readMessage, stillHere } from './frames.ts';
import type { Member } from './member.ts';
import type { Pace } from './pace.ts';
import type { Room } from './room.ts';
import type { Admission } from './sync.ts';

export interface Arrival {
  readonly socket: WebSocket;
  /** What the socket stands on: one write a commit goes straight to it. */
  readonly stream: Duplex;
  readonly session: Session;
  readonly admission: Admission;
  readonly meetingId: string;
  readonly acks: boolean;
}

const SLOW = 1024 * 1024; // bytes that may wait for a reader, beyond its first sync
const BEAT = 15_000; // ms; y-websocket leaves after 30 s without a message
const GAPS = 3;
/** How long what is missing may take to come, once it was missed so often, in milliseconds: it may be on its way. */
const GRACE = 5000;
const CLOSING = 2000; // ms

const sentences: Record<RefusalReason, string> = {
  malformed: 'What arrived could not be read.',
  'too-large': 'What arrived is more than a card can hold.',
  'unknown-section': 'The card has no such section.',
  'not-yours-to-write': 'This section is not yours to write.',
  'another-author': 'What arrived was written in another person’s name.',
  overlap: 'What arrived claims to stand in another section than it does.',
  content: 'The card can’t hold what arrived.',
  gap: 'Something that was written before is missing.',
  'too-fast': 'Too much arrived at once.'
};

export class Connection implements Member {
  readonly session: Session;
  readonly admission: Admission;
  readonly meetingId: string;
  readonly room: Room;
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #acks: boolean;
  readonly #pace: Pace;
  readonly #now: () => Date;
  readonly #dropped: () => void;
  #gone = false;
  #updates = 0;
  #allowance = SLOW;
  #gaps = 0;
  #overdue: NodeJS.Timeout | undefined;
  /** Since a gap nothing is acknowledged, until everything that the server lacked has been sent again. */
  #owed = false;
  #whole = 0;
  #writtenAt: Date | null = null;
  #heard = true;
  #spoke = false;
  readonly #beat: NodeJS.Timeout;

  /** @param dropped is told when this reader did not read, and was ended for it. */
  constructor(arrival: Arrival, room: Room, pace: Pace, now: () => Date, dropped: () => void) {
    this.session = arrival.session;
    this.admission = arrival.admission;
    this.meetingId = arrival.meetingId;
    this.room = room;
    this.#socket = arrival.socket;
    this.#stream = arrival.stream;
    this.#acks = arrival.acks;
    this.#pace = pace;
    this.#now = now;
    this.#dropped = dropped;
    this.#beat = setInterval(() => this.#tick(), BEAT);
    this.#socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    this.#socket.on('pong', () => (this.#heard = true));
    this.#socket.on('error', () => this.#socket.terminate()); // ws has said why to the client, where it could
    this.onClosed(() => {
      this.#gone = true;
      clearInterval(this.#beat);
      clearTimeout(this.#overdue);
    });
  }

  onClosed(listener: () => void): void {
    this.#socket.on('close', listener);
  }

  get gone(): boolean {
    return this.#gone || this.#socket.readyState !== this.#socket.OPEN;
  }

  write(bytes: Buffer): void {
    if (this.gone) return;
    this.#spoke = true;
    // A single large answer is the first sync, which a slow line may take its time for.
    if (bytes.byteLength > SLOW) this.#allowance = SLOW + 2 * bytes.byteLength;
    this.#stream.write(bytes);
    // Dropped before it fills memory; it catches up when it comes back.
    if (this.#stream.writableLength <= this.#allowance) return;
    this.#dropped();
    this.#socket.terminate();
  }

  saved(count: number): Buffer | undefined {
    if (this.#owed && (this.#whole === 0 || count < this.#whole)) return undefined;
    this.#owed = false;
    this.#gaps = 0;
    clearTimeout(this.#overdue);
    this.#overdue = undefined;
    if (!this.#acks) return undefined;
    return frame(encodeHouseMessage({ kind: 'saved', count, at: this.#now().toISOString() }));
  }

  tell(message: HouseMessage): void {
    if (this.#acks) this.write(frame(encodeHouseMessage(message)));
  }

  refuse(reason: RefusalReason, section: string | null): void {
    if (this.gone) return;
    this.tell({ kind: 'refused', reason, section, message: sentences[reason] });
    this.close(closeCodes.refused);
  }

  missed(count: number, giveUp: () => void): boolean {
    this.#owed = true;
    if (count < this.#whole) return false; // everything was sent after it, and stands in the queue
    this.#whole = 0;
    if (++this.#gaps < GAPS) return true;
    // Whoever types on a slow line sends keys before the question for what is missing has reached them.
    this.#overdue ??= setTimeout(() => this.#owed && giveUp(), GRACE);
    return false;
  }

  close(code: number): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#socket.close(code);
    // Whoever does not answer a close is gone all the same.
    setTimeout(() => this.#socket.terminate(), CLOSING).unref();
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.gone) return;
    this.#heard = true;
    const message = isBinary && data instanceof Buffer ? readMessage(data) : undefined;
    this.#slow(data instanceof Buffer ? data.byteLength : 0);
    switch (message?.kind) {
      case 'update':
        this.#updates++;
        if (message.whole) this.#whole = this.#updates;
        return this.room.submit(this, {
          update: message.update,
          count: this.#updates,
          writtenAt: this.#writtenAt
        });
      case 'state-vector':
        return this.room.sync(this, message.vector);
      case 'awareness':
        return this.room.present(this, message.states);
      case 'query-awareness':
        return this.room.queryPresence(this);
      case 'house':
        this.#writtenAt = parseWritten(message.text) ?? this.#writtenAt;
        return;
      default:
        this.refuse('malformed', null);
    }
  }

  #slow(bytes: number): void {
    const wait = this.#pace.count(this.session.user.id, bytes);
    if (wait === 0) return;
    this.#socket.pause();
    setTimeout(() => this.#socket.resume(), wait);
  }

  #tick(): void {
    if (!this.#heard) return this.#socket.terminate();
    this.#heard = false;
    if (!this.gone) this.#socket.ping();
    if (!this.#spoke) this.write(stillHere);
    this.#spoke = false;
  }
}
