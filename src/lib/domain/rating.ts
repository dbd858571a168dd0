// Ratings and record states, and what may be said of several of them together.
// No agency outweighs another, and 'not known to us' is never a colour. Carries RATE1 to RATE4.

/** By concern, highest first: the order everywhere. Blue is the lowest here, as in published MASH practice. */
export const ratings = ['red', 'amber', 'green', 'blue'] as const;
export type Rating = (typeof ratings)[number];

export const bases = ['own-record', 'heard'] as const;
/** Whether an agency rates on its own record or on what it heard at the table. */
export type Basis = (typeof bases)[number];

export const recordStates = ['known', 'none', 'not-searched', 'cannot-say'] as const;
/** Whether an agency holds a record of a member. Silence (no state at all) is none of these. */
export type RecordState = (typeof recordStates)[number];

export const ratingWords: Record<Rating, string> = {
  red: 'Red',
  amber: 'Amber',
  green: 'Green',
  blue: 'Blue'
};
export const ratingLetters: Record<Rating, string> = { red: 'R', amber: 'A', green: 'G', blue: 'B' };
export const recordWords: Record<RecordState, string> = {
  known: 'Known to us',
  none: 'No record found',
  'not-searched': 'Not searched',
  'cannot-say': 'Cannot say'
};

/** Sorts ratings by concern, highest first. */
export function byConcern(a: Rating, b: Rating): number {
  return ratings.indexOf(a) - ratings.indexOf(b);
}

/** The highest concern among some ratings; undefined where nobody rated. Never a joint rating: only a chair makes one. */
export function highest(given: readonly Rating[]): Rating | undefined {
  return [...given].sort(byConcern)[0];
}

/** Whether a joint rating is below the highest that an agency gave, which wants a reason that says why. */
export function isBelowHighest(joint: Rating, given: readonly Rating[]): boolean {
  const top = highest(given);
  return top !== undefined && byConcern(joint, top) > 0;
}

/** Who gave what, by concern: every agency counts once and alike, and those who did not rate stand in no colour. */
export function spread<A>(given: readonly { agency: A; rating: Rating | null }[]): Record<Rating, A[]> {
  const of = (rating: Rating) => given.filter((each) => each.rating === rating).map((each) => each.agency);
  return { red: of('red'), amber: of('amber'), green: of('green'), blue: of('blue') };
}

const numbers = [
  ...['Nobody', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten'],
  ...['Eleven', 'Twelve', 'Thirteen', 'Fourteen', 'Fifteen', 'Sixteen', 'Seventeen', 'Eighteen', 'Nineteen'],
  'Twenty'
];
const inWords = (number: number) => numbers[number] ?? String(number);

/** 'Nine of eleven have rated', for the agencies at a card. */
export function haveRated(rated: number, of: number): string {
  if (rated === 0 || of === 0) return 'Nobody has rated yet';
  if (rated >= of)
    return of === 1 ? 'The one agency has rated' : `All ${inWords(of).toLowerCase()} have rated`;
  return `${inWords(rated)} of ${inWords(of).toLowerCase()} ${rated === 1 ? 'has' : 'have'} rated`;
}

/** Whom a chair asks first: who rated highest, and who lowest. Undefined where all who rated agree. */
export function askFirst<A>(
  by: Record<Rating, readonly A[]>
): Record<'highest' | 'lowest', { rating: Rating; agencies: readonly A[] }> | undefined {
  const levels = ratings.flatMap((rating) =>
    by[rating].length > 0 ? [{ rating, agencies: by[rating] }] : []
  );
  const [highest, ...lower] = levels;
  const lowest = lower.at(-1);
  return highest && lowest ? { highest, lowest } : undefined;
}

/**
 * The reason that is offered for a joint rating, for the chair to keep or change. Undefined below the highest
 * that was given: there the chair says why.
 */
export function offeredReason(joint: Rating, given: readonly Rating[]): string | undefined {
  if (isBelowHighest(joint, given)) return undefined;
  if (given.length === 0) return 'No agency has rated the family';
  return joint === highest(given) ? 'As the highest rating given' : 'Higher than any rating given';
}
