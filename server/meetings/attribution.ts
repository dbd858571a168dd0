// Who wrote what on a card, for chair and coordinator: names and agencies put to what the journal says, after the
// audit has that it was asked. For others there is no such thing. Carries WHO3.
import { and, asc, eq, inArray } from 'drizzle-orm';
import { documentKinds, mayRead, mayReadBeside, type DocumentKind } from '#lib/domain/permission.ts';
import type { CardAttribution } from '#lib/protocol/attribution.ts';
import { record } from '../audit/audit.ts';
import type { Database } from '../database/database.ts';
import { agencies, memberships, users } from '../database/schema/identity.ts';
import type { Session } from '../identity/session.ts';
import type { Sync } from '../sync/sync.ts';
import { seatAtCard } from './seats.ts';

/** Who wrote what; undefined where the card, or this of it, does not exist for the person. */
export async function readAttribution(
  { db }: Database,
  sync: Pick<Sync, 'authorship'>,
  session: Session,
  cardId: string
): Promise<CardAttribution | undefined> {
  const at = await seatAtCard(db, session.area.id, session.user.id, cardId);
  if (!at || !mayReadBeside(at.seat, at.card)) return undefined;
  const { seat, card, familyId, meetingId } = at;
  const kinds = documentKinds.filter((kind) => mayRead(seat, card, kind));
  const act = 'attribution-opened';
  await record(db, session, { act, purpose: 'the meeting', familyId, meetingId, cardId, detail: { kinds } });
  const written = await Promise.all(kinds.map((kind: DocumentKind) => sync.authorship(kind, cardId)));
  const documents = written.flatMap((document) => document ?? []);
  const ids = new Set(
    documents.flatMap(({ parts }) =>
      parts.flatMap(({ paragraphs }) => paragraphs.flat().flatMap(({ userId }) => userId ?? []))
    )
  );
  return {
    cardId,
    people: await readPeople(db, session.area.id, [...ids]),
    documents: documents.map(({ kind, seq, parts }) => ({
      name: `${kind}/${cardId}`,
      seq,
      parts: parts.map(({ paragraphs, ...part }) => ({
        ...part,
        paragraphs: paragraphs.map((runs) =>
          runs.map(({ text, userId, at: first, until }) => ({
            text,
            userId,
            at: first.toISOString(),
            until: until.toISOString()
          }))
        )
      }))
    }))
  };
}

/** Names and agencies, also of those whose place has ended since. */
async function readPeople(
  db: Database['db'],
  areaId: string,
  ids: readonly string[]
): Promise<CardAttribution['people']> {
  if (ids.length === 0) return {};
  const rows = await db
    .select({ id: users.id, name: users.name, code: agencies.code })
    .from(users)
    .leftJoin(memberships, and(eq(memberships.userId, users.id), eq(memberships.areaId, areaId)))
    .leftJoin(agencies, eq(agencies.id, memberships.agencyId))
    .where(inArray(users.id, [...ids]))
    .orderBy(asc(agencies.position), asc(agencies.code));
  const people: Record<string, { name: string; agencies: string[] }> = {};
  for (const { id, name, code } of rows) {
    const person = (people[id] ??= { name, agencies: [] });
    if (code && !person.agencies.includes(code)) person.agencies.push(code);
  }
  return people;
}
