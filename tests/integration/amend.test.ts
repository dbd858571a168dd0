// Late edits brought into a locked card, at real meetings: by the chair alone, with a reason, as a new version in
// the chain; and what is proposed, which decides nothing.
import { and, desc, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DecisionContent } from '#lib/card/canonical.ts';
import { addAction, appendParagraphs, setActionField } from '#lib/card/edit.ts';
import { plainText } from '#lib/card/read.ts';
import type { Act, CommandAnswer } from '#lib/protocol/command.ts';
import { sqlState } from '#server/database/database.ts';
import { amendments, proposedCorrections, takenIn } from '#server/database/schema/amendments.ts';
import { decisionContents, decisions } from '#server/database/schema/decisions.ts';
import { cards, conflicts, jointRatings, meetings } from '#server/database/schema/meetings.ts';
import { documents, journal, lateEdits, quarantine } from '#server/database/schema/sync.ts';
import { openDecisions } from '#server/decisions/decisions.ts';
import { verify, verifyIn } from '#server/decisions/verify.ts';
import * as Y from 'yjs';
import { openHall, type Boards, type Hall } from '../actors/boards.ts';
import { knock, sitDown, until, type Peer } from '../actors/peer.ts';
import { sessionFor, type Who } from '../actors/table.ts';

let hall: Hall;
beforeAll(async () => {
  hall = await openHall();
});
afterAll(() => hall.close());

type Edit = (doc: Y.Doc) => void;

