// A card that was locked while two were away writing, whose words are kept as late; how the chair amends it, and what is
// decided then.
import { desc, eq } from 'drizzle-orm';
import { expect } from 'vitest';
import type * as Y from 'yjs';
import type { DecisionContent } from '#lib/card/canonical.ts';
import { addAction, appendParagraphs, setActionField } from '#lib/card/edit.ts';
import type { Act, CommandAnswer } from '#lib/protocol/command.ts';
import { decisionContents, decisions } from '#server/database/schema/decisions.ts';
import { jointRatings } from '#server/database/schema/meetings.ts';
import type { Boards, Hall } from './boards.ts';
import { sitDown, until, type Peer } from './peer.ts';
import type { Who } from './table.ts';

type Edit = (doc: Y.Doc) => void;

/** Somebody whose line drops before they write. */
export async function awayWriting(
  boards: Boards,
  who: Who,
  edit: Edit,
  kind: 'cards' | 'protected' = 'cards'
): Promise<Peer> {
  const peer = await sitDown(boards.address(who, kind), true);
  peer.provider.disconnect();
  edit(peer.doc);
  return peer;
}

/** Their line comes back; what they wrote is kept as late. */
export async function comeBack(peer: Peer): Promise<void> {
  const before = peer.closes.filter((code) => code === 4423).length;
  peer.provider.connect();
  await until('it is turned away', () => peer.closes.filter((code) => code === 4423).length > before);
  peer.provider.disconnect();
}

async function write(boards: Boards, who: Who, edit: Edit): Promise<void> {
  const peer = await sitDown(boards.address(who), true);
  edit(peer.doc);
  await until('it is saved', () => peer.saved() === peer.sent());
  peer.leave();
}

/** A card with words on it, locked while police and IDVA were away writing. */
export async function lockedCard(hall: Hall) {
  const boards = await hall.lay();
  const { table, database } = boards;
  await write(boards, 'police', (doc) => {
    appendParagraphs(doc, 'analysis', 'worries', ['He has a key']);
    addAction(doc, { what: 'Change the locks', agencyId: table.agencies.police, by: '2026-12-01' }, 'locks');
  });
  await database.db.insert(jointRatings).values({
    cardId: table.cardId,
    by: table.people.chair,
    memberId: null,
    rating: 'amber',
    reason: 'Two reports in a month'
  });
  const police = await awayWriting(boards, 'police', (doc) => {
    appendParagraphs(doc, 'analysis', 'worries', ['The order ended on Friday']);
    setActionField(doc, 'locks', 'by', '2026-11-30');
  });
  const idva = await awayWriting(
    boards,
    'idva',
    (doc) => appendParagraphs(doc, 'voice', undefined, ['She has moved to her aunt']),
    'protected'
  );
  const chair = await boards.sit('chair');
  expect(
    await chair.send({ type: 'card.lock', cardId: table.cardId, reason: 'The rest by letter' })
  ).toMatchObject({ ok: true });
  for (const peer of [police, idva]) await comeBack(peer);
  const late = await boards.sync.lateEdits(table.cardId);
  expect(late.map(({ kind }) => kind)).toEqual(['cards', 'protected']);
  return { boards, chair, police, idva, late, cardId: table.cardId, ids: late.map(({ id }) => id) };
}

export const amend = (cardId: string, change: Partial<Extract<Act, { type: 'card.amend' }>>): Act => ({
  type: 'card.amend',
  cardId,
  reason: 'It was written before the lock',
  ...change
});

export async function contentsOf({ database }: Boards, cardId: string): Promise<DecisionContent[]> {
  const rows = await database.db
    .select({ canonical: decisionContents.canonical })
    .from(decisionContents)
    .innerJoin(decisions, eq(decisions.id, decisionContents.decisionId))
    .where(eq(decisions.cardId, cardId))
    .orderBy(desc(decisions.version));
  return rows.map(({ canonical }) => JSON.parse(canonical) as DecisionContent);
}

export const codeOf = (answer: CommandAnswer) => (answer.ok ? 'done' : answer.error.code);
