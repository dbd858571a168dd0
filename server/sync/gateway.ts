// The door: who may connect to which document, judged before the upgrade completes. Looking is recorded
// before anything is shown, and where it can't be recorded nothing is. Carries SYNC4, SYNC5 and SYNC9.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { limits, parseDocumentName } from '#lib/card/schema.ts';
import type { DocumentKind } from '#lib/domain/permission.ts';
import { Buckets } from '../buckets.ts';
import type { Session } from '../identity/session.ts';
import type { Log } from '../log.ts';
import type { Measure } from '../metrics/metrics.ts';
import { Turnstile } from '../turnstile.ts';
import { Connection } from './connection.ts';
import { Pace } from './pace.ts';
import type { Rooms } from './rooms.ts';
import type { Admission } from './sync.ts';

export interface Place {
  readonly meetingId: string;
  readonly kind: DocumentKind;
  readonly cardId: string;
  readonly name: string;
}

export interface GatewayNeeds {
  readonly origins: readonly string[];
  readonly rooms: Rooms;
  readonly log: Log;
  readonly measure: Measure;
  readonly now: () => Date;
  sessionOf(headers: Headers): Promise<Session | null>;
  judge(
    session: Session,
    meetingId: string,
    document: { kind: DocumentKind; cardId: string; screen: boolean }
  ): Promise<Admission | null>;
  /** Writes that somebody is, or no longer is, connected. */
  record(session: Session, act: 'connected' | 'disconnected', place: Place): Promise<void>;
}

export interface Whose {
  readonly userId?: string;
  readonly sessionId?: string;
  readonly cardId?: string;
  readonly meetingId?: string;
}

/** An upgrade that was completed, and one whose client had left before its turn. */
const LET_IN = 101;
const GONE = 499;
type Answer = 401 | 403 | 404 | 429 | 503;
const reasons: Record<Answer, string> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable'
};
/** Of one person: cards of a meeting, two documents each, in a few tabs. */
const CONNECTIONS = 200;
/** How often one person may come in: at once, and a second after that. Each coming and going is in the audit. */
const ARRIVALS = { atOnce: 600, perSecond: 10 };
/** How many are judged at a time, many in one question, and how many may wait for it: a whole crowd, in many tabs. */
const WIDTH = 64;
const QUEUE = 5000;

