// What moved on a card since the chair read it, by others than the chair: the newest facts, and the journal's
// rows after those that were read. In words for the chair, without a word of what was written.
import { and, asc, eq, gt, isNotNull, ne, or } from 'drizzle-orm';
import { documentKinds } from '#lib/domain/permission.ts';
import type { Moved } from '#lib/protocol/command.ts';
import type { Queries } from '../database/database.ts';
import { auditEvents } from '../database/schema/decisions.ts';
import { users } from '../database/schema/identity.ts';
import { documents, journal } from '../database/schema/sync.ts';
import { readFacts, type Facts } from '../meetings/facts.ts';
import type { TableCard } from '../meetings/table.ts';
import type { CardVersion } from '../meetings/version.ts';

interface Act {
  readonly userId: string | null;
  readonly by: string;
  readonly at: string;
  readonly what: string;
}

/** What others did on the card between `seen` and now, the oldest first. */
export async function movedSince(
  queries: Queries,
  card: TableCard,
  agencies: readonly { readonly id: string; readonly name: string }[],
  seen: CardVersion,
  chairId: string
): Promise<Moved[]> {
  const nameOf = (id: string | null) => agencies.find((agency) => agency.id === id)?.name ?? 'an agency';
  const facts = await actsOn(queries, card, nameOf);
  // Each fact moves the card's version by one, so the newest so many are those that came since.
  const since = card.row.version - seen.facts;
  const stated = since > 0 ? facts.slice(-since).filter(({ userId }) => userId !== chairId) : [];
  const written = await writtenSince(queries, card.row.id, seen, chairId, nameOf);
  return [...stated, ...written]
    .map(({ at, by, what }) => ({ at, by, what }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** Every act that moved the card's version, in order. */
async function actsOn(
  queries: Queries,
  { row }: TableCard,
  nameOf: (agencyId: string | null) => string
): Promise<Act[]> {
  const facts = await readFacts(queries, row.id);
  const told = await queries
    .select({ userId: users.id, by: users.name, at: auditEvents.at })
    .from(auditEvents)
    .innerJoin(users, eq(users.id, auditEvents.userId))
    .where(and(eq(auditEvents.cardId, row.id), eq(auditEvents.act, 'narrative-told')))
    .orderBy(asc(auditEvents.at));
  const chairsOwn = (at: Date | null): Act[] =>
    at ? [{ userId: null, by: 'The chair', at: at.toISOString(), what: 'the course of the meeting' }] : [];
  return [
    ...statedActs(facts, row.id, nameOf),
    ...told.map(({ at, ...who }) => ({ ...who, at: at.toISOString(), what: 'the version for the table' })),
    ...chairsOwn(row.revealedAt)
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

const answerWords = {
  accepted: 'an action accepted',
  declined: 'an action declined',
  'taken-back': 'an answer to an action taken back'
} as const;

function statedActs(facts: Facts, cardId: string, nameOf: (agencyId: string | null) => string): Act[] {
  const acts = <F extends { userId: string; by: string; at: string }>(
    stated: readonly F[],
    what: (fact: F) => string
  ) => stated.map((fact): Act => ({ userId: fact.userId, by: fact.by, at: fact.at, what: what(fact) }));
  return [
    ...acts(facts.records, ({ agencyId }) => `${nameOf(agencyId)}: whether there is a record`),
    ...acts(facts.ratings, ({ agencyId }) => `${nameOf(agencyId)}: rating`),
    ...acts(facts.joint, () => 'the joint rating'),
    ...acts(facts.dissents, ({ reason }) => (reason === null ? 'a dissent taken back' : 'a dissent')),
    ...acts(facts.answers, ({ agencyId, answer }) => `${nameOf(agencyId)}: ${answerWords[answer]}`),
    ...acts(facts.confirmations, ({ agencyId }) => `${nameOf(agencyId)}: notes confirmed`),
    ...facts.attendance
      .filter((fact) => fact.cardId === cardId)
      .map(({ saidBy, name, at }): Act => ({ userId: saidBy, by: name, at, what: 'who is here' })),
    ...facts.conflicts.map(({ declaredBy, name, at }): Act => ({
      userId: declaredBy,
      by: name,
      at,
      what: 'a conflict of interest'
    }))
  ];
}

/** One line for each person and section, with the last time. */
async function writtenSince(
  queries: Queries,
  cardId: string,
  { seq }: CardVersion,
  chairId: string,
  nameOf: (agencyId: string | null) => string
): Promise<Act[]> {
  const later = documentKinds.map((kind) =>
    and(eq(documents.name, `${kind}/${cardId}`), gt(journal.seq, seq[kind]))
  );
  const rows = await queries
    .select({ userId: users.id, by: users.name, at: journal.at, sections: journal.sections })
    .from(journal)
    .innerJoin(documents, eq(documents.id, journal.documentId))
    .innerJoin(users, eq(users.id, journal.userId))
    .where(and(or(...later), isNotNull(journal.userId), ne(journal.userId, chairId)))
    .orderBy(asc(journal.at), asc(journal.seq));
  const last = new Map<string, Act>();
  for (const { sections, at, ...who } of rows)
    for (const section of sections)
      last.set(`${who.userId} ${section}`, {
        ...who,
        at: at.toISOString(),
        what: sectionWords(section, nameOf)
      });
  return [...last.values()];
}

const words: Readonly<Record<string, string>> = {
  analysis: 'the joint analysis',
  plan: 'the plan and its actions',
  questions: 'the questions',
  summary: 'the summary',
  voice: "the victim's voice",
  safety: 'the safety plan'
};

function sectionWords(section: string, nameOf: (agencyId: string | null) => string): string {
  return words[section] ?? `what ${nameOf(section.slice('agency/'.length))} brought to the table`;
}
