// Recorded keystrokes as Yjs updates, one a keystroke, typed into a section of a card.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import * as Y from 'yjs';
import type { Place } from './job.ts';

type Patch = readonly [at: number, removed: number, inserted: string];
interface Trace {
  readonly txns: readonly { readonly patches: readonly Patch[] }[];
}
interface ConcurrentTrace {
  readonly numAgents: number;
  readonly endContent: string;
  /** Each with the transactions that its author had seen. */
  readonly txns: readonly {
    readonly agent: number;
    readonly parents: readonly number[];
    readonly patches: readonly Patch[];
  }[];
}

const traces = ['friendsforever_flat', 'sveltecomponent', 'friendsforever_flat'];

function load<T>(name: string): T {
  const file = path.join(import.meta.dirname, '../data', `${name}.json.gz`);
  return JSON.parse(zlib.gunzipSync(fs.readFileSync(file)).toString('utf8')) as T;
}

const patches = traces.map((name) => load<Trace>(name).txns.flatMap((each) => each.patches));

function edit(text: Y.XmlText, [at, removed, inserted]: Patch): void {
  if (removed) text.delete(at, removed);
  if (inserted) text.insert(at, inserted);
}

function fragmentAt(doc: Y.Doc, { section, part }: Place): Y.XmlFragment {
  const fragment = doc.getMap(section).get(part);
  if (!(fragment instanceof Y.XmlFragment)) throw new Error(`The card has no ${section} ${part}`);
  return fragment;
}

function paragraphIn(fragment: Y.XmlFragment): Y.XmlText {
  const paragraph = new Y.XmlElement('paragraph');
  const text = new Y.XmlText();
  fragment.insert(0, [paragraph]);
  paragraph.insert(0, [text]);
  return text;
}

export interface Typist {
  readonly client: number;
  /** A paragraph with the first `skip` edits, as one update. */
  readonly base: Uint8Array;
  /** The keystrokes after it, an update each. */
  readonly updates: readonly Uint8Array[];
}

/**
 * The n-th typist's keystrokes in one part of a section of a card whose state is `card`.
 * @param skip edits that the text begins with, so that people type into something.
 */
export function typist(n: number, card: Uint8Array, place: Place, skip: number, count: number): Typist {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, card);
  const before = Y.encodeStateVector(doc);
  const edits = patches[n % patches.length] ?? [];
  const text = doc.transact(() => {
    const made = paragraphIn(fragmentAt(doc, place));
    for (const each of edits.slice(0, skip)) edit(made, each);
    return made;
  });
  const base = Y.encodeStateAsUpdate(doc, before);
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  for (const each of edits.slice(skip)) {
    if (updates.length >= count) break;
    doc.transact(() => edit(text, each));
  }
  return { client: doc.clientID, base, updates };
}

export interface Conversation {
  /** The paragraph that both write in, the first author's. */
  readonly base: Uint8Array;
  /** In a causal order; `needs`: how many of each other author's theirs stands on. An edit may turn out to be none. */
  readonly turns: readonly {
    readonly author: number;
    readonly update: Uint8Array | undefined;
    readonly needs: readonly (readonly [author: number, count: number])[];
  }[];
  readonly authors: number;
  readonly end: string;
}

/** Two people typing at once, as recorded, in one part of a card whose state is `card`. */
export function conversation(card: Uint8Array, place: Place): Conversation {
  const trace = load<ConcurrentTrace>('friendsforever');
  // Ascending ids: the recorded end has that order where two insert at one place.
  const ids = Array.from({ length: trace.numAgents }, () => 2 + Math.floor(Math.random() * 0x7ffffffd)).sort(
    (a, b) => a - b
  );
  const first = new Y.Doc();
  Y.applyUpdate(first, card);
  first.clientID = ids[0] ?? 2;
  const before = Y.encodeStateVector(first);
  first.transact(() => paragraphIn(fragmentAt(first, place)));
  const base = Y.encodeStateAsUpdate(first, before);
  const agents = ids.map((id) => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, card);
    Y.applyUpdate(doc, base);
    doc.clientID = id;
    return { doc, text: textIn(doc, place), has: new Set<number>(), seen: ids.map(() => 0), made: 0 };
  });
  const nth: number[] = [];
  const turns: { author: number; update: Uint8Array | undefined; needs: [number, number][] }[] = [];
  trace.txns.forEach((txn, index) => {
    const agent = agents[txn.agent];
    if (!agent) return;
    for (const at of unseen(trace, agent.has, txn.parents)) {
      const { author, update } = turns[at] ?? { author: 0, update: undefined };
      if (update) Y.applyUpdate(agent.doc, update, 'theirs');
      agent.seen[author] = Math.max(agent.seen[author] ?? 0, (nth[at] ?? 0) + 1);
    }
    let update: Uint8Array | undefined;
    const keep = (bytes: Uint8Array) => (update = bytes);
    agent.doc.on('update', keep);
    agent.doc.transact(() => txn.patches.forEach((each) => edit(agent.text, each)));
    agent.doc.off('update', keep);
    nth[index] = agent.made++;
    agent.has.add(index);
    const needs = agent.seen.map((count, author): [number, number] => [author, count]);
    turns.push({
      author: txn.agent,
      update,
      needs: needs.filter(([author, count]) => author !== txn.agent && count > 0)
    });
  });
  return { base, turns, authors: ids.length, end: trace.endContent };
}

