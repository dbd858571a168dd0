// Which family is open on one person's board: the one chosen there, or the chair's while it follows; and where the
// chair called everyone to. The rules are the domain's.
import * as rule from '#lib/domain/following.ts';
import type { CardView, MeetingState, Notice } from '#lib/protocol/meeting.ts';

type Place = NonNullable<Notice['place']>;

export class Following {
  #at = $state.raw(rule.fromTheStart);
  #busy = $state(false);
  #called = $state.raw<Place | null>(null);
  readonly #state: () => MeetingState | null;
  readonly #agenda: () => readonly CardView[];

  /** @param agenda the families that this person sees, in order */
  constructor(state: () => MeetingState | null, agenda: () => readonly CardView[]) {
    this.#state = state;
    this.#agenda = agenda;
  }

  /** The card that is open here; null before there is one. */
  get openId(): string | null {
    return this.#openId;
  }
  /** Follows the chair; whether it waits just now is another question. */
  get on(): boolean {
    return this.#at.on;
  }
  /** Following, and left behind at a family where this person wrote while the table went on. */
  get waiting(): boolean {
    const { on, held } = this.#at;
    return on && held !== null && this.#table !== null && held !== this.#table;
  }
  /** A field has the focus. */
  get busy(): boolean {
    return this.#busy;
  }
  /** Where the chair called everyone to, until one went there or stayed. */
  get called(): Place | null {
    return this.#called && this.#state()?.cards[this.#called.cardId] ? this.#called : null;
  }

  /** Looks at a card; at another than the chair's, this person no longer follows. */
  open(cardId: string): void {
    this.#at = rule.opened(this.#at, cardId, this.#where);
  }
  /** Goes where the chair is, and stays with them. */
  follow(): void {
    this.#at = rule.follow(this.#at);
  }
  /** Stays here, wherever the chair goes. */
  stop(): void {
    this.#at = rule.stop(this.#at, this.openId);
  }
  /** Someone who is writing is not moved: following waits while a field has the focus. */
  writing(on: boolean): void {
    this.#busy = on;
    this.#at = on ? rule.writing(this.#at, this.openId) : rule.wrote(this.#at, this.#where);
  }
  call(place: Place): void {
    this.#called = place;
  }
  /** The call was seen, and is done with. */
  answered(): void {
    this.#called = null;
  }

  get #table(): string | null {
    return this.#state()?.currentCardId ?? null;
  }
  get #where(): rule.Table {
    return { at: this.#table, had: this.#state()?.pace.had ?? [] };
  }

  readonly #openId = $derived.by((): string | null => {
    const wanted = rule.openFor(this.#at, this.#where);
    if (wanted && this.#state()?.cards[wanted]) return wanted;
    // Before the meeting everyone is in the lobby, unless they open a family.
    const gathering = this.#state()?.meeting.phase === 'gathering';
    const { at, had } = this.#where;
    return at ?? had.at(-1) ?? (gathering ? null : (this.#agenda()[0]?.id ?? null));
  });
}
