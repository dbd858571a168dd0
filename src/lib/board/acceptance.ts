// What an agency's answer to an action is worth now. Acceptance is derived, never flagged: it counts only while
// the action reads as it read when it was accepted. Carries BOARD1.
import { digest } from 'lib0/hash/sha256';
import { canonicalAction, type ActionTerms } from '#lib/domain/action.ts';
import type { AnswerFact } from '#lib/protocol/meeting.ts';

export type Standing = { kind: 'open' } | { kind: 'accepted' | 'voided' | 'declined'; answer: AnswerFact };

/** The SHA-256 of an action's canonical form, as hexadecimal. */
export function readingOf(action: ActionTerms): string {
  const bytes = digest(new TextEncoder().encode(canonicalAction(action)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** How an action stands with the agency that is to do it. Answers of an agency that was named before don't count. */
export function standingOf(
  action: ActionTerms & { readonly id: string },
  answers: readonly AnswerFact[]
): Standing {
  const answer = answers.findLast((fact) => fact.actionId === action.id && fact.agencyId === action.agencyId);
  if (!answer) return { kind: 'open' };
  if (answer.answer === 'declined') return { kind: 'declined', answer };
  return { kind: answer.reading === readingOf(action) ? 'accepted' : 'voided', answer };
}
