// Where ciphertext lies on this device: IndexedDB. It sees random ids, times and bytes, and neither whose they
// are nor what they are of.
import type { Bytes, Sealed } from './seal.ts';

export interface ShelfKey {
  /** The wrapping key's id, as the server names it. */
  readonly id: string;
  readonly wrapped: Bytes;
  /** When it was made. Milliseconds. */
  readonly at: number;
}

export interface ShelfRecord extends Sealed {
  readonly id: string;
  readonly keyId: string;
  /** When it was written. Milliseconds. */
  readonly at: number;
}

export interface Shelf {
  keys(): Promise<ShelfKey[]>;
  /** Puts a key there unless it has one by this id, and gives the one that stands: two tabs may come at once. */
  addKey(key: ShelfKey): Promise<ShelfKey>;
  records(): Promise<ShelfRecord[]>;
  /** All in one transaction. What is to go goes only if nobody has written it anew. */
  change(put: readonly ShelfRecord[], remove: readonly { id: string; at: number }[]): Promise<void>;
  /** Deletes what was written before this time, and keys that then have nothing left to open. */
  expire(before: number): Promise<void>;
  close(): void;
}

const name = 'same-room';

/** Opens this browser's shelf. Rejects where the browser has no place for it. */
export async function openShelf(): Promise<Shelf> {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore('keys', { keyPath: 'id' });
    opening.result.createObjectStore('records', { keyPath: 'id' });
  };
  const database = await answered(opening);
  // A newer version of the page, in another tab, is not kept waiting.
  database.onversionchange = () => database.close();
  const within = (mode: IDBTransactionMode) => {
    const transaction = database.transaction(['keys', 'records'], mode, { durability: 'strict' });
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('The device kept nothing'));
    });
    return { keys: transaction.objectStore('keys'), records: transaction.objectStore('records'), done };
  };

  return {
    keys: () => answered<ShelfKey[]>(within('readonly').keys.getAll()),
    records: () => answered<ShelfRecord[]>(within('readonly').records.getAll()),
    async addKey(key) {
      const { keys, done } = within('readwrite');
      const there = await answered<ShelfKey | undefined>(keys.get(key.id));
      if (!there) keys.add(key);
      await done;
      return there ?? key;
    },
    async change(put, remove) {
      const { records, done } = within('readwrite');
      for (const record of put) records.put(record);
      for (const { id, at } of remove) {
        const looking = records.get(id) as IDBRequest<ShelfRecord | undefined>;
        looking.onsuccess = () => {
          if (looking.result?.at === at) records.delete(id);
        };
      }
      await done;
    },
    async expire(before) {
      const { keys, records, done } = within('readwrite');
      const all = await answered<ShelfRecord[]>(records.getAll());
      const old = all.filter(({ at }) => at < before);
      const wanted = new Set(all.filter((record) => !old.includes(record)).map(({ keyId }) => keyId));
      for (const { id } of old) records.delete(id);
      for (const { id, at } of await answered<ShelfKey[]>(keys.getAll()))
        if (at < before && !wanted.has(id)) keys.delete(id);
      await done;
    },
    close: () => database.close()
  };
}

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The device did not answer'));
  });
}
