// How fast one person may send, over all their connections: far more than hands and pastes can, and less than
// a program that means harm. Whoever is faster is read more slowly, which loses nobody a word. Per user, never
// per address: a whole office shares one.

const MESSAGES = { perSecond: 500, burst: 20_000 };
const BYTES = { perSecond: 1024 * 1024, burst: 16 * 1024 * 1024 };

interface Bucket {
  messages: number;
  bytes: number;
  at: number;
}

export class Pace {
  readonly #buckets = new Map<string, Bucket>();
  readonly #now: () => number;

  /** @param now milliseconds, from any beginning */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts a message, and gives how long (ms) its sender should not be read. */
  count(userId: string, bytes: number): number {
    const now = this.#now();
    const bucket = this.#buckets.get(userId) ?? { messages: MESSAGES.burst, bytes: BYTES.burst, at: now };
    const seconds = (now - bucket.at) / 1000;
    bucket.messages = Math.min(MESSAGES.burst, bucket.messages + seconds * MESSAGES.perSecond) - 1;
    bucket.bytes = Math.min(BYTES.burst, bucket.bytes + seconds * BYTES.perSecond) - bytes;
    bucket.at = now;
    this.#buckets.set(userId, bucket);
    const wait = Math.max(-bucket.messages / MESSAGES.perSecond, -bucket.bytes / BYTES.perSecond, 0);
    return Math.ceil(wait * 1000);
  }

  /** Called when the user's last connection has ended. */
  forget(userId: string): void {
    this.#buckets.delete(userId);
  }
}
