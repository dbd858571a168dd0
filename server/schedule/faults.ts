// How an act of scheduling is refused: with words for the person who can mend it, or as if there were nothing.

/** The part of a form that a fault belongs to. */
export type Field =
  | 'date'
  | 'time'
  | 'place'
  | 'videoLink'
  | 'chairId'
  | 'deputyId'
  | 'observerIds'
  | 'caseIds'
  | 'cardIds'
  | 'agencyId';

/** What is wrong, said to the person who can mend it; `field` null where it is no single field's. */
export interface Fault {
  readonly field: Field | null;
  readonly message: string;
}

/** What is wrong with an act; where it is thrown in a transaction, it undoes that. */
export class Faulty extends Error {
  override name = 'Faulty';
  readonly faults: readonly Fault[];
  constructor(...faults: readonly Fault[]) {
    super(faults.map(({ message }) => message).join(' '));
    this.faults = faults;
  }
}

/** What is asked for does not exist for the person who asks. */
export class Missing extends Error {
  override name = 'Missing';
}
