// The last act that one can do by slip, with the way back from it. It is offered until the next such act or until it
// is put away: nothing runs out. What is done on purpose and for good (a reveal, a lock) asks first, and is not here.
import type { CommandAnswer } from '#lib/protocol/command.ts';

export interface Slip {
  /** What was done, in words that can stand in the sight of others: 'F-2231 is parked.' */
  readonly said: string;
  /** The cards it is about. Where one of them is no longer there for this person, nothing of it is said any more. */
  readonly cards: readonly string[];
  readonly back: () => Promise<CommandAnswer>;
  /** Whether there is still something to go back from; left out: as long as its cards are open. */
  readonly stands?: () => boolean;
}

export class Slips {
  #last = $state.raw<Slip | null>(null);
  #fault = $state('');
  readonly #isOpen: (cardId: string) => boolean;

  /** @param isOpen whether a card is there for this person, and can still be changed */
  constructor(isOpen: (cardId: string) => boolean) {
    this.#isOpen = isOpen;
  }

  get last(): Slip | null {
    const slip = this.#last;
    return slip && slip.cards.every(this.#isOpen) && (slip.stands?.() ?? true) ? slip : null;
  }
  /** Why the way back was refused. */
  get fault(): string {
    return this.#fault;
  }

  did(said: string, cards: readonly string[], back: Slip['back'], stands: Slip['stands'] = undefined): void {
    this.#last = { said, cards, back, ...(stands ? { stands } : {}) };
    this.#fault = '';
  }

  /** Goes back. Gives what was undone; null where it was refused, or where there is nothing to undo. */
  async undo(): Promise<Slip | null> {
    const slip = this.last;
    if (!slip) return null;
    const answer = await slip.back();
    if (this.#last !== slip) return slip;
    this.#fault = answer.ok ? '' : answer.error.message;
    // Without a line it is tried again; what was refused is over.
    if (answer.ok || answer.error.code !== 'unavailable') this.#last = null;
    if (!answer.ok) return null;
    return slip;
  }

  putAway(): void {
    this.#last = null;
    this.#fault = '';
  }
}
