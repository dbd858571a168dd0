// What the room's screen holds: the meeting as an observer sees it, and, where names may be seen, the document of the
// family at the table. It goes where the chair goes and sends nothing. What it may hold, the server sees to.
import { untrack } from 'svelte';
import { actionsIn, type PlannedAction } from '#lib/card/read.ts';
import type { AgencyView, CardView, MeetingState, ScreenKind } from '#lib/protocol/meeting.ts';
import { LiveCard } from './LiveCard.svelte.ts';
import { LiveMeeting } from './LiveMeeting.svelte.ts';
import { onWake } from './wake.ts';

export class RoomScreen {
  readonly kind: ScreenKind;
  readonly meeting: LiveMeeting;
  #card = $state.raw<LiveCard | null>(null);
  readonly #release: () => void;
  readonly #wakes: () => void;

  constructor(meetingId: string, kind: ScreenKind) {
    this.kind = kind;
    this.meeting = new LiveMeeting(meetingId, 'room', kind);
    this.#wakes = onWake(() => {
      this.meeting.wake();
      this.#card?.wake();
    });
    this.#release = $effect.root(() => {
      $effect(() => {
        const cardId = this.kind === 'names' ? this.#currentId : null;
        const userId = this.#userId;
        if (!cardId || !userId) return;
        return untrack(() => this.#open(cardId, userId));
      });
    });
  }

  readonly #currentId = $derived(this.state?.currentCardId ?? null);
  readonly #userId = $derived(this.state?.you.userId ?? null);

  get state(): MeetingState | null {
    return this.meeting.state;
  }
  /** Cards in the order of the agenda. */
  get agenda(): CardView[] {
    return Object.values(this.state?.cards ?? {}).sort((a, b) => a.position - b.position);
  }
  /** The family at the table. */
  get view(): CardView | null {
    return (this.#currentId && this.state?.cards[this.#currentId]) || null;
  }
  /** The agencies at the card that is shown. */
  get agencies(): AgencyView[] {
    const at = this.view?.agencyIds ?? [];
    return (this.state?.agencies ?? []).filter(({ id }) => at.includes(id));
  }
  /** Ratings are known to everyone at the card. */
  get revealed(): boolean {
    const { view } = this;
    return !(this.state?.meeting.sealed ?? true) || Boolean(view?.revealedAt ?? view?.lock);
  }
  /** What is planned; nothing where the screen is discreet. */
  get actions(): PlannedAction[] {
    return this.#card?.reading('plan', actionsIn, []) ?? [];
  }
  /** The family whose turn comes after this one, and when. */
  get next(): { readonly reference: string; readonly at: string } | null {
    const [found] = Object.entries(this.state?.pace.upcoming ?? {}).filter(([, { next }]) => next);
    const reference = found && this.state?.cards[found[0]]?.reference;
    return found && reference ? { reference, at: found[1].at } : null;
  }

  leaveLine(): void {
    this.meeting.leaveLine();
    this.#card?.leaveLine();
  }
  close(): void {
    this.#wakes();
    this.#release();
    this.meeting.close();
  }

  #open(cardId: string, userId: string): () => void {
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const address = `${scheme}//${location.host}/sync/${this.meeting.id}`;
    const card = new LiveCard(
      { address, cardId, userId, kinds: ['cards'], screen: true },
      () => undefined, // nobody writes here, so no words come back
      () => undefined
    );
    this.#card = card;
    return () => {
      this.#card = null;
      card.close();
    };
  }
}
