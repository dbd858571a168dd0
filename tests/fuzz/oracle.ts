// What an update really did, read off the store of the document that applied it. It shares no code with the
// guard and knows nothing of updates: it walks the structs before and after, and looks in whose root they stand.
import * as Y from 'yjs';

export interface Happening {
  /** The roots in which something was put, or newly deleted. */
  readonly sections: ReadonlySet<string>;
  /** The clients of the structs that are new. */
  readonly authors: ReadonlySet<number>;
  /** How many items were newly deleted, and how many of these were format marks. */
  readonly deleted: number;
  readonly marks: number;
  /** Roots that Yjs changed of its own accord afterwards, tidying marks. */
  readonly tidied: ReadonlySet<string>;
  readonly parked: boolean;
}

type Container = Y.AbstractType<unknown>;

/** The clocks of undeleted items, by client: beginning and end in turns, in order. */
function alive(document: Y.Doc): Map<number, number[]> {
  const all = new Map<number, number[]>();
  for (const [client, structs] of document.store.clients) {
    const spans: number[] = [];
    for (const struct of structs) {
      if (!(struct instanceof Y.Item) || struct.deleted) continue;
      if (spans.at(-1) === struct.id.clock) spans.pop();
      else spans.push(struct.id.clock);
      spans.push(struct.id.clock + struct.length);
    }
    all.set(client, spans);
  }
  return all;
}

function ends(document: Y.Doc): Map<number, number> {
  const all = new Map<number, number>();
  for (const [client, structs] of document.store.clients) {
    const last = structs.at(-1);
    if (last) all.set(client, last.id.clock + last.length);
  }
  return all;
}

function rootOf(document: Y.Doc, container: Container): string {
  let root = container;
  while (root._item) root = root._item.parent as Container;
  for (const [name, it] of document.share) if ((it as unknown) === root) return name;
  return '(no root)';
}

/** Applies an update and tells what came of it. Where Yjs throws, so does this. */
export function applied(document: Y.Doc, update: Uint8Array): Happening {
  const living = alive(document);
  const known = ends(document);
  const sections = new Set<string>();
  const authors = new Set<number>();
  const tidied = new Set<string>();
  let [deleted, marks] = [0, 0];
  let looked = false;

  const look = () => {
    for (const [client, structs] of document.store.clients) {
      const before = known.get(client) ?? 0;
      const spans = living.get(client) ?? [];
      let span = 0;
      for (const struct of structs) {
        if (struct.id.clock + struct.length > before) authors.add(client);
        if (!(struct instanceof Y.Item)) continue;
        while (span < spans.length && (spans[span + 1] ?? 0) <= struct.id.clock) span += 2;
        const isNew = struct.id.clock + struct.length > before;
        const lived = span < spans.length && (spans[span] ?? 0) <= struct.id.clock;
        if (!isNew && !(struct.deleted && lived)) continue;
        sections.add(rootOf(document, struct.parent as Container));
        if (isNew) continue;
        deleted++;
        if (struct.content instanceof Y.ContentFormat) marks++;
      }
    }
  };
  // Before Yjs collects and joins what the update left behind; whatever follows is of its own accord.
  const observe = ({ changed }: Y.Transaction) => {
    if (looked) for (const container of changed.keys()) tidied.add(rootOf(document, container as Container));
    else look();
    looked = true;
  };
  document.on('beforeObserverCalls', observe);
  try {
    Y.applyUpdate(document, update);
  } finally {
    document.off('beforeObserverCalls', observe);
  }
  const { pendingStructs, pendingDs } = document.store;
  return { sections, authors, deleted, marks, tidied, parked: pendingStructs !== null || pendingDs !== null };
}

/** What a reader finds in a root, hidden list entries of a map among it. */
export function reading(document: Y.Doc, section: string): string {
  const root = document.share.get(section) as Container | undefined;
  if (!root) return '';
  let hidden = 0;
  if (root instanceof Y.Map)
    for (let struct = root._start; struct; struct = struct.right) if (!struct.deleted) hidden++;
  return `${JSON.stringify(root.toJSON(), inOrder)} ${hidden}`;
}

/** A map's keys have no order of their own: they come as they were learnt. */
function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
