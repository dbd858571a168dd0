// Who may come in. Sign-in over better-auth's own route behind our limits and our judgement of origins;
// the session as every service takes it; and word to the sockets when somebody's right to be here ends.
// Refuses to say whether an account exists.
import { eq, lt } from 'drizzle-orm';
import * as z from 'zod';
import { record } from '../audit/audit.ts';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import { sessions } from '../database/schema/identity.ts';
import { openAuth } from './auth.ts';
import { openGate } from './gate.ts';
import { countFailure, failuresLeft, forgetFailures, type Attempt } from './limits.ts';
import { authSecret } from './secret.ts';
import type { Session } from './session.ts';
import { openSignedIn } from './signed-in.ts';

export type Ended = { readonly userId: string } | { readonly sessionId: string };

export interface Identity {
  /** The signed-in person by their cookie; null where there is none, or no place for them any more. */
  sessionOf(headers: Headers): Promise<Session | null>;
  /** Somebody moves at this session's browser, which from now on is watched: standing idle ends it. */
  moved(session: Session): Promise<void>;
  /** Ends the watched sessions at which nobody moves any more, and tells the listeners. */
  endIdle(): Promise<void>;
  /** Answers better-auth's routes that are in use; `address` is the other end's. */
  handle(request: Request, address: string): Promise<Response>;
  /** Whether a request's Origin is ours. One without is: only browsers attach cookies unasked, and they always send it. */
  isOurOrigin(origin: string | null | undefined): boolean;
  /** Called when a session ends, or when all of a person's do. */
  onEnded(listener: (ended: Ended) => void): void;
  /** Tells the listeners. */
  ended(ended: Ended): void;
}

/** A refusal as problem details, with the `code` and `message` of better-auth's own answers beside them. */
function refuse(status: 400 | 401 | 403 | 404 | 429 | 503, code: string, message: string): Response {
  return new Response(JSON.stringify({ type: 'about:blank', title: message, status, code, message }), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' }
  });
}
const wrong = () => refuse(401, 'INVALID_EMAIL_OR_PASSWORD', 'Invalid email or password');
const tooMany = () =>
  refuse(
    429,
    'TOO_MANY_FAILURES',
    'Too many failed sign-ins. Wait a quarter of an hour, or ask your coordinator for a new password link.'
  );
const notNow = () => refuse(503, 'UNAVAILABLE', 'Signing in does not work just now. Try again in a moment.');

/** PostgreSQL's text has no place for U+0000. */
const credentials = z.object({
  email: z
    .string()
    .max(320)
    .regex(/^[^\0]*$/),
  password: z.string().max(1000)
});

/** What a browser has beyond the limit to warn its person and to say that they moved, in milliseconds. */
const idleGrace = 3 * 60_000;

export function openIdentity({
  config,
  database,
  now = () => new Date()
}: {
  config: Config;
  database: Database;
  now?: () => Date;
}): Identity {
  const secret = authSecret(config);
  const auth = openAuth(config, database, secret);
  const sessionOf = openSignedIn(database, { secret, secure: config.secure, now });
  const { db } = database;
  const enter = openGate();
  const listeners: ((ended: Ended) => void)[] = [];
  const ended = (what: Ended) => listeners.forEach((listener) => listener(what));
  const isOurOrigin = (origin: string | null | undefined) => !origin || config.origins.includes(origin);

  async function signIn(request: Request, address: string): Promise<Response> {
    const body = credentials.safeParse(await request.json().catch(() => undefined));
    if (!body.success) return refuse(400, 'BAD_REQUEST', 'Send an email and a password as JSON.');
    const email = body.data.email.trim().toLowerCase();
    const attempt = { email, address };
    const leave = await enter(email, () => failuresLeft(database, attempt, new Date()));
    if (!leave) return tooMany();
    try {
      return await judge(attempt, body.data.password, request.url);
    } finally {
      leave();
    }
  }

  async function judge(attempt: Attempt, password: string, url: string): Promise<Response> {
    const answer = await auth.handler(
      new Request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: attempt.email, password })
      })
    );
    // A fault of ours is nobody's wrong password.
    if (answer.status >= 500) return notNow();
    const cookie = new Headers({ cookie: cookieOf(answer) });
    const session = answer.ok ? await sessionOf(cookie) : null;
    if (session) {
      await forgetFailures(db, attempt.email);
      await record(db, session, { act: 'signed-in', purpose: 'sign-in' });
      answer.headers.set('cache-control', 'no-store');
      return answer;
    }
    await countFailure(database, attempt, new Date());
    // The right password of somebody whose place has ended opens nothing, and says no more than a wrong one.
    if (answer.ok) await auth.api.signOut({ headers: cookie });
    return wrong();
  }

  async function signOut(request: Request): Promise<Response> {
    const session = await sessionOf(request.headers);
    const answer = await auth.handler(
      new Request(request.url, { method: 'POST', headers: request.headers, body: '{}' })
    );
    if (session) {
      await db.delete(sessions).where(eq(sessions.id, session.id));
      await record(db, session, { act: 'signed-out', purpose: 'sign-out' });
      ended({ sessionId: session.id });
    }
    return answer;
  }

  return {
    sessionOf,
    isOurOrigin,
    ended,
    onEnded: (listener) => void listeners.push(listener),
    async moved({ id }) {
      const idleAt = new Date(now().getTime() + config.idleMinutes * 60_000 + idleGrace);
      await db.update(sessions).set({ idleAt }).where(eq(sessions.id, id));
    },
    async endIdle() {
      const idle = await db.delete(sessions).where(lt(sessions.idleAt, now())).returning({ id: sessions.id });
      for (const { id } of idle) ended({ sessionId: id });
    },
    async handle(request, address) {
      if (!isOurOrigin(request.headers.get('origin'))) return refuse(403, 'FOREIGN_ORIGIN', 'Not from here');
      const { pathname } = new URL(request.url);
      if (request.method === 'POST' && pathname === '/api/auth/sign-in/email')
        return signIn(request, address);
      if (request.method === 'POST' && pathname === '/api/auth/sign-out') return signOut(request);
      return refuse(404, 'NOT_FOUND', 'Not found');
    }
  };
}

/** The cookies that an answer sets, as the next request sends them. */
function cookieOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0] ?? '')
    .join('; ');
}
