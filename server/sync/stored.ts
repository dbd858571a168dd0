// A document out of its stored bytes.
import * as Y from 'yjs';

/** What is stored of a document: the newest base, and the journal's updates behind it in their order. */
export interface StoredBytes {
  readonly id: string;
  readonly base: Uint8Array | null;
  readonly updates: readonly Uint8Array[];
}

/** The document that these bytes are. Throws where the journal has a gap. */
export function documentOf({ id, base, updates }: StoredBytes): Y.Doc {
  const document = new Y.Doc();
  if (base) Y.applyUpdate(document, base);
  for (const update of updates) Y.applyUpdate(document, update);
  if (document.store.pendingStructs || document.store.pendingDs)
    throw new Error(`the journal of document ${id} has a gap`);
  return document;
}
