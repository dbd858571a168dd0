// Reads an update's bytes without a document, so that nothing is built that a byte can't pay for. What a
// Yjs document would read leniently (trailing bytes, doubled clients, empty runs) is malformed here: such
// bytes mean one thing to one reader and another to the next. Carries GUARD6 and E6, E8, E9, E12 of GUARD10.
import * as Y from 'yjs';
import { limits } from '#lib/card/schema.ts';

export type Struct = Y.Item | Y.GC | Y.Skip;

export interface Decoded {
  /** By client, in the order of their clocks. */
  readonly structs: ReadonlyMap<number, readonly Struct[]>;
  readonly deletes: ReadonlyMap<number, readonly { readonly clock: number; readonly len: number }[]>;
  /** The root names that are spoken of, whether or not Yjs knows the structs already: it makes a root of each. */
  readonly roots: ReadonlySet<string>;
}

class TooLarge extends Error {}
class Malformed extends Error {}

/** Reads an update; or says why it can't be one of ours. */
export function decode(update: Uint8Array): Decoded | 'malformed' | 'too-large' {
  if (update.byteLength > limits.updateBytes) return 'too-large';
  try {
    const { structs, ds } = Y.decodeUpdateV2(update, CountingDecoder as unknown as typeof Y.UpdateDecoderV2);
    if (CountingDecoder.newest?.restDecoder.pos !== update.byteLength) return 'malformed';
    return { ...byClient(structs), deletes: ds.clients };
  } catch (error) {
    // Whatever the bytes made the reader do, they are no update; only its own limits are told apart.
    return error instanceof TooLarge ? 'too-large' : 'malformed';
  }
}

class CountingDecoder extends Y.UpdateDecoderV1 {
  /** Yjs makes the decoder and keeps it; reading is one synchronous act, so the newest is the one in use. */
  static newest: CountingDecoder | undefined;
  #structs = 0;
  #ranges = 0;
  readonly #clients = new Set<number>();

  constructor(rest: ConstructorParameters<typeof Y.UpdateDecoderV1>[0]) {
    super(rest);
    CountingDecoder.newest = this;
  }

  override readClient(): number {
    const client = super.readClient();
    // Yjs keeps the last of two sections of one client; whoever reads them in turn sees both.
    if (this.#clients.has(client) || client > 0xffffffff) throw new Malformed();
    this.#clients.add(client);
    if (this.#clients.size > limits.clients) throw new TooLarge();
    return client;
  }

  override readInfo(): number {
    if (++this.#structs > limits.structs) throw new TooLarge();
    return super.readInfo();
  }

  override readDsLen(): number {
    if (++this.#ranges > limits.deleteRanges) throw new TooLarge();
    const length = super.readDsLen();
    if (length === 0) throw new Malformed();
    return length;
  }
}

function byClient(all: readonly Struct[]): Pick<Decoded, 'structs' | 'roots'> {
  const structs = new Map<number, Struct[]>();
  const roots = new Set<string>();
  for (const struct of all) {
    if (struct.length === 0) throw new Malformed();
    const run = structs.get(struct.id.client);
    if (run) run.push(struct);
    else structs.set(struct.id.client, [struct]);
    const parent: unknown = struct instanceof Y.Item ? struct.parent : null;
    if (typeof parent === 'string') roots.add(parent);
  }
  return { structs, roots };
}
