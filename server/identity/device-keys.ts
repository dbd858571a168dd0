// The keys that wrap what a browser keeps while it has no line: one a session, given to its person alone, also in
// a later session, for a day after it ended; then it is deleted here, and what it wrapped opens for nobody.
// Carries OFFLINE1 and OFFLINE2.
import { randomBytes } from 'node:crypto';
import { and, asc, eq, gt, lt } from 'drizzle-orm';
import type { DeviceKeys } from '#lib/protocol/device-key.ts';
import type { Database } from '../database/database.ts';
import { deviceKeys } from '../database/schema/identity.ts';
import { plainError, type Log } from '../log.ts';
import { sessionSeconds } from './auth.ts';
import type { Ended } from './identity.ts';
import type { Session } from './session.ts';

/** How long after its session a key is still given to its person, in milliseconds. */
const day = 24 * 3_600_000;
/** How often what is over is deleted, in milliseconds. */
const sweep = 15 * 60_000;

export interface DeviceKeyBook {
  /** This session's key, made at the first asking, and this person's earlier ones. */
  of(session: Session): Promise<Omit<DeviceKeys, 'idleMinutes'>>;
  /** From now on the keys of what ended have a day left. */
  ended(ended: Ended): Promise<void>;
  close(): void;
}

export function openDeviceKeys({
  database: { db },
  log,
  now = () => new Date()
}: {
  database: Database;
  log: Log;
  now?: () => Date;
}): DeviceKeyBook {
  const forget = () => db.delete(deviceKeys).where(lt(deviceKeys.endsAt, now()));
  const timer = setInterval(
    () =>
      void forget().catch((error: unknown) =>
        log.error({ error: plainError(error) }, 'old device keys were not deleted')
      ),
    sweep
  );
  timer.unref();
  const written = ({ id, key }: { id: string; key: Uint8Array }) => ({
    id,
    key: Buffer.from(key).toString('base64url')
  });

  return {
    async of({ id: sessionId, user }) {
      await forget();
      await db
        .insert(deviceKeys)
        .values({
          userId: user.id,
          sessionId,
          key: randomBytes(32),
          endsAt: new Date(now().getTime() + sessionSeconds * 1000 + day)
        })
        .onConflictDoNothing();
      const own = await db
        .select()
        .from(deviceKeys)
        .where(eq(deviceKeys.userId, user.id))
        .orderBy(asc(deviceKeys.createdAt));
      const current = own.find((row) => row.sessionId === sessionId);
      if (!current) throw new Error('The session has no device key');
      const earlier = own.filter((row) => row !== current);
      return { userId: user.id, current: written(current), earlier: earlier.map(written) };
    },
    async ended(ended) {
      const left = new Date(now().getTime() + day);
      const whose =
        'sessionId' in ended
          ? eq(deviceKeys.sessionId, ended.sessionId)
          : eq(deviceKeys.userId, ended.userId);
      await db
        .update(deviceKeys)
        .set({ endsAt: left })
        .where(and(whose, gt(deviceKeys.endsAt, left)));
    },
    close: () => clearInterval(timer)
  };
}
