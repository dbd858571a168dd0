// Words that their author wrote and the record does not hold: refused, later than the lock, or of a card that is gone. They wait here
// until they are put back as new typing, copied or thrown away; leaving the card does not lose them.
import * as edit from '#lib/card/edit.ts';
import { wordsAt } from '#lib/card/read.ts';
import { actionIdOf } from '#lib/card/schema.ts';
import type { Section } from '#lib/domain/permission.ts';
import type { LiveCard } from './LiveCard.svelte.ts';
import type { Lost } from './LiveDocument.svelte.ts';
import type { UnsavedWords } from './unsaved.ts';

export interface Kept extends UnsavedWords {
  readonly id: number;
  readonly cardId: string;
  readonly reference: string;
  readonly why: Lost['why'];
  readonly message: string;
}

/** Lends the live card of a family to write in; undefined where this person may not write in that section there. */
export type Lend = (
  cardId: string,
  section: Section
) => { readonly card: Pick<LiveCard, 'documentOf' | 'comes'>; giveBack(): void } | undefined;

export class KeptWords {
  #all = $state.raw<readonly Kept[]>([]);
  #last = 0;

  get all(): readonly Kept[] {
    return this.#all;
  }

  keep(cardId: string, reference: string, lost: Lost): void {
    const more = lost.words.map((words) => ({
      ...words,
      id: ++this.#last,
      cardId,
      reference,
      why: lost.why,
      message: lost.message
    }));
    this.#all = [...this.#all, ...more];
  }

  /** Brings back what this device kept over a reload. */
  restore(kept: readonly Kept[]): void {
    this.#all = [...this.#all, ...kept.map((each) => ({ ...each, id: ++this.#last }))];
  }

  discard(id: number): void {
    this.#all = this.#all.filter((kept) => kept.id !== id);
  }

  /**
   * Writes kept words into their families' cards as new typing, where their author may still write. What has no
   * place there any more stays here. Gives how many were put back. Carries SAVED7.
   */
  async putBack(words: readonly Kept[], lend: Lend): Promise<number> {
    const put = await Promise.all(words.map((kept) => this.#putBackOne(kept, lend)));
    return put.filter((done) => done).length;
  }

  async #putBackOne(kept: Kept, lend: Lend): Promise<boolean> {
    const lent = lend(kept.cardId, kept.section);
    if (!lent) return false;
    try {
      if (!(await lent.card.comes(kept.section))) return false;
      // Asked for twice while the card was on its way, they are written once.
      if (!this.#all.some(({ id }) => id === kept.id)) return false;
      const document = lent.card.documentOf(kept.section);
      if (!document || !write(document, kept)) return false;
      this.discard(kept.id);
      return true;
    } finally {
      lent.giveBack();
    }
  }
}

function write(document: NonNullable<LiveCard['cards']>, { section, key, field, lines }: Kept): boolean {
  const text = lines.join(' ');
  if (section !== 'plan' && section !== 'questions')
    return edit.appendParagraphs(document, section, key, lines);
  if (field === undefined || key === undefined) return edit.appendParagraphs(document, section, key, lines);
  const there = wordsAt(document, section, key, field);
  if (there) {
    edit.setWords(there, there.length > 0 ? `${there.toString()} ${text}` : text);
    return true;
  }
  // The action or question was new, and went with the refused copy.
  if (section === 'plan' && actionIdOf(key)) edit.addAction(document, { what: text });
  else if (field === 'text') edit.addQuestion(document, { text });
  else return false;
  return true;
}
