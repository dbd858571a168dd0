// A meeting's time as rows: which family was at the table from when, and what the chair added. Carries PACE6 and PACE7.
import { asc, desc, eq, inArray } from 'drizzle-orm';
import type { Turn } from '#lib/domain/pace.ts';
import type { Queries, Transaction } from '../database/database.ts';
import { meetingPhases } from '../database/schema/course.ts';
import { addedMinutes, turns } from '../database/schema/pace.ts';
import { writtenAt } from './commands/acting.ts';

/** What a meeting's time is reckoned from. */
export interface Pacing {
  /** When this was read, in milliseconds since 1970. */
  readonly at: number;
  readonly minutesPerFamily: number;
  readonly turns: readonly Turn[];
  /** What the chair added, by card. */
  readonly added: ReadonlyMap<string, number>;
  /** Breaks as they began and ended; the last may go on. In milliseconds since 1970. */
  readonly breaks: readonly { readonly from: number; readonly to: number | null }[];
}

export async function readPacing(
  queries: Queries,
  meetingId: string,
  cardIds: readonly string[]
): Promise<Omit<Pacing, 'at' | 'minutesPerFamily'>> {
  const [taken, more, phases] = await Promise.all([
    queries
      .select({ cardId: turns.cardId, at: turns.at })
      .from(turns)
      .where(eq(turns.meetingId, meetingId))
      .orderBy(asc(turns.at), asc(turns.id)),
    cardIds.length > 0
      ? queries
          .select({ cardId: addedMinutes.cardId, minutes: addedMinutes.minutes })
          .from(addedMinutes)
          .where(inArray(addedMinutes.cardId, [...cardIds]))
      : [],
    queries
      .select({ phase: meetingPhases.phase, at: meetingPhases.at })
      .from(meetingPhases)
      .where(eq(meetingPhases.meetingId, meetingId))
      .orderBy(asc(meetingPhases.at), asc(meetingPhases.id))
  ]);
  const added = new Map<string, number>();
  for (const { cardId, minutes } of more) added.set(cardId, (added.get(cardId) ?? 0) + minutes);
  return {
    turns: taken.map(({ cardId, at }) => ({ cardId, at: at.getTime() })),
    added,
    breaks: phases.flatMap(({ phase, at }, index) =>
      phase === 'break' ? [{ from: at.getTime(), to: phases[index + 1]?.at.getTime() ?? null }] : []
    )
  };
}

/** From now on this family is at the table, or, with null, none. What is so already is not written again. */
export async function beginTurn(
  tx: Transaction,
  { meetingId, cardId, by }: { meetingId: string; cardId: string | null; by: string }
): Promise<void> {
  const last = await lastTurn(tx, meetingId);
  if (last !== cardId) await tx.insert(turns).values({ meetingId, cardId, by, at: writtenAt });
}

/** The family's turn is over, if it is the one at the table. */
export async function endTurn(
  tx: Transaction,
  { meetingId, cardId, by }: { meetingId: string; cardId: string; by: string }
): Promise<void> {
  const last = await lastTurn(tx, meetingId);
  if (last === cardId) await tx.insert(turns).values({ meetingId, cardId: null, by, at: writtenAt });
}

async function lastTurn(tx: Transaction, meetingId: string): Promise<string | null> {
  const [last] = await tx
    .select({ cardId: turns.cardId })
    .from(turns)
    .where(eq(turns.meetingId, meetingId))
    .orderBy(desc(turns.at), desc(turns.id))
    .limit(1);
  return last?.cardId ?? null;
}
