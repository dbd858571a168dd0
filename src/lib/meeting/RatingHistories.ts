// The history of a card's ratings, asked for when somebody looks at it and kept until a fact moves the card.
import type { RatingHistory } from '#lib/protocol/meeting.ts';

export class RatingHistories {
  #of = '';
  #asked: Promise<RatingHistory | null> = Promise.resolve(null);

  /** Null where it can't be had now: no connection, or a card that is no longer there. */
  read(cardId: string, version: number): Promise<RatingHistory | null> {
    const of = `${cardId} ${version}`;
    if (of !== this.#of) {
      this.#of = of;
      this.#asked = ask(cardId).then((history) => {
        if (!history && this.#of === of) this.#of = '';
        return history;
      });
    }
    return this.#asked;
  }
}

async function ask(cardId: string): Promise<RatingHistory | null> {
  try {
    const answer = await fetch(`/api/cards/${cardId}/ratings/history`);
    return answer.ok ? ((await answer.json()) as RatingHistory) : null;
  } catch {
    // No line: whoever asked is told so, and may ask again.
    return null;
  }
}
