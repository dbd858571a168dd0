// An action as an agency accepts it: the words, who is to do it, and by when.

export interface ActionTerms {
  readonly what: string;
  readonly agencyId: string | null;
  /** YYYY-MM-DD */
  readonly by: string | null;
}

/**
 * The canonical form that a reading is the SHA-256 of: letters and digits of the words in lower case (NFKC),
 * the owner and the date, each on a line. Blanks and punctuation don't count, so that tidying an accepted
 * action's commas does not void the acceptance.
 */
export function canonicalAction(action: ActionTerms): string {
  const words = action.what
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return `${words}\n${action.agencyId ?? ''}\n${action.by ?? ''}`;
}
