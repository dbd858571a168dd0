// A locked card amended, at real meetings: by the chair alone, with a reason, as a new version that stands beside the old
// one; what is proposed, which decides nothing; and of two windows that amend or lock at once, one is done.
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { addAction } from '#lib/card/edit.ts';
import { sqlState } from '#server/database/database.ts';
import { amendments, proposedCorrections, takenIn } from '#server/database/schema/amendments.ts';
import { cards, conflicts, jointRatings, meetings } from '#server/database/schema/meetings.ts';
import { documents, journal } from '#server/database/schema/sync.ts';
import { openDecisions } from '#server/decisions/decisions.ts';
import { verifyIn } from '#server/decisions/verify.ts';
import { amend, codeOf, contentsOf, lockedCard } from '../actors/amending.ts';
import { openHall, type Hall } from '../actors/boards.ts';
import { sitDown, until } from '../actors/peer.ts';
import { sessionFor } from '../actors/table.ts';

let hall: Hall;
beforeAll(async () => {
  hall = await openHall();
});
afterAll(() => hall.close());

test('AMEND1: whoever holds the chair amends a locked card, with a reason, also after the close; nobody else does', async () => {
  const { boards, chair, cardId, ids } = await lockedCard(hall);
  const { table, database } = boards;
  const coordinator = await boards.sit('coordinator');
  const police = await boards.sit('police');
  const observer = await boards.sit('observer');
  const it = amend(cardId, { lateEditIds: ids });
  for (const board of [coordinator, police, observer])
    expect(await board.send(it)).toMatchObject({ ok: false, error: { code: 'not-allowed' } });
  const other = amend(boards.otherCardId, { corrections: [{ words: 'x' }] });
  expect(codeOf(await chair.send(other))).toBe('state');
  expect(codeOf(await police.send(other))).toBe('not-found');
  for (const faulty of [{ lateEditIds: ids, reason: ' ' }, { lateEditIds: [] }])
    expect(codeOf(await chair.send(amend(cardId, faulty)))).toBe('malformed');
  const chairs = { cardId, userId: table.people.chair };
  const [row] = await database.db
    .insert(conflicts)
    .values({ ...chairs, declaredBy: table.people.chair })
    .returning();
  expect(codeOf(await chair.send(it))).toBe('not-found');
  await database.db.delete(conflicts).where(eq(conflicts.id, row?.id ?? ''));
  await database.db.update(meetings).set({ state: 'closed' }).where(eq(meetings.id, table.meetingId));
  expect(await chair.send(it)).toMatchObject({
    ok: true,
    result: { number: 2, version: 2, amends: 1 }
  });
  expect(await database.db.$count(amendments, eq(amendments.by, table.people.chair))).toBe(1);
});

test('AMEND5: a correction in words stands beside what was decided, with who proposed it, and is taken in once', async () => {
  const { boards, chair, cardId } = await lockedCard(hall);
  const health = await boards.sit('health');
  const proposed = await health.send({
    type: 'correction.propose',
    cardId,
    ...{ section: 'analysis', key: 'worries', words: 'The school is Hill Lane' }
  });
  const { proposalId } = (proposed as { result: { proposalId: string } }).result;
  const corrections = [
    { proposalId, words: 'The school is Hill Lane.', section: 'analysis', key: 'worries' },
    { words: 'The aunt lives in Wales.', section: 'voice' }
  ];
  expect(codeOf(await chair.send(amend(cardId, { corrections })))).toBe('done');
  const [now, old] = await contentsOf(boards, cardId);
  expect(now?.analysis).toEqual(old?.analysis);
  expect(now?.amendment).toMatchObject({
    changed: [],
    corrections: [
      {
        words: 'The school is Hill Lane.',
        about: { section: 'analysis', key: 'worries' },
        proposed: { by: { name: 'The health' }, agencyId: boards.table.agencies.health }
      }
    ]
  });
  expect(now?.protected.amendment?.corrections).toMatchObject([{ words: 'The aunt lives in Wales.' }]);
  expect(codeOf(await chair.send(amend(cardId, { corrections })))).toBe('state');
});

