// How ratings came about: sealed as the ratings are, and looked at in the audit's sight.
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditEvents } from '#server/database/schema/decisions.ts';
import { conflicts } from '#server/database/schema/meetings.ts';
import { openBoards, type Boards } from '../actors/boards.ts';
import { sessionFor, type Who } from '../actors/table.ts';

let boards: Boards;
beforeAll(async () => {
  boards = await openBoards();
});
afterAll(() => boards.close());

const historyFor = (who: Who) => boards.meetings.history(sessionFor(boards.table, who), boards.table.cardId);
const looks = () =>
  boards.database.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.cardId, boards.table.cardId), eq(auditEvents.act, 'rating-history-opened')));

test('RATE11: before the reveal the history is one’s own agency’s alone, and after it everyone’s; the look is in the audit', async () => {
  const { cardId, people } = boards.table;
  const [police, chair] = [await boards.sit('police'), await boards.sit('chair')];
  for (const rating of ['amber', 'red'] as const)
    await police.send({ type: 'rating.set', cardId, rating, reason: `So ${rating}` });
  expect((await historyFor('police'))?.ratings).toMatchObject([
    { rating: 'amber', by: 'The police', afterReveal: false },
    { rating: 'red', reason: 'So red' }
  ]);
  for (const who of ['idva', 'chair', 'coordinator', 'observer'] as const)
    expect(await historyFor(who), who).toEqual({ ratings: [], records: [] });
  expect(await historyFor('stranger')).toBeUndefined();
  expect(await looks(), 'each look, and none of a card that is not theirs').toHaveLength(5);
  await chair.send({ type: 'ratings.reveal', cardId });
  expect((await historyFor('observer'))?.ratings).toHaveLength(2);
  expect(JSON.stringify(await historyFor('idva'))).not.toContain(people.police);
  await boards.database.db
    .insert(conflicts)
    .values({ cardId, userId: people.police, declaredBy: people.police });
  expect(await historyFor('police'), 'a conflict of interest').toBeUndefined();
});
