// The chair's closing of a meeting while it is being looked through: why a family is locked all the same, which is
// carried, what was read, and what moved meanwhile. The server decides; this keeps words and versions. Carries CLOSE6.
import { SvelteMap } from 'svelte/reactivity';
import type { CommandAnswer, Moved } from '#lib/protocol/command.ts';
import type { CardView } from '#lib/protocol/meeting.ts';
import type { Board } from './Board.svelte.ts';

/** What becomes of a family when the meeting is closed as it is now. */
export type Becomes = 'locked-already' | 'will-lock' | 'lacks-reason' | 'carried' | 'not-reached';

export interface Writing {
  readonly cardId: string;
  readonly by: readonly string[];
}

/** How often it is asked who is still writing. Milliseconds. */
const every = 2000;

export class Closing {
  /** Said for every family that lacks something and has no reason of its own. */
  reason = $state('');
  /** Why a family is locked all the same, by card. */
  readonly reasons = new SvelteMap<string, string>();
  /** Why a family is carried to the next meeting, by card. */
  readonly carry = new SvelteMap<string, string>();
  readonly #board: Board;
  /** The version of each family that the chair read. */
  readonly #seen = new SvelteMap<string, string>();
  readonly #asked = new Set<string>();
  #moved = $state.raw<ReadonlyMap<string, readonly Moved[]>>(new Map());
  #writing = $state.raw<readonly Writing[]>([]);
  #fault = $state('');
  #busy = $state(false);
  readonly #asking: ReturnType<typeof setInterval>;

  constructor(board: Board) {
    this.#board = board;
    this.#asking = setInterval(() => void this.#askWriting(), every);
    void this.#askWriting();
  }

  /** What others did on a card after the chair read it, as the server said when it stopped the close. */
  movedOn(cardId: string): readonly Moved[] {
    return this.#moved.get(cardId) ?? [];
  }
  get moved(): boolean {
    return this.#moved.size > 0;
  }
  get writing(): readonly Writing[] {
    return this.#writing;
  }
  get fault(): string {
    return this.#fault;
  }
  get busy(): boolean {
    return this.#busy;
  }

  becomes(card: CardView): Becomes {
    if (card.lock) return 'locked-already';
    if (this.carry.has(card.id)) return 'carried';
    if (!isConcluded(card)) return 'not-reached';
    const lacks = (card.missing ?? []).length > 0;
    return lacks && !this.reasonOf(card.id) ? 'lacks-reason' : 'will-lock';
  }
  /** The reason with which a family that lacks something would be locked; empty where none is given yet. */
  reasonOf(cardId: string): string {
    return this.reasons.get(cardId)?.trim() || this.reason.trim();
  }
  all(what: Becomes): CardView[] {
    return this.#board.agenda.filter((card) => this.becomes(card) === what);
  }
  /** Carried families whose reason is still to be said. */
  get unexplained(): CardView[] {
    return this.all('carried').filter(({ id }) => !this.carry.get(id)?.trim());
  }
  /** Nothing is left to say, and every family that will be locked was read. */
  get ready(): boolean {
    return (
      this.all('lacks-reason').length === 0 &&
      this.unexplained.length === 0 &&
      this.all('will-lock').every(({ id, missing }) => this.#seen.has(id) && missing !== null)
    );
  }

  /** Reads the families that are concluded and were not read yet. */
  readNew(): void {
    for (const { id } of [...this.all('will-lock'), ...this.all('lacks-reason')]) {
      if (this.#asked.has(id)) continue;
      this.#asked.add(id);
      void this.read(id).finally(() => !this.#seen.has(id) && this.#asked.delete(id));
    }
  }
  /** The chair reads one family as it is now. */
  async read(cardId: string): Promise<void> {
    const version = await versionOf(cardId);
    if (version !== undefined) this.#seen.set(cardId, version);
  }

  /** Closes the meeting as it stands here; says whether it is closed. */
  async close(): Promise<boolean> {
    this.#busy = true;
    const concluded = this.all('will-lock');
    const spoken = (said: ReadonlyMap<string, string>, of: readonly CardView[]) =>
      Object.fromEntries(
        of.flatMap(({ id }) => (said.get(id)?.trim() ? [[id, said.get(id)?.trim() ?? ''] as const] : []))
      );
    const carried = this.all('carried');
    const answer = await this.#board.send({
      type: 'meeting.close',
      ...(this.reason.trim() ? { reason: this.reason.trim() } : {}),
      reasons: spoken(this.reasons, concluded),
      seen: spoken(this.#seen, concluded),
      carry: carried.map(({ id }) => ({ cardId: id, reason: this.carry.get(id)?.trim() ?? '' }))
    });
    this.#busy = false;
    if (!answer.ok) await this.#stopped(answer);
    return answer.ok;
  }

  end(): void {
    clearInterval(this.#asking);
  }

  async #stopped({ error }: Extract<CommandAnswer, { ok: false }>): Promise<void> {
    this.#fault = error.message;
    const moved = error.code === 'changed' ? (error.cards ?? []) : [];
    this.#moved = new Map(moved.map((each) => [each.cardId, each.moved]));
    // What moved is on the screen now, and so read.
    await Promise.all(moved.map(({ cardId }) => this.read(cardId)));
  }

  async #askWriting(): Promise<void> {
    try {
      const answer = await fetch(`/api/meetings/${this.#board.meeting.id}/writing`);
      if (answer.ok) this.#writing = (await answer.json()) as Writing[];
    } catch {
      // Without a line nobody can close either; the next time it is asked again.
    }
  }
}

const isConcluded = (card: CardView) => card.joint.some(({ memberId }) => memberId === null);

async function versionOf(cardId: string): Promise<string | undefined> {
  try {
    const answer = await fetch(`/api/cards/${cardId}`, { headers: { accept: 'application/json' } });
    return answer.ok ? String(((await answer.json()) as { version: string }).version) : undefined;
  } catch {
    return undefined; // without a line the close is not sent either
  }
}
