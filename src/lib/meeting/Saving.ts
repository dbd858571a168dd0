// What of one document's writing is stored by the server, and what is still only on this device.
// A state machine without a clock or a socket: it is told what was written, sent and acknowledged.
// Carries SAVED1 to SAVED3.

/** One local transaction: the author's client id and the clocks it used, where it wrote, and when. Deletions alone use no clocks. */
export interface Change {
  readonly place: string;
  readonly client: number;
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

interface Entry extends Change {
  /** The number of the message on this connection that carries it; null: on the device only. */
  sentAs: number | null;
}

/** Writing in one place with pauses shorter than this is one change to the person who wrote. Milliseconds. */
const oneBurst = 3000;

/** How many changes these are, as a person would count them. */
export function countOf(changes: readonly Change[]): number {
  return changes.filter((change, at) => {
    const before = changes[at - 1];
    return !before || before.place !== change.place || change.at - before.at > oneBurst;
  }).length;
}

export class Saving {
  #entries: Entry[] = [];
  #sent = 0;
  #savedAt: string | null = null;
  #lastWrite = 0;

  /** A transaction of one's own took place on this device. */
  wrote(change: Change): void {
    this.#entries.push({ ...change, sentAs: null });
    this.#lastWrite = change.at;
  }

  /** What was written before a reload, and was not known to be saved then. */
  restore(changes: readonly Change[]): void {
    for (const change of changes) this.wrote(change);
  }

  /** An update message left on this connection: it carries the newest change only. */
  sentUpdate(): void {
    this.#sent++;
    const newest = this.#entries.at(-1);
    if (newest && newest.sentAs === null) newest.sentAs = this.#sent;
  }

  /** A reply to the server's sync step 1 left: it carries everything the server lacks, so all that waits, waits for it. */
  sentReply(): void {
    this.#sent++;
    for (const entry of this.#entries) entry.sentAs = this.#sent;
  }

  /** The server says that the first `count` messages of this connection are durable. */
  saved(count: number, at: string): void {
    const before = this.#entries.length;
    this.#entries = this.#entries.filter((entry) => entry.sentAs === null || entry.sentAs > count);
    if (this.#entries.length < before) this.#savedAt = at;
  }

  /** The connection is gone: what was sent and not acknowledged may or may not have arrived. */
  dropped(): void {
    this.#sent = 0;
    for (const entry of this.#entries) entry.sentAs = null;
  }

  /** Gives up what is not saved: the document it was written in is thrown away. */
  forget(): void {
    this.#entries = [];
    this.#sent = 0;
  }

  /** What is not known to be saved, oldest first. */
  get unsaved(): readonly Change[] {
    return this.#entries.map(({ place, client, from, to, at }) => ({ place, client, from, to, at }));
  }

  /** How many changes that is, as a person would count them: a burst of typing in one place is one. */
  get count(): number {
    return countOf(this.#entries);
  }

  /** When the server last stored something of ours, by its clock, ISO; null: nothing yet. */
  get savedAt(): string | null {
    return this.#savedAt;
  }

  /** When something was last written here. Milliseconds. */
  get lastWrite(): number {
    return this.#lastWrite;
  }
}
