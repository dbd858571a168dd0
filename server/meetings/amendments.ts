// What stands beside locked cards since: the later versions of their decisions, the corrections that were
// proposed, and which late edits and proposals were taken in.
import { asc, eq, inArray } from 'drizzle-orm';
import { sealOf } from '#lib/domain/decision.ts';
import type { AmendmentFact, ProposalView } from '#lib/protocol/meeting.ts';
import type { Queries } from '../database/database.ts';
import { amendments, proposedCorrections, takenIn } from '../database/schema/amendments.ts';
import { decisions } from '../database/schema/decisions.ts';
import { users } from '../database/schema/identity.ts';

export interface SinceLock {
  readonly amendments: readonly AmendmentFact[];
  readonly proposals: readonly (ProposalView & { readonly userId: string })[];
  /** The number of the decision that took a late edit in, by the late edit's id. */
  readonly takenIn: ReadonlyMap<string, number>;
}

export const nothingSince: SinceLock = { amendments: [], proposals: [], takenIn: new Map() };

/** Reads it for these cards, which are locked. */
export async function readSinceLock(
  queries: Queries,
  cardIds: readonly string[]
): Promise<Map<string, SinceLock>> {
  if (cardIds.length === 0) return new Map();
  const ids = [...cardIds];
  const [versions, proposed, taken] = await Promise.all([
    queries
      .select({ row: amendments, decision: decisions, by: users.name })
      .from(amendments)
      .innerJoin(decisions, eq(decisions.id, amendments.decisionId))
      .innerJoin(users, eq(users.id, amendments.by))
      .where(inArray(decisions.cardId, ids))
      .orderBy(asc(decisions.version)),
    queries
      .select({ row: proposedCorrections, by: users.name })
      .from(proposedCorrections)
      .innerJoin(users, eq(users.id, proposedCorrections.by))
      .where(inArray(proposedCorrections.cardId, ids))
      .orderBy(asc(proposedCorrections.at), asc(proposedCorrections.id)),
    queries
      .select({ row: takenIn, cardId: decisions.cardId, number: decisions.number })
      .from(takenIn)
      .innerJoin(decisions, eq(decisions.id, takenIn.decisionId))
      .where(inArray(decisions.cardId, ids))
  ]);
  const numberOf = (proposalId: string) => taken.find(({ row }) => row.proposalId === proposalId)?.number;
  return new Map(
    ids.map((id) => [
      id,
      {
        amendments: versions
          .filter(({ decision }) => decision.cardId === id)
          .map(({ row, decision: { number, version, hash }, by }) => ({
            ...{ number, version, by, seal: sealOf(hash), at: row.at.toISOString(), reason: row.reason }
          })),
        proposals: proposed
          .filter(({ row }) => row.cardId === id)
          .map(({ row: { cardId: _card, by: userId, at, ...row }, by }) => ({
            ...row,
            ...{ userId, by, at: at.toISOString(), takenIn: numberOf(row.id) ?? null }
          })),
        takenIn: new Map(
          taken.flatMap(({ row, cardId, number }) =>
            cardId === id && row.lateEditId ? [[row.lateEditId, number] as const] : []
          )
        )
      }
    ])
  );
}
