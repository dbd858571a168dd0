// Judges an update before it is applied: which sections it touches by insertion and deletion, and who wrote
// it. It reads the update's own structs and resolves them as Yjs would, because a document that has applied
// an update can no longer tell (an overlap names one section and lands in another). Pure: reads the document,
// changes nothing. Carries the GUARD rules; the method and its attacks are in docs/decisions.
import * as Y from 'yjs';
import { limits, serverClient } from '#lib/card/schema.ts';
import type { Section } from '#lib/domain/permission.ts';
import type { RefusalReason } from '#lib/protocol/sync.ts';
import { decode, type Decoded, type Struct } from './decode.ts';
import { mayHold, mayTouch, rootSpot, spotInside, type Spot } from './grammar.ts';

export interface Rights {
  readonly sections: ReadonlySet<string>;
  mayWrite(section: Section): boolean;
  /** Whether a Yjs client id is somebody else's in this document. */
  ownedByAnother(client: number): boolean;
}

export type Verdict =
  | { readonly kind: 'accept'; readonly sections: readonly Section[]; readonly authors: readonly number[] }
  /** Nothing in it is news. */
  | { readonly kind: 'known' }
  /** A reader's Yjs tidied format marks by itself: to be ignored. */
  | { readonly kind: 'tidying' }
  /** It stands on something that is not here: to be asked for again. */
  | { readonly kind: 'gap' }
  | { readonly kind: 'refuse'; readonly reason: RefusalReason; readonly section: string | null };

/**
 * Judges an update against the document it is meant for.
 * The document's roots must have been defined with their types, and nothing may be pending in it.
 */
export function judge(document: Y.Doc, update: Uint8Array, rights: Rights): Verdict {
  const decoded = decode(update);
  if (typeof decoded === 'string') return refuse(decoded);
  for (const root of decoded.roots)
    if (!rights.sections.has(root)) return refuse('unknown-section', root.slice(0, limits.valueCharacters));
  return new Inspection(document, decoded, rights).verdict();
}

type Container = Y.AbstractType<unknown>;
/** Where a struct stands: in which container, under which key; or nowhere, because Yjs will collect it. */
type Place = { readonly parent: Container; readonly key: string | null } | 'nowhere';
interface Ground {
  readonly section: Section;
  readonly spot: Spot;
  readonly depth: number;
}

/** Thrown within this file alone, to leave a judgement from wherever it became clear. */
class Settled extends Error {
  readonly verdict: Verdict;
  constructor(verdict: Verdict) {
    super();
    this.verdict = verdict;
  }
}

function refuse(reason: RefusalReason, section: string | null = null): Verdict {
  return { kind: 'refuse', reason, section };
}

class Inspection {
  readonly #store: Y.Doc['store'];
  readonly #document: Y.Doc;
  readonly #update: Decoded;
  readonly #rights: Rights;
  /** How far each client's structs go, with what of the update could be integrated so far. */
  readonly #state = new Map<number, number>();
  readonly #places = new Map<Struct, Place>();
  readonly #grounds = new Map<Container, Ground>();
  readonly #sections = new Set<Section>();
  readonly #authors = new Set<number>();

  constructor(document: Y.Doc, update: Decoded, rights: Rights) {
    this.#document = document;
    this.#store = document.store;
    this.#update = update;
    this.#rights = rights;
  }

