// How a card's ratings and records came to be what they are: every one that was stated, for one person. Before
// the reveal one's own agencies' only. The look is in the audit before a word is given. Carries RATE11.
import { eq } from 'drizzle-orm';
import type { RatingHistory } from '#lib/protocol/meeting.ts';
import { record } from '../audit/audit.ts';
import type { Database } from '../database/database.ts';
import { areas } from '../database/schema/identity.ts';
import { cards } from '../database/schema/meetings.ts';
import type { Session } from '../identity/session.ts';
import { nothingStated, readStatements } from './facts.ts';
import { seatAtCard } from './seats.ts';
import { isRevealed } from './view.ts';

/** The history of a card's ratings and records, oldest first; undefined where the card does not exist for them. */
export async function readHistory(
  { db }: Database,
  session: Session,
  cardId: string
): Promise<RatingHistory | undefined> {
  const at = await seatAtCard(db, session.area.id, session.user.id, cardId);
  if (!at) return undefined;
  const { meetingId, familyId } = at;
  await record(db, session, {
    act: 'rating-history-opened',
    purpose: 'the meeting',
    familyId,
    meetingId,
    cardId
  });
  const [found] = await db
    .select({ row: cards, sealed: areas.sealed })
    .from(cards)
    .innerJoin(areas, eq(areas.id, cards.areaId))
    .where(eq(cards.id, cardId));
  if (!found) return undefined;
  const stated = (await readStatements(db, [cardId])).get(cardId) ?? nothingStated;
  const open = isRevealed(found, found);
  const known = <F extends { id: string; userId: string; agencyId: string }>(facts: readonly F[]) =>
    facts
      .filter(({ agencyId }) => open || at.seat.agencies.includes(agencyId))
      .map(({ id: _id, userId: _user, ...fact }) => fact);
  return { ratings: known(stated.ratings), records: known(stated.records) };
}
