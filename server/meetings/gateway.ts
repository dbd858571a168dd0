// The door of a meeting's events: Socket.IO over WebSocket alone, with the same cookie as the pages. Who has
// no place at a meeting is told what somebody is told who asks for one that does not exist. Carries VIEW1, VIEW2.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Server } from 'socket.io';
import * as z from 'zod';
import type { CommandAnswer } from '#lib/protocol/command.ts';
import type { Arrival, ClientEvents, ServerEvents } from '#lib/protocol/meeting.ts';
import { record } from '../audit/audit.ts';
import type { Config } from '../config.ts';
import type { Session } from '../identity/session.ts';
import { plainError } from '../log.ts';
import { unmeasured, type Measure } from '../metrics/metrics.ts';
import { Turnstile } from '../turnstile.ts';
import { arrive } from './arrival.ts';
import { perform } from './commands/perform.ts';
import type { CommandNeeds } from './commands/once.ts';
import { Haste } from './haste.ts';
import { mayProject } from '#lib/domain/permission.ts';
import { seatAt } from './seats.ts';
import { Sitting, type BoardSocket, type Sitter } from './sitting.ts';
import type { CardWriters } from './writing.ts';

export interface GatewayNeeds extends Omit<CommandNeeds, 'connected'> {
  readonly config: Pick<Config, 'origins'>;
  readonly measure?: Measure;
  /** Who these headers' cookie stands for, asked of the database each time. */
  sessionOf(headers: Headers): Promise<Session | null>;
}

const arrival = z.object({
  meetingId: z.uuid(),
  mode: z.enum(['room', 'remote']),
  screen: z.enum(['names', 'discreet']).optional()
});

/** A command may be a notification's version for the table, some pages at most. */
const MESSAGE_BYTES = 64 * 1024;
/** How often everyone's session is asked for again, in milliseconds: it may have ended or run out. */
const SWEEP = 60_000;
/** How many are judged at a time, and how many may wait for it. */
const WIDTH = 4;
const QUEUE = 5000;

