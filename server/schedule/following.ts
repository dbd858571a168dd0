// Families change after they were put on an agenda: a notification arrives late, two families turn out to be
// one. The cards of meetings that are planned or open follow. Carries SCHED rules.
import { and, eq, inArray, isNull, ne } from 'drizzle-orm';
import type { CardMember } from '#lib/card/schema.ts';
import type { Db } from '../database/database.ts';
import { cardMembers, cards, meetings } from '../database/schema/meetings.ts';
import { membersOf } from '../families/families.ts';
import type { Sync } from '../sync/sync.ts';
import { join } from './cards.ts';

interface Behind {
  readonly cardId: string;
  readonly meetingId: string;
  /** Members of the family who are not on the card. */
  readonly missing: readonly CardMember[];
  /** On the card and no longer of the family. */
  readonly gone: readonly string[];
}

/** Brings every card of the area that can still be written in step with its family. Answers the meetings changed. */
export async function followFamilies(
  db: Db,
  sync: Pick<Sync, 'extend'>,
  areaId: string
): Promise<Set<string>> {
  const behind = await cardsBehind(db, areaId);
  for (const { cardId, missing, gone } of behind) {
    if (missing.length > 0) await sync.extend(cardId, missing, []);
    await db.transaction(async (tx) => {
      await join(tx, cardId, missing, []);
      if (gone.length > 0)
        await tx
          .delete(cardMembers)
          .where(and(eq(cardMembers.cardId, cardId), inArray(cardMembers.memberId, [...gone])));
    });
  }
  return new Set(behind.map(({ meetingId }) => meetingId));
}

async function cardsBehind(db: Db, areaId: string): Promise<Behind[]> {
  const rows = await db
    .select({ card: cards, state: meetings.state })
    .from(cards)
    .innerJoin(meetings, eq(meetings.id, cards.meetingId))
    .where(
      and(
        eq(cards.areaId, areaId),
        isNull(cards.withdrawnAt),
        isNull(cards.lockedAt),
        ne(meetings.state, 'closed')
      )
    );
  const behind: Behind[] = [];
  for (const { card, state } of rows) {
    const family = await membersOf(db, card.familyId);
    const there = await db
      .select({ id: cardMembers.memberId })
      .from(cardMembers)
      .where(eq(cardMembers.cardId, card.id));
    const onCard = new Set(there.map(({ id }) => id));
    // One person may be on the card by a record that was joined into another.
    const records = family.map(({ id, alsoIds }) => [id, ...alsoIds]);
    const missing = family.filter((_, at) => !records[at]?.some((id) => onCard.has(id)));
    // While a meeting is open, nobody disappears from under those who write.
    const gone = state === 'planned' ? [...onCard].filter((id) => !records.flat().includes(id)) : [];
    if (missing.length > 0 || gone.length > 0)
      behind.push({
        cardId: card.id,
        meetingId: card.meetingId,
        missing: missing.map(({ id, role }) => ({ id, role })),
        gone
      });
  }
  return behind;
}
