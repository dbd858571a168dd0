// The lock as the chair asks for it, with real documents and people at them: what it asks for, what it writes,
// and what stops it.
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DecisionContent } from '#lib/card/canonical.ts';
import { addAction, addQuestion, appendParagraphs, setActionField } from '#lib/card/edit.ts';
import { actionsIn, plainText } from '#lib/card/read.ts';
import { sqlState } from '#server/database/database.ts';
import {
  actions,
  auditEvents,
  decisionContents,
  decisionHeads,
  decisions
} from '#server/database/schema/decisions.ts';
import { notifications } from '#server/database/schema/families.ts';
import {
  acceptances,
  attendance,
  cards,
  conflicts,
  jointRatings,
  ratings
} from '#server/database/schema/meetings.ts';
import { openDecisions, type Decisions, type LockRequest } from '#server/decisions/decisions.ts';
import { beginning } from '#server/decisions/chain.ts';
import { readingOf } from '#server/meetings/commands/answering.ts';
import { openDoor, type Door } from '../actors/door.ts';
import { sitDown, until, type Peer } from '../actors/peer.ts';
import { layCard, sessionFor, type Who } from '../actors/table.ts';

let door: Door;
let decided: Decisions;
beforeEach(async () => {
  door = await openDoor();
  decided = openDecisions(door);
});
afterEach(() => door.close());

const lock = (request: LockRequest = {}, who: Who = 'chair', cardId = door.table.cardId) =>
  decided.lock(sessionFor(door.table, who), cardId, request);

async function conclude(cardId = door.table.cardId): Promise<void> {
  await door.database.db.insert(jointRatings).values({
    cardId,
    by: door.table.people.chair,
    memberId: null,
    rating: 'amber',
    reason: 'Two reports in a month'
  });
}

async function contentOf(cardId = door.table.cardId): Promise<DecisionContent> {
  const [row] = await door.database.db
    .select({ canonical: decisionContents.canonical })
    .from(decisionContents)
    .innerJoin(decisions, eq(decisions.id, decisionContents.decisionId))
    .where(eq(decisions.cardId, cardId));
  return JSON.parse(row?.canonical ?? '') as DecisionContent;
}

/** A police report on the family, with a version for the table. */
async function tell(): Promise<void> {
  const { db } = door.database;
  const [found] = await db
    .select({ caseId: cards.caseId })
    .from(cards)
    .where(eq(cards.id, door.table.cardId));
  await db.insert(notifications).values({
    areaId: door.table.areaId,
    caseId: found?.caseId ?? '',
    occurrence: '52/1',
    reported: '2026-11-20',
    incidentType: 'Assault',
    narrative: 'She told the officer in private',
    tableVersion: 'A call to the address',
    addedBy: door.table.people.coordinator
  });
}

/** Sits down, writes, waits until it is saved. */
async function write(
  who: Who,
  edit: (peer: Peer) => void,
  kind: 'cards' | 'protected' = 'cards'
): Promise<void> {
  const peer = await sitDown(door.address(who, kind), true);
  edit(peer);
  await until('it is saved', () => peer.saved() === peer.sent());
  peer.leave();
}

test('DEC1: the chair alone locks, a card of an open meeting, and only with its joint rating', async () => {
  for (const who of ['police', 'coordinator'] as const)
    expect(await lock({}, who)).toMatchObject({ ok: false, error: { code: 'not-allowed' } });
  expect(await lock({}, 'stranger')).toMatchObject({ ok: false, error: { code: 'not-found' } });
  const stopped = await lock({ reason: 'we must' });
  expect(stopped).toMatchObject({ ok: false, error: { code: 'not-ready' } });
  expect(await decided.missing(door.table.cardId)).toContainEqual({ kind: 'joint-rating' });
  expect(await door.database.db.select().from(decisions)).toEqual([]);
});

