// What people gave to meetings: whose words stand on which card, from the journal; ratings before the reveal and
// actions accepted, from the facts; questions answered, from the decisions. Counted, never quoted.
import { and, eq, inArray, isNotNull, not, sql } from 'drizzle-orm';
import type { DecisionContent } from '#lib/card/canonical.ts';
import type { Contributions } from '#lib/domain/attendance.ts';
import type { Db } from '../database/database.ts';
import { decisionContents, decisions } from '../database/schema/decisions.ts';
import { actionAnswers } from '../database/schema/followup.ts';
import { acceptances, cards, ratings } from '../database/schema/meetings.ts';
import type { Attended } from './reading.ts';

/** Something that was given once: `what` names it among those of its kind at a meeting. */
interface Given {
  readonly meetingId: string;
  readonly what: string;
  readonly userId: string;
  readonly agencyId: string;
}

interface Question {
  readonly meetingId: string;
  readonly what: string;
  readonly cardId: string;
  readonly agencyId: string;
}

/** What somebody gave at a meeting; of who sent papers, what was given for their agency. */
export type Contributed = (each: Attended) => Contributions;

const section = 'agency/';

/** Reads what was given at these meetings. */
export async function readContributions(db: Db, meetingIds: readonly string[]): Promise<Contributed> {
  if (meetingIds.length === 0) return () => ({ information: 0, ratings: 0, questions: 0, actions: 0 });
  const ids = [...meetingIds];
  const [written, rated, accepted, asked] = await Promise.all([
    readWritten(db, ids),
    readRated(db, ids),
    readAccepted(db, ids),
    readAnswered(db, ids)
  ]);
  const information = written.flatMap((each) =>
    each.section.startsWith(section)
      ? [{ ...each, what: each.cardId, agencyId: each.section.slice(section.length) }]
      : []
  );
  const amongQuestions = new Set(
    written.flatMap((each) => (each.section === 'questions' ? [`${each.cardId} ${each.userId}`] : []))
  );
  return (each) => {
    const questions = asked.filter(
      ({ meetingId, agencyId, cardId }) =>
        meetingId === each.meetingId &&
        each.agencyIds.includes(agencyId) &&
        (each.mode === 'papers' || amongQuestions.has(`${cardId} ${each.userId}`))
    );
    return {
      information: count(information, each),
      ratings: count(rated, each),
      questions: questions.length,
      actions: count(accepted, each)
    };
  };
}

function count(given: readonly Given[], { mode, meetingId, userId, agencyIds }: Attended): number {
  const own = given.filter(
    (each) =>
      each.meetingId === meetingId &&
      agencyIds.includes(each.agencyId) &&
      (mode === 'papers' || each.userId === userId)
  );
  return new Set(own.map(({ what }) => what)).size;
}

/** Who wrote in which section of which card. */
async function readWritten(db: Db, ids: readonly string[]) {
  const { rows } = await db.execute<{
    meeting_id: string;
    card_id: string;
    user_id: string;
    section: string;
  }>(sql`
    select distinct d.meeting_id, d.card_id, j.user_id, s.section
    from documents d
    join journal j on j.document_id = d.id
    cross join lateral unnest(j.sections) as s(section)
    where d.meeting_id in ${ids} and j.user_id is not null
      and (s.section like ${`${section}%`} or s.section = 'questions')`);
  return rows.map((row) => ({
    meetingId: row.meeting_id,
    cardId: row.card_id,
    userId: row.user_id,
    section: row.section
  }));
}

async function readRated(db: Db, ids: string[]): Promise<Given[]> {
  return db
    .selectDistinct({
      meetingId: cards.meetingId,
      what: sql<string>`${ratings.cardId}::text`,
      userId: ratings.by,
      agencyId: ratings.agencyId
    })
    .from(ratings)
    .innerJoin(cards, eq(cards.id, ratings.cardId))
    .where(and(inArray(cards.meetingId, ids), not(ratings.afterReveal), isNotNull(ratings.rating)));
}

async function readAccepted(db: Db, ids: string[]): Promise<Given[]> {
  const of = (source: typeof acceptances | typeof actionAnswers) =>
    db
      .selectDistinct({
        meetingId: cards.meetingId,
        what: sql<string>`${source.cardId}::text || ' ' || ${source.actionId}`,
        userId: source.by,
        agencyId: source.agencyId
      })
      .from(source as typeof acceptances)
      .innerJoin(cards, eq(cards.id, source.cardId))
      .where(and(inArray(cards.meetingId, ids), eq(source.answer, 'accepted')));
  return (await Promise.all([of(acceptances), of(actionAnswers)])).flat();
}

/** The questions with an answer, of the newest version of each decision that asked any. */
async function readAnswered(db: Db, ids: string[]): Promise<Question[]> {
  const rows = await db
    .selectDistinctOn([decisions.cardId], {
      meetingId: decisions.meetingId,
      cardId: decisions.cardId,
      canonical: decisionContents.canonical
    })
    .from(decisions)
    .innerJoin(decisionContents, eq(decisionContents.decisionId, decisions.id))
    .where(
      and(
        inArray(decisions.meetingId, ids),
        sql`${decisionContents.canonical} not like ${'%"questions":[]%'}`
      )
    )
    .orderBy(decisions.cardId, sql`${decisions.version} desc`);
  return rows.flatMap(({ meetingId, cardId, canonical }) =>
    (JSON.parse(canonical) as DecisionContent).questions.flatMap(({ id, agencyId, answer }) =>
      agencyId !== null && answer.trim() !== '' ? [{ meetingId, cardId, agencyId, what: id }] : []
    )
  );
}
