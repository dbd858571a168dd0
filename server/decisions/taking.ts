// What an amendment takes in: late edits, each once and none without what it stands on, and corrections in words,
// proposed or the chair's own. Carries AMEND3 and AMEND5.
import { and, eq, inArray } from 'drizzle-orm';
import type { AmendedPart } from '#lib/card/canonical.ts';
import type { Section } from '#lib/domain/permission.ts';
import type { Queries } from '../database/database.ts';
import { proposedCorrections, takenIn } from '../database/schema/amendments.ts';
import { decisions } from '../database/schema/decisions.ts';
import { memberships, users } from '../database/schema/identity.ts';
import type { CommandOf } from '../meetings/commands/acting.ts';
import type { LateEdit } from '../sync/sync.ts';
import { Stopped } from './lock.ts';

/** Why an amendment is not made; `lacking`: the late edits that would have to come in with those chosen. */
export const stopped = (code: 'state' | 'not-found', message: string, lacking?: readonly string[]) =>
  new Stopped({ code, message, ...(lacking ? { lacking: [...lacking] } : {}) });

/** Which of the card's late edits earlier amendments took in. */
export async function takenBefore(
  queries: Queries,
  cardId: string,
  edits: readonly LateEdit[]
): Promise<ReadonlySet<string>> {
  const rows = await queries
    .select({ id: takenIn.lateEditId })
    .from(takenIn)
    .innerJoin(decisions, eq(decisions.id, takenIn.decisionId))
    .where(eq(decisions.cardId, cardId));
  const taken = new Set(rows.map(({ id }) => id));
  return new Set(edits.flatMap(({ id }) => (taken.has(id) ? [id] : [])));
}

/** The late edits that are asked for, in the order of their arrival. */
export function choose(
  edits: readonly LateEdit[],
  before: ReadonlySet<string>,
  ids: readonly string[]
): readonly LateEdit[] {
  const chosen = edits.filter(({ id }) => ids.includes(id));
  if (chosen.length < new Set(ids).size) throw stopped('not-found', 'There is no such late edit.');
  if (chosen.some(({ id }) => before.has(id)))
    throw stopped('state', 'A late edit is brought in once, and one of these was already.');
  const lacking = chosen.flatMap(({ needs }) => needs).filter((id) => !before.has(id) && !ids.includes(id));
  if (lacking.length > 0)
    throw stopped(
      'state',
      'A late edit goes on from an earlier one of the same author, which is not chosen. Bring them in together.',
      new Set(lacking).values().toArray()
    );
  return chosen;
}

/** Late edits as a decision names them. */
export async function told(queries: Queries, chosen: readonly LateEdit[]): Promise<AmendedPart['lateEdits']> {
  const names = await namesOf(
    queries,
    chosen.map(({ userId }) => userId)
  );
  return chosen.map(({ id, userId, writtenAt, arrivedAt, sections }) => ({
    id,
    by: { userId, name: names.get(userId) ?? '' },
    writtenAt: writtenAt?.toISOString() ?? null,
    arrivedAt: arrivedAt.toISOString(),
    sections
  }));
}

async function namesOf(queries: Queries, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await queries
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(inArray(users.id, [...ids]));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** The agencies in whose section one of these edits was written by somebody who never was their rep. */
export async function notedFor(queries: Queries, chosen: readonly LateEdit[]): Promise<ReadonlySet<string>> {
  const written = chosen.flatMap(({ userId, sections }) =>
    sections.flatMap((section) =>
      section.startsWith('agency/') ? [{ userId, agencyId: section.slice('agency/'.length) }] : []
    )
  );
  if (written.length === 0) return new Set();
  const rows = await queries
    .select({ userId: memberships.userId, agencyId: memberships.agencyId })
    .from(memberships)
    .where(
      and(
        eq(memberships.role, 'rep'),
        inArray(
          memberships.userId,
          written.map(({ userId }) => userId)
        )
      )
    );
  const isRep = (each: (typeof written)[number]) =>
    rows.some((row) => row.userId === each.userId && row.agencyId === each.agencyId);
  return new Set(written.flatMap((each) => (isRep(each) ? [] : [each.agencyId])));
}

/** Corrections as a decision keeps them, each with who proposed it. */
export async function readCorrections(
  queries: Queries,
  cardId: string,
  { corrections }: Pick<CommandOf<'card.amend'>, 'corrections'>
): Promise<AmendedPart['corrections']> {
  const ids = corrections.flatMap(({ proposalId }) => proposalId ?? []);
  const rows =
    ids.length === 0
      ? []
      : await queries
          .select({ row: proposedCorrections, name: users.name, taken: takenIn.id })
          .from(proposedCorrections)
          .innerJoin(users, eq(users.id, proposedCorrections.by))
          .leftJoin(takenIn, eq(takenIn.proposalId, proposedCorrections.id))
          .where(and(inArray(proposedCorrections.id, ids), eq(proposedCorrections.cardId, cardId)));
  return corrections.map(({ proposalId, section, key, words }) => {
    const found = rows.find(({ row }) => row.id === proposalId);
    if (proposalId && !found) throw stopped('not-found', 'There is no such proposed correction.');
    if (found?.taken) throw stopped('state', 'That correction was taken in already.');
    return {
      about: section ? { section: section as Section, key: key ?? null } : null,
      words,
      proposed: found
        ? {
            by: { userId: found.row.by, name: found.name },
            at: found.row.at.toISOString(),
            agencyId: found.row.agencyId
          }
        : null
    };
  });
}