test('DEC2: what is missing is named, and passed with a reason that the decision keeps', async () => {
  const [victim, harming, child] = door.table.members.map(({ id }) => id);
  await write('police', ({ doc }) => {
    addAction(doc, { what: 'Mark the address', memberId: victim ?? '' }, 'action-mark');
    addQuestion(doc, { text: 'Who has a key?' }, 'question-key');
    appendParagraphs(doc, 'plan', `response/${harming}/disruption`, ['Bail checks']);
  });
  await conclude();
  const missing = [
    { kind: 'no-response', memberId: child },
    { kind: 'action-without-owner', actionId: 'action-mark', what: 'Mark the address' },
    { kind: 'action-without-date', actionId: 'action-mark', what: 'Mark the address' },
    { kind: 'unanswered-question', questionId: 'question-key', text: 'Who has a key?' }
  ];
  expect(await decided.missing(door.table.cardId)).toEqual(missing);
  expect(await lock()).toMatchObject({ ok: false, error: { code: 'not-ready', missing } });
  expect(await lock({ reason: 'The school answers tomorrow' })).toMatchObject({ ok: true });
  expect((await contentOf()).passed).toEqual({ missing, reason: 'The school answers tomorrow' });
});

test('DEC3: the decision holds what was said, written and stated, and who was there; never a narrative', async () => {
  const { table, database } = door;
  const { db } = database;
  const [victim] = table.members.map(({ id }) => id);
  await write('police', ({ doc }) => {
    addAction(
      doc,
      { what: 'Mark the address', memberId: victim ?? '', agencyId: table.agencies.police, by: '2026-12-01' },
      'action-mark'
    );
    appendParagraphs(doc, `agency/${table.agencies.police}`, 'family/facts', ['Called out twice']);
  });
  await write('coordinator', ({ doc }) =>
    appendParagraphs(doc, `agency/${table.agencies.health}`, `${victim}/opinion`, ['She is afraid'])
  );
  await write(
    'idva',
    ({ doc }) => appendParagraphs(doc, 'voice', undefined, ['Not to her mother']),
    'protected'
  );
  await conclude();
  const said = { cardId: table.cardId, by: table.people.police, noted: false, afterReveal: false };
  await db
    .insert(ratings)
    .values({ ...said, agencyId: table.agencies.police, memberId: null, rating: 'red' });
  const reading = readingOf({ what: 'Mark the address', agencyId: table.agencies.police, by: '2026-12-01' });
  await db.insert(acceptances).values({
    cardId: table.cardId,
    by: table.people.police,
    actionId: 'action-mark',
    agencyId: table.agencies.police,
    answer: 'accepted',
    reading
  });
  await db.insert(attendance).values([
    { meetingId: table.meetingId, userId: table.people.police, mode: 'room', by: table.people.police },
    { meetingId: table.meetingId, userId: table.people.stranger, mode: 'room', by: table.people.stranger },
    {
      meetingId: table.meetingId,
      name: 'Ffion Rees',
      agencyId: table.agencies.health,
      mode: 'remote',
      by: table.people.coordinator
    }
  ]);
  await tell();
  const answer = await lock({ reason: 'The rest by letter' });
  expect(answer).toMatchObject({ ok: true, result: { number: 1, version: 1 } });
  const content = await contentOf();
  expect(
    content.information.map(({ agencyId, unconfirmed, parts }) => [
      agencyId,
      unconfirmed,
      parts.map(({ blocks }) => plainText(blocks))
    ])
  ).toEqual(
    expect.arrayContaining([
      [table.agencies.police, false, ['Called out twice']],
      [table.agencies.health, true, ['She is afraid']]
    ])
  );
  expect(plainText(content.protected.voice)).toBe('Not to her mother');
  expect(content.ratings).toMatchObject([
    { rating: 'red', agencyId: table.agencies.police, by: { name: 'The police' } }
  ]);
  expect(content.joint).toMatchObject([{ rating: 'amber', reason: 'Two reports in a month' }]);
  expect(content.actions).toMatchObject([{ id: 'action-mark', accepted: true, reading }]);
  expect(content.meeting.statement).toBe('What is said here stays here.');
  // The coordinator and the IDVA were there by their screens alone; another agency's person was not at this card.
  expect(content.present.map(({ name, mode }) => [name, mode])).toEqual([
    ['Ffion Rees', 'remote'],
    ['The coordinator', null],
    ['The idva', null],
    ['The police', 'room']
  ]);
  expect(content.notifications).toMatchObject([
    { occurrence: '52/1', tableVersion: 'A call to the address' }
  ]);
  expect(JSON.stringify(content)).not.toContain('told the officer');
  expect(await db.select().from(actions)).toMatchObject([
    { actionId: 'action-mark', accepted: true, due: '2026-12-01', memberId: victim }
  ]);
  const [card] = await db.select().from(cards).where(eq(cards.id, table.cardId));
  expect(card?.lockedAt).toEqual(card?.revealedAt);
  expect(card?.version).toBe(1);
  const audited = await db.select().from(auditEvents).where(eq(auditEvents.act, 'card-locked'));
  expect(audited).toMatchObject([
    { userId: table.people.chair, cardId: table.cardId, detail: { number: 1 } }
  ]);
});

