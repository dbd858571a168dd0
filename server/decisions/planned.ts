// A decided action as a row, which what follows the meeting is built on.
import { dayOf, ownerOf, type ReadAction } from '#lib/domain/decision.ts';
import type { actions } from '../database/schema/decisions.ts';

interface Place {
  readonly areaId: string;
  readonly decisionId: string;
  readonly cardId: string;
  readonly members: readonly { readonly id: string }[];
  /** The agencies at the card. */
  readonly agencies: readonly string[];
}

/** Whom and what a document names wrongly stays in the decision's content, and binds nobody. */
export function actionRow(
  { areaId, decisionId, cardId, members, agencies }: Place,
  action: ReadAction,
  accepted: boolean
): typeof actions.$inferInsert {
  const agencyId = ownerOf(action, agencies);
  return {
    areaId,
    decisionId,
    cardId,
    actionId: action.id,
    what: action.what.toWellFormed().replaceAll('\0', ''),
    memberId: members.find(({ id }) => id === action.memberId)?.id ?? null,
    agencyId: agencyId ?? null,
    due: dayOf(action) ?? null,
    accepted: agencyId !== undefined && accepted
  };
}