export class Gateway {
  readonly #needs: GatewayNeeds;
  readonly #commands: CommandNeeds;
  readonly #sittings = new Map<string, Sitting>();
  readonly #haste = new Haste();
  readonly #turnstile = new Turnstile(WIDTH, QUEUE);
  /** Never listens: Socket.IO wants a server to take its upgrades from, and is handed ours one by one. */
  readonly #inner = createServer();
  readonly #io = new Server<ClientEvents, ServerEvents>({
    path: '/events',
    transports: ['websocket'],
    serveClient: false,
    destroyUpgrade: false,
    maxHttpBufferSize: MESSAGE_BYTES,
    connectTimeout: 10_000
  });
  readonly #sweep: ReturnType<typeof setInterval>;
  readonly #leaving = new Set<Promise<void>>();
  #closed = false;

  constructor(needs: GatewayNeeds) {
    this.#needs = needs;
    this.#commands = {
      ...needs,
      connected: (meetingId) =>
        (this.#sittings.get(meetingId)?.people ?? []).map(({ session, mode }) => ({
          userId: session.user.id,
          mode
        }))
    };
    this.#io.attach(this.#inner);
    this.#io.use((socket, next) => {
      const admit = async () => {
        if (socket.conn.readyState === 'open') await this.#admit(socket);
        return true;
      };
      this.#turnstile.pass(admit).then(
        (admitted) => next(admitted ? undefined : new Unwelcome('unavailable', LATER)),
        (error: unknown) => next(error instanceof Unwelcome ? error : this.#failed(error))
      );
    });
    this.#io.on('connection', (socket) => this.#welcome(socket));
    this.#sweep = setInterval(() => void this.rejudge({}), SWEEP);
    this.#sweep.unref();
    needs.sync.onEdited((edit) => {
      for (const sitting of this.#sittings.values()) sitting.edited(edit);
    });
  }

  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    stream.on('error', () => stream.destroy());
    const { origin } = request.headers;
    // Only browsers attach cookies unasked, and they always say where they come from.
    if (origin !== undefined && !this.#needs.config.origins.includes(origin))
      stream.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    else if (this.#closed)
      stream.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    else this.#inner.emit('upgrade', request, stream, head);
  }

  /** Sends everyone at the meeting what is new of it. */
  async refresh(meetingId: string): Promise<void> {
    await this.#sittings.get(meetingId)?.refresh();
  }

  /** Who writes on which card of a meeting, for its chair and coordinator who sit at it; undefined for others. */
  writing(areaId: string, userId: string, meetingId: string): CardWriters[] | undefined {
    const sitting = this.#sittings.get(meetingId);
    return sitting?.areaId === areaId ? sitting.writing(userId) : undefined;
  }

  /** Judges people again: a session that ended loses its connections, a right that changed changes what is seen. Never rejects. */
  async rejudge(whose: { userId?: string; sessionId?: string }): Promise<void> {
    const concerned = [...this.#sittings.values()].flatMap((sitting) =>
      sitting.sitters
        .filter(({ session }) => !whose.userId || session.user.id === whose.userId)
        .filter(({ session }) => !whose.sessionId || session.id === whose.sessionId)
        .map((sitter) => ({ sitting, sitter }))
    );
    const sittings = new Set(concerned.map(({ sitting }) => sitting));
    try {
      for (const { sitting, sitter } of concerned) {
        // Also whoever went over into a rehearsal, or back: nothing of the other area is theirs now.
        const session = await this.#sessionOf(sitter.socket);
        if (session?.area.id !== sitting.areaId) sitter.socket.disconnect(true);
      }
      await Promise.all([...sittings].map((sitting) => sitting.refresh()));
    } catch (error) {
      // Nobody is shown anything new by a meeting that can't be read; the next sweep judges again.
      this.#failed(error);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweep);
    this.#io.disconnectSockets(true);
    await this.#io.close();
    while (this.#leaving.size > 0) await Promise.all(this.#leaving);
  }

  get open(): boolean {
    return !this.#closed;
  }

  /** Who is connected, and how many wait for it. */
  present(): { connections: number; people: ReadonlySet<string>; waiting: number } {
    const sitters = [...this.#sittings.values()].flatMap((sitting) => sitting.sitters);
    const people = new Set(sitters.map(({ session }) => session.user.id));
    return { connections: sitters.length, people, waiting: this.#turnstile.waiting };
  }

  #sessionOf(socket: BoardSocket): Promise<Session | null> {
    return this.#needs.sessionOf(new Headers({ cookie: socket.handshake.headers.cookie ?? '' }));
  }

  async #admit(socket: BoardSocket): Promise<void> {
    const { database } = this.#needs;
    const session = await this.#sessionOf(socket);
    if (!session) throw new Unwelcome('signed-out', 'You are not signed in.');
    const asked = arrival.safeParse(socket.handshake.auth);
    const at = asked.success
      ? await seatAt(database.db, session.area.id, session.user.id, asked.data.meetingId)
      : undefined;
    if (!asked.success || !at || (asked.data.screen && !mayProject(at.seat)))
      throw new Unwelcome('not-found', 'There is no such meeting.');
    const { meetingId, mode, screen } = asked.data;
    const connection = randomUUID();
    await record(database.db, session, {
      act: 'connected',
      purpose: 'the meeting',
      meetingId,
      detail: screen ? { screen, connection } : { mode, connection }
    });
    if (!screen) await arrive(database, session.user.id, asked.data);
    (socket.data as { arrived?: Arrived }).arrived = { session, connection, ...asked.data };
  }

  #welcome(socket: BoardSocket): void {
    const { arrived } = socket.data as { arrived?: Arrived };
    if (!arrived) return void socket.disconnect(true);
    const { session, meetingId, mode, screen, connection } = arrived;
    const sitter: Sitter = { socket, session, mode, screen };
    const sitting = this.#sittings.get(meetingId) ?? new Sitting(this.#needs, session.area.id, meetingId);
    this.#sittings.set(meetingId, sitting);
    socket.emit('clock', new Date().toISOString());
    sitting.join(sitter);
    socket.on('disconnect', () => this.#goodbye(sitting, sitter, connection));
    // One at a time, so that what a person says last is what stands.
    let turn: Promise<unknown> = Promise.resolve();
    socket.on('command', (body, answer) => {
      if (typeof answer !== 'function') return;
      // Judged as it comes: what waits for its turn fills memory.
      if (!this.#haste.allows(session.id))
        return answer(no('too-fast', 'That was too much at once. Wait a second and try again.'));
      turn = turn
        .then(() => this.#command(sitting, sitter, body))
        .then((answered) => {
          this.#count(body, answered);
          answer(answered);
        });
    });
    // Nothing can be sent to them that could not be recorded: then they may come again.
    sitting.refresh().catch(() => socket.disconnect(true));
  }

  #goodbye(sitting: Sitting, sitter: Sitter, connection: string): void {
    sitting.leave(sitter);
    if (sitting.sitters.length === 0) this.#sittings.delete(sitting.meetingId);
    else void sitting.refresh().catch(() => undefined); // logged by the sitting
    const { database, log } = this.#needs;
    const { meetingId } = sitting;
    const leaving: Promise<void> = record(database.db, sitter.session, {
      act: 'disconnected',
      purpose: 'the meeting',
      meetingId,
      detail: sitter.screen ? { screen: sitter.screen, connection } : { connection }
    })
      .catch((error: unknown) =>
        log.error({ error: plainError(error), meetingId }, 'a departure could not be recorded')
      )
      .finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }

  async #command(sitting: Sitting, sitter: Sitter, body: unknown): Promise<CommandAnswer> {
    try {
      const session = await this.#sessionOf(sitter.socket);
      if (!session) {
        setImmediate(() => sitter.socket.disconnect(true)); // once it is told why
        return no('not-allowed', 'You are not signed in any more.');
      }
      if (sitter.screen) return no('not-allowed', 'The room’s screen does nothing.');
      const { answer, aftermath } = await perform(this.#commands, session, sitting.meetingId, body);
      if (!aftermath) return answer;
      for (const whose of aftermath.rejudge ?? []) this.#needs.sync.rejudge(whose);
      await sitting.refresh().catch(() => undefined); // done all the same, and told at the next refresh
      if (aftermath.notice) sitting.notice(aftermath.notice);
      return answer;
    } catch (error) {
      this.#failed(error);
      return no('unavailable', 'This could not be done now. Try again.');
    }
  }

  /** A type is named only where it was one of ours. */
  #count(body: unknown, answer: CommandAnswer): void {
    const result = answer.ok ? 'done' : answer.error.code;
    const type = result === 'malformed' ? 'malformed' : (body as { type?: unknown } | null)?.type;
    this.#needs.measure?.commanded(
      result === 'unavailable' || typeof type !== 'string' ? 'any' : type,
      result
    );
  }

  #failed(error: unknown): Unwelcome {
    this.#needs.log.error({ error: plainError(error) }, 'a meeting connection failed');
    return new Unwelcome('unavailable', LATER);
  }
}

const LATER = 'The meeting can not be opened now. Try again in a moment.';

interface Arrived extends Arrival {
  readonly session: Session;
  /** By which the audit's two rows of a connection are known to be of one. */
  readonly connection: string;
}

/** A connection that is not let in; its code is in the error's data on the other side. */
class Unwelcome extends Error {
  override name = 'Unwelcome';
  readonly data: { code: 'signed-out' | 'not-found' | 'unavailable' };
  constructor(code: Unwelcome['data']['code'], message: string) {
    super(message);
    this.data = { code };
  }
}

function no(code: 'too-fast' | 'not-allowed' | 'unavailable', message: string): CommandAnswer {
  return { ok: false, error: { code, message } };
}