test("DEC4: an action that is not accepted as it reads is nobody's, and one that names what is not there binds nobody", async () => {
  const { table, database } = door;
  await write('police', ({ doc }) => {
    const [victim] = table.members;
    addAction(
      doc,
      {
        what: 'Mark the address',
        memberId: victim?.id ?? '',
        agencyId: table.agencies.police,
        by: '2026-12-01'
      },
      'action-mark'
    );
    addAction(
      doc,
      { what: 'Ask the moon', agencyId: table.agencies.stranger, by: '2026-02-31' },
      'action-moon'
    );
    setActionField(doc, 'action-moon', 'memberId', table.areaId);
  });
  await conclude();
  await database.db.insert(acceptances).values({
    cardId: table.cardId,
    by: table.people.police,
    actionId: 'action-mark',
    agencyId: table.agencies.police,
    answer: 'accepted',
    reading: readingOf({ what: 'Something else', agencyId: table.agencies.police, by: '2026-12-01' })
  });
  expect(await lock({ reason: 'so be it' })).toMatchObject({ ok: true });
  const rows = await database.db.select().from(actions).orderBy(actions.actionId);
  expect(rows).toMatchObject([
    { actionId: 'action-mark', accepted: false, agencyId: table.agencies.police },
    { actionId: 'action-moon', accepted: false, agencyId: null, memberId: null, due: null }
  ]);
});

test('DEC5: a card that others changed since it was read is not locked, and the chair is told who changed what', async () => {
  const { table, sync, database } = door;
  await conclude();
  const versionNow = async () => {
    const [row] = await database.db.select().from(cards).where(eq(cards.id, table.cardId));
    return sync.read(table.cardId, ({ seq }) => `${row?.version}.${seq.cards}.${seq.protected}`);
  };
  const seen = await versionNow();
  await write('health', ({ doc }) => appendParagraphs(doc, 'analysis', 'worries', ['New bruises']));
  await database.db.insert(ratings).values({
    cardId: table.cardId,
    by: table.people.idva,
    agencyId: table.agencies.idva,
    rating: 'red',
    noted: false,
    afterReveal: false
  });
  await database.db.update(cards).set({ version: 1 }).where(eq(cards.id, table.cardId));
  const answer = await lock({ seen, reason: 'ready' });
  expect(answer).toMatchObject({ ok: false, error: { code: 'changed' } });
  const moved = answer.ok || answer.error.code !== 'changed' ? [] : (answer.error.moved ?? []);
  expect(moved.map(({ by, what }) => [by, what])).toEqual([
    ['The health', 'the joint analysis'],
    ['The idva', 'idva: rating']
  ]);
  expect(JSON.stringify(answer)).not.toContain('bruises');
  const again = await versionNow();
  await write('chair', ({ doc }) => appendParagraphs(doc, 'summary', undefined, ['High risk']));
  expect(await lock({ seen: 'nonsense', reason: 'ready' })).toMatchObject({
    error: { code: 'malformed', field: 'seen' }
  });
  expect(await lock({ seen: again, reason: 'ready' })).toMatchObject({ ok: true });
});

