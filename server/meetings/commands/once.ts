// A command is done once, however often it is sent: its id, the hash of its body and its result stand in the
// same transaction as what it did. Carries CMD1 and CMD2.
import { and, eq } from 'drizzle-orm';
import type { Command } from '#lib/protocol/command.ts';
import { sqlState, type Database, type Queries, type Transaction } from '../../database/database.ts';
import { commands } from '../../database/schema/meetings.ts';
import type { Decisions } from '../../decisions/decisions.ts';
import type { Session } from '../../identity/session.ts';
import type { Log } from '../../log.ts';
import type { Sync } from '../../sync/sync.ts';
import { Refused, type Done } from './acting.ts';

export interface CommandNeeds {
  readonly database: Database;
  readonly log: Log;
  readonly sync: Sync;
  readonly decisions: Pick<Decisions, 'lock' | 'missing' | 'moved' | 'amend'>;
  /** Who has the board open now, and how. */
  connected(meetingId: string): readonly { userId: string; mode: 'room' | 'remote' }[];
}

/** One command as it arrived: whose, at which meeting, and its hash. */
export interface Arrived<C extends Command = Command> {
  readonly session: Session;
  readonly meetingId: string;
  readonly command: C;
  readonly hash: string;
}

/** The command was done before: its result again. */
export class DoneBefore extends Error {
  override name = 'DoneBefore';
  readonly result: unknown;
  constructor(result: unknown) {
    super('done before');
    this.result = result;
  }
}

/** Does something in one transaction with the record of the command that asked for it. */
export async function once(
  { db }: Database,
  arrived: Arrived,
  doIt: (tx: Transaction) => Promise<Done>
): Promise<Done> {
  for (let attempt = 1; ; attempt++)
    try {
      return await db.transaction(async (tx) => {
        await claim(tx, arrived);
        const done = await doIt(tx);
        await keep(tx, arrived, done.result);
        return done;
      });
    } catch (error) {
      // A deadlock or a failed serialisation undid it whole; the next attempt is as good as the first.
      if (attempt >= 3 || !['40P01', '40001'].includes(sqlState(error) ?? '')) throw error;
    }
}

const mine = ({ session, command }: Arrived) =>
  and(eq(commands.userId, session.user.id), eq(commands.commandId, command.id));

/** Throws what is known of a command that was sent before: its result, or that the id was another's. */
export async function lookUp(queries: Queries, arrived: Arrived): Promise<void> {
  const [before] = await queries.select().from(commands).where(mine(arrived));
  if (!before) return;
  if (before.bodyHash === arrived.hash) throw new DoneBefore(before.result);
  throw new Refused({ code: 'id-reused', message: 'id: This id was used for another command already' });
}

/** Takes the command's id: whoever sends it at the same moment waits here, and then finds it done. */
export async function claim(tx: Transaction, arrived: Arrived): Promise<void> {
  const { session, command, hash } = arrived;
  const taken = await tx
    .insert(commands)
    .values({ userId: session.user.id, commandId: command.id, bodyHash: hash, result: {} })
    .onConflictDoNothing()
    .returning({ id: commands.commandId });
  if (taken.length === 0) await lookUp(tx, arrived);
}

export async function keep(tx: Transaction, arrived: Arrived, result: Done['result']): Promise<void> {
  await tx.update(commands).set({ result }).where(mine(arrived));
}
