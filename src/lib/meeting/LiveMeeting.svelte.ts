// The meeting as this person may see it, kept whole from `state` and `change`, and the acts that the server
// decides. An act has one id from the first try to the last, so a dropped line never does it twice. Without a line
// it can be shown as this device last saw it. Carries WAKE3.
import { io, type Socket } from 'socket.io-client';
import type { Act, CommandAnswer } from '#lib/protocol/command.ts';
import {
  withChange,
  type ClientEvents,
  type MeetingChange,
  type MeetingState,
  type Notice,
  type ScreenKind,
  type ServerEvents
} from '#lib/protocol/meeting.ts';
import { delayBefore, isSilent } from './reconnect.ts';
import { now } from './time.svelte.ts';

type Board = Socket<ServerEvents, ClientEvents>;

interface Pending {
  readonly command: Act & { id: string };
  readonly answer: (answer: CommandAnswer) => void;
  readonly until: number;
}

/** How long the server may take to answer before the line is called bad, and how long an act is worth retrying. */
const patience = 8000;
const worthwhile = 60_000;
/** How often the server pings, in milliseconds. */
const pings = 25_000;

export const needsLine: CommandAnswer = {
  ok: false,
  error: { code: 'unavailable', message: 'This needs a connection. Nothing was sent; your words stay here.' }
};

export class LiveMeeting {
  readonly id: string;
  readonly #socket: Board;
  readonly #pending = new Map<string, Pending>();
  #state = $state.raw<MeetingState | null>(null);
  #up = $state(false);
  /** How far the server's clock is ahead of this device's. Milliseconds. */
  #ahead = $state(0);
  #lostAt = $state<number | null>(null);
  #fate = $state<'open' | 'gone' | 'signed-out'>('open');
  #notices: ((notice: Notice) => void)[] = [];
  #retry: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #heardAt = 0;
  #fresh = $state(false);
  #closed = false;
  #unreachable: () => void = () => undefined;