export class Gateway {
  readonly #needs: GatewayNeeds;
  readonly #connections = new Set<Connection>();
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.updateBytes + 64 * 1024
  });
  readonly #pace = new Pace(() => performance.now());
  readonly #leaving = new Set<Promise<void>>();
  readonly #turnstile = new Turnstile(WIDTH, QUEUE);
  readonly #arrivals = new Buckets(ARRIVALS.atOnce, ARRIVALS.perSecond);
  /** Grows whenever rights changed somewhere: whoever was being judged meanwhile is judged again. */
  #epoch = 0;
  #closed = false;

  constructor(needs: GatewayNeeds) {
    this.#needs = needs;
  }

  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const gone = () => stream.destroy();
    stream.on('error', gone);
    const { log, measure } = this.#needs;
    this.#turnstile
      .pass(async () => (stream.destroyed ? GONE : ((await this.#admit(request, stream, head)) ?? LET_IN)))
      .then(
        (answer = 503) => answer,
        (error: unknown) => {
          log.error({ error }, 'an upgrade failed');
          return 503 as const;
        }
      )
      .then((answer) => {
        measure.upgraded(answer);
        if (answer !== LET_IN && answer !== GONE) refuse(stream, answer);
      });
  }

  /** Who is connected, and how many wait for it. */
  present(): { connections: number; people: ReadonlySet<string>; waiting: number } {
    const people = new Set([...this.#connections].map(({ session }) => session.user.id));
    return { connections: this.#connections.size, people, waiting: this.#turnstile.waiting };
  }

  /** Closes connections, to be judged again when they come back. */
  close(code: number, whose: Whose = {}): void {
    this.#epoch++;
    for (const each of this.#connections) {
      const other =
        (whose.userId !== undefined && whose.userId !== each.session.user.id) ||
        (whose.sessionId !== undefined && whose.sessionId !== each.session.id) ||
        (whose.cardId !== undefined && whose.cardId !== each.room.cardId) ||
        (whose.meetingId !== undefined && whose.meetingId !== each.meetingId);
      if (!other) each.close(code);
    }
  }

  /** Lets nobody in any more. */
  shut(): void {
    this.#closed = true;
  }

  /** Resolves once everybody's leaving is recorded. */
  async idle(): Promise<void> {
    while (this.#connections.size > 0 || this.#leaving.size > 0) {
      await Promise.all(this.#leaving);
      if (this.#connections.size > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async #admit(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<Answer | undefined> {
    const { origins, sessionOf, judge, rooms } = this.#needs;
    const { origin } = request.headers;
    // Only browsers attach cookies unasked, and they always say where they come from.
    if (origin !== undefined && !origins.includes(origin)) return 403;
    const url = new URL(request.url ?? '/', 'http://house');
    const place = placeAt(url.pathname);
    /** In whose name a page writes, where it says so: its words are not taken in another's. */
    const as = url.searchParams.get('as');
    const screen = url.searchParams.get('screen') === '1';
    let recorded = false;
    let session: Session | null = null;
    for (let attempt = 0; attempt < 10; attempt++) {
      const epoch = this.#epoch;
      session = await sessionOf(new Headers({ cookie: request.headers.cookie ?? '' }));
      if (as !== null && as !== session?.user.id) session = null;
      const admission = session && place ? await judge(session, place.meetingId, { ...place, screen }) : null;
      const room = admission && place ? await rooms.enter(place.name, place.cardId) : undefined;
      try {
        if (!session || !place || !admission || !room || this.#closed) {
          if (recorded && session && place) this.#record(session, 'disconnected', place);
          return this.#closed ? 503 : session ? 404 : 401;
        }
        if (this.#count(session.user.id) >= CONNECTIONS) return 429;
        if (attempt === 0 && !this.#arrivals.take(session.user.id)) return 429;
        if (!recorded) await this.#needs.record(session, 'connected', place);
        recorded = true;
        if (epoch !== this.#epoch || !rooms.open.has(room)) continue;
        this.#server.handleUpgrade(request, stream, head, (socket) => {
          const acks = url.searchParams.get('acks') === '1';
          const { meetingId } = place;
          const arrival = { socket, stream, session: session as Session, admission, meetingId, acks };
          this.#welcome(
            new Connection(arrival, room, this.#pace, this.#needs.now, this.#needs.measure.readerDropped),
            place
          );
          recorded = false;
        });
        if (recorded) this.#record(session, 'disconnected', place); // the handshake failed
        return undefined;
      } finally {
        room?.leave();
      }
    }
    return 503;
  }

  #welcome(connection: Connection, place: Place): void {
    this.#connections.add(connection);
    connection.onClosed(() => {
      this.#connections.delete(connection);
      connection.room.part(connection);
      const { user } = connection.session;
      if (this.#count(user.id) === 0) this.#pace.forget(user.id);
      this.#record(connection.session, 'disconnected', place);
    });
    connection.room.join(connection);
  }

  #count(userId: string): number {
    let count = 0;
    for (const { session } of this.#connections) if (session.user.id === userId) count++;
    return count;
  }

  #record(session: Session, act: 'disconnected', place: Place): void {
    const done = this.#needs
      .record(session, act, place)
      .catch((error: unknown) => this.#needs.log.error({ error }, 'a leaving was not recorded'))
      .finally(() => this.#leaving.delete(done));
    this.#leaving.add(done);
  }
}

/** Reads /sync/<meetingId>/<document name>. */
function placeAt(pathname: string): Place | undefined {
  const found = /^\/sync\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/(.+)$/.exec(pathname);
  const name = found?.[2] ?? '';
  const document = parseDocumentName(name);
  return document && { meetingId: found?.[1] ?? '', name, ...document };
}

function refuse(stream: Duplex, status: Answer): void {
  stream.end(`HTTP/1.1 ${status} ${reasons[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
