// The chair gives the family at the table, or one to come, more minutes than were planned, or takes such back.
import { eq, sum } from 'drizzle-orm';
import { mayLead } from '#lib/domain/permission.ts';
import type { Transaction } from '../../database/database.ts';
import { addedMinutes } from '../../database/schema/pace.ts';
import { inAnotherState, notAllowed, writtenAt, type AtCard, type Done } from './acting.ts';

/** Adds minutes; below 0 takes back what was added, and nothing of what was planned. It is no fact about the family, so the card is not another for it. */
export async function addTime(
  tx: Transaction,
  { session, seat, row, command }: AtCard<'time.add'>
): Promise<Done> {
  if (!mayLead(seat, 'time')) throw notAllowed('The chair gives a family more time.');
  const { minutes } = command;
  const [added] = await tx
    .select({ minutes: sum(addedMinutes.minutes).mapWith(Number) })
    .from(addedMinutes)
    .where(eq(addedMinutes.cardId, row.id));
  if ((added?.minutes ?? 0) + minutes < 0)
    throw inAnotherState('Only minutes that were added can be taken back.');
  await tx.insert(addedMinutes).values({ cardId: row.id, minutes, by: session.user.id, at: writtenAt });
  return { result: { minutes } };
}
