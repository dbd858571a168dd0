// An agency's word on what stands in the card's documents: an action accepted as it reads, or declined; what
// the coordinator noted for it, confirmed; the notification's version for the table.
import { createHash } from 'node:crypto';
import { and, eq, inArray, isNull } from 'drizzle-orm';
import { actionsIn } from '#lib/card/read.ts';
import { canonicalAction, type ActionTerms } from '#lib/domain/action.ts';
import { mayAnswerFor, mayTell } from '#lib/domain/permission.ts';
import { record } from '../../audit/audit.ts';
import type { Transaction } from '../../database/database.ts';
import { cases, familyJoins, notifications } from '../../database/schema/families.ts';
import { acceptances, noteConfirmations } from '../../database/schema/meetings.ts';
import type { CardDocuments } from '../../sync/sync.ts';
import { kinOf } from '../card-families.ts';
import {
  inAnotherState,
  notAllowed,
  notFound,
  Refused,
  stated,
  writtenAt,
  type AtCard,
  type CommandOf,
  type Done
} from './acting.ts';

/** What the committed documents say that a command is about; read before its transaction begins. */
export interface Committed {
  readonly actions: readonly (ActionTerms & { readonly id: string })[];
  readonly seq: number;
}

export const readCommitted = (documents: CardDocuments): Committed => ({
  actions: actionsIn(documents.cards),
  seq: documents.seq.cards
});

type Answering = Omit<AtCard<'action.accept'>, 'command'> & {
  readonly command: CommandOf<'action.accept' | 'action.decline' | 'action.reopen'>;
};

/** An action's reading: SHA-256, hex, of its canonical form. */
export const readingOf = (action: ActionTerms) =>
  createHash('sha256').update(canonicalAction(action)).digest('hex');

export async function acceptAction(
  tx: Transaction,
  at: AtCard<'action.accept'>,
  committed: Committed
): Promise<Done> {
  const { action, agencyId } = actionOf(at, committed);
  const reading = readingOf(action);
  if (reading !== at.command.reading)
    throw new Refused({
      code: 'changed',
      message: 'The action reads differently now. Read it again before you accept it.',
      reading
    });
  return answer(tx, at, { agencyId, answer: 'accepted', reading, reason: null });
}

export async function declineAction(
  tx: Transaction,
  at: AtCard<'action.decline'>,
  committed: Committed
): Promise<Done> {
  const { agencyId } = actionOf(at, committed);
  return answer(tx, at, { agencyId, answer: 'declined', reading: null, reason: at.command.reason });
}

/** The agency's answer no longer stands, and it is asked again. */
export async function reopenAction(
  tx: Transaction,
  at: AtCard<'action.reopen'>,
  committed: Committed
): Promise<Done> {
  const { agencyId } = actionOf(at, committed);
  return answer(tx, at, { agencyId, answer: 'taken-back', reading: null, reason: null });
}

function actionOf(
  { seat, card, command }: Answering,
  committed: Committed
): { action: ActionTerms; agencyId: string } {
  const action = committed.actions.find(({ id }) => id === command.actionId);
  if (!action) throw notFound();
  const { agencyId } = action;
  if (agencyId === null) throw inAnotherState('This action names no agency yet.');
  if (!mayAnswerFor(seat, card, agencyId))
    throw notAllowed('Only the agency that is to do it accepts or declines an action.');
  return { action, agencyId };
}

async function answer(
  tx: Transaction,
  { session, row, command }: Answering,
  given: Pick<typeof acceptances.$inferInsert, 'agencyId' | 'answer' | 'reading' | 'reason'>
): Promise<Done> {
  await tx.insert(acceptances).values({
    ...given,
    cardId: row.id,
    by: session.user.id,
    at: writtenAt,
    actionId: command.actionId
  });
  return stated(tx, row);
}

/** The agency stands by what the coordinator wrote for it so far. */
export async function confirmNotes(
  tx: Transaction,
  { session, seat, row, card, command }: AtCard<'notes.confirm'>,
  { seq }: Committed
): Promise<Done> {
  if (!mayAnswerFor(seat, card, command.agencyId))
    throw notAllowed('Only the agency itself confirms what was noted for it.');
  await tx.insert(noteConfirmations).values({
    cardId: row.id,
    by: session.user.id,
    at: writtenAt,
    agencyId: command.agencyId,
    seq
  });
  return stated(tx, row);
}

/** The version of a notification's narrative that everyone at the table may read; an empty one takes it back. */
export async function tellNotification(
  tx: Transaction,
  { session, seat, row, card, command }: AtCard<'notification.tell'>
): Promise<Done> {
  const joins = await tx
    .select({ familyId: familyJoins.familyId, intoId: familyJoins.intoId })
    .from(familyJoins)
    .where(and(eq(familyJoins.areaId, row.areaId), isNull(familyJoins.undoneAt)));
  const [found] = await tx
    .select({ id: notifications.id })
    .from(notifications)
    .innerJoin(cases, eq(cases.id, notifications.caseId))
    .where(
      and(eq(notifications.id, command.notificationId), inArray(cases.familyId, kinOf(row.familyId, joins)))
    );
  if (!found) throw notFound();
  if (!mayTell(seat, card))
    throw notAllowed("The police's rep or the coordinator makes the version for the table.");
  await tx
    .update(notifications)
    .set({ tableVersion: command.text || null, tableVersionBy: session.user.id })
    .where(eq(notifications.id, found.id));
  await record(tx, session, {
    act: 'narrative-told',
    purpose: 'the meeting',
    familyId: row.familyId,
    meetingId: row.meetingId,
    cardId: row.id,
    detail: { notificationId: found.id }
  });
  return stated(tx, row);
}
