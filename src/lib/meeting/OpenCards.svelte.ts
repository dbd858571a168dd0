// The cards whose live documents are open on one board: the one that is looked at, those that are borrowed to mend
// something from elsewhere, and those that were left with words still on their way. Each is opened once.
import { SvelteSet } from 'svelte/reactivity';
import type { DocumentKind } from '#lib/domain/permission.ts';
import type { LiveCard } from './LiveCard.svelte.ts';
import type { LiveDocument } from './LiveDocument.svelte.ts';
import { savedWords, type SavedWords } from './saved-words.ts';

/** How often a card that was left is asked whether its words have arrived, in milliseconds. */
const PAUSE = 500;

export class OpenCards {
  readonly #make: (cardId: string, kinds: readonly DocumentKind[]) => LiveCard;
  readonly #opened = new SvelteSet<LiveCard>();
  readonly #borrowed = new WeakMap<LiveCard, number>();
  #shown = $state.raw<LiveCard | null>(null);
  #closed = false;

  /** @param make opens a card's documents of these kinds */
  constructor(make: (cardId: string, kinds: readonly DocumentKind[]) => LiveCard) {
    this.#make = make;
  }

  /** The one that is looked at. */
  get shown(): LiveCard | null {
    return this.#shown;
  }
  get documents(): readonly LiveDocument[] {
    return [...this.#opened].flatMap((card) => card.documents);
  }
  /** Changes that only this device has. */
  get unsaved(): number {
    return [...this.#opened].reduce((sum, card) => sum + card.unsaved, 0);
  }

  /** What is saved, in words, as far as these cards and the meeting's own line are concerned. `now` in milliseconds. */
  saved(meeting: { up: boolean; been: boolean; lostAt: number | null }, now: number): SavedWords {
    const { documents } = this;
    const lost = [meeting.lostAt, ...documents.map(({ lostAt }) => lostAt)].filter((at) => at !== null);
    const writing = documents.map(({ saving }) => saving);
    const backs = documents.flatMap(({ back }) => back ?? []);
    const oldest = writing.flatMap(({ unsaved }) => unsaved[0]?.at ?? []);
    return savedWords(
      {
        up: meeting.up && documents.every(({ up }) => up),
        been: meeting.been && documents.every(({ been }) => been),
        lostAt: lost.length ? Math.min(...lost) : null,
        back: backs.length
          ? {
              at: Math.max(...backs.map(({ at }) => at)),
              kept: backs.reduce((sum, { kept }) => sum + kept, 0)
            }
          : null
      },
      {
        count: writing.reduce((sum, { count }) => sum + count, 0),
        oldest: oldest.length ? Math.min(...oldest) : null,
        lastWrite: Math.max(0, ...writing.map(({ lastWrite }) => lastWrite)),
        savedAt:
          writing
            .flatMap(({ savedAt }) => savedAt ?? [])
            .sort()
            .at(-1) ?? null
      },
      now
    );
  }

  /** Looks at a card, until the answer is called. */
  show(cardId: string, kinds: readonly DocumentKind[]): () => void {
    const card = this.#open(cardId, kinds);
    this.#shown = card;
    return () => {
      this.#shown = null;
      void this.#leave(card);
    };
  }

  /** Opens a card that is not looked at, for as long as it is borrowed: `giveBack` ends it once what was written arrived. */
  borrow(cardId: string, kinds: readonly DocumentKind[]): { card: LiveCard; giveBack: () => void } {
    const card = this.#open(cardId, kinds);
    this.#borrowed.set(card, this.#borrowers(card) + 1);
    const giveBack = () => {
      this.#borrowed.set(card, this.#borrowers(card) - 1);
      void this.#leave(card);
    };
    return { card, giveBack };
  }

  /** Opens a card for as long as it takes to send what an earlier visit could not. */
  deliver(cardId: string, kinds: readonly DocumentKind[]): void {
    void this.#leave(this.#open(cardId, kinds));
  }

  leaveLine(): void {
    for (const card of this.#opened) card.leaveLine();
  }
  tryAgain(): void {
    for (const card of this.#opened) card.tryAgain();
  }
  wake(): void {
    for (const card of this.#opened) card.wake();
  }
  close(): void {
    this.#closed = true;
    for (const card of this.#opened) card.close();
  }

  #open(cardId: string, kinds: readonly DocumentKind[]): LiveCard {
    const again = [...this.#opened].find((card) => card.id === cardId && card.kinds === kinds.join(' '));
    if (again) return again;
    const card = this.#make(cardId, kinds);
    this.#opened.add(card);
    return card;
  }

  #borrowers(card: LiveCard): number {
    return this.#borrowed.get(card) ?? 0;
  }

  /**
   * A card that is left with words still on their way stays until they have arrived; also where its person is signed
   * out, so that what is said to be unsent goes on being said.
   */
  async #leave(card: LiveCard): Promise<void> {
    while (card.unsaved > 0 && card.fate !== 'gone' && !this.#closed)
      await new Promise((later) => setTimeout(later, PAUSE));
    if (this.#shown === card || this.#borrowers(card) > 0) return;
    this.#opened.delete(card);
    card.close();
  }
}
