// Folds a document's stored bytes into one update, in a thread of its own: a long journal takes tens of milliseconds,
// in which no key of anybody's would be shown.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { StoredBytes } from './stored.ts';

/** What the thread answers: the bytes, or why there are none. */
export type Folded = { readonly state: Uint8Array } | { readonly fault: string };

export class Folding {
  #thread: Worker | undefined;

  /** The whole document as one update. One at a time. Throws where the journal has a gap, or the thread ends. */
  async fold(stored: StoredBytes): Promise<Uint8Array> {
    const thread = (this.#thread ??= this.#begin());
    const answered = once(thread, 'message'); // and throws what the thread died of
    thread.postMessage(stored);
    const [folded] = (await answered) as [Folded];
    if ('fault' in folded) throw new Error(folded.fault);
    return folded.state;
  }

  async close(): Promise<void> {
    await this.#thread?.terminate();
    this.#thread = undefined;
  }

  #begin(): Worker {
    const thread = new Worker(new URL('./folding-thread.ts', import.meta.url));
    thread.unref();
    thread.once('error', () => (this.#thread = undefined));
    return thread;
  }
}
