// A meeting with people connected to it. After anything that may have changed it, the rows are read once and
// each person's view is made from them; what is new in it is sent, in order, to that person alone. A family's
// card is in the audit before it is sent. Carries VIEW3 to VIEW5.
import type { Socket } from 'socket.io';
import type { ClientEvents, MeetingState, ScreenKind, ServerEvents } from '#lib/protocol/meeting.ts';
import { auditEvents } from '../database/schema/decisions.ts';
import type { Database } from '../database/database.ts';
import type { Session } from '../identity/session.ts';
import { plainError, type Log } from '../log.ts';
import type { Sync } from '../sync/sync.ts';
import { BesideCards, isNote } from './beside.ts';
import type { Aftermath } from './commands/acting.ts';
import { CardReadings } from './readings.ts';
import { loadTable, type Table } from './table.ts';
import { changeSince, partsOf, viewFor, type Sent } from './view.ts';
import { RecentWriting, type CardWriters } from './writing.ts';

export type BoardSocket = Socket<ClientEvents, ServerEvents>;

/** One connection of a person; somebody with two windows is two of them. */
export interface Sitter {
  readonly socket: BoardSocket;
  readonly session: Session;
  readonly mode: 'room' | 'remote';
  /** Set for the room's screen, which is nobody at the meeting. */
  readonly screen?: ScreenKind | undefined;
}

export interface SittingNeeds {
  readonly database: Database;
  readonly log: Log;
  readonly sync: Sync;
}

/** How often the meeting's time is reckoned anew while it is open, in milliseconds. */
const TICK = 30_000;
/** How long notes that the coordinator writes are gathered before anyone is told of them, in milliseconds. */
const NOTES_PAUSE = 1000;

export class Sitting {
  readonly areaId: string;
  readonly meetingId: string;
  readonly #needs: SittingNeeds;
  readonly #beside: BesideCards;
  readonly #readings: CardReadings;
  readonly #writing = new RecentWriting();
  readonly #sitters = new Map<Sitter, Sent>();
  /** By user: when their last connection was lost. */
  readonly #lostAt = new Map<string, string>();
  #table: Table | undefined;
  #turn: Promise<void> = Promise.resolve();
  #waiting: Promise<void> | undefined;
  #notes: ReturnType<typeof setTimeout> | undefined;
  #tick: ReturnType<typeof setInterval> | undefined;

