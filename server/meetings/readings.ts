// What stands written on a meeting's cards, as far as the board speaks of it beyond the open card: the questions
// put to an agency, and what a card still lacks. Read in the background, so that nobody's state waits for it, and
// again once an edit of plan or questions has rested. Carries ASK1 and CLOSE1.
import { actionsIn, questionsIn, responsesTo } from '#lib/card/read.ts';
import type { ReadAction } from '#lib/domain/decision.ts';
import type { Sync } from '../sync/sync.ts';
import { readingOf } from './commands/answering.ts';
import type { CardReading, Table, TableCard } from './table.ts';

/** How long edits are gathered before a card is read again, in milliseconds. */
const REST = 1000;

export class CardReadings {
  readonly #sync: Pick<Sync, 'read'>;
  readonly #moved: () => void;
  readonly #failed: (error: unknown) => void;
  readonly #known = new Map<string, CardReading>();
  readonly #stale = new Set<string>();
  #cards: readonly TableCard[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  /** @param moved is called when something was read that was not known. */
  constructor(sync: Pick<Sync, 'read'>, moved: () => void, failed: (error: unknown) => void) {
    this.#sync = sync;
    this.#moved = moved;
    this.#failed = failed;
  }

  /** What is known of the cards that can still be written; the others are read next. */
  of({ cards, meeting }: Table): ReadonlyMap<string, CardReading> {
    this.#cards = meeting.state === 'closed' ? [] : cards.filter(({ row }) => row.lockedAt === null);
    for (const { row } of this.#cards) if (!this.#known.has(row.id)) this.#stale.add(row.id);
    if (this.#stale.size > 0) this.#soon(0);
    return new Map(
      this.#cards.flatMap(({ row }) => {
        const reading = this.#known.get(row.id);
        return reading ? [[row.id, reading] as const] : [];
      })
    );
  }

  /** An edit was stored. */
  edited(cardId: string, sections: readonly string[]): void {
    if (!sections.some((section) => section === 'plan' || section === 'questions')) return;
    this.#stale.add(cardId);
    this.#soon(REST);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #soon(rest: number): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => {
      this.#readStale()
        .catch(this.#failed)
        .finally(() => {
          this.#timer = undefined;
          if (this.#stale.size > 0) this.#soon(REST);
        });
    }, rest);
  }

  async #readStale(): Promise<void> {
    let moved = false;
    for (const cardId of [...this.#stale]) {
      if (this.#closed) return;
      this.#stale.delete(cardId);
      const card = this.#cards.find(({ row }) => row.id === cardId);
      if (!card) continue;
      const reading = await this.#read(card);
      if (JSON.stringify(this.#known.get(cardId)) === JSON.stringify(reading)) continue;
      this.#known.set(cardId, reading);
      moved = true;
    }
    if (moved && !this.#closed) this.#moved();
  }

  #read({ row, members }: TableCard): Promise<CardReading> {
    return this.#sync.read(row.id, ({ cards }): CardReading => ({
      actions: actionsIn(cards).map((action): ReadAction => ({ ...action, reading: readingOf(action) })),
      answered: members.flatMap(({ id }) => (responsesTo(cards, id).length > 0 ? [id] : [])),
      questions: questionsIn(cards)
    }));
  }
}