test('DEC6: of two locks at once one is done, and the other is told that the card is locked', async () => {
  await conclude();
  const answers = await Promise.all([
    lock({ reason: 'one' }),
    lock({ reason: 'two' }),
    lock({ reason: 'three' })
  ]);
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  for (const answer of answers) if (!answer.ok) expect(answer.error.code).toBe('locked');
  expect(await lock({ reason: 'late' })).toMatchObject({ ok: false, error: { code: 'locked' } });
  expect(await door.database.db.select().from(decisions)).toHaveLength(1);
});

test('DEC7: a lock holds what was saved before it and nothing after it, while people go on typing', async () => {
  await conclude();
  const writers = [await sitDown(door.address('police'), true), await sitDown(door.address('health'), true)];
  const typing = setInterval(() => {
    for (const [index, { doc, provider }] of writers.entries())
      if (provider.wsconnected) addAction(doc, { what: `action ${index} ${doc.getMap('plan').size}` });
  }, 4);
  await until('they type', () => writers.every(({ doc }) => actionsIn(doc).length > 20));
  expect(await lock({ reason: 'time is up' })).toMatchObject({ ok: true });
  await until('all are told', () => writers.every(({ closes }) => closes.includes(4423)));
  clearInterval(typing);
  const { actions: decidedActions, card } = await contentOf();
  const stored = await door.sync.read(door.table.cardId, (documents) => ({
    whats: actionsIn(documents.cards).map(({ what }) => what),
    seq: documents.seq.cards
  }));
  expect(decidedActions.map(({ what }) => what)).toEqual(stored.whats);
  expect(card.journal.cards).toBe(stored.seq);
  expect(decidedActions.length).toBeGreaterThan(20);
  expect((await door.sync.lateEdits(door.table.cardId)).length).toBeGreaterThan(0);
  for (const writer of writers) writer.leave();
});

test('DEC8: decisions are numbered and chained in their area, and the database refuses to change one', async () => {
  const { table, database } = door;
  const { db } = database;
  const at = [table.agencies.police, table.agencies.health];
  const more = [2, 3].map((position) =>
    layCard(
      db,
      { areaId: table.areaId, meetingId: table.meetingId, reference: `F-000${position}`, position },
      at
    )
  );
  const ids = [table.cardId, ...(await Promise.all(more)).map(({ cardId }) => cardId)];
  for (const id of ids) await conclude(id);
  const answers = await Promise.all(ids.map((id) => lock({ reason: 'all at once' }, 'chair', id)));
  expect(answers.every(({ ok }) => ok)).toBe(true);
  const chain = await db.select().from(decisions).orderBy(decisions.number);
  expect(chain.map(({ number }) => number)).toEqual([1, 2, 3]);
  expect(chain.map(({ previousHash }) => previousHash)).toEqual([beginning, chain[0]?.hash, chain[1]?.hash]);
  expect(await db.select().from(decisionHeads)).toEqual([
    { areaId: table.areaId, number: 3, hash: chain[2]?.hash }
  ]);
  expect(await decided.verify()).toMatchObject([{ whole: 3, broken: null }]);
  const refused = (statement: Promise<unknown>) => statement.then(() => undefined, sqlState);
  expect(await refused(db.update(decisions).set({ number: 9 }))).toBe('23000');
  expect(await refused(db.delete(decisions))).toBe('23000');
  expect(await refused(db.update(decisionContents).set({ canonical: '{}' }))).toBe('23000');
  expect(await refused(db.delete(decisionContents))).toBe('23000');
});

test('DEC9: what the lock stands beside, such as the record of its command, is stored with it or undoes it', async () => {
  await conclude();
  await expect(lock({ reason: 'r', also: () => Promise.reject(new Error('no record')) })).rejects.toThrow(
    'no record'
  );
  expect(await door.database.db.select().from(decisions)).toEqual([]);
  expect(await lock({ reason: 'r' })).toMatchObject({ ok: true, result: { number: 1 } });
});

test("DEC10: a person for whom the card does not exist by a conflict can't lock it, not even the chair", async () => {
  const { table, database } = door;
  await conclude();
  await database.db
    .insert(conflicts)
    .values({ cardId: table.cardId, userId: table.people.chair, declaredBy: table.people.chair });
  expect(await lock({ reason: 'r' })).toMatchObject({ ok: false, error: { code: 'not-found' } });
});
