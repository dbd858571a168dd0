// What may still be done about a locked card, also after the close: the chair amends its decision, and anybody at
// it may propose a correction, which is a note to the chair and decides nothing. Carries AMEND1 and AMEND6.
import { mayPropose } from '#lib/domain/permission.ts';
import { record } from '../../audit/audit.ts';
import type { Transaction } from '../../database/database.ts';
import { proposedCorrections } from '../../database/schema/amendments.ts';
import { inAnotherState, notAllowed, Refused, type AtCard, type Done } from './acting.ts';
import type { CommandNeeds } from './once.ts';

export async function amendCard(
  { decisions }: CommandNeeds,
  tx: Transaction,
  { session, command, row: _row, ...at }: AtCard<'card.amend'>
): Promise<Done> {
  const answer = await decisions.amend(tx, session, at, command);
  if (!answer.ok) throw new Refused(answer.error);
  const text = `${session.user.name} has amended decision ${answer.result.amends}.`;
  return { result: { ...answer.result }, notice: { kind: 'amended', text, cardId: at.cardId } };
}

export async function proposeCorrection(
  tx: Transaction,
  { session, seat, row, card, command }: AtCard<'correction.propose'>
): Promise<Done> {
  if (!card.locked) throw inAnotherState('This card is not locked yet. Write on the card itself.');
  if (!mayPropose(seat, card)) throw notAllowed('Only who sits at this card proposes a correction of it.');
  const [proposed] = await tx
    .insert(proposedCorrections)
    .values({
      cardId: row.id,
      by: session.user.id,
      agencyId: seat.agencies.find((id) => card.agencies.includes(id)) ?? null,
      section: command.section ?? null,
      key: command.key ?? null,
      words: command.words
    })
    .returning({ id: proposedCorrections.id });
  await record(tx, session, {
    act: 'correction-proposed',
    purpose: 'an amendment',
    familyId: row.familyId,
    meetingId: row.meetingId,
    cardId: row.id,
    detail: { proposalId: proposed?.id }
  });
  return { result: { proposalId: proposed?.id ?? '' } };
}