test('AMEND6: what somebody at a locked card proposes decides nothing, and is told to chair and coordinator alone', async () => {
  const { boards, chair, cardId } = await lockedCard(hall);
  const [health, police, coordinator, observer, stranger] = await Promise.all(
    (['health', 'police', 'coordinator', 'observer', 'stranger'] as const).map((who) => boards.sit(who))
  );
  const propose = { type: 'correction.propose', cardId, words: 'Mr Cole moved out in May' } as const;
  expect(await health?.send(propose)).toMatchObject({ ok: true });
  expect(await health?.send({ ...propose, cardId: boards.otherCardId })).toMatchObject({
    error: { code: 'not-found' }
  });
  expect(await stranger?.send(propose)).toMatchObject({ error: { code: 'not-found' } });
  expect(await observer?.send(propose)).toMatchObject({ error: { code: 'not-allowed' } });
  const open = { ...propose, cardId: boards.otherCardId };
  expect(await stranger?.send(open)).toMatchObject({ error: { code: 'state' } });
  const seen = [chair, coordinator, health].map((board) => board?.state().cards[cardId]?.proposals);
  for (const proposals of seen)
    expect(proposals).toMatchObject([{ by: 'The health', words: 'Mr Cole moved out in May', takenIn: null }]);
  for (const board of [police, observer, stranger]) expect(board?.received()).not.toContain('moved out');
  expect(await contentsOf(boards, cardId)).toHaveLength(1);
});

test('AMEND7: of two windows that amend at once one is done and the other is told; the same command is done once', async () => {
  const { boards, chair, cardId, ids } = await lockedCard(hall);
  const other = await boards.sit('chair');
  const answers = await Promise.all([
    chair.send(amend(cardId, { amends: 1, lateEditIds: [ids[0] ?? ''] }), 'the-first'),
    other.send(amend(cardId, { amends: 1, corrections: [{ words: 'A word' }] }), 'the-second')
  ]);
  expect(answers.map(codeOf).sort()).toEqual(['changed', 'done']);
  const [one] = answers;
  const again = await chair.send(amend(cardId, { amends: 1, lateEditIds: [ids[0] ?? ''] }), 'the-first');
  if (one?.ok) expect(again).toEqual(one);
  else expect(codeOf(again)).toBe('changed');
  expect(await contentsOf(boards, cardId)).toHaveLength(2);
  await until('everybody is told', () => other.notices.some(({ kind }) => kind === 'amended'));
  expect(other.state().cards[cardId]).toMatchObject({
    lock: { number: 1 },
    amendments: [{ number: 2, version: 2, by: 'The chair' }]
  });
});

test('AMEND8: minutes and exports show the newest version, name what it amends, and lead to the earlier one', async () => {
  const { boards, chair, cardId, ids } = await lockedCard(hall);
  const { database, sync, table } = boards;
  const decided = openDecisions({ database, sync });
  const session = sessionFor(table, 'police');
  await chair.send(amend(cardId, { lateEditIds: [ids[0] ?? ''] }));
  const minutes = await decided.minutes(session, table.meetingId);
  expect(minutes?.decisions).toMatchObject([
    { content: { number: 2, version: 2 }, earlier: [{ number: 1, version: 1 }] }
  ]);
  const first = await decided.version(session, table.meetingId, 1);
  expect(first).toMatchObject({ decision: { content: { version: 1 } }, newest: 2 });
  expect(JSON.stringify(first)).not.toContain('Friday');
  for (const who of ['stranger', 'observer'] as const)
    expect(
      (await decided.version(sessionFor(table, who), table.meetingId, 1))?.decision.content.version
    ).toBe(who === 'observer' ? 1 : undefined);
  expect(await decided.version(session, table.meetingId, 99)).toBeUndefined();
  const csv = await decided.csvOf(sessionFor(table, 'chair'), table.meetingId);
  expect(csv).toContain('"Amends"');
  expect(csv).toContain('It was written before the lock');
});

