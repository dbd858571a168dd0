// What one person's board holds: the meeting, the card they look at, what they may write on it by the same
// table the server reads, what this device keeps of it, and what is said aloud. Components ask it; it owns no
// rule of its own.
import { getContext, setContext, untrack } from 'svelte';
import * as permission from '#lib/domain/permission.ts';
import type { CardFacts, DocumentKind, Seat, Section } from '#lib/domain/permission.ts';
import { ratingWords, type Rating } from '#lib/domain/rating.ts';
import type { Rate } from '#lib/domain/screen.ts';
import type { Act, CommandAnswer } from '#lib/protocol/command.ts';
import type { AgencyView, CardView, MeetingState, MemberView, Notice } from '#lib/protocol/meeting.ts';
import { parseDocumentName } from '#lib/card/schema.ts';
import { Following } from './Following.svelte.ts';
import { KeptBoard } from './keeping/KeptBoard.ts';
import { LiveCard } from './LiveCard.svelte.ts';
import type { Lost } from './LiveDocument.svelte.ts';
import { KeptWords, type Kept } from './KeptWords.svelte.ts';
import { LiveMeeting } from './LiveMeeting.svelte.ts';
import { OpenCards } from './OpenCards.svelte.ts';
import { RatingHistories } from './RatingHistories.ts';
import type { SavedWords } from './saved-words.ts';
import { Sayings } from './Sayings.svelte.ts';
import { Slips } from './Slips.svelte.ts';
import { now } from './time.svelte.ts';
import { onWake } from './wake.ts';
import { withoutNames } from './without-names.ts';

/** How somebody comes to the board, and has it. */
interface Visit {
  readonly agreed?: string | null;
  readonly line?: boolean;
  readonly rate: () => Rate;
  readonly discreet: () => boolean;
}

export class Board {
  readonly meeting: LiveMeeting;
  readonly following = new Following(
    () => this.state,
    () => this.agenda
  );
  readonly sayings: Sayings;
  readonly slips = new Slips((cardId) => {
    const card = this.state?.cards[cardId];
    return card !== undefined && !card.lock;
  });
  readonly histories = new RatingHistories();
  /** What this author wrote and the record does not hold. */
  readonly kept = new KeptWords();
  #asked = $state<string | null>(null);
  readonly #agreed: string | null;
  readonly #discreet: () => boolean;
  readonly #cards = new OpenCards((cardId, kinds) => this.#openCard(cardId, kinds));
  /** What this device keeps; null while it is being opened. */
  #device = $state.raw<KeptBoard | null>(null);
  readonly #opening: Promise<void>;
  readonly #wakes: () => void;
  #closed = false;
  readonly #release: () => void;

