import { randomBytes, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { DeviceKeys, Wrapping } from '#lib/protocol/device-key.ts';
import type { Content } from './content.ts';
import { Keeping, longestWait } from './Keeping.ts';
import { makeDataKey, seal, unseal, unwrapDataKey, wrappingKey, type Bytes } from './seal.ts';
import type { Shelf, ShelfKey, ShelfRecord } from './shelf.ts';

const written = () => randomBytes(32).toString('base64url');
const wrapping = (): Wrapping => ({ id: randomUUID(), key: written() });
const session = (earlier: Wrapping[] = [], userId: string = randomUUID()): DeviceKeys => ({
  userId,
  current: wrapping(),
  earlier,
  idleMinutes: 15
});
const words = (text: string): Content => ({
  note: { kind: 'document', meetingId: 'm', name: text, changes: [] },
  bytes: new TextEncoder().encode(text)
});
const namesOf = (keeping: Keeping) =>
  keeping.found.flatMap(({ note }) => (note.kind === 'document' ? note.name : [])).sort();

/** A device: what lies on it is there for whoever comes next. */
function device(): Shelf & { records_: Map<string, ShelfRecord>; keys_: Map<string, ShelfKey> } {
  const [keys_, records_] = [new Map<string, ShelfKey>(), new Map<string, ShelfRecord>()];
  return {
    keys_,
    records_,
    keys: async () => [...keys_.values()],
    records: async () => [...records_.values()],
    async addKey(key) {
      const there = keys_.get(key.id) ?? key;
      keys_.set(key.id, there);
      return there;
    },
    async change(put, remove) {
      for (const record of put) records_.set(record.id, record);
      for (const { id, at } of remove) if (records_.get(id)?.at === at) records_.delete(id);
    },
    async expire(before) {
      for (const { id, at } of [...records_.values()]) if (at < before) records_.delete(id);
      const wanted = new Set([...records_.values()].map(({ keyId }) => keyId));
      for (const { id, at } of [...keys_.values()]) if (at < before && !wanted.has(id)) keys_.delete(id);
    },
    close: () => undefined
  };
}
const open = (shelf: Shelf, keys: DeviceKeys, now = () => Date.now()) => Keeping.open({ shelf, keys, now });

test('OFFLINE3: what is sealed opens with its key alone, unchanged, and as what it was sealed as', async () => {
  const [mine, other] = [await wrappingKey(written()), await wrappingKey(written())];
  const wrapped = await makeDataKey(mine);
  const key = await unwrapDataKey(mine, wrapped);
  if (!key) throw new Error('not unwrapped');
  expect(await unwrapDataKey(other, wrapped)).toBeUndefined();
  await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
  const plain: Bytes = new TextEncoder().encode('She is not safe at her mother’s.');
  const sealed = await seal(key, plain, 'one');
  expect(Buffer.from(sealed.bytes).includes('mother')).toBe(false);
  expect(await unseal(key, sealed, 'one')).toEqual(plain);
  expect(await unseal(key, sealed, 'another')).toBeUndefined();
  const [first = 0, ...rest] = sealed.bytes;
  expect(
    await unseal(key, { ...sealed, bytes: new Uint8Array([first ^ 1, ...rest]) }, 'one')
  ).toBeUndefined();
  expect((await seal(key, plain, 'one')).iv).not.toEqual(sealed.iv);
});

test('OFFLINE3: another person on the same device finds nothing, and the device shows nobody whose it is', async () => {
  const shelf = device();
  const hers = await open(shelf, session());
  hers.file().keep(() => words('cards/of-a-family'), 0);
  await hers.flush();
  const his = await open(shelf, session());
  expect(his.found).toEqual([]);
  his.file().keep(() => words('his'), 0);
  await his.flush();
  expect(shelf.records_.size).toBe(2);
  const lying = JSON.stringify([...shelf.records_.values(), ...shelf.keys_.values()], (_, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value
  );
  expect(lying).not.toContain('family');
  expect(lying).not.toContain(hers.userId);
});

test('OFFLINE4: the same person finds it in a later session, and it lies under that session’s key from then on', async () => {
  const shelf = device();
  const first = session();
  const before = await open(shelf, first);
  before.file().keep(() => words('summary'), 0);
  await before.flush();
  const second = session([first.current], first.userId);
  const after = await open(shelf, second);
  expect(namesOf(after)).toEqual(['summary']);
  after.file(after.found).keep(() => words('summary, gone on with'), 0);
  await after.flush();
  const again = await open(shelf, { ...second, earlier: [] });
  expect(namesOf(again)).toEqual(['summary, gone on with']);
  expect(shelf.records_.size).toBe(1);
});

test('OFFLINE4: the newest of each stands; what is worth keeping no more is gone; what another tab wrote stays', async () => {
  const shelf = device();
  const keys = session();
  const tab = await open(shelf, keys);
  const [one, two] = [tab.file(), tab.file()];
  one.keep(() => words('one'), 0);
  two.keep(() => words('two'), 0);
  await tab.flush();
  const other = await open(shelf, keys);
  const takenOver = other.file(other.found);
  // Between this tab's reading and its writing, the first tab writes more.
  one.keep(() => words('one and more'), 0);
  await tab.flush();
  takenOver.keep(() => words('both'), 0);
  await other.flush();
  expect(namesOf(await open(shelf, keys))).toEqual(['both', 'one and more']);
  one.keep(() => undefined, 0);
  await tab.flush();
  expect(namesOf(await open(shelf, keys))).toEqual(['both']);
});

test('OFFLINE5: what has waited a day is deleted, whoever’s it is, and its key with it', async () => {
  const shelf = device();
  let now = Date.parse('2026-11-23T10:43:00Z');
  const hers = session();
  const keeping = await open(shelf, hers, () => now);
  keeping.file().keep(() => words('unsent'), 0);
  await keeping.flush();
  now += longestWait - 1;
  expect(namesOf(await open(shelf, hers, () => now))).toEqual(['unsent']);
  now += 2;
  const his = session();
  await open(shelf, his, () => now);
  expect([...shelf.records_.values()]).toEqual([]);
  expect([...shelf.keys_.keys()]).toEqual([his.current.id]);
  expect((await open(shelf, hers, () => now)).found).toEqual([]);
});

test('OFFLINE5: what is kept again unchanged waits from when it was written, as when a page is left a day later', async () => {
  const shelf = device();
  let now = Date.UTC(2026, 10, 24);
  const keeping = await open(shelf, session(), () => now);
  const file = keeping.file();
  file.keep(() => words('unsent'), 0);
  await keeping.flush();
  now += longestWait - 1;
  file.keep(() => words('unsent'), 0);
  await keeping.close();
  now += 2;
  await open(shelf, session(), () => now);
  expect([...shelf.records_.values()]).toEqual([]);
});

test('OFFLINE4: a device that keeps nothing stops nobody, and tries again at the next change', async () => {
  const shelf = device();
  const keeping = await open(shelf, session());
  const file = keeping.file();
  const change = shelf.change;
  shelf.change = () => Promise.reject(new Error('the disk is full'));
  file.keep(() => words('lost'), 0);
  await keeping.flush();
  shelf.change = change;
  file.keep(() => words('kept'), 0);
  await keeping.flush();
  expect(shelf.records_.size).toBe(1);
});