/** What somebody has not seen of some transactions and all before them, in order; marked as seen. */
function unseen(trace: ConcurrentTrace, has: Set<number>, parents: readonly number[]): number[] {
  const missing: number[] = [];
  const stack = [...parents];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (has.has(at)) continue;
    has.add(at);
    missing.push(at);
    stack.push(...(trace.txns[at]?.parents ?? []));
  }
  return missing.sort((a, b) => a - b);
}

function textIn(doc: Y.Doc, place: Place): Y.XmlText {
  const paragraph = fragmentAt(doc, place).get(0);
  const text = paragraph instanceof Y.XmlElement ? paragraph.get(0) : undefined;
  if (!(text instanceof Y.XmlText)) throw new Error('Nobody has written there yet');
  return text;
}

/** The words of one part of a card, from its updates. */
export function wordsOf(updates: readonly Uint8Array[], place: Place): string {
  const doc = new Y.Doc();
  doc.transact(() => updates.forEach((update) => Y.applyUpdate(doc, update)));
  return fragmentAt(doc, place)
    .toArray()
    .flatMap((paragraph) => (paragraph instanceof Y.XmlElement ? paragraph.toArray() : []))
    .map((text) =>
      (text instanceof Y.XmlText ? text.toDelta().map(({ insert }: { insert: string }) => insert) : [])
        .flat()
        .join('')
    )
    .join('\n');
}

/** Updates of 500 keystrokes each that make a card's state some `bytes` long, all in one part of it. */
export function history(card: Uint8Array, place: Place, bytes: number): Uint8Array[] {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, card);
  const chunks: Uint8Array[] = [];
  for (let round = 0, size = 0; size < bytes; round++) {
    const edits = patches[round % 2] ?? [];
    let text: Y.XmlText | undefined;
    for (let at = 0; at < edits.length && size < bytes; at += 500) {
      const before = Y.encodeStateVector(doc);
      text ??= doc.transact(() => paragraphIn(fragmentAt(doc, place)));
      for (const each of edits.slice(at, at + 500)) edit(text, each);
      chunks.push(Y.encodeStateAsUpdate(doc, before));
      size = Y.encodeStateAsUpdate(doc).byteLength;
    }
  }
  return chunks;
}

/** Tells which of some updates a received one carries, however the server merged or re-encoded them. */
export function recogniser(
  updates: readonly (Uint8Array | undefined)[]
): (received: Buffer) => readonly number[] {
  const inserted = new Map<string, number>();
  const deleted = new Map<string, number>();
  const key = (client: number, clock: number) => `${client} ${clock}`;
  updates.forEach((update, at) => {
    if (!update) return;
    const { structs, ds } = Y.decodeUpdate(update);
    for (const struct of structs)
      for (let i = 0; i < struct.length; i++) inserted.set(key(struct.id.client, struct.id.clock + i), at);
    // Who deletes a letter for the second time tells nobody anything.
    if (structs.length === 0)
      for (const [client, ranges] of ds.clients)
        for (const { clock } of ranges)
          if (!deleted.has(key(client, clock))) deleted.set(key(client, clock), at);
  });
  const known = new Map<string, readonly number[]>();
  return (received) => {
    const bytes = received.toString('latin1');
    const before = known.get(bytes);
    if (before) return before;
    const found = new Set<number>();
    const look = (map: Map<string, number>, client: number, clock: number, length: number) => {
      for (let i = 0; i < length; i++) {
        const at = map.get(key(client, clock + i));
        if (at !== undefined) found.add(at);
      }
    };
    const { structs, ds } = Y.decodeUpdate(Buffer.from(received));
    for (const struct of structs)
      if (!(struct instanceof Y.Skip)) look(inserted, struct.id.client, struct.id.clock, struct.length);
    for (const [client, ranges] of ds.clients)
      for (const range of ranges) look(deleted, client, range.clock, range.len);
    const result = [...found];
    if (known.size > 20_000) known.clear();
    known.set(bytes, result);
    return result;
  };
}