  verdict(): Verdict {
    try {
      this.#integrate();
      const deleted = this.#deletions();
      if (this.#authors.size === 0 && deleted.length === 0) return { kind: 'known' };
      const foreign = deleted.filter(({ ground }) => !this.#rights.mayWrite(ground.section));
      if (this.#authors.size === 0 && foreign.length > 0 && deleted.every(({ isMark }) => isMark))
        return { kind: 'tidying' };
      if (foreign[0]) return refuse('not-yours-to-write', foreign[0].ground.section);
      for (const { ground, key } of deleted) {
        if (!mayTouch(ground.spot, key)) return refuse('content', ground.section);
        this.#sections.add(ground.section);
      }
      return this.#authored();
    } catch (error) {
      if (error instanceof Settled) return error.verdict;
      throw error;
    }
  }

  #authored(): Verdict {
    for (const client of this.#authors)
      if (client === serverClient || this.#rights.ownedByAnother(client)) return refuse('another-author');
    // Structs that Yjs collects at once stand in no section, and still take room.
    const writes =
      this.#sections.size > 0 ||
      [...this.#rights.sections].some((it) => this.#rights.mayWrite(it as Section));
    if (!writes) return refuse('not-yours-to-write');
    return { kind: 'accept', sections: [...this.#sections], authors: [...this.#authors] };
  }

  /** Walks the structs in an order in which Yjs could integrate them; where there is none, it would park them. */
  #integrate(): void {
    const at = new Map<number, number>();
    const waiting = new Map<number, number[]>();
    const ready = [...this.#update.structs.keys()];
    for (let client = ready.pop(); client !== undefined; client = ready.pop()) {
      const run = this.#update.structs.get(client) ?? [];
      const from = at.get(client) ?? 0;
      let next = from;
      for (let struct = run[next]; struct; struct = run[++next]) {
        if (struct instanceof Y.Skip) continue;
        if (struct.id.clock > this.#stateOf(client)) throw new Settled({ kind: 'gap' });
        const missing = struct instanceof Y.Item ? this.#missing(struct) : undefined;
        if (missing !== undefined) {
          waiting.set(missing, [...(waiting.get(missing) ?? []), client]);
          break;
        }
        this.#pass(client, struct);
      }
      at.set(client, next);
      if (next > from) ready.push(...(waiting.get(client) ?? []));
      if (next > from) waiting.delete(client);
    }
    if (waiting.size > 0) throw new Settled({ kind: 'gap' });
  }

  #pass(client: number, struct: Y.Item | Y.GC): void {
    const end = struct.id.clock + struct.length;
    if (end <= this.#stateOf(client)) return; // known
    this.#authors.add(client);
    this.#places.set(struct, struct instanceof Y.Item ? this.#settle(struct) : 'nowhere');
    this.#state.set(client, end);
  }

  /** The client whose structs an item still waits for. */
  #missing(item: Y.Item): number | undefined {
    const parent: unknown = item.parent;
    for (const id of [item.origin, item.rightOrigin, parent instanceof Y.ID ? parent : null]) {
      if (!id) continue;
      // Yjs does not look whether an item stands on itself or on its own future; it throws half way.
      if (id.client === item.id.client && id.clock >= item.id.clock) throw new Settled(refuse('malformed'));
      if (id.clock >= this.#stateOf(id.client)) return id.client;
    }
    return undefined;
  }

  /** Finds where a new item will stand, and whether it may. */
  #settle(item: Y.Item): Place {
    const place = this.#placeOnWire(item);
    this.#checkOverlap(item, place);
    if (place === 'nowhere') return place;
    const ground = this.#groundOf(place.parent);
    if (!this.#rights.mayWrite(ground.section))
      throw new Settled(refuse('not-yours-to-write', ground.section));
    if (!mayHold(ground.spot, place.key, item.content)) throw new Settled(refuse('content', ground.section));
    if (item.content instanceof Y.ContentType) this.#enter(item.content.type, place.key, ground);
    this.#sections.add(ground.section);
    return place;
  }

  #placeOnWire(item: Y.Item): Place {
    const left = item.origin && this.#placeOf(item.origin);
    const right = item.rightOrigin && this.#placeOf(item.rightOrigin);
    if (left === 'nowhere' || right === 'nowhere') return 'nowhere';
    // One and the same neighbour on both sides is odd, but Yjs's own undo manager writes it.
    if (left && right && (left.parent !== right.parent || left.key !== right.key))
      throw new Settled(refuse('malformed'));
    const beside = left ?? right;
    if (beside) return beside;
    const parent: unknown = item.parent;
    if (parent instanceof Y.ID) return this.#placeIn(parent, item.parentSub);
    const root = typeof parent === 'string' ? this.#document.share.get(parent) : undefined;
    if (!root) throw new Settled(refuse('malformed'));
    return { parent: root as Container, key: item.parentSub };
  }

  /** The place inside the container that the item with this id holds. */
  #placeIn(id: Y.ID, key: string | null): Place {
    const holder = this.#structAt(id);
    if (!(holder instanceof Y.Item) || this.#places.get(holder) === 'nowhere') return 'nowhere';
    if (holder.content instanceof Y.ContentType) return { parent: holder.content.type as Container, key };
    if (holder.content instanceof Y.ContentDeleted) return 'nowhere';
    throw new Settled(refuse('malformed'));
  }

  #placeOf(id: Y.ID): Place {
    const struct = this.#structAt(id);
    const settled = this.#places.get(struct);
    if (settled) return settled;
    if (!(struct instanceof Y.Item)) return 'nowhere';
    return { parent: struct.parent as Container, key: struct.parentSub };
  }

  /**
   * Of a struct whose beginning is stored already, Yjs takes the parent from the wire and the neighbour from the
   * store: its words would land in the neighbour's section under another's name.
   */
  #checkOverlap(item: Y.Item, place: Place): void {
    const { client, clock } = item.id;
    const stored = Y.getState(this.#store, client);
    if (clock >= stored) return;
    const before = this.#placeOf(Y.createID(client, stored - 1));
    if (before === 'nowhere' || place === 'nowhere') {
      if (before === place) return;
      throw new Settled({ kind: 'gap' }); // one of them was collected: ask for it afresh
    }
    if (before.parent !== place.parent || before.key !== place.key)
      throw new Settled(refuse('overlap', this.#groundOf(before.parent).section));
  }

  /** The items that the update newly deletes. */
  #deletions(): { ground: Ground; key: string | null; isMark: boolean }[] {
    const found: { ground: Ground; key: string | null; isMark: boolean }[] = [];
    for (const [client, ranges] of this.#update.deletes) {
      const stored = Y.getState(this.#store, client);
      const structs = this.#store.clients.get(client) ?? [];
      for (const { clock, len } of ranges) {
        const end = clock + len;
        // Who deletes what is not there deletes what somebody has yet to write.
        if (end > this.#stateOf(client)) throw new Settled({ kind: 'gap' });
        if (clock >= stored) continue; // within the update itself
        for (let index = Y.findIndexSS(structs, clock); index < structs.length; index++) {
          const struct = structs[index];
          if (!struct || struct.id.clock >= end) break;
          if (!(struct instanceof Y.Item) || struct.deleted) continue;
          const ground = this.#groundOf(struct.parent as Container);
          const isMark = struct.content instanceof Y.ContentFormat;
          found.push({ ground, key: struct.parentSub, isMark });
        }
      }
    }
    return found;
  }

  #stateOf(client: number): number {
    return this.#state.get(client) ?? Y.getState(this.#store, client);
  }

  /** The struct that holds this id, in the store or, where it is news, in the update. */
  #structAt(id: Y.ID): Struct {
    const stored = id.clock < Y.getState(this.#store, id.client);
    const run = stored ? this.#store.clients.get(id.client) : this.#update.structs.get(id.client);
    const struct = run?.[Y.findIndexSS(run as Y.Item[], id.clock)];
    if (!struct) throw new Settled(refuse('malformed'));
    return struct;
  }

  #groundOf(container: Container): Ground {
    const known = this.#grounds.get(container);
    if (known) return known;
    const holder = container._item;
    if (holder) return this.#enter(container, holder.parentSub, this.#groundOf(holder.parent as Container));
    const section = Y.findRootTypeKey(container) as Section;
    const ground: Ground = { section, spot: rootSpot(section), depth: 0 };
    this.#grounds.set(container, ground);
    return ground;
  }

  #enter(container: Container, key: string | null, around: Ground): Ground {
    const spot = spotInside(around.spot, key, container);
    const depth = around.depth + 1;
    if (!spot || depth > limits.depth) throw new Settled(refuse('content', around.section));
    const ground: Ground = { section: around.section, spot, depth };
    this.#grounds.set(container, ground);
    return ground;
  }
}
