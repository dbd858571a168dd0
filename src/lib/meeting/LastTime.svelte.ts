// What earlier meetings left open of this meeting's families, asked of the server once the agenda is known and again
// when another family is on it. Where it can't be had there is nothing: the board works without it.
import { createContext, untrack } from 'svelte';
import { tally, type Tally } from '#lib/domain/followup.ts';
import type { FollowedAction, LastTime as Answer } from '#lib/protocol/followup.ts';

export class LastTime {
  #answer = $state.raw<Answer | null>(null);
  #asked = 0;

  /** @param cardIds the cards that this person sees now; made in a component, which ends it. */
  constructor(meetingId: string, cardIds: () => readonly string[]) {
    const agenda = $derived([...cardIds()].sort().join());
    $effect(() => {
      if (agenda !== '') untrack(() => void this.#ask(meetingId));
    });
  }

  async #ask(meetingId: string): Promise<void> {
    const asked = ++this.#asked;
    const answer = await fetch(`/api/meetings/${meetingId}/last-time`).catch(() => null);
    const told = answer?.ok ? ((await answer.json()) as Answer) : null;
    if (asked === this.#asked && told) this.#answer = told;
  }

  /** Today in London, YYYY-MM-DD. */
  get today(): string {
    return this.#answer?.today ?? '';
  }

  /** What is left of a card's family. */
  of(cardId: string): readonly FollowedAction[] {
    return this.#answer?.cards[cardId] ?? [];
  }

  /** Counts over these cards, those that this person sees. */
  tallyOf(cardIds: readonly string[]): Tally {
    // A family on two cards is one: an action counts once.
    const actions = cardIds.flatMap((id) => this.of(id));
    return tally(
      [...new Map(actions.map((action) => [`${action.cardId} ${action.actionId}`, action])).values()],
      this.today
    );
  }
}

export const [useLastTime, provideLastTime] = createContext<LastTime>();
