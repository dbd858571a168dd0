// Which of a meeting's families it carries to the next one, by whom and why.
import { eq, inArray } from 'drizzle-orm';
import type { CarriedFact } from '#lib/protocol/meeting.ts';
import type { Queries } from '../database/database.ts';
import { carriedCards } from '../database/schema/carrying.ts';
import { users } from '../database/schema/identity.ts';

/** What was carried, by card. */
export async function readCarried(
  queries: Queries,
  cardIds: readonly string[]
): Promise<Map<string, CarriedFact>> {
  const rows = await queries
    .select({ cardId: carriedCards.cardId, reason: carriedCards.reason, by: users.name, at: carriedCards.at })
    .from(carriedCards)
    .innerJoin(users, eq(users.id, carriedCards.by))
    .where(inArray(carriedCards.cardId, [...cardIds]));
  return new Map(rows.map(({ cardId, at, ...fact }) => [cardId, { ...fact, at: at.toISOString() }]));
}
