// The seat of somebody who is not in the room: the families they are needed for, what is told of these and how, and
// the calls to them. What it tells outside the page holds nothing of any family.
import { untrack } from 'svelte';
import { minute, nearness, type Nearness } from '#lib/domain/pace.ts';
import { seatNews, type Needed, type News } from '#lib/domain/seat-news.ts';
import type { CallView, CardView } from '#lib/protocol/meeting.ts';
import { notifyOutside, ring } from './attention.ts';
import type { Board } from './Board.svelte.ts';

/** What a person chose at this browser, by name. */
export interface Chosen {
  get(name: 'tell' | 'sound'): string | null;
  set(name: 'tell' | 'sound', value: string): void;
}

export interface NeededFamily extends Needed {
  /** When it comes, in milliseconds since 1970; null where nothing is foretold. */
  readonly at: number | null;
}

export class VirtualSeat {
  readonly #board: Board;
  readonly #chosen: Chosen;
  #before: readonly Needed[] | undefined;
  #news = $state.raw<readonly (News & { id: number })[]>([]);
  #last = 0;
  #tells = $state(true);
  #sounds = $state(false);
  readonly #release: () => void;

  /** Whoever is needed for some families only is told unless they chose otherwise; who attends the whole, if they chose it. */
  constructor(board: Board, chosen: Chosen) {
    this.#board = board;
    this.#chosen = chosen;
    const whole = (board.state?.agencies ?? []).some(
      ({ id, core }) => core && board.seat.agencies.includes(id)
    );
    this.#tells = chosen.get('tell') === null ? !whole : chosen.get('tell') === 'yes';
    this.#sounds = chosen.get('sound') === 'yes';
    this.#release = $effect.root(() => {
      $effect(() => this.#look());
      $effect(() => (this.ringing.length > 0 ? this.#ring() : undefined));
    });
  }

  /** Tells five minutes before, at 'next' and at 'now'. */
  get tells(): boolean {
    return this.#tells;
  }
  set tells(on: boolean) {
    this.#tells = on;
    this.#chosen.set('tell', on ? 'yes' : 'no');
  }
  get sounds(): boolean {
    return this.#sounds;
  }
  set sounds(on: boolean) {
    this.#sounds = on;
    this.#chosen.set('sound', on ? 'yes' : 'no');
  }
  /** What was told and still is so. */
  get news(): readonly (News & { id: number })[] {
    const near = new Map(this.needed.map((each) => [each.cardId, each.near]));
    return this.#news.filter(({ cardId, kind }) => kind === 'gone' || near.get(cardId) === kind);
  }
  dismiss(id: number): void {
    this.#news = this.#news.filter((each) => each.id !== id);
  }

  /** Calls to this person that want an answer. */
  readonly ringing = $derived.by((): readonly CallView[] =>
    (this.#board.state?.calls ?? []).filter(({ yours, state }) => yours && state === 'ringing')
  );
  /** Calls that this person answered, and those by which they are in the video call. */
  readonly answered = $derived.by((): readonly CallView[] =>
    (this.#board.state?.calls ?? []).filter(
      ({ yours, state }) => yours && ['coming', 'in-5', 'cannot', 'in'].includes(state)
    )
  );

  /** The families this person is needed for that are at the table or to come, the first to come first. */
  readonly needed = $derived.by((): readonly NeededFamily[] => {
    const { state, seat } = this.#board;
    if (!state || state.meeting.state === 'closed') return [];
    return this.#board.agenda
      .filter((card) => card.agencyIds.some((id) => seat.agencies.includes(id)))
      .filter((card) => state.currentCardId === card.id || state.pace.upcoming[card.id] !== undefined)
      .map((card) => this.#neededOf(card))
      .sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  });

  close(): void {
    this.#release();
  }

  #neededOf(card: CardView): NeededFamily {
    const { state } = this.#board;
    const up = state?.pace.upcoming[card.id];
    const at = up ? Date.parse(up.at) : null;
    const foretold = up && { at: at ?? 0, next: up.next, skipped: up.skipped };
    const here = { present: state?.currentCardId === card.id && !card.lock, parked: card.parked !== null };
    const time = Math.floor(this.#board.meeting.time / 1000) * 1000;
    return { cardId: card.id, reference: card.reference, near: this.#near(foretold, here, time), at };
  }

  #near(...asked: Parameters<typeof nearness>): Nearness {
    const near = nearness(...asked);
    // Before it is opened, nothing is near: the meeting may begin late.
    return this.#board.state?.meeting.state === 'open' ? near : 'later';
  }

  #look(): void {
    const now = this.needed;
    if (!this.#board.meeting.up) return;
    // A family that was dealt with leaves the list, and that is no news.
    const cards = this.#board.state?.cards ?? {};
    const before = this.#before?.filter(
      ({ cardId }) => !(cardId in cards) || now.some((each) => each.cardId === cardId)
    );
    const news = seatNews(before, now);
    this.#before = now;
    if (news.length > 0 && this.#tells) untrack(() => this.#tell(news));
  }

  #tell(news: readonly News[]): void {
    for (const { text, plain } of news) {
      this.#board.sayings.say(text);
      notifyOutside(plain);
    }
    const about = new Set(news.map(({ cardId }) => cardId));
    const fresh = news.map((each) => ({ ...each, id: ++this.#last }));
    this.#news = [...this.#news.filter(({ cardId }) => !about.has(cardId)), ...fresh];
  }

  #ring(): (() => void) | undefined {
    notifyOutside('Same Room: the chair asks you in');
    return this.#sounds ? ring() : undefined;
  }
}

/** To the minute: what is shown of the time to come changes no more often. */
export const toTheMinute = (at: number) => Math.floor(at / minute) * minute;
