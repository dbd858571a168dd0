// What changed at a meeting while somebody was away, from the journal and the facts, in sentences for that person
// alone: nothing of a card that they may not see, of a document they may not read, or of what is sealed. The
// reading is in the audit before a sentence of it is given. Carries REMOTE7 and REMOTE8.
import { and, eq, gt, ne, sql } from 'drizzle-orm';
import { parseDocumentName } from '#lib/card/schema.ts';
import { mayRead, maySee, type Seat } from '#lib/domain/permission.ts';
import { sentencesOf, type Happening } from '#lib/domain/since.ts';
import { record } from '../audit/audit.ts';
import type { Database, Db } from '../database/database.ts';
import { users } from '../database/schema/identity.ts';
import { chairHistory } from '../database/schema/meetings.ts';
import type { Session } from '../identity/session.ts';
import { loadTable, type Table, type TableCard } from './table.ts';
import { seatAtTable } from './view.ts';

export interface Since {
  /** ISO, UTC. */
  readonly at: string;
  readonly sentences: readonly string[];
}

/** Writing that pauses for longer than this is counted as another time, in seconds. */
const PAUSE = 60;

/** What changed since `at`, by others than this person; undefined where they have no place at the meeting. */
export async function readSince(
  { db }: Database,
  session: Session,
  meetingId: string,
  at: Date
): Promise<Since | undefined> {
  const table = await loadTable(db, session.area.id, meetingId);
  const seat = table && seatAtTable(table, session.user.id);
  if (!table || !seat) return undefined;
  await record(db, session, {
    act: 'attribution-opened',
    purpose: 'what changed while away',
    meetingId,
    detail: { since: at.toISOString() }
  });
  const seen = table.cards.filter(({ facts }) => maySee(seat, facts));
  const written = await readWriting({ db }, meetingId, session.user.id, at);
  const happenings = seen.flatMap((card) => [
    ...stated(table, card, session.user.id, at.getTime()),
    ...wrote(table, seat, card, written)
  ]);
  happenings.push(...(await readChaired(db, meetingId, session.user.id, at)));
  return { at: at.toISOString(), sentences: sentencesOf(happenings) };
}

async function readChaired(db: Db, meetingId: string, userId: string, at: Date): Promise<Happening[]> {
  const rows = await db
    .select({ by: users.name, at: chairHistory.at })
    .from(chairHistory)
    .innerJoin(users, eq(users.id, chairHistory.userId))
    .where(
      and(
        eq(chairHistory.meetingId, meetingId),
        gt(chairHistory.at, at),
        ne(chairHistory.act, 'named'),
        ne(chairHistory.userId, userId)
      )
    );
  return rows.map((row) => ({ kind: 'chaired', by: row.by, at: row.at.getTime() }));
}

function stated(table: Table, card: TableCard, userId: string, since: number): Happening[] {
  const { reference, row, stands, lock } = card;
  const agency = (id: string | null) => table.agencies.find((each) => each.id === id)?.name ?? '';
  const others = <F extends { userId: string; at: string }>(facts: readonly F[]) =>
    facts.filter((fact) => fact.userId !== userId);
  const all: Happening[] = [
    ...(row.shownAt ? [{ kind: 'shown' as const, reference, at: row.shownAt.getTime() }] : []),
    ...(row.revealedAt ? [{ kind: 'revealed' as const, reference, at: row.revealedAt.getTime() }] : []),
    ...others(stands.joint)
      .filter(({ memberId }) => memberId === null)
      .map(({ by, rating, at }) => ({
        kind: 'concluded' as const,
        ...{ reference, by, rating, at: Date.parse(at) }
      })),
    ...others(stands.dissents).map(({ by, agencyId, at }) => ({
      kind: 'dissented' as const,
      ...{ reference, by: agency(agencyId) || by, at: Date.parse(at) }
    })),
    ...others(stands.answers).map(({ agencyId, answer, at }) => ({
      kind: answer,
      ...{ reference, by: agency(agencyId), times: 1, at: Date.parse(at) }
    })),
    ...(lock ? [{ kind: 'locked' as const, reference, by: lock.by, at: Date.parse(lock.at) }] : [])
  ];
  return all.filter(({ at }) => at > since);
}

interface Writing {
  readonly name: string;
  readonly userId: string;
  readonly section: string;
  readonly times: number;
  readonly at: number;
}

function wrote(table: Table, seat: Seat, card: TableCard, written: readonly Writing[]): Happening[] {
  return written.flatMap(({ name, userId, section, times, at }): Happening[] => {
    const document = parseDocumentName(name);
    if (document?.cardId !== card.row.id || !mayRead(seat, card.facts, document.kind)) return [];
    const by = table.people.get(userId)?.name ?? 'Somebody';
    return [{ kind: 'wrote', reference: card.reference, by, place: placeOf(table, section), times, at }];
  });
}

const places: Readonly<Record<string, string>> = {
  analysis: 'the analysis',
  plan: 'the plan',
  questions: 'the questions',
  summary: 'the summary',
  voice: 'the victim’s voice',
  safety: 'the safety plan'
};

function placeOf(table: Table, section: string): string {
  const agency = table.agencies.find(({ id }) => section === `agency/${id}`);
  return agency ? `the part of ${agency.name}` : (places[section] ?? 'the card');
}

/** Who wrote in which section since then, and how many times with a pause between. */
async function readWriting(
  { db }: Pick<Database, 'db'>,
  meetingId: string,
  userId: string,
  at: Date
): Promise<Writing[]> {
  const { rows } = await db.execute<{
    name: string;
    user_id: string;
    section: string;
    times: string;
    at: string;
  }>(
    sql`
      select name, user_id, section, count(*) filter (where begins) as times,
             extract(epoch from max(at)) * 1000 as at
      from (
        select d.name, j.user_id, s.section, j.at,
               coalesce(j.at - lag(j.at) over (partition by d.id, j.user_id, s.section order by j.seq)
                        > make_interval(secs => ${PAUSE}), true) as begins
        from journal j
        join documents d on d.id = j.document_id
        cross join lateral unnest(j.sections) as s(section)
        where d.meeting_id = ${meetingId} and j.at > ${at.toISOString()}::timestamptz
          and j.user_id is not null and j.user_id <> ${userId}
      ) as each
      group by name, user_id, section`
  );
  return rows.map((row) => ({
    name: row.name,
    userId: row.user_id,
    section: row.section,
    times: Number(row.times),
    at: Number(row.at)
  }));
}
