// What chair and coordinator change of a family and its place on the agenda, each in one act and, as far as there is
// one, with its way back. Carries LINK1 to LINK3 and EASE6.
import type { Act, CommandAnswer } from '#lib/protocol/command.ts';
import type { CardView } from '#lib/protocol/meeting.ts';
import type { Board } from './Board.svelte.ts';

export class Arranging {
  readonly #board: Board;
  #fault = $state('');

  constructor(board: Board) {
    this.#board = board;
  }

  /** Why the last act was refused. */
  get fault(): string {
    return this.#fault;
  }
  forget(): void {
    this.#fault = '';
  }

  /** Puts a family off to the end of the agenda, or takes it back. */
  park({ id: cardId, reference, parked }: CardView): Promise<boolean> {
    if (parked) {
      const again: Act = { type: 'card.park', cardId, reason: parked.reason };
      return this.#act({ type: 'card.park', cardId, parked: false }, `${reference} is taken back.`, [again]);
    }
    const wasAtTable = this.#board.state?.currentCardId === cardId;
    return this.#act({ type: 'card.park', cardId }, `${reference} is parked.`, [
      { type: 'card.park', cardId, parked: false },
      this.#toItsPlace(cardId),
      ...(wasAtTable ? [{ type: 'card.show' as const, cardId }] : [])
    ]);
  }

  /** Takes a family off this meeting's agenda, back to the coordinator's list. */
  withdraw({ id: cardId, reference }: CardView, reason: string): Promise<boolean> {
    const wasAtTable = this.#board.state?.currentCardId === cardId;
    return this.#act({ type: 'card.withdraw', cardId, reason }, `${reference} is withdrawn.`, [
      { type: 'card.withdraw', cardId, withdrawn: false },
      this.#toItsPlace(cardId),
      ...(wasAtTable ? [{ type: 'card.show' as const, cardId }] : [])
    ]);
  }

  link(
    { id: cardId, reference }: CardView,
    withCardId: string,
    told: { together: boolean; reason: string }
  ): Promise<boolean> {
    return this.#act({ type: 'families.link', cardId, withCardId, ...told }, `${reference} is linked.`, [
      unlinking(cardId, withCardId),
      this.#toItsPlace(withCardId)
    ]);
  }

  unlink({ id }: CardView, { cardId, together, reason }: CardView['links'][number]): Promise<boolean> {
    return this.#act(unlinking(id, cardId), 'The link is undone.', [
      { type: 'families.link', cardId: id, withCardId: cardId, together, reason }
    ]);
  }

  /** @param back what undoes it, in this order */
  async #act(act: Act, said: string, back: readonly Act[] = []): Promise<boolean> {
    const about = this.#board.view?.id;
    const answer = await this.#board.send(act);
    this.#fault = answer.ok ? '' : answer.error.message;
    if (!answer.ok) return false;
    this.#board.sayings.say(said, 'answer');
    // What was taken off the agenda is there for nobody until it is put back.
    const cards = about && act.type !== 'card.withdraw' ? [about] : [];
    if (back.length > 0) this.#board.slips.did(said, cards, () => this.#inTurn(back));
    return true;
  }

  async #inTurn(acts: readonly Act[]): Promise<CommandAnswer> {
    let answer: CommandAnswer = { ok: true, result: {} };
    for (const each of acts) if (answer.ok) answer = await this.#board.send(each);
    return answer;
  }

  /** What brings a family back to where it stands on the agenda now. */
  #toItsPlace(cardId: string): Act {
    const { agenda } = this.#board;
    const at = agenda.findIndex(({ id }) => id === cardId);
    return { type: 'card.move', cardId, before: agenda[at + 1]?.id ?? null };
  }
}

const unlinking = (cardId: string, withCardId: string): Act => ({
  type: 'families.link',
  cardId,
  withCardId,
  linked: false,
  reason: 'Undone at the table'
});
