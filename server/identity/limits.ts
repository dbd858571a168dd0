// How often a sign-in may fail: per account, and far wider per address, because a whole office shares one.
// Successes count for nothing. Carries ID3 and ID4.
import { createHash } from 'node:crypto';
import { and, count, eq, gt, lt } from 'drizzle-orm';
import type { Database, Queries } from '../database/database.ts';
import { signInFailures } from '../database/schema/identity.ts';

const windowMinutes = 15;
export const failuresAllowed = { account: 10, address: 300 } as const;

export interface Attempt {
  readonly email: string;
  readonly address: string;
}

// Hashed, so that a copy of the table names nobody.
const hashed = (kind: keyof typeof failuresAllowed, name: string) =>
  createHash('sha256').update(`${kind} ${name.trim().toLowerCase()}`).digest('hex');

/** How many more sign-ins of this account may fail now: none where its address has failed too often. */
export async function failuresLeft({ db }: Database, attempt: Attempt, now: Date): Promise<number> {
  const since = new Date(now.getTime() - windowMinutes * 60_000);
  const left = async (kind: keyof typeof failuresAllowed, name: string) => {
    const [row] = await db
      .select({ times: count() })
      .from(signInFailures)
      .where(and(eq(signInFailures.key, hashed(kind, name)), gt(signInFailures.at, since)));
    return failuresAllowed[kind] - (row?.times ?? 0);
  };
  const [account, address] = await Promise.all([
    left('account', attempt.email),
    left('address', attempt.address)
  ]);
  return address > 0 ? account : 0;
}

/** Counts a failure, and forgets those that no longer matter. */
export async function countFailure({ db }: Database, attempt: Attempt, now: Date): Promise<void> {
  await db.insert(signInFailures).values([
    { key: hashed('account', attempt.email), at: now },
    { key: hashed('address', attempt.address), at: now }
  ]);
  await db.delete(signInFailures).where(lt(signInFailures.at, new Date(now.getTime() - 24 * 3_600_000)));
}

/** Forgets an account's failures: its owner is in, or has a new password. */
export async function forgetFailures(queries: Queries, email: string): Promise<void> {
  await queries.delete(signInFailures).where(eq(signInFailures.key, hashed('account', email)));
}
