// Late edits, at real meetings: kept in their author's name, and brought into a locked card by the chair once each, as a
// new version in the chain.
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { addAction, appendParagraphs, setActionField } from '#lib/card/edit.ts';
import { plainText } from '#lib/card/read.ts';
import { decisions } from '#server/database/schema/decisions.ts';
import { journal, lateEdits, quarantine } from '#server/database/schema/sync.ts';
import { openDecisions } from '#server/decisions/decisions.ts';
import { verify } from '#server/decisions/verify.ts';
import { amend, awayWriting, codeOf, comeBack, contentsOf, lockedCard } from '../actors/amending.ts';
import { openHall, type Hall } from '../actors/boards.ts';
import { knock, until } from '../actors/peer.ts';
import { sessionFor } from '../actors/table.ts';

let hall: Hall;
beforeAll(async () => {
  hall = await openHall();
});
afterAll(() => hall.close());

test('AMEND2: an amendment is the next version in the chain: the whole content, what it changed and took in; the old one stays', async () => {
  const { boards, chair, late, cardId } = await lockedCard(hall);
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
  const { boards, chair, police, cardId, ids } = await lockedCard(hall);
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
  const { boards, chair, late, cardId } = await lockedCard(hall);
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

test('LATE4: nobody writes late in the name of another late author, and of two who set the same field late both are kept', async () => {
  const { boards, cardId } = await lockedCard(hall);
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
