// Everything stated on cards, unsealed and with its history, oldest first: for decisions, and for the view
// that then takes out what a person may not know yet. Nobody sends this as it is.
import { asc, eq, inArray, or, and, isNull } from 'drizzle-orm';
import type { Mode } from '#lib/protocol/command.ts';
import type { AnswerFact, DissentFact, JointFact, RatingFact, RecordFact } from '#lib/protocol/meeting.ts';
import type { Queries } from '../database/database.ts';
import { users } from '../database/schema/identity.ts';
import {
  acceptances,
  attendance,
  cards,
  chairHistory,
  conflicts,
  dissents,
  jointRatings,
  noteConfirmations,
  ratings,
  recordStates
} from '../database/schema/meetings.ts';

type Authored<F> = F & { readonly id: string; readonly userId: string };

/** What was stated on one card, each kind in the order in which it was stated. */
export interface Statements {
  readonly records: readonly Authored<RecordFact>[];
  readonly ratings: readonly Authored<RatingFact>[];
  readonly joint: readonly Authored<JointFact>[];
  /** Without a reason: the agency agrees by now. */
  readonly dissents: readonly Authored<Omit<DissentFact, 'reason'> & { readonly reason: string | null }>[];
  readonly answers: readonly Authored<
    Omit<AnswerFact, 'answer'> & { readonly answer: AnswerFact['answer'] | 'taken-back' }
  >[];
  /** An agency stands by what the coordinator noted for it, up to this sequence of the `cards` journal. */
  readonly confirmations: readonly Authored<{ agencyId: string; seq: number; by: string; at: string }>[];
}

export interface AttendanceFact {
  /** Null: at the meeting as a whole. */
  readonly cardId: string | null;
  readonly userId: string | null;
  /** The user's name, or one written by hand. */
  readonly name: string;
  readonly agencyId: string | null;
  readonly mode: Mode;
  readonly saidBy: string;
  readonly at: string;
}

export interface Facts extends Statements {
  /** At the meeting as a whole and at this card. */
  readonly attendance: readonly AttendanceFact[];
  readonly conflicts: readonly { userId: string; name: string; declaredBy: string; at: string }[];
  readonly chair: readonly { userId: string; name: string; act: 'named' | 'taken' | 'given'; at: string }[];
}

/** Everything stated on a card, and who was at it. Read in the caller's transaction, where it has one. */
export async function readFacts(queries: Queries, cardId: string): Promise<Facts> {
  const [stated, there, hidden, chair] = await Promise.all([
    readStatements(queries, [cardId]),
    queries
      .select({ row: attendance, name: users.name })
      .from(cards)
      .innerJoin(attendance, eq(attendance.meetingId, cards.meetingId))
      .leftJoin(users, eq(users.id, attendance.userId))
      .where(and(eq(cards.id, cardId), or(isNull(attendance.cardId), eq(attendance.cardId, cardId))))
      .orderBy(asc(attendance.at), asc(attendance.id)),
    queries
      .select({ row: conflicts, name: users.name })
      .from(conflicts)
      .innerJoin(users, eq(users.id, conflicts.userId))
      .where(eq(conflicts.cardId, cardId))
      .orderBy(asc(conflicts.at), asc(conflicts.id)),
    queries
      .select({ row: chairHistory, name: users.name })
      .from(cards)
      .innerJoin(chairHistory, eq(chairHistory.meetingId, cards.meetingId))
      .innerJoin(users, eq(users.id, chairHistory.userId))
      .where(eq(cards.id, cardId))
      .orderBy(asc(chairHistory.at), asc(chairHistory.id))
  ]);
  return {
    ...(stated.get(cardId) ?? nothingStated),
    attendance: there.map(({ row, name }) => attendanceFact(row, name)),
    conflicts: hidden.map(({ row, name }) => ({
      userId: row.userId,
      name,
      declaredBy: row.declaredBy,
      at: row.at.toISOString()
    })),
    chair: chair.map(({ row, name }) => ({
      userId: row.userId,
      name,
      act: row.act,
      at: row.at.toISOString()
    }))
  };
}

export const nothingStated: Statements = {
  records: [],
  ratings: [],
  joint: [],
  dissents: [],
  answers: [],
  confirmations: []
};

export function attendanceFact(row: typeof attendance.$inferSelect, userName: string | null): AttendanceFact {
  return {
    cardId: row.cardId,
    userId: row.userId,
    name: userName ?? row.name ?? '',
    agencyId: row.agencyId,
    mode: row.mode,
    saidBy: row.by,
    at: row.at.toISOString()
  };
}

/** What was stated on each of these cards; a card on which nothing was is left out. */
export async function readStatements(
  queries: Queries,
  cardIds: readonly string[]
): Promise<Map<string, Statements>> {
  if (cardIds.length === 0) return new Map();
  const ids = [...cardIds];
  type Source =
    | typeof recordStates
    | typeof ratings
    | typeof jointRatings
    | typeof dissents
    | typeof acceptances
    | typeof noteConfirmations;
  const rowsOf = <S extends Source>(source: S) =>
    queries
      .select({ row: source, name: users.name })
      .from(source as Source)
      .innerJoin(users, eq(users.id, source.by))
      .where(inArray(source.cardId, ids))
      .orderBy(asc(source.at), asc(source.id)) as unknown as Promise<
      { row: S['$inferSelect']; name: string }[]
    >;
  const found = await Promise.all([
    rowsOf(recordStates),
    rowsOf(ratings),
    rowsOf(jointRatings),
    rowsOf(dissents),
    rowsOf(acceptances),
    rowsOf(noteConfirmations)
  ]);
  const [ofRecords, ofRatings, ofJoint, ofDissents, ofAnswers, ofConfirmations] = found;
  const stated = new Set(found.flatMap((rows) => rows.map(({ row }) => row.cardId)));
  return new Map(
    [...stated].map((cardId) => [
      cardId,
      {
        records: on(cardId, ofRecords),
        ratings: on(cardId, ofRatings),
        joint: on(cardId, ofJoint),
        dissents: on(cardId, ofDissents),
        answers: on(cardId, ofAnswers),
        confirmations: on(cardId, ofConfirmations)
      }
    ])
  );
}

/** The rows of one card as facts: author by name and id, time as text. */
function on<R extends { cardId: string; by: string; at: Date }>(
  cardId: string,
  rows: readonly { row: R; name: string }[]
): (Omit<R, 'cardId' | 'by' | 'at'> & { userId: string; by: string; at: string })[] {
  return rows.flatMap(({ row, name }) => {
    if (row.cardId !== cardId) return [];
    const { cardId: _card, by, at, ...fact } = row;
    return [{ ...fact, userId: by, by: name, at: at.toISOString() }];
  });
}