  /**
   * @param agreed the statement that this person has just read and agreed to; null where they came back
   * @param line false: the page came from this device, without asking the server
   * @param rate how much of what others do this person wants to hear
   * @param discreet whether family members stand here by their role and not their name
   */
  constructor(
    meetingId: string,
    mode: 'room' | 'remote',
    { agreed = null, line = true, rate, discreet }: Visit
  ) {
    this.sayings = new Sayings(rate);
    this.#discreet = discreet;
    this.meeting = new LiveMeeting(meetingId, mode);
    this.#agreed = agreed;
    this.meeting.onNotice((notice) => this.#notice(notice));
    this.meeting.onUnreachable(() => this.#recall());
    this.#wakes = onWake(() => this.#wake());
    this.#opening = this.#openDevice(line);
    this.#release = $effect.root(() => {
      $effect(() => {
        if (!this.#device) return;
        const [cardId, kinds] = [this.openId, this.#kinds];
        if (!cardId || kinds === '') return;
        return untrack(() => this.#cards.show(cardId, kinds.split(' ') as DocumentKind[]));
      });
      $effect(() => {
        if (this.agreeing) untrack(() => void this.send({ type: 'statement.agree' }));
      });
      $effect(() => {
        const { state, lostAt, fate } = this.meeting;
        if (state || fate !== 'open')
          this.#device?.keepMeeting(state && { state, lostAt, openId: this.openId });
      });
      $effect(() => this.#device?.keepWords(this.kept.all));
      $effect(() => {
        const told = this.meeting.fresh || this.meeting.fate === 'gone';
        if (this.#device && told) untrack(() => this.#deliver());
      });
    });
  }

  get state(): MeetingState | null {
    return this.#shown;
  }
  /** Others see this screen: family members stand here by their role. */
  get discreet(): boolean {
    return this.#discreet();
  }
  /** A member's own name, to mend it, also where the board shows none. */
  nameOf(memberId: string): string {
    const members = Object.values(this.meeting.state?.cards ?? {}).flatMap((card) => card.members);
    return members.find(({ id }) => id === memberId)?.name ?? '';
  }
  /** The live documents of the open card; null until it is opened. */
  get card(): LiveCard | null {
    return this.#cards.shown;
  }
  /** Cards in the order of the agenda, as far as this person sees it. */
  get agenda(): CardView[] {
    return Object.values(this.state?.cards ?? {}).sort((a, b) => a.position - b.position);
  }
  /** The card that is open here: the one chosen, or the chair's while following. */
  get openId(): string | null {
    return this.following.openId;
  }
  get view(): CardView | null {
    const id = this.openId;
    return (id && this.state?.cards[id]) || null;
  }
  /** On the way to telling the server what was agreed to on arrival, as long as the statement still reads so. */
  get agreeing(): boolean {
    const { meeting, you } = this.state ?? {};
    return this.#agreed !== null && you?.agreedAt === null && meeting?.statement === this.#agreed;
  }
  /** Why the chair is asked of this person, who holds it; null where nobody asks. */
  get asked(): string | null {
    return this.seat.chair ? this.#asked : null;
  }

  /** Looks at a card; at another than the chair's, this person no longer follows. */
  open(cardId: string): void {
    this.following.open(cardId);
  }
  /** The asking for the chair was seen, and is done with. */
  answered(): void {
    this.#asked = null;
  }

  #notice(notice: Notice): void {
    if (notice.kind === 'bring' && notice.place) {
      if (this.seat.chair) return this.sayings.say('Everyone is asked here.', 'answer');
      this.following.call(notice.place);
      return; // said by the banner, in this person's own words for the place
    }
    if (notice.kind === 'chair-asked') this.#asked = notice.text;
    this.sayings.say(notice.text);
  }

  readonly #shown = $derived.by(() => {
    const { state } = this.meeting;
    return state && this.#discreet() ? withoutNames(state) : state;
  });

  get seat(): Seat {
    const you = this.state?.you;
    return {
      userId: you?.userId ?? '',
      agencies: you?.agencyIds ?? [],
      coordinator: you?.coordinator ?? false,
      administrator: you?.administrator ?? false,
      chair: you?.chair ?? false,
      deputy: you?.deputy ?? false,
      observer: you?.observer ?? false
    };
  }
  get facts(): CardFacts {
    return this.#factsOf(this.view);
  }
  #factsOf(view: CardView | null): CardFacts {
    const kind = (wanted: AgencyView['kind']) =>
      (this.state?.agencies ?? []).filter((agency) => agency.kind === wanted).map(({ id }) => id);
    return {
      agencies: view?.agencyIds ?? [],
      idva: kind('idva'),
      police: kind('police'),
      hiddenFrom: [],
      meeting: this.state?.meeting.state ?? 'closed',
      locked: Boolean(view?.lock) || (view?.id === this.view?.id && this.card?.lock !== null)
    };
  }
  mayWrite(section: Section): boolean {
    return this.view !== null && permission.mayWrite(this.seat, this.facts, section);
  }
  /** The same of any family's card, open here or not. */
  mayWriteAt(cardId: string, section: Section): boolean {
    const view = this.state?.cards[cardId];
    return view !== undefined && permission.mayWrite(this.seat, this.#factsOf(view), section);
  }
  mayRead(kind: DocumentKind): boolean {
    return this.view !== null && permission.mayRead(this.seat, this.facts, kind);
  }
  /** Without a line there is nothing of this card to show: it was not open here when the line was lost. */
  get notHere(): boolean {
    return (
      this.view !== null &&
      this.saved.kind === 'offline' &&
      !this.card?.documents.some((document) => document.been)
    );
  }
  mayLead(act: Parameters<typeof permission.mayLead>[1]): boolean {
    return permission.mayLead(this.seat, act);
  }
  /** Whether this person may amend the open card, or propose a correction of it. */
  get mayAmend(): boolean {
    return this.view !== null && permission.mayAmend(this.seat, this.facts);
  }
  /** Whether this person may read what stands beside the open card, such as who wrote what. */
  get mayReadBeside(): boolean {
    return this.view !== null && permission.mayReadBeside(this.seat, this.facts);
  }
  get mayPropose(): boolean {
    return this.view !== null && permission.mayPropose(this.seat, this.facts);
  }
  /** Whether facts can still be stated on the open card. */
  get live(): boolean {
    return this.state?.meeting.state === 'open' && !this.facts.locked;
  }
  /** The agencies at the open card that this person sits for. */
  get ownAgencies(): AgencyView[] {
    return this.agencies.filter(({ id }) => this.seat.agencies.includes(id));
  }
  /** The agencies at the open card for which this person's laptop speaks as well, since they share the room. */
  get sharedAgencies(): AgencyView[] {
    const laptops = (this.state?.laptops ?? []).filter(({ userId }) => userId === this.seat.userId);
    return this.agencies.filter(
      ({ id }) =>
        laptops.some(({ agencyId }) => agencyId === id) &&
        permission.mayStateFor(this.seat, this.facts, id, [id])
    );
  }
  /** The agencies at the open card. */
  get agencies(): AgencyView[] {
    const at = this.view?.agencyIds ?? [];
    return (this.state?.agencies ?? []).filter(({ id }) => at.includes(id));
  }

  /** The area's word for a rating, on the meeting's day. */
  word(rating: Rating): string {
    return this.state?.meeting.legend.meanings[rating].word ?? ratingWords[rating];
  }
  agency(id: string | null): AgencyView | undefined {
    return this.state?.agencies.find((agency) => agency.id === id);
  }
  member(id: string | null): MemberView | undefined {
    return this.view?.members.find((member) => member.id === id);
  }

  send(act: Act): Promise<CommandAnswer> {
    return this.meeting.send(act);
  }

  /** Closing begins: everyone is told, so that those who write come to an end. Nothing is closed by it. */
  async beginClosing(): Promise<CommandAnswer> {
    if (this.state?.meeting.phase === 'closing') return { ok: true, result: {} };
    return this.send({ type: 'meeting.phase', phase: 'closing' });
  }

  /**
   * The live documents of a card that is not the open one, for as long as they are borrowed: `giveBack` ends it,
   * once what was written has arrived. Undefined where there is nothing to write there for this person.
   */
  borrow(cardId: string, section: Section): { card: LiveCard; giveBack: () => void } | undefined {
    const view = this.state?.cards[cardId];
    return view && this.mayWriteAt(cardId, section)
      ? this.#cards.borrow(cardId, this.#kindsAt(view))
      : undefined;
  }

  /** Puts words that came back to this author where they stood, as new typing; gives how many found their place. */
  putBack(words: readonly Kept[]): Promise<number> {
    return this.kept.putBack(words, (cardId, section) => this.borrow(cardId, section));
  }

  /** What is saved, in words. */
  get saved(): SavedWords {
    const { up, lostAt } = this.meeting;
    return this.#cards.saved({ up, lostAt, been: this.state !== null }, now());
  }

  /** Changes that only this device has. */
  get unsaved(): number {
    return this.#cards.unsaved;
  }

  leaveLine(): void {
    this.meeting.leaveLine();
    this.#cards.leaveLine();
  }
  /** Resolves once what is not saved is kept on this device. Gives how many changes that is. */
  async keepNow(): Promise<number> {
    await this.#opening;
    await this.#device?.flush();
    return this.unsaved + (this.#device?.waiting ?? 0);
  }
  close(): void {
    this.#closed = true;
    this.#wakes();
    this.#release();
    const device = this.#device;
    // Signed out, the words wait for their author; whoever leaves by choice leaves nothing but what is not saved.
    device?.keepMeeting(null);
    this.#cards.close();
    this.meeting.close();
    void device?.close();
  }

  #wake(): void {
    this.meeting.wake();
    this.#cards.wake();
  }

  async #openDevice(line: boolean): Promise<void> {
    const device = await KeptBoard.open(this.meeting.id, line && navigator.onLine);
    if (this.#closed) return void device.close();
    this.#device = device;
    this.kept.restore(device.words);
    if (!line || !navigator.onLine) this.#recall();
  }

  /** Without a line: the meeting as it was last seen here. */
  #recall(): void {
    const seen = this.#device?.meeting;
    if (!seen || this.state) return;
    this.meeting.recall(seen.state, seen.lostAt ?? Date.now());
    if (seen.openId) this.open(seen.openId);
  }

  /** Sends what an earlier visit could not, of cards that are not open now. */
  #deliver(): void {
    const open = this.openId;
    const waiting = new Map<string, DocumentKind[]>();
    for (const name of this.#device?.unsentNames ?? []) {
      const { cardId, kind } = parseDocumentName(name) ?? {};
      if (cardId && kind && cardId !== open) waiting.set(cardId, [...(waiting.get(cardId) ?? []), kind]);
    }
    for (const [cardId, kinds] of waiting) {
      const view = this.state?.cards[cardId];
      this.#cards.deliver(cardId, view ? this.#kindsAt(view) : kinds);
    }
  }

  readonly #kinds = $derived(this.view ? this.#kindsAt(this.view).join(' ') : '');

  #kindsAt(view: CardView): DocumentKind[] {
    const facts = this.#factsOf(view);
    return permission.documentKinds.filter((kind) => permission.mayRead(this.seat, facts, kind));
  }

  #openCard(cardId: string, kinds: readonly DocumentKind[]): LiveCard {
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const address = `${scheme}//${location.host}/sync/${this.meeting.id}`;
    const keep = (lost: Lost) => this.kept.keep(cardId, this.state?.cards[cardId]?.reference ?? '', lost);
    const userId = this.state?.you.userId ?? this.#device?.userId ?? '';
    return new LiveCard({ address, cardId, kinds, userId }, keep, (name) =>
      this.#device?.document(name, !this.meeting.fresh)
    );
  }
}

const key = Symbol('board');
export function provideBoard(board: Board): Board {
  return setContext(key, board);
}
/** The board of the page that this component stands on. */
export function useBoard(): Board {
  const board = getContext<Board | undefined>(key);
  if (!board) throw new Error('This component stands outside a meeting board');
  return board;
}
