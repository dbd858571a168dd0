// What a command of any kind stands on: who gives it, how it is refused, and what follows once it is done.
import { eq, sql } from 'drizzle-orm';
import type { Command, CommandFault, CommandType } from '#lib/protocol/command.ts';
import type { Notice } from '#lib/protocol/meeting.ts';
import type { Transaction } from '../../database/database.ts';
import { cards, type meetings } from '../../database/schema/meetings.ts';
import type { Session } from '../../identity/session.ts';
import type { SeatAtCard, SeatAtMeeting } from '../seats.ts';

/** A command that is not done, with what its sender is told. Thrown in a transaction, which it undoes. */
export class Refused extends Error {
  override name = 'Refused';
  readonly fault: CommandFault;
  constructor(fault: CommandFault) {
    super(fault.message);
    this.fault = fault;
  }
}

export const notFound = () =>
  new Refused({ code: 'not-found', message: 'There is nothing here by that name.' });
export const notAllowed = (message: string) => new Refused({ code: 'not-allowed', message });
export const inAnotherState = (message: string) => new Refused({ code: 'state', message });
export const locked = () =>
  new Refused({ code: 'locked', message: 'This card is locked. Nothing on it can be changed any more.' });

/** What follows a command that was committed. */
export interface Aftermath {
  /** Whose live documents are judged again, because a right changed. */
  readonly rejudge?: readonly { userId?: string; cardId?: string; meetingId?: string }[];
  /** Said once to everyone, or, of a card, to those who may see it. */
  readonly notice?: Omit<Notice, 'at'> & {
    readonly cardId?: string;
    /** Said to this user alone. */
    readonly to?: string;
  };
}

export interface Done extends Aftermath {
  /** What the sender is answered, now and whenever it sends the same again. */
  readonly result: Record<string, unknown>;
}

export type CommandOf<T extends CommandType> = Extract<Command, { type: T }>;

export interface AtMeeting<T extends CommandType> extends SeatAtMeeting {
  readonly session: Session;
  readonly command: CommandOf<T>;
  /** The meeting's row, which this command holds. */
  readonly meeting: typeof meetings.$inferSelect;
}

export interface AtCard<T extends CommandType> extends SeatAtCard {
  readonly session: Session;
  readonly command: CommandOf<T>;
  /** The card's row, which this command holds. */
  readonly row: typeof cards.$inferSelect;
}

/** The time at which a row that is held was written to: later than that of whoever held it before. */
export const writtenAt = sql`clock_timestamp()`;

/** Moves the card's version, as every fact does, and answers with it. */
export async function stated(tx: Transaction, row: { readonly id: string }): Promise<Done> {
  const [now] = await tx
    .update(cards)
    .set({ version: sql`${cards.version} + 1` })
    .where(eq(cards.id, row.id))
    .returning({ version: cards.version });
  return { result: { version: now?.version ?? 0 } };
}
