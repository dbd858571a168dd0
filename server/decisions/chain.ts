// The chain of an area's decisions: what each hash is made of, and how the next decision is added. The layout
// is written down in docs/decisions/004-decision-chain.md, so that anyone can check it with other tools.
// Carries the CHAIN rules.
import { createHash, randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { canonicalForm, type DecisionContent } from '#lib/card/canonical.ts';
import type { Transaction } from '../database/database.ts';
import { decisionContents, decisionHeads, decisions } from '../database/schema/decisions.ts';

/** What an area's first decision has for a predecessor. */
export const beginning = '0'.repeat(64);

const mark = Buffer.from('same-room decision 1\n', 'ascii');

/**
 * A decision's hash: SHA-256 over a mark, 32 bytes of salt, the 32 bytes of the predecessor's hash and the
 * canonical content in UTF-8. All but the last have a fixed length, so no two inputs read alike.
 * @param salt 64 hex digits
 * @param previousHash 64 hex digits
 */
export function hashOf(salt: string, previousHash: string, canonical: string): string {
  return createHash('sha256')
    .update(mark)
    .update(Buffer.from(salt, 'hex'))
    .update(Buffer.from(previousHash, 'hex'))
    .update(canonical, 'utf8')
    .digest('hex');
}

export interface Head {
  /** The number of the area's last decision; 0 before the first. */
  readonly number: number;
  readonly hash: string;
}

/** A stored head; before the first decision, whatever stands there, it is the beginning. */
export function asHead(stored: Head | undefined): Head {
  return stored && stored.number > 0
    ? { number: stored.number, hash: stored.hash }
    : { number: 0, hash: beginning };
}

/** The head of an area's chain, held until the transaction ends: decisions of an area are made one at a time. */
export async function holdHead(tx: Transaction, areaId: string): Promise<Head> {
  await tx.insert(decisionHeads).values({ areaId, number: 0, hash: beginning }).onConflictDoNothing();
  const [head] = await tx.select().from(decisionHeads).where(eq(decisionHeads.areaId, areaId)).for('update');
  if (!head) throw new Error(`area ${areaId} has no chain`);
  return asHead(head);
}

/** Adds a decision after the head that is held, and gives its id and hash. */
export async function addToChain(
  tx: Transaction,
  head: Head,
  content: DecisionContent
): Promise<{ id: string; hash: string }> {
  const canonical = canonicalForm(content);
  const salt = randomBytes(32).toString('hex');
  const hash = hashOf(salt, head.hash, canonical);
  const [row] = await tx
    .insert(decisions)
    .values({
      areaId: content.area.id,
      number: content.number,
      meetingId: content.meeting.id,
      cardId: content.card.id,
      version: content.version,
      schemaVersion: content.schemaVersion,
      salt,
      hash,
      previousHash: head.hash,
      lockedBy: content.chair.userId,
      lockedAt: new Date(content.lockedAt)
    })
    .returning({ id: decisions.id });
  if (!row) throw new Error('the decision was not stored');
  await tx.insert(decisionContents).values({ decisionId: row.id, canonical });
  await tx
    .update(decisionHeads)
    .set({ number: content.number, hash })
    .where(eq(decisionHeads.areaId, content.area.id));
  return { id: row.id, hash };
}
