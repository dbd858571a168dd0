// The play of one rehearsal: its invented people at the meeting over the real wires, each doing what moves.ts and
// chairing.ts say, after a human while. It ends when the person leaves, a little after the close, when nobody has
// been there for ten minutes, and with the process. Time and chance come from outside. Carries REHEARSE5 to REHEARSE7.
import type { MeetingState } from '#lib/protocol/meeting.ts';
import { actionsIn, questionsIn } from '#lib/card/read.ts';
import { inLondon } from '#lib/domain/london.ts';
import { Actor, type OpenDocument } from '../invented/actor.ts';
import { plainError, type Log } from '../log.ts';
import { chairMoves } from './chairing.ts';
import { repMoves, type Move, type Sight } from './moves.ts';
import { longest, type Player } from './people.ts';

/** Time and chance. */
export interface Timing {
  /** Calls `then` after so many milliseconds; answers how to leave it. */
  later(ms: number, then: () => void): () => void;
  /** From 0 to 1. */
  chance(): number;
  now(): Date;
}
export const humanTiming: Timing = {
  later(ms, then) {
    const timer = setTimeout(then, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
  chance: Math.random,
  now: () => new Date()
};

/** How long the person may be away, and how long the players stay after the close, in milliseconds. */
const ABSENCE = 10 * 60_000;
const AFTERWARDS = 15_000;

export interface PlayNeeds {
  readonly origin: string;
  readonly meetingId: string;
  /** Who rehearses. */
  readonly personId: string;
  readonly players: readonly (Player & { readonly cookie: string })[];
  readonly timing: Timing;
  readonly log: Log;
  /** Called once, when it is over. */
  onOver(): void;
}

interface Playing {
  readonly player: Player;
  readonly actor: Actor;
  /** The moves that were begun, by key: made, or waiting for their time. */
  readonly begun: Set<string>;
}

export class Play {
  readonly #needs: PlayNeeds;
  readonly #cast: readonly Playing[];
  /** How to leave what waits for its time. */
  readonly #waiting = new Set<() => void>();
  #away: (() => void) | undefined;
  #watched: string | null = null;
  #document: OpenDocument | undefined;
  #closing = false;
  #over = false;

  constructor(needs: PlayNeeds) {
    this.#needs = needs;
    this.#cast = needs.players.map(({ cookie, ...player }) => ({
      player,
      actor: new Actor(needs.origin, cookie),
      begun: new Set()
    }));
  }

  /** The players come in, one after the other; the first of them also sees to how the play goes on. */
  begin(): void {
    this.#later(longest, () => this.stop());
    this.#away = this.#later(ABSENCE, () => this.stop());
    for (const [at, playing] of this.#cast.entries()) {
      playing.actor.onSeen((state) => {
        if (at === 0) this.#oversee(state, playing);
        this.#consider(playing);
      });
      this.#later(at * 900 * (0.5 + this.#needs.timing.chance()), () => void this.#enter(playing));
    }
  }

  stop(): void {
    if (this.#over) return;
    this.#over = true;
    for (const leave of this.#waiting) leave();
    this.#document?.close();
    for (const { actor } of this.#cast) actor.leave();
    this.#needs.onOver();
  }

  async #enter({ actor }: Playing): Promise<void> {
    try {
      await actor.enter(this.#needs.meetingId, 'room');
    } catch (error) {
      this.#failed(error, 'a player could not come in');
    }
    if (this.#over) actor.leave();
  }

  /** Ends the play in time, and reads along on the card at the table. */
  #oversee(state: MeetingState, eyes: Playing): void {
    const here = state.people.some(({ userId, connected }) => userId === this.#needs.personId && connected);
    if (here) {
      this.#away?.();
      this.#away = undefined;
    } else this.#away ??= this.#later(ABSENCE, () => this.stop());
    if (state.meeting.state === 'closed' && !this.#closing) {
      this.#closing = true;
      this.#later(AFTERWARDS, () => this.stop());
    }
    void this.#watch(state.currentCardId, eyes);
  }

  async #watch(cardId: string | null, { actor }: Playing): Promise<void> {
    if (cardId === this.#watched || this.#over) return;
    this.#watched = cardId;
    this.#document?.close();
    this.#document = undefined;
    if (cardId === null) return;
    try {
      const document = await actor.opens(this.#needs.meetingId, `cards/${cardId}`);
      if (this.#over || this.#watched !== cardId) return document.close();
      this.#document = document;
      document.doc.on('update', () => this.#considerAll());
      this.#considerAll();
    } catch (error) {
      // Opened again at the next sight.
      if (this.#watched === cardId) this.#watched = null;
      this.#failed(error, 'a player could not read a card');
    }
  }

  #considerAll(): void {
    for (const playing of this.#cast) this.#consider(playing);
  }

  /** Begins what is to be done now and was not begun. */
  #consider(playing: Playing): void {
    if (this.#over) return;
    const { chance } = this.#needs.timing;
    for (const { key, seconds } of this.#moves(playing)) {
      if (playing.begun.has(key)) continue;
      playing.begun.add(key);
      const [from, to] = seconds;
      this.#later((from + (to - from) * chance()) * 1000, () => void this.#make(playing, key));
    }
  }

  /** Makes a move, where it is still the thing to do; what fails is begun anew at the next sight. */
  async #make(playing: Playing, key: string): Promise<void> {
    const move = this.#moves(playing).find((each) => each.key === key);
    try {
      if (move?.write) await this.#write(playing, move.write);
      for (const act of move?.acts ?? []) await playing.actor.does(act);
      if (!move) playing.begun.delete(key);
    } catch (error) {
      playing.begun.delete(key);
      this.#failed(error, 'a player’s move was not made');
    }
  }

  async #write({ actor }: Playing, { cardId, words }: NonNullable<Move['write']>): Promise<void> {
    await actor.writes(this.#needs.meetingId, `cards/${cardId}`, words);
  }

  #moves({ player, actor }: Playing): Move[] {
    const { state } = actor;
    if (!state) return [];
    const { personId, timing } = this.#needs;
    const written =
      this.#document && this.#watched !== null
        ? {
            cardId: this.#watched,
            actions: actionsIn(this.#document.doc),
            questions: questionsIn(this.#document.doc)
          }
        : undefined;
    const sight: Sight = { state, personId, written, today: inLondon(timing.now()).date };
    return player.agency ? repMoves(player, sight) : chairMoves(sight);
  }

  #later(ms: number, then: () => void): () => void {
    const leave = this.#needs.timing.later(ms, () => {
      this.#waiting.delete(leave);
      if (!this.#over) then();
    });
    this.#waiting.add(leave);
    return () => {
      this.#waiting.delete(leave);
      leave();
    };
  }

  #failed(error: unknown, what: string): void {
    const { log, meetingId } = this.#needs;
    if (!this.#over) log.warn({ error: plainError(error), meetingId }, what);
  }
}