  /** @param screen this page is no person's board but the room's screen */
  constructor(meetingId: string, mode: 'room' | 'remote', screen?: ScreenKind) {
    this.id = meetingId;
    this.#socket = io({
      path: '/events',
      transports: ['websocket'],
      auth: { meetingId, mode, screen },
      // Every failure asks why, and tries again from here: the library alone would not learn that it is signed out.
      reconnection: false
    });
    this.#socket.on('clock', (at) => (this.#ahead = Date.parse(at) - Date.now()));
    this.#socket.on('state', (state) => this.#arrived(state));
    this.#socket.on('change', (change) => this.#merge(change));
    this.#socket.on('notice', (notice) => this.#notices.forEach((tell) => tell(notice)));
    this.#socket.onAny(() => this.#heard());
    this.#socket.io.on('ping', () => this.#heard());
    this.#socket.on('disconnect', (reason) => {
      this.#dropped();
      // The server ended it: rights changed, or it is stopping. Whoever left on purpose says when to come back.
      if (reason === 'io server disconnect') void this.#ask();
      else if (reason !== 'io client disconnect') this.#comeBack();
    });
    this.#socket.on('connect_error', () => {
      this.#dropped();
      void this.#ask();
    });
  }

  get state(): MeetingState | null {
    return this.#state;
  }
  /** The time by the server's clock, which no device's own is trusted to be. Milliseconds since 1970. */
  get time(): number {
    return now() + this.#ahead;
  }
  get up(): boolean {
    return this.#up;
  }
  /** The state is the server's own of this visit, not what this device kept. */
  get fresh(): boolean {
    return this.#fresh;
  }
  get lostAt(): number | null {
    return this.#lostAt;
  }
  get fate(): 'open' | 'gone' | 'signed-out' {
    return this.#fate;
  }

  /** Is called when a try ended without any answer. */
  onUnreachable(tell: () => void): void {
    this.#unreachable = tell;
  }
  /** Shows the meeting as this device last saw it, until the server tells it anew. */
  recall(state: MeetingState, lostAt: number): void {
    if (this.#state || this.#fate !== 'open') return;
    this.#state = state;
    this.#lostAt = lostAt;
  }

  onNotice(tell: (notice: Notice) => void): void {
    this.#notices.push(tell);
  }

  /** Does an act. Answers `unavailable` at once when offline; after that the same id is sent until it is answered. */
  send(act: Act): Promise<CommandAnswer> {
    if (!this.#up) return Promise.resolve(needsLine);
    const id = crypto.randomUUID();
    return new Promise((answer) => {
      const pending: Pending = { command: { ...act, id }, answer, until: Date.now() + worthwhile };
      this.#pending.set(id, pending);
      this.#try(pending);
    });
  }

  leaveLine(): void {
    this.#dropped();
    // Safari hangs when a socket is closed that is still connecting; that one fails by itself.
    if (this.#socket.connected) this.#socket.disconnect();
  }
  /** The page was asleep, or its network is back: a socket may say that it is open and be dead. */
  wake(): void {
    this.#failures = 0;
    // The server pings every 25 s; that much silence and a little more is no line.
    if (this.#socket.connected && isSilent(this.#heardAt, Date.now() - pings)) this.leaveLine();
    if (!this.#socket.connected) this.#comeBack();
  }
  tryAgain(): void {
    if (!this.#socket.connected && this.#fate === 'open' && !this.#closed) this.#socket.connect();
  }
  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#socket.disconnect();
    this.#abandon(() => true);
  }

  #try(pending: Pending): void {
    this.#socket
      .timeout(patience)
      .emitWithAck('command', pending.command)
      .then((answer: CommandAnswer) => this.#settle(pending, answer))
      .catch(() => {
        // No answer: either the line dropped, and `state` will send it again, or the server is slow.
        if (this.#pending.has(pending.command.id) && this.#up) this.#try(pending);
        this.#abandon((each) => each.until < Date.now());
      });
  }

  #settle(pending: Pending, answer: CommandAnswer): void {
    this.#pending.delete(pending.command.id);
    pending.answer(answer);
  }

  #abandon(which: (pending: Pending) => boolean): void {
    const message = 'The line dropped before an answer came. Look whether it was done, and try again.';
    for (const pending of [...this.#pending.values()].filter(which))
      this.#settle(pending, { ok: false, error: { code: 'unavailable', message } });
  }

  #arrived(state: MeetingState): void {
    // Another person has signed in on this browser: nothing of this page is theirs.
    if (this.#state && this.#state.you.userId !== state.you.userId) return this.#end('signed-out');
    this.#state = state;
    this.#fresh = true;
    this.#up = true;
    this.#failures = 0;
    this.#lostAt = null;
    this.#abandon((each) => each.until < Date.now());
    for (const pending of this.#pending.values()) this.#try(pending);
  }

  #merge(change: MeetingChange): void {
    if (this.#state) this.#state = withChange(this.#state, change);
  }

  #dropped(): void {
    this.#up = false;
    this.#lostAt ??= Date.now();
  }

  /** A browser can't see why an upgrade was refused: ask in the ordinary way, and stop where trying is useless. */
  async #ask(): Promise<void> {
    try {
      const session = await fetch('/api/session', { signal: AbortSignal.timeout(patience) });
      if (session.status === 401) return this.#end('signed-out');
      const meetings = await fetch('/api/meetings', { signal: AbortSignal.timeout(patience) });
      if (meetings.ok) {
        const mine = (await meetings.json()) as { id: string }[] | { meetings: { id: string }[] };
        const list = Array.isArray(mine) ? mine : mine.meetings;
        if (!list.some((meeting) => meeting.id === this.id)) return this.#end('gone');
      }
    } catch {
      this.#unreachable(); // no answer at all: a lost line, so try on
    }
    this.#comeBack();
  }

  #comeBack(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.tryAgain(), delayBefore(this.#failures++, Math.random));
  }

  #heard(): void {
    this.#heardAt = Date.now();
  }

  #end(fate: 'gone' | 'signed-out'): void {
    this.#fate = fate;
    this.#state = null;
    this.#socket.disconnect();
    this.#abandon(() => true);
  }
}
