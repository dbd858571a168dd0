// Words of the demonstration's earlier meetings, put into the journal of cards that nobody has open yet: each with its
// author and the time of then, made by the verbs that the board writes with.
import * as Y from 'yjs';
import type { Section } from '#lib/domain/permission.ts';
import type { Db } from '../database/database.ts';
import { clientIds, journal } from '../database/schema/sync.ts';
import { load, nameOf } from '../sync/documents.ts';

export interface Edit {
  readonly userId: string;
  readonly section: Section;
  readonly edit: (doc: Y.Doc) => void;
}

/** Writes these edits on a card, each in its author's name. */
export async function write(db: Db, cardId: string, at: Date, edits: readonly Edit[]): Promise<void> {
  const stored = await load(db, nameOf('cards', cardId));
  if (!stored) throw new Error('An earlier family has no document');
  const { id: documentId, document, seq } = stored;
  const rows = edits.map(({ userId, section, edit }, index) => {
    document.clientID = new Y.Doc().clientID;
    const before = Y.encodeStateVector(document);
    edit(document);
    const update = Y.encodeStateAsUpdate(document, before);
    const authors = [document.clientID];
    return { documentId, seq: seq + index + 1, update, userId, sections: [section], authors, at };
  });
  document.destroy();
  await db.insert(journal).values(rows);
  await db
    .insert(clientIds)
    .values(rows.map(({ authors: [client = 0], userId }) => ({ documentId, client, userId })));
}