  constructor(needs: SittingNeeds, areaId: string, meetingId: string) {
    this.#needs = needs;
    this.areaId = areaId;
    this.meetingId = meetingId;
    this.#beside = new BesideCards(needs.database, needs.sync);
    this.#readings = new CardReadings(
      needs.sync,
      () => void this.#quietly(this.refresh()),
      (error) => needs.log.error({ error: plainError(error), meetingId }, 'a card could not be read')
    );
  }

  get sitters(): readonly Sitter[] {
    return [...this.#sitters.keys()];
  }
  /** Those who are somebody at the meeting. */
  get people(): readonly Sitter[] {
    return this.sitters.filter(({ screen }) => !screen);
  }

  /** Lets someone sit down; the next refresh sends them the whole state. */
  join(sitter: Sitter): void {
    this.#sitters.set(sitter, new Map());
    this.#tick ??= setInterval(() => {
      if (this.#table?.meeting.state === 'open') void this.#quietly(this.refresh());
    }, TICK).unref();
    if (!sitter.screen) this.#lostAt.delete(sitter.session.user.id);
  }

  leave(sitter: Sitter): void {
    this.#sitters.delete(sitter);
    const userId = sitter.session.user.id;
    if (!sitter.screen && !this.people.some(({ session }) => session.user.id === userId))
      this.#lostAt.set(userId, new Date().toISOString());
    if (this.#sitters.size > 0) return;
    clearTimeout(this.#notes);
    clearInterval(this.#tick);
    this.#tick = undefined;
    this.#readings.close();
  }

  /** Sends everyone what is new, of a reading that begins after this call; resolves when it is sent. */
  refresh(): Promise<void> {
    if (this.#waiting) return this.#waiting;
    const turn = this.#turn.then(() => {
      this.#waiting = undefined;
      return this.#tell();
    });
    this.#waiting = turn;
    this.#turn = turn.catch((error: unknown) => {
      this.#needs.log.error(
        { error: plainError(error), meetingId: this.meetingId },
        'a meeting could not be read'
      );
    });
    return turn;
  }

  /** Says something once: to everyone, or, of a card, to those who were sent it, or to one person. */
  notice({ cardId, to, ...notice }: NonNullable<Aftermath['notice']>): void {
    const at = new Date().toISOString();
    for (const [{ socket, session, screen }, sent] of this.#sitters)
      if (!screen && (to ?? session.user.id) === session.user.id && (!cardId || sent.has(`cards/${cardId}`)))
        socket.emit('notice', { ...notice, at });
  }

  /** An edit was stored on a card of this meeting. */
  edited(edit: { cardId: string; userId: string; sections: readonly string[]; late: boolean }): void {
    const table = this.#table;
    if (!table?.cards.some(({ row }) => row.id === edit.cardId)) return;
    if (!edit.late) {
      this.#readings.edited(edit.cardId, edit.sections);
      this.#writing.wrote(edit, Date.now());
    }
    if (edit.late) {
      this.#beside.lateEditArrived(edit.cardId);
      void this.#quietly(this.refresh());
      for (const [{ socket }, sent] of this.#sitters) {
        const you = sent.get('you');
        const here = you ? (JSON.parse(you) as MeetingState['you']) : undefined;
        if (here && (here.chair || here.coordinator) && sent.has(`cards/${edit.cardId}`))
          socket.emit('notice', {
            kind: 'late-edit',
            text: 'An edit arrived after the lock. It is kept beside the card, and is not in the decision.',
            at: new Date().toISOString()
          });
      }
    } else if (edit.sections.some((section) => isNote(table, edit.userId, section))) {
      this.#beside.notesMoved();
      this.#notes ??= setTimeout(() => {
        this.#notes = undefined;
        void this.#quietly(this.refresh());
      }, NOTES_PAUSE);
    }
  }

  /** Who writes where, for chair and coordinator; undefined for others. */
  writing(userId: string): CardWriters[] | undefined {
    return this.#table && this.#writing.seenBy(this.#table, userId, Date.now());
  }

  async #tell(): Promise<void> {
    const table = await loadTable(this.#needs.database.db, this.areaId, this.meetingId);
    const beside = table && {
      ...(await this.#beside.read(table)),
      readings: this.#readings.of(table)
    };
    this.#table = table;
    const connected = new Set(this.people.map(({ session }) => session.user.id));
    const due = [...this.#sitters].flatMap(([sitter, sent]) => {
      const you = { userId: sitter.session.user.id, mode: sitter.mode, screen: sitter.screen };
      const state = table && beside && viewFor(table, beside, connected, you, this.#lostAt);
      if (!state) {
        sitter.socket.disconnect(true);
        return [];
      }
      return [{ sitter, sent, state, parts: partsOf(state) }];
    });
    await this.#record(table, due);
    for (const { sitter, sent, state, parts } of due) {
      if (!this.#sitters.has(sitter)) continue; // left meanwhile
      this.#sitters.set(sitter, parts);
      if (sent.size === 0) sitter.socket.emit('state', state);
      else {
        const change = changeSince(sent, state, parts);
        if (change) sitter.socket.emit('change', change);
      }
    }
  }

  /** Every card that somebody is about to see for the first time; where this fails, nobody is sent anything. */
  async #record(
    table: Table | undefined,
    due: readonly { sitter: Sitter; sent: Sent; state: MeetingState }[]
  ): Promise<void> {
    const familyOf = new Map(table?.cards.map(({ row }) => [row.id, row.familyId]));
    const opened = due.flatMap(({ sitter, sent, state }) =>
      Object.keys(state.cards)
        .filter((cardId) => !sent.has(`cards/${cardId}`))
        .map((cardId) => ({
          areaId: this.areaId,
          userId: sitter.session.user.id,
          sessionId: sitter.session.id,
          act: 'card-opened',
          purpose: 'the meeting',
          familyId: familyOf.get(cardId),
          meetingId: this.meetingId,
          cardId
        }))
    );
    if (opened.length > 0) await this.#needs.database.db.insert(auditEvents).values(opened);
  }

  /** Who asked for nothing waits for nothing: the failure is in the log, and the next refresh makes it good. */
  #quietly(refreshing: Promise<void>): Promise<void> {
    return refreshing.catch(() => undefined);
  }
}
