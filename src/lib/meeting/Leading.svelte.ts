// What whoever holds the chair does with the meeting's course, and what the last of it was answered. The rules of
// the course are in domain/course.ts. Carries COURSE12.
import {
  isTimeForBreak,
  nextFamily,
  nextStep,
  stepBack,
  type AgendaFamily,
  type Step
} from '#lib/domain/course.ts';
import type { Act, CommandAnswer } from '#lib/protocol/command.ts';
import type { CardView } from '#lib/protocol/meeting.ts';
import type { Board } from './Board.svelte.ts';

export class Leading {
  readonly #board: Board;
  #fault = $state('');
  #asking = $state<'reveal' | 'lock' | 'close' | 'give' | null>(null);

  constructor(board: Board) {
    this.#board = board;
  }

  readonly #families = $derived.by(() =>
    this.#board.agenda.map(({ id, state, stage, revealedAt, parked }): AgendaFamily => ({
      id,
      state,
      stage,
      revealed: this.isKnown(revealedAt),
      parked: parked !== null
    }))
  );
  readonly step = $derived.by(() => nextStep(this.#families, this.#tableId, this.#had));
  readonly back = $derived.by(() => stepBack(this.#families, this.#tableId));
  /** The family after the one at the table, or after where the table last was. */
  readonly nextId = $derived.by(() => nextFamily(this.#families, this.#tableId, this.#had));

  /** Between two families in the middle of a long agenda, with no break so far. */
  get isTimeForBreak(): boolean {
    const { phase, hadBreak } = this.#board.state?.meeting ?? {};
    return phase === 'open' && this.step.kind === 'show' && isTimeForBreak(this.#families, hadBreak ?? false);
  }
  /** Why the last act was refused. */
  get fault(): string {
    return this.#fault;
  }
  /** What is asked before it is done, since it can't be taken back or wants an answer. */
  get asking(): 'reveal' | 'lock' | 'close' | 'give' | null {
    return this.#asking;
  }
  set asking(what: 'reveal' | 'lock' | 'close' | 'give' | null) {
    this.#asking = what;
  }
  /** The family at the table. */
  get table(): CardView | null {
    return this.#board.state?.cards[this.#tableId ?? ''] ?? null;
  }
  /** The meeting has had a family at the table already, be it withdrawn since. */
  get begun(): boolean {
    return this.#board.state?.pace.begun ?? false;
  }
  get #tableId(): string | null {
    return this.#board.state?.currentCardId ?? null;
  }
  get #had(): readonly string[] {
    return this.#board.state?.pace.had ?? [];
  }
  /** Whether ratings are known to everyone at a card: revealed then, or never sealed. */
  isKnown(revealedAt: string | null): boolean {
    return this.#board.state?.meeting.sealed === false || revealedAt !== null;
  }

  async act(act: Act): Promise<boolean> {
    return this.#told(await this.#board.send(act));
  }
  /** Brings a family to the table; one that was there before it is the way back. */
  async show(cardId: string): Promise<void> {
    const before = this.table;
    const done = await this.act({ type: 'card.show', cardId });
    // Not before: until the table is there, following leads back to the family before, and its acts to that one.
    this.#board.following.follow();
    if (!done || !before || before.id === cardId || before.lock) return;
    const shown = this.#board.state?.cards[cardId]?.reference ?? 'A family';
    const said = `${shown} is at the table, in place of ${before.reference}.`;
    const stage = this.table?.stage;
    const back = async () => {
      const answer = await this.#board.send({ type: 'card.show', cardId: before.id });
      this.#board.following.follow();
      return answer;
    };
    // Once the table has gone on with the family it was meant.
    const stands = () => this.#tableId === cardId && this.table?.stage === stage;
    this.#board.slips.did(said, [cardId, before.id], back, stands);
  }
  async take(step: Step | undefined): Promise<void> {
    if (!step) return;
    if (step.kind === 'show') return this.show(step.cardId);
    if (step.kind === 'close') return this.shut();
    const cardId = this.#tableId;
    if (!cardId) return;
    this.#board.following.follow();
    if (step.kind === 'reveal') this.#asking = 'reveal';
    else await this.act({ type: 'card.stage', cardId, stage: step.stage });
  }
  /** Reveals the ratings of the family at the table: to everyone, and for good. */
  async reveal(): Promise<boolean> {
    const cardId = this.#tableId;
    return cardId !== null && this.act({ type: 'ratings.reveal', cardId });
  }
  /** Marks that the statement was read aloud. */
  async readAloud(): Promise<void> {
    if (!(await this.act({ type: 'statement.read' }))) return;
    this.#board.slips.did('The statement is marked as read aloud.', [], () =>
      this.#board.send({ type: 'statement.read', read: false })
    );
  }
  async shut(): Promise<void> {
    this.#asking = 'close';
    this.#told(await this.#board.beginClosing());
  }
  /** Calls everyone to where the chair is. */
  async bring(): Promise<void> {
    const view = this.#board.view;
    if (!view) return;
    const stage = view.id === this.#tableId ? { stage: view.stage } : {};
    await this.act({ type: 'everyone.bring', cardId: view.id, ...stage });
  }

  #told(answer: CommandAnswer): boolean {
    this.#fault = answer.ok ? '' : answer.error.message;
    return answer.ok;
  }
}
