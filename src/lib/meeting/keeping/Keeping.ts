// What a person's browser keeps while it has no line, encrypted: documents with what is not saved in them, the
// meeting as last seen, words that came back. What was written together is kept together, in one transaction.
// It knows neither documents nor meetings, only notes with bytes. Carries OFFLINE3 to OFFLINE5.
import type { DeviceKeys } from '#lib/protocol/device-key.ts';
import { decode, encode, type Content } from './content.ts';
import { makeDataKey, seal, unseal, unwrapDataKey, wrappingKey, type Bytes } from './seal.ts';
import type { Shelf, ShelfRecord } from './shelf.ts';

/** What was found on the device when it was opened. */
export interface Found extends Content {
  readonly id: string;
  readonly at: number;
}

/** How soon a change is to be on the device, in milliseconds. */
export const soon = { now: 0, written: 300, seen: 5000 } as const;
/** How long ciphertext waits for its person, in milliseconds. */
export const longestWait = 24 * 3_600_000;

/** One thing that is kept. */
export interface Keepsake {
  /** Keeps what `content` gives when it is time to; undefined: nothing is worth keeping any more. */
  keep(content: () => Content | undefined, within: number): void;
}

interface Needs {
  readonly shelf: Shelf;
  readonly keys: DeviceKeys;
  readonly now: () => number;
}

interface Entry {
  readonly id: string;
  at: number | null;
  /** What of it lies on the device. */
  lies: Bytes | null;
  /** What this one takes the place of, as it was found. */
  instead: readonly { id: string; at: number }[];
  content: (() => Content | undefined) | null;
}

export class Keeping {
  readonly userId: string;
  /** Everything of this person that the device held, also from earlier sessions of theirs. */
  readonly found: readonly Found[];
  readonly #needs: Needs;
  readonly #keyId: string;
  readonly #key: CryptoKey;
  readonly #waiting = new Set<Entry>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = Infinity;
  #writing: Promise<void> = Promise.resolve();

  private constructor(needs: Needs, key: CryptoKey, found: readonly Found[]) {
    this.#needs = needs;
    this.#key = key;
    this.#keyId = needs.keys.current.id;
    this.userId = needs.keys.userId;
    this.found = found;
  }

  /** Opens what the device holds of this person, and deletes what has waited too long, whoever's it is. */
  static async open(needs: Needs): Promise<Keeping> {
    const { shelf, keys, now } = needs;
    await shelf.expire(now() - longestWait);
    const wrapping = await wrappingKey(keys.current.key);
    const { id } = keys.current;
    const own = await shelf.addKey({ id, wrapped: await makeDataKey(wrapping), at: now() });
    const key = await unwrapDataKey(wrapping, own.wrapped);
    if (!key) throw new Error('The device’s key is not this session’s');
    const opened = new Map([[id, key]]);
    const wrapped = new Map((await shelf.keys()).map((each) => [each.id, each.wrapped]));
    for (const earlier of keys.earlier) {
      const there = wrapped.get(earlier.id);
      const dataKey = there && (await unwrapDataKey(await wrappingKey(earlier.key), there));
      if (dataKey) opened.set(earlier.id, dataKey);
    }
    const records = await shelf.records();
    const found = await Promise.all(records.map((record) => read(record, opened.get(record.keyId))));
    return new Keeping(
      needs,
      key,
      found.flatMap((each) => each ?? [])
    );
  }

  /** A thing to be kept, in place of what was found of it. */
  file(instead: readonly Found[] = []): Keepsake {
    const entry: Entry = {
      id: crypto.randomUUID(),
      at: null,
      lies: null,
      instead: instead.map(({ id, at }) => ({ id, at })),
      content: null
    };
    return {
      keep: (content, within) => {
        entry.content = content;
        this.#waiting.add(entry);
        this.#plan(within);
      }
    };
  }

  /** Writes what waits, and resolves once it is on the device. Never rejects: what can't be kept is still in the page. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#due = Infinity;
    const entries = [...this.#waiting];
    this.#waiting.clear();
    // Taken now: a moment later the page may hold it no more.
    const contents = entries.map((entry) => ({ entry, content: entry.content?.() }));
    this.#writing = this.#writing.then(() => this.#write(contents)).catch(() => undefined);
    return this.#writing;
  }

  async close(): Promise<void> {
    await this.flush();
    this.#needs.shelf.close();
  }

  #plan(within: number): void {
    const due = Date.now() + within;
    if (due >= this.#due) return;
    this.#due = due;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), within);
  }

  /** What lies there unchanged is left alone: it waits from when it was written, not from when it was last seen. */
  async #write(contents: readonly { entry: Entry; content: Content | undefined }[]): Promise<void> {
    const put: ShelfRecord[] = [];
    const remove: { id: string; at: number }[] = [];
    const written: { entry: Entry; plain: Bytes | null }[] = [];
    for (const { entry, content } of contents) {
      const plain = content ? encode(content) : null;
      if (plain && entry.lies && isSame(plain, entry.lies)) continue;
      remove.push(...entry.instead);
      if (plain) {
        const at = Math.max(this.#needs.now(), (entry.at ?? 0) + 1);
        const sealed = await seal(this.#key, plain, `${entry.id} ${this.#keyId}`);
        put.push({ id: entry.id, keyId: this.#keyId, at, ...sealed });
      } else if (entry.at !== null) remove.push({ id: entry.id, at: entry.at });
      written.push({ entry, plain });
    }
    if (put.length + remove.length === 0) return;
    await this.#needs.shelf.change(put, remove);
    for (const { entry, plain } of written) {
      entry.instead = [];
      entry.lies = plain;
      entry.at = put.find(({ id }) => id === entry.id)?.at ?? null;
    }
  }
}

function isSame(a: Bytes, b: Bytes): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

async function read(record: ShelfRecord, key: CryptoKey | undefined): Promise<Found | undefined> {
  const plain = key && (await unseal(key, record, `${record.id} ${record.keyId}`));
  const content = plain && decode(plain);
  return content && { ...content, id: record.id, at: record.at };
}
