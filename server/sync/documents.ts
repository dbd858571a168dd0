// The documents as they are stored: made, loaded, and compacted into a base that stands beside the
// journal. Carries SYNC10 and JOURNAL5.
import { and, asc, eq, gt, lt, sql } from 'drizzle-orm';
import * as Y from 'yjs';
import { sectionsOf, serverClient, serverMadeKeys, type CardMember } from '#lib/card/schema.ts';
import { documentKinds, type DocumentKind, type Section } from '#lib/domain/permission.ts';
import type { Database, Queries, Transaction } from '../database/database.ts';
import { clientIds, documents, documentStates, journal } from '../database/schema/sync.ts';
import type { Folding } from './folding.ts';
import { defineRoots } from './roots.ts';
import { documentOf, type StoredBytes } from './stored.ts';

export interface StoredDocument {
  readonly id: string;
  readonly document: Y.Doc;
  readonly seq: number;
  /** How many rows stand behind the base. */
  readonly tail: number;
  readonly lockedAt: Date | null;
}

export const nameOf = (kind: DocumentKind, cardId: string) => `${kind}/${cardId}`;

interface Stored extends Omit<StoredDocument, 'document'> {
  readonly bytes: StoredBytes;
}

async function read(queries: Queries, name: string): Promise<Stored | undefined> {
  const [row] = await queries
    .select({ id: documents.id, lockedAt: documents.lockedAt, base: documentStates })
    .from(documents)
    .leftJoin(documentStates, eq(documentStates.documentId, documents.id))
    .where(eq(documents.name, name));
  if (!row) return undefined;
  const base = row.base?.seq ?? 0;
  const rows = await queries
    .select({ seq: journal.seq, update: journal.update })
    .from(journal)
    .where(and(eq(journal.documentId, row.id), gt(journal.seq, base)))
    .orderBy(asc(journal.seq));
  return {
    id: row.id,
    bytes: { id: row.id, base: row.base?.state ?? null, updates: rows.map(({ update }) => update) },
    seq: rows.at(-1)?.seq ?? base,
    tail: rows.length,
    lockedAt: row.lockedAt
  };
}

/** Loads a document afresh from its stored bytes; undefined where there is none of this name. Throws where they have a gap. */
export async function load(queries: Queries, name: string): Promise<StoredDocument | undefined> {
  const stored = await read(queries, name);
  if (!stored) return undefined;
  const { bytes, ...rest } = stored;
  const document = documentOf(bytes);
  defineRoots(document);
  return { ...rest, document };
}

/** Whose the Yjs client ids of a document are. */
export async function loadOwners(queries: Queries, documentId: string): Promise<Map<number, string>> {
  const rows = await queries
    .select({ client: clientIds.client, userId: clientIds.userId })
    .from(clientIds)
    .where(eq(clientIds.documentId, documentId));
  return new Map(rows.map(({ client, userId }) => [client, userId]));
}

/** Makes a card's two documents, each with the server's containers as the first row of its journal. */
export async function createDocuments(
  tx: Transaction,
  card: { areaId: string; meetingId: string; cardId: string },
  members: readonly CardMember[],
  agencies: readonly string[]
): Promise<void> {
  for (const kind of documentKinds) {
    const { areaId, meetingId, cardId } = card;
    const [row] = await tx
      .insert(documents)
      .values({ areaId, meetingId, cardId, name: nameOf(kind, cardId) })
      .returning({ id: documents.id });
    const made = containersMissing(new Y.Doc(), kind, members, agencies);
    if (!row || !made) continue;
    await tx.insert(journal).values({
      documentId: row.id,
      seq: 1,
      update: made.update,
      sections: made.sections,
      authors: [serverClient]
    });
  }
}

/** The update that adds the server's containers that a document lacks; undefined where it has them all. */
export function containersMissing(
  document: Y.Doc,
  kind: DocumentKind,
  members: readonly CardMember[],
  agencies: readonly string[]
): { update: Uint8Array; sections: Section[] } | undefined {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(document));
  copy.clientID = serverClient; // after the applying, in which Yjs gives up an id that it sees come from elsewhere
  const before = Y.encodeStateVector(copy);
  const sections = new Set<Section>();
  copy.transact(() => {
    for (const section of sectionsOf(kind, agencies))
      for (const key of serverMadeKeys(section, members)) {
        const map = copy.getMap(section);
        if (map.has(key)) continue;
        map.set(key, new Y.XmlFragment());
        sections.add(section);
      }
  });
  const update = Y.encodeStateAsUpdate(copy, before);
  copy.destroy();
  return sections.size > 0 ? { update, sections: [...sections] } : undefined;
}

/**
 * Folds a document's journal into its base, beside which it stays. Through a document of its own, since merging
 * bytes alone does not join what was typed letter by letter.
 */
export async function compact({ db }: Database, name: string, folding: Pick<Folding, 'fold'>): Promise<void> {
  const stored = await read(db, name);
  if (!stored || stored.tail === 0) return;
  const { id, seq } = stored;
  const state = await folding.fold(stored.bytes);
  await db
    .insert(documentStates)
    .values({ documentId: id, seq, state })
    .onConflictDoUpdate({
      target: documentStates.documentId,
      set: { seq, state, at: sql`now()` },
      setWhere: lt(documentStates.seq, seq)
    });
}
