// Edits that arrive after the lock: kept beside the card with their author and times, once however often a
// client sends them, and let into no document. Carries LATE1, LATE2 and LATE4.
import { createHash } from 'node:crypto';
import { and, asc, eq } from 'drizzle-orm';
import * as Y from 'yjs';
import type { Section } from '#lib/domain/permission.ts';
import type { Database } from '../database/database.ts';
import { lateEdits } from '../database/schema/sync.ts';
import { load } from './documents.ts';
import { judge, type Rights, type Verdict } from './guard.ts';
import type { Arrived, Member } from './member.ts';
import { defineRoots } from './roots.ts';

export type Kept = { readonly kind: 'kept'; readonly sections: readonly Section[] };

/** The late edits of one locked document. */
export class LateBook {
  readonly #database: Database;
  readonly #name: string;
  /** The card's id. */
  readonly #cardId: string;
  /**
   * The document as each late author has it: as it was locked, with that author's own late edits. No late edit
   * is ever sent to another, so what somebody writes late stands on nothing of anyone else's.
   */
  readonly #imagined = new Map<string, Promise<Y.Doc>>();
  /** Whose the client ids are that were first used in late edits. */
  #owners: Promise<Map<number, string>> | undefined;

  constructor(database: Database, name: string, cardId: string) {
    this.#database = database;
    this.#name = name;
    this.#cardId = cardId;
  }

  /**
   * Judges a late update as if the document were open, and keeps what is new of it.
   * @returns what was kept, in no section where it was kept before; or why it is turned down.
   */
  async keep(
    documentId: string,
    { session, admission }: Member,
    { update, writtenAt }: Arrived,
    rights: Rights
  ): Promise<Kept | Verdict> {
    const { id: userId } = session.user;
    const imagined = await this.#imaginedBy(documentId, userId);
    const owners = await (this.#owners ??= this.#readOwners(documentId));
    defineRoots(imagined, admission.sections);
    const ownedByAnother = (client: number) =>
      rights.ownedByAnother(client) || (owners.get(client) ?? userId) !== userId;
    const verdict = judge(imagined, update, { ...rights, ownedByAnother });
    if (verdict.kind === 'known' || verdict.kind === 'tidying') return { kind: 'kept', sections: [] };
    if (verdict.kind !== 'accept') return verdict;
    const emitted: Uint8Array[] = [];
    const take = (bytes: Uint8Array) => emitted.push(bytes);
    imagined.on('update', take);
    Y.applyUpdate(imagined, update);
    imagined.off('update', take);
    const made = Y.mergeUpdates(emitted);
    for (const client of verdict.authors) owners.set(client, userId);
    try {
      await this.#database.db
        .insert(lateEdits)
        .values({
          documentId,
          cardId: this.#cardId,
          userId,
          sessionId: session.id,
          update: made,
          hash: createHash('sha256').update(made).digest('hex'),
          sections: [...verdict.sections],
          writtenAt
        })
        .onConflictDoNothing();
    } catch (error) {
      this.forget(); // it holds what is stored nowhere
      throw error;
    }
    return { kind: 'kept', sections: verdict.sections };
  }

  forget(): void {
    for (const imagined of this.#imagined.values())
      imagined.then(
        (document) => document.destroy(),
        () => undefined // told to whoever asked for it
      );
    this.#imagined.clear();
    this.#owners = undefined;
  }

  #imaginedBy(documentId: string, userId: string): Promise<Y.Doc> {
    const found = this.#imagined.get(userId);
    if (found) return found;
    const imagining = this.#imagine(documentId, userId);
    this.#imagined.set(userId, imagining);
    return imagining;
  }

  async #imagine(documentId: string, userId: string): Promise<Y.Doc> {
    const { db } = this.#database;
    const stored = await load(db, this.#name);
    if (!stored) throw new Error('a late edit of a document that does not exist');
    const rows = await db
      .select({ update: lateEdits.update })
      .from(lateEdits)
      .where(and(eq(lateEdits.documentId, documentId), eq(lateEdits.userId, userId)))
      .orderBy(asc(lateEdits.arrivedAt), asc(lateEdits.id));
    for (const { update } of rows) Y.applyUpdate(stored.document, update);
    return stored.document;
  }

  async #readOwners(documentId: string): Promise<Map<number, string>> {
    const rows = await this.#database.db
      .select({ update: lateEdits.update, userId: lateEdits.userId })
      .from(lateEdits)
      .where(eq(lateEdits.documentId, documentId));
    const owners = new Map<number, string>();
    for (const { update, userId } of rows)
      for (const client of Y.parseUpdateMeta(update).to.keys()) owners.set(client, userId);
    return owners;
  }
}
