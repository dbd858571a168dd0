// What the environment says, parsed once. A wrong value stops the start with a message that names it.
import path from 'node:path';
import * as z from 'zod';

const flag = z
  .enum(['yes', 'no'])
  .default('no')
  .transform((value) => value === 'yes');

const loopback = ['localhost', '127.0.0.1', '[::1]'];

const environment = z
  .object({
    PORT: z.coerce.number().int().min(0).max(65535).default(3000),
    HOST: z.string().min(1).default('127.0.0.1'),
    DATA_DIR: z.string().min(1).default('./data'),
    DATABASE_URL: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must begin with postgres:// or postgresql://')
      .optional(),
    ORIGIN: z.url({ protocol: /^https?$/ }).optional(),
    AUTH_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
    IDLE_MINUTES: z.coerce.number().min(1, 'must be at least 1').max(720).default(15),
    METRICS_TOKEN: z.string().min(32, 'must have at least 32 characters').optional(),
    TRUST_PROXY: flag,
    EMBEDDED: flag,
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info')
  })
  .transform((env) => ({
    port: env.PORT,
    host: env.HOST,
    dataDir: path.resolve(env.DATA_DIR),
    /** Absent: the embedded database in `dataDir`. */
    databaseUrl: env.DATABASE_URL,
    /** The addresses people may type, without a path, the first being the one we print: they decide which Origin is ours. */
    origins: env.ORIGIN ? [new URL(env.ORIGIN).origin] : loopback.map((name) => `http://${name}:${env.PORT}`),
    /** Cookies are Secure. */
    secure: env.ORIGIN?.startsWith('https:') ?? false,
    /** Absent: made at the first start and kept in `dataDir`. */
    authSecret: env.AUTH_SECRET,
    /** A browser's session ends after this many minutes in which nobody moved at it. */
    idleMinutes: env.IDLE_MINUTES,
    /** Who may read /metrics: whoever says this. Absent: this machine alone. */
    metricsToken: env.METRICS_TOKEN,
    /** Whether X-Forwarded-For comes from a proxy of ours. */
    trustProxy: env.TRUST_PROXY,
    embeddedAllowed: env.EMBEDDED,
    logLevel: env.LOG_LEVEL
  }));

export type Config = z.output<typeof environment>;

/** Whether an origin is plain http to another machine, where a password would cross the network unprotected. */
export function isExposed(origin: string): boolean {
  const { protocol, hostname } = new URL(origin);
  return protocol === 'http:' && !loopback.includes(hostname);
}

/** A start that can't go on, with a sentence for the person who started it. */
export class StartError extends Error {
  override name = 'StartError';
}

/**
 * Reads the settings from environment variables.
 * @throws StartError naming each variable whose value is wrong, and what it should be.
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  // An empty variable is how shells and compose files say 'not set'.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new StartError(`The environment has a wrong value:\n${faults.join('\n')}`);
}