test('AMEND9: an amendment that was meddled with, or that amends another version than it says, is found', async () => {
  const { boards, chair, cardId, ids } = await lockedCard(hall);
  const { database, table } = boards;
  await chair.send(amend(cardId, { lateEditIds: ids }));
  class Back extends Error {}
  for (const meddling of [
    sql`update amendments set reason = 'another' where amends in (select id from decisions where card_id = ${cardId})`,
    sql`delete from taken_in; delete from amendments`,
    sql`update amendments set by = ${table.people.police} where amends in (select id from decisions where card_id = ${cardId})`
  ]) {
    let broken: string | null | undefined;
    await database.db
      .transaction(async (tx) => {
        await tx.execute(sql`alter table amendments disable trigger user`);
        await tx.execute(sql`alter table taken_in disable trigger user`);
        await tx.execute(meddling);
        broken = (await verifyIn(tx)).find(({ area }) => area.id === table.areaId)?.broken;
        throw new Back();
      })
      .catch((error: unknown) => {
        if (!(error instanceof Back)) throw error;
      });
    expect(broken).toMatch(/^Decision 2 of .*: it does not amend the version before it as it says\.$/);
  }
});

test('AMEND10: the database refuses to change an amendment, what it took in and what was proposed', async () => {
  const { boards, chair, cardId, ids } = await lockedCard(hall);
  const { db } = boards.database;
  await chair.send({ type: 'correction.propose', cardId, words: 'A word' });
  await chair.send(amend(cardId, { lateEditIds: ids }));
  const refused = (statement: Promise<unknown>) => statement.then(() => undefined, sqlState);
  for (const statement of [
    db.update(amendments).set({ reason: 'another' }),
    db.delete(amendments),
    db.delete(takenIn),
    db.update(takenIn).set({ lateEditId: null }),
    db.update(proposedCorrections).set({ words: 'another' }),
    db.delete(proposedCorrections)
  ])
    expect(await refused(statement)).toBe('23000');
});

test('AMEND11: nothing is made of documents that read otherwise than what was decided', async () => {
  const { boards, chair, cardId } = await lockedCard(hall);
  const { db } = boards.database;
  const [row] = await db
    .select()
    .from(documents)
    .where(eq(documents.name, `cards/${cardId}`));
  const elsewhere = new Y.Doc();
  addAction(elsewhere, { what: 'slipped in' });
  await db.insert(journal).values({
    documentId: row?.id ?? '',
    seq: 1000,
    update: Y.encodeStateAsUpdate(elsewhere),
    sections: ['plan'],
    authors: []
  });
  expect(await chair.send(amend(cardId, { corrections: [{ words: 'A word' }] }))).toMatchObject({
    error: { code: 'state', message: expect.stringContaining('differs from what was decided') }
  });
  const [card] = await db.select().from(cards).where(eq(cards.id, cardId));
  expect(card?.lockedAt).not.toBeNull();
  expect(await contentsOf(boards, cardId)).toHaveLength(1);
});

test('MODEL2: of two windows of the chair that lock at once over live sockets one is done, the other is told, and everybody sees one decision', async () => {
  const boards = await hall.lay();
  const { table, database } = boards;
  const { cardId } = table;
  const stated = { cardId, by: table.people.chair, memberId: null, rating: 'red', reason: 'r' } as const;
  await database.db.insert(jointRatings).values(stated);
  const windows = [await boards.sit('chair'), await boards.sit('chair', 'remote')];
  const police = await boards.sit('police');
  const writer = await sitDown(boards.address('police'), true);
  addAction(writer.doc, { what: 'typed at that moment' });
  const answers = await Promise.all(
    windows.map((window) => window.send({ type: 'card.lock', cardId, reason: 'the end of the hour' }))
  );
  expect(answers.map(codeOf).sort()).toEqual(['done', 'locked']);
  const [done] = answers.flatMap((answer) => (answer.ok ? [answer.result as { number: number }] : []));
  expect(await contentsOf(boards, cardId)).toHaveLength(1);
  for (const board of [...windows, police])
    await until('everybody sees it', () => board.state().cards[cardId]?.lock?.number === done?.number);
  await until('the writer is told', () => writer.house.some(({ kind }) => kind === 'locked'));
  writer.leave();
});
