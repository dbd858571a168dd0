// What a room and its connections know of each other.
import type { HouseMessage, RefusalReason } from '#lib/protocol/sync.ts';
import type { Present } from './presence.ts';

/** A connection, as its room knows it. */
export interface Member extends Present {
  readonly gone: boolean;
  /** Sends frames, whole and in order, in one write. */
  write(bytes: Buffer): void;
  /** The first `count` updates are stored. Gives the frame that says so, where this client asked to be told. */
  saved(count: number): Buffer | undefined;
  /** Says something beyond the standard protocol, where this client asked for that. */
  tell(message: HouseMessage): void;
  refuse(reason: RefusalReason, section: string | null): void;
  /**
   * The update with this number stood on something that is not here; says whether to ask for it. `giveUp` is called
   * where it does not come.
   */
  missed(count: number, giveUp: () => void): boolean;
  close(code: number): void;
}

/** An update as it came from a client. */
export interface Arrived {
  readonly update: Uint8Array;
  /** How many this connection has sent, with this one. */
  readonly count: number;
  /** When the client's device says that it was written. */
  readonly writtenAt: Date | null;
}