/** Somebody whose line drops before they write. */
async function awayWriting(
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
async function comeBack(peer: Peer): Promise<void> {
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
async function lockedCard() {
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

const amend = (cardId: string, change: Partial<Extract<Act, { type: 'card.amend' }>>): Act => ({
  type: 'card.amend',
  cardId,
  reason: 'It was written before the lock',
  ...change
});

async function contentsOf({ database }: Boards, cardId: string): Promise<DecisionContent[]> {
  const rows = await database.db
    .select({ canonical: decisionContents.canonical })
    .from(decisionContents)
    .innerJoin(decisions, eq(decisions.id, decisionContents.decisionId))
    .where(eq(decisions.cardId, cardId))
    .orderBy(desc(decisions.version));
  return rows.map(({ canonical }) => JSON.parse(canonical) as DecisionContent);
}

const codeOf = (answer: CommandAnswer) => (answer.ok ? 'done' : answer.error.code);

test('AMEND1: whoever holds the chair amends a locked card, with a reason, also after the close; nobody else does', async () => {
  const { boards, chair, cardId, ids } = await lockedCard();
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

test('AMEND2: an amendment is the next version in the chain: the whole content, what it changed and took in; the old one stays', async () => {
  const { boards, chair, late, cardId } = await lockedCard();
  const { database, table } = boards;
  const [first] = await database.db.select().from(decisions).where(eq(decisions.cardId, cardId));
  const [before] = await contentsOf(boards, cardId);
  const journals = await database.db.$count(journal);
  const answer = await chair.send(amend(cardId, { amends: 1, lateEditIds: [late[0]?.id ?? ''] }));
  expect(answer).toMatchObject({ ok: true, result: { version: 2, amends: first?.number } });
  const [now, old] = await contentsOf(boards, cardId);
  expect(old).toEqual(before);
  expect(plainText(now?.analysis.worries ?? [])).toBe('He has a key\nThe order ended on Friday');
  expect(now).toMatchObject({
    version: 2,
    lockedAt: before?.lockedAt,
    joint: before?.joint,
    amendment: {
      amends: { number: first?.number, version: 1, hash: first?.hash },
      by: { userId: table.people.chair, name: 'The chair' },
      reason: 'It was written before the lock',
      lateEdits: [
        {
          by: { userId: table.people.police, name: 'The police' },
          arrivedAt: late[0]?.arrivedAt.toISOString(),
          sections: expect.arrayContaining(['analysis', 'plan'])
        }
      ],
      changed: [
        {
          ...{ section: 'analysis', key: 'worries', field: null },
          ...{ before: 'He has a key', after: 'He has a key\nThe order ended on Friday' }
        },
        { section: 'plan', key: 'action/locks', field: 'by', before: '2026-12-01', after: '2026-11-30' }
      ]
    }
  });
  expect(now?.protected).toEqual(before?.protected);
  expect(await database.db.$count(journal)).toBe(journals);
  const open = await boards.sync.read(cardId, ({ cards: doc }) =>
    doc.getMap('analysis').get('worries')?.toString()
  );
  expect(open).not.toContain('Friday');
  expect((await verify(database.db)).find(({ area }) => area.id === table.areaId)).toMatchObject({
    whole: 2,
    broken: null
  });
});

test('AMEND3: a late edit is brought in once, and never without an earlier one that it goes on from', async () => {
  const { boards, chair, police, cardId, ids } = await lockedCard();
  await until('the words go on', () => !police.provider.wsconnected);
  appendParagraphs(police.doc, 'analysis', 'worries', ['And he knows the school']);
  await comeBack(police);
  const late = await boards.sync.lateEdits(cardId);
  const second = late.find(({ id }) => !ids.includes(id));
  expect(second).toMatchObject({ needs: [ids[0]], text: 'And he knows the school' });
  const secondId = second?.id ?? '';
  expect(await chair.send(amend(cardId, { lateEditIds: [secondId] }))).toMatchObject({
    ok: false,
    error: { code: 'state', lacking: [ids[0]] }
  });
  const unknown = amend(cardId, { lateEditIds: [boards.table.cardId] });
  expect(codeOf(await chair.send(unknown))).toBe('not-found');
  const first = amend(cardId, { lateEditIds: [ids[0] ?? ''] });
  expect(codeOf(await chair.send(first))).toBe('done');
  expect(codeOf(await chair.send(first))).toBe('state');
  expect(codeOf(await chair.send(amend(cardId, { lateEditIds: [secondId] })))).toBe('done');
  const [now] = await contentsOf(boards, cardId);
  expect(now).toMatchObject({ version: 3, amendment: { amends: { version: 2 } } });
  expect(plainText(now?.analysis.worries ?? [])).toMatch(/key\n.*Friday\n.*school$/);
  expect(chair.state().cards[cardId]?.lateEdits.map(({ takenIn }) => takenIn)).toEqual([2, null, 3]);
});

test('AMEND4: what was late in the protected document goes into the protected part, and into no minutes and no export', async () => {
  const { boards, chair, late, cardId } = await lockedCard();
  const { database, sync, table } = boards;
  expect(codeOf(await chair.send(amend(cardId, { lateEditIds: late.map(({ id }) => id) })))).toBe('done');
  const [now] = await contentsOf(boards, cardId);
  expect(plainText(now?.protected.voice ?? [])).toBe('She has moved to her aunt');
  expect(now?.protected.amendment).toMatchObject({
    lateEdits: [{ id: late[1]?.id }],
    changed: [{ section: 'voice', before: null, after: 'She has moved to her aunt' }]
  });
  expect(now?.amendment?.lateEdits.map(({ id }) => id)).toEqual([late[0]?.id]);
  const decided = openDecisions({ database, sync });
  const session = sessionFor(table, 'chair');
  const minutes = await decided.minutes(session, table.meetingId);
  const exported = await decided.exportOf(session, table.meetingId);
  const csv = await decided.csvOf(session, table.meetingId);
  for (const given of [JSON.stringify(minutes), JSON.stringify(exported), csv ?? '']) {
    expect(given).toContain('2026-11-30');
    expect(given).not.toContain('aunt');
    expect(given).not.toContain('voice');
  }
});

test('AMEND5: a correction in words stands beside what was decided, with who proposed it, and is taken in once', async () => {
  const { boards, chair, cardId } = await lockedCard();
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
  const { boards, chair, cardId } = await lockedCard();
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
  const { boards, chair, cardId, ids } = await lockedCard();
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
  const { boards, chair, cardId, ids } = await lockedCard();
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
  const { boards, chair, cardId, ids } = await lockedCard();
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
  const { boards, chair, cardId, ids } = await lockedCard();
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
  const { boards, chair, cardId } = await lockedCard();
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

test('LATE4: nobody writes late in the name of another late author, and of two who set the same field late both are kept', async () => {
  const { boards, cardId } = await lockedCard();
  const { database } = boards;
  // A bare socket shows itself nowhere, so that its client id is first seen in what it writes late.
  const unseen = 424_242;
  const first = await knock(boards.address('police'));
  const own = new Y.Doc();
  own.clientID = unseen;
  addAction(own, { what: 'late, and mine' });
  first.update(Y.encodeStateAsUpdate(own));
  expect(await first.closed).toBe(4423);
  const bare = await knock(boards.address('health'));
  const forged = new Y.Doc();
  Y.applyUpdate(forged, Y.encodeStateAsUpdate(own));
  forged.clientID = unseen;
  addAction(forged, { what: 'in their name' });
  const clean = await database.db.$count(quarantine);
  bare.update(Y.encodeStateAsUpdate(forged));
  expect(await bare.closed).toBe(4403);
  await until('the evidence', async () => (await database.db.$count(quarantine)) === clean + 1);
  const health = await awayWriting(boards, 'health', (doc) =>
    setActionField(doc, 'locks', 'by', '2026-12-24')
  );
  await comeBack(health);
  const [kept] = await database.db
    .select()
    .from(lateEdits)
    .where(and(eq(lateEdits.cardId, cardId), eq(lateEdits.userId, boards.table.people.health)));
  const held = Y.decodeUpdate(kept?.update ?? new Uint8Array()).structs.map((struct) =>
    struct instanceof Y.Item ? struct.content.getContent() : []
  );
  expect(held).toEqual([['2026-12-24']]);
});
