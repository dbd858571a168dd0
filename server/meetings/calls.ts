// A meeting's calls as rows, and who said that nobody can overhear. Everyone's, with what may not be told to all:
// call-view.ts decides what of it a person gets.
import { asc, eq, inArray } from 'drizzle-orm';
import type { CallStep } from '#lib/domain/call.ts';
import type { Queries } from '../database/database.ts';
import { calls, callSteps, overhearConfirmations } from '../database/schema/calls.ts';

export interface CallRow {
  readonly id: string;
  readonly cardId: string;
  readonly userId: string | null;
  readonly agencyId: string | null;
  readonly by: string;
  readonly at: Date;
  /** In the order in which they were taken. */
  readonly steps: readonly { step: CallStep; reason: string | null; by: string; at: Date }[];
}

export interface Calls {
  readonly calls: readonly CallRow[];
  /** By user: whether they last said that nobody can overhear, and when. */
  readonly alone: ReadonlyMap<string, { readonly alone: boolean; readonly at: Date }>;
}

export async function readCalls(queries: Queries, meetingId: string): Promise<Calls> {
  const [made, confirmed] = await Promise.all([
    queries.select().from(calls).where(eq(calls.meetingId, meetingId)).orderBy(asc(calls.at), asc(calls.id)),
    queries
      .select()
      .from(overhearConfirmations)
      .where(eq(overhearConfirmations.meetingId, meetingId))
      .orderBy(asc(overhearConfirmations.at), asc(overhearConfirmations.id))
  ]);
  const steps = await stepsOf(
    queries,
    made.map(({ id }) => id)
  );
  return {
    calls: made.map(({ id, cardId, userId, agencyId, by, at }) => ({
      ...{ id, cardId, userId, agencyId, by, at },
      steps: steps.filter(({ callId }) => callId === id)
    })),
    alone: new Map(confirmed.map(({ userId, alone, at }) => [userId, { alone, at }]))
  };
}

export async function stepsOf(queries: Queries, callIds: readonly string[]) {
  if (callIds.length === 0) return [];
  return queries
    .select()
    .from(callSteps)
    .where(inArray(callSteps.callId, [...callIds]))
    .orderBy(asc(callSteps.at), asc(callSteps.id));
}
