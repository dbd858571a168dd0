// One question for all who have it: a crowd that comes back at once asks the database once, not once each.

/** A question may be this long; what is beyond waits for the next. */
const MOST = 500;

interface Asking<K, V> {
  readonly key: K;
  resolve(value: V): void;
  reject(error: unknown): void;
}

/**
 * Makes a question about many into a question about one. Whoever asks while one is under way waits, and is in the
 * next: so nobody is answered by something that was read before they asked.
 * @param ask answers each key, in their order; where it fails, everyone in it is told.
 */
export function together<K, V>(ask: (keys: readonly K[]) => Promise<readonly V[]>): (key: K) => Promise<V> {
  let waiting: Asking<K, V>[] = [];
  let busy = false;

  async function go(): Promise<void> {
    while (waiting.length > 0) {
      const now = waiting.slice(0, MOST);
      waiting = waiting.slice(MOST);
      try {
        const answers = await ask(now.map(({ key }) => key));
        now.forEach(({ resolve }, at) => resolve(answers[at] as V));
      } catch (error) {
        for (const { reject } of now) reject(error);
      }
    }
    busy = false;
  }

  return (key) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject });
      if (busy) return;
      busy = true;
      setImmediate(() => void go()); // those who come in the same turn are in the first
    });
}
