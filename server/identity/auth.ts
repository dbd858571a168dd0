// better-auth, cut to what is used: a password, a session in the database, a cookie.
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { betterAuth } from 'better-auth/minimal';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import { accounts, sessions, users, verifications } from '../database/schema/identity.ts';

export const passwordLength = { min: 10, max: 128 } as const;

/** A session ends after this many seconds, whatever is done in it: a working day. */
export const sessionSeconds = 12 * 60 * 60;

export type Auth = ReturnType<typeof openAuth>;

export function openAuth(config: Config, database: Database, secret: string) {
  return betterAuth({
    baseURL: config.origins[0],
    basePath: '/api/auth',
    secret,
    trustedOrigins: [...config.origins],
    telemetry: { enabled: false },
    logger: { disabled: true },
    database: drizzleAdapter(database.db, {
      provider: 'pg',
      schema: { user: users, session: sessions, account: accounts, verification: verifications }
    }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max
    },
    // No cookie cache: an ended session must be dead at the next look, sockets included.
    session: { expiresIn: sessionSeconds, disableSessionRefresh: true, cookieCache: { enabled: false } },
    // Its own limiter counts successes too, and would keep a roomful of people behind one address out.
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: 'same-room',
      useSecureCookies: config.secure,
      defaultCookieAttributes: { sameSite: 'lax', httpOnly: true },
      database: { generateId: 'uuid' },
      // Origins are judged in identity.ts, which lets programs through that send none.
      disableCSRFCheck: true
    }
  });
}
