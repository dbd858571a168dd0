// The late edits of a card as they are kept: read with the words they would have added and what they stand on;
// and the documents as they would read with some of them in, which are made anew and stored nowhere.
// Carries AMEND3.
import { asc, eq, inArray } from 'drizzle-orm';
import * as Y from 'yjs';
import { documentKinds, type DocumentKind, type Section } from '#lib/domain/permission.ts';
import type { Queries } from '../database/database.ts';
import { documents, lateEdits } from '../database/schema/sync.ts';
import { load, nameOf } from './documents.ts';
import type { LateEdit } from './sync.ts';

interface Row extends Omit<LateEdit, 'needs' | 'text'> {
  readonly update: Uint8Array;
}

/** The late edits of a card, in the order of their arrival, with the words each would have added. */
export async function readLateEdits(queries: Queries, cardId: string): Promise<LateEdit[]> {
  const rows = await readRows(queries, cardId);
  return rows.map((row) => {
    const { update, ...edit } = row;
    return { ...edit, text: wordsOf(update), needs: needsOf(row, rows) };
  });
}

/**
 * A card's stored documents with these late edits in them, applied to a fresh copy in the order of arrival.
 * Whoever calls it has seen that the edits stand on nothing that is left out.
 */
export async function withLateEdits(
  queries: Queries,
  cardId: string,
  ids: ReadonlySet<string>
): Promise<Readonly<Record<DocumentKind, Y.Doc>>> {
  const rows = (await readRows(queries, cardId)).filter(({ id }) => ids.has(id));
  const made = async (kind: DocumentKind) => {
    const stored = await load(queries, nameOf(kind, cardId));
    if (!stored) throw new Error(`card ${cardId} has no document of the kind '${kind}'`);
    const { document } = stored;
    for (const row of rows) if (row.kind === kind) Y.applyUpdate(document, row.update);
    if (document.store.pendingStructs || document.store.pendingDs)
      throw new Error(`late edits of card ${cardId} stand on others that were left out`);
    return document;
  };
  return { cards: await made('cards'), protected: await made('protected') };
}

async function readRows(queries: Queries, cardId: string): Promise<Row[]> {
  const names = documentKinds.map((kind) => nameOf(kind, cardId));
  const rows = await queries
    .select({ edit: lateEdits, name: documents.name })
    .from(lateEdits)
    .innerJoin(documents, eq(documents.id, lateEdits.documentId))
    .where(inArray(documents.name, names))
    .orderBy(asc(lateEdits.arrivedAt), asc(lateEdits.id));
  return rows.map(({ edit, name }) => ({
    id: edit.id,
    kind: name === nameOf('cards', cardId) ? 'cards' : 'protected',
    userId: edit.userId,
    writtenAt: edit.writtenAt,
    arrivedAt: edit.arrivedAt,
    sections: edit.sections as Section[],
    update: edit.update
  }));
}

/** The words that an update adds, a line for each container or run of typing. */
function wordsOf(update: Uint8Array): string {
  let words = '';
  for (const struct of Y.decodeUpdate(update).structs) {
    if (!(struct instanceof Y.Item)) continue;
    const { content, origin, id } = struct;
    if (!(content instanceof Y.ContentString)) continue;
    const goesOn = origin?.client === id.client && origin.clock === id.clock - 1;
    words += (goesOn || words === '' ? '' : '\n') + content.str;
  }
  return words;
}

/** The other late edits that hold what this one stands on: without them it would be parked. */
function needsOf(row: Row, all: readonly Row[]): string[] {
  const referred = referencesOf(row.update);
  return all.flatMap((other) => {
    if (other.id === row.id || other.kind !== row.kind || other.userId !== row.userId) return [];
    const { from, to } = Y.parseUpdateMeta(other.update);
    const holds = referred.some((range) => {
      const [first, end] = [from.get(range.client), to.get(range.client)];
      return first !== undefined && end !== undefined && range.from < end && range.to > first;
    });
    return holds ? [other.id] : [];
  });
}

interface Clocks {
  readonly client: number;
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

/** What an update's structs and deletions speak of, outside of itself or in it. */
function referencesOf(update: Uint8Array): Clocks[] {
  const { structs, ds } = Y.decodeUpdate(update);
  const found: Clocks[] = [];
  const at = (client: number, clock: number) => found.push({ client, from: clock, to: clock + 1 });
  for (const struct of structs) {
    if (struct.id.clock > 0) at(struct.id.client, struct.id.clock - 1);
    if (!(struct instanceof Y.Item)) continue;
    const parent: unknown = struct.parent;
    for (const id of [struct.origin, struct.rightOrigin, parent instanceof Y.ID ? parent : null])
      if (id) at(id.client, id.clock);
  }
  for (const [client, ranges] of ds.clients)
    for (const { clock, len } of ranges) found.push({ client, from: clock, to: clock + len });
  return found;
}
