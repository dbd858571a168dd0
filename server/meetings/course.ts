// The course of a meeting as its facts tell it: the phase, the statement and who agreed to it, where the table is
// with each family, what was parked, and which families are linked. Everyone's view is made of it elsewhere.
import { createHash } from 'node:crypto';
import { asc, eq, inArray } from 'drizzle-orm';
import type { Phase, Stage } from '#lib/domain/course.ts';
import type { Queries } from '../database/database.ts';
import {
  agendaActs,
  cardLinks,
  cardStages,
  meetingPhases,
  statementActs
} from '../database/schema/course.ts';
import { users } from '../database/schema/identity.ts';

interface Told {
  readonly userId: string;
  readonly by: string;
  /** ISO, UTC. */
  readonly at: string;
}

export interface MeetingCourse {
  /** The last word on the phase; null before the meeting is opened, and for those opened before phases were kept. */
  readonly phase: (Told & { readonly phase: Exclude<Phase, 'gathering'> }) | null;
  /** There was a break, which may still go on. */
  readonly hadBreak: boolean;
  /** When the statement was first read aloud, as it reads now; a mark that was taken back is none. */
  readonly statementRead: Told | null;
  /** By user: when they first agreed to the statement as it reads now. */
  readonly agreed: ReadonlyMap<string, string>;
}

export interface CardCourse {
  readonly stage: Stage;
  readonly parked: (Told & { readonly reason: string | null }) | null;
  readonly links: readonly (Told & {
    readonly cardId: string;
    readonly together: boolean;
    readonly reason: string;
  })[];
}

export const courseBegins: CardCourse = { stage: 'new', parked: null, links: [] };

/** The statement's words as people agree to them. */
export const readingOfStatement = (statement: string) => createHash('sha256').update(statement).digest('hex');

/** @param statement as it stands at the meeting: who agreed to other words has not agreed to these */
export async function readMeetingCourse(
  queries: Queries,
  meetingId: string,
  statement: string
): Promise<MeetingCourse> {
  const [phased, acts] = await Promise.all([
    queries
      .select({ row: meetingPhases, name: users.name })
      .from(meetingPhases)
      .innerJoin(users, eq(users.id, meetingPhases.by))
      .where(eq(meetingPhases.meetingId, meetingId))
      .orderBy(asc(meetingPhases.at), asc(meetingPhases.id)),
    queries
      .select({ row: statementActs, name: users.name })
      .from(statementActs)
      .innerJoin(users, eq(users.id, statementActs.by))
      .where(eq(statementActs.meetingId, meetingId))
      .orderBy(asc(statementActs.at), asc(statementActs.id))
  ]);
  const last = phased.at(-1);
  const these = acts.filter(({ row }) => row.reading === readingOfStatement(statement));
  const unmarked = these.findLastIndex(({ row }) => row.act === 'not-read');
  const read = these.slice(unmarked + 1).find(({ row }) => row.act === 'read');
  const agreed = new Map<string, string>();
  for (const { row } of these)
    if (row.act === 'agreed' && !agreed.has(row.by)) agreed.set(row.by, row.at.toISOString());
  return {
    phase: last ? { ...told(last), phase: last.row.phase } : null,
    hadBreak: phased.some(({ row }) => row.phase === 'break'),
    statementRead: read ? told(read) : null,
    agreed
  };
}

/** The course of each card of which anything was said; others are at `courseBegins`. */
export async function readCardCourses(
  queries: Queries,
  cardIds: readonly string[]
): Promise<Map<string, CardCourse>> {
  if (cardIds.length === 0) return new Map();
  const ids = [...cardIds];
  const [staged, acted, linked] = await Promise.all([
    queries
      .select()
      .from(cardStages)
      .where(inArray(cardStages.cardId, ids))
      .orderBy(asc(cardStages.at), asc(cardStages.id)),
    queries
      .select({ row: agendaActs, name: users.name })
      .from(agendaActs)
      .innerJoin(users, eq(users.id, agendaActs.by))
      .where(inArray(agendaActs.cardId, ids))
      .orderBy(asc(agendaActs.at), asc(agendaActs.id)),
    queries
      .select({ row: cardLinks, name: users.name })
      .from(cardLinks)
      .innerJoin(users, eq(users.id, cardLinks.by))
      .where(inArray(cardLinks.cardId, ids))
      .orderBy(asc(cardLinks.at), asc(cardLinks.id))
  ]);
  const standing = [
    ...new Map(linked.map((link) => [`${link.row.cardId} ${link.row.withCardId}`, link])).values()
  ].filter(({ row }) => row.linked);
  return new Map(
    ids.map((cardId) => {
      const parking = acted.findLast(
        ({ row }) => row.cardId === cardId && (row.act === 'parked' || row.act === 'taken-back')
      );
      return [
        cardId,
        {
          stage: staged.findLast((row) => row.cardId === cardId)?.stage ?? courseBegins.stage,
          parked: parking?.row.act === 'parked' ? { ...told(parking), reason: parking.row.reason } : null,
          links: standing.flatMap((link) => {
            const { row } = link;
            if (row.cardId !== cardId && row.withCardId !== cardId) return [];
            const other = row.cardId === cardId ? row.withCardId : row.cardId;
            return [{ ...told(link), cardId: other, together: row.together, reason: row.reason }];
          })
        }
      ];
    })
  );
}

function told({
  row,
  name
}: {
  readonly row: { readonly by: string; readonly at: Date };
  readonly name: string;
}) {
  return { userId: row.by, by: name, at: row.at.toISOString() };
}
