// The chair gives the family at the table, or one to come, more minutes than were planned.
import { mayLead } from '#lib/domain/permission.ts';
import type { Transaction } from '../../database/database.ts';
import { addedMinutes } from '../../database/schema/pace.ts';
import { notAllowed, writtenAt, type AtCard, type Done } from './acting.ts';

/** Adds minutes. It is no fact about the family, so the card is not another for it. */
export async function addTime(
  tx: Transaction,
  { session, seat, row, command }: AtCard<'time.add'>
): Promise<Done> {
  if (!mayLead(seat, 'time')) throw notAllowed('The chair gives a family more time.');
  const { minutes } = command;
  await tx.insert(addedMinutes).values({ cardId: row.id, minutes, by: session.user.id, at: writtenAt });
  return { result: { minutes } };
}
