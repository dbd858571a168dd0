// Who reads the minutes and the export, what is in them, and that the opening is on record first.
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appendParagraphs } from '#lib/card/edit.ts';
import { auditEvents } from '#server/database/schema/decisions.ts';
import { cards, conflicts, jointRatings, meetings } from '#server/database/schema/meetings.ts';
import { openDecisions, type Decisions } from '#server/decisions/decisions.ts';
import { openDoor, type Door } from '../actors/door.ts';
import { sitDown, until } from '../actors/peer.ts';
import { layCard, sessionFor, type Who } from '../actors/table.ts';

let door: Door;
let decided: Decisions;
/** F-0001, with all agencies but one; F-0002 and F-0004, with the police alone; F-0003, which nobody came to. */
let ids: string[];

const as = (who: Who) => sessionFor(door.table, who);
const minutesOf = (who: Who) => decided.minutes(as(who), door.table.meetingId);
const referencesOf = async (who: Who) =>
  (await minutesOf(who))?.decisions.map(({ content }) => content.card.reference);
const opened = (act: string) =>
  door.database.db.select().from(auditEvents).where(eq(auditEvents.act, act)).orderBy(auditEvents.at);

beforeAll(async () => {
  door = await openDoor();
  decided = openDecisions(door);
  const { table, database } = door;
  const { db } = database;
  const lay = (position: number) =>
    layCard(
      db,
      { areaId: table.areaId, meetingId: table.meetingId, reference: `F-000${position}`, position },
      [table.agencies.police]
    );
  ids = [table.cardId, ...(await Promise.all([2, 3, 4].map(lay))).map(({ cardId }) => cardId)];
  for (const [who, kind, section, words] of [
    ['idva', 'protected', 'voice', 'Not to her mother'],
    ['chair', 'cards', 'summary', 'High risk']
  ] as const) {
    const peer = await sitDown(door.address(who, kind), true);
    appendParagraphs(peer.doc, section, undefined, [words]);
    await until('it is saved', () => peer.saved() === peer.sent());
    peer.leave();
  }
});
afterAll(() => door.close());

test('MIN1: before any lock there is nothing, and the page that says so is on record too', async () => {
  expect(await minutesOf('chair')).toMatchObject({
    decisions: [],
    open: ['F-0001', 'F-0002', 'F-0003', 'F-0004']
  });
  expect(await opened('minutes-opened')).toHaveLength(1);
});

test('MIN2: each reads what was locked of the cards that exist for them, and no count of the rest', async () => {
  const { table, database } = door;
  for (const cardId of ids.filter((_, index) => index !== 2)) {
    await database.db.insert(jointRatings).values({
      cardId,
      by: table.people.chair,
      memberId: null,
      rating: 'amber',
      reason: '=Two reports'
    });
    expect(await decided.lock(as('chair'), cardId, { reason: 'The rest by letter' })).toMatchObject({
      ok: true
    });
  }
  await database.db
    .insert(conflicts)
    .values({ cardId: ids[3] ?? '', userId: table.people.police, declaredBy: table.people.police });
  expect(await referencesOf('chair')).toEqual(['F-0001', 'F-0002', 'F-0004']);
  expect(await referencesOf('coordinator')).toEqual(['F-0001', 'F-0002', 'F-0004']);
  expect(await referencesOf('police')).toEqual(['F-0001', 'F-0002']);
  expect(await referencesOf('health')).toEqual(['F-0001']);
  const toPolice = JSON.stringify(await minutesOf('police'));
  expect(toPolice).not.toContain('F-0004');
  expect(JSON.stringify(await minutesOf('health'))).not.toMatch(/F-000[234]/);
  expect(await minutesOf('stranger')).toBeUndefined();
});

test("MIN3: nobody's minutes and no export hold the protected part, nor who had a conflict", async () => {
  const everything = JSON.stringify([
    ...(await Promise.all((['chair', 'coordinator', 'idva', 'police'] as const).map(minutesOf))),
    await decided.exportOf(as('chair'), door.table.meetingId),
    await decided.csvOf(as('chair'), door.table.meetingId)
  ]);
  expect(everything).toContain('High risk');
  expect(everything).not.toContain('Not to her mother');
  expect(everything).not.toContain('"conflicts"');
});

test("MIN7: an agency's copy is what its reps read, to the byte, for chair and coordinator to hand out, and on record", async () => {
  const { agencies, meetingId } = door.table;
  const copyOf = (who: Who, agencyId: string) => decided.minutes(as(who), meetingId, agencyId);
  expect((await minutesOf('coordinator'))?.copies.map(({ code }) => code)).toEqual([
    'health',
    'idva',
    'police'
  ]);
  expect((await minutesOf('police'))?.copies).toEqual([]);
  const copy = await copyOf('coordinator', agencies.health);
  const theirs = await minutesOf('health');
  expect(copy).toEqual({ ...theirs, copyFor: { id: agencies.health, code: 'health', name: 'health' } });
  expect(JSON.stringify(copy)).not.toMatch(/F-000[234]/);
  expect(copy?.copies).toEqual([]);
  await copyOf('chair', agencies.health);
  expect((await opened('minutes-opened')).at(-1)).toMatchObject({
    userId: door.table.people.chair,
    detail: { cardIds: [ids[0]], agencyId: agencies.health }
  });
  for (const [who, agencyId] of [
    ['police', agencies.health],
    ['health', agencies.health],
    ['coordinator', agencies.stranger],
    ['coordinator', 'no-agency']
  ] as const)
    expect(await copyOf(who, agencyId)).toBeUndefined();
});

test("EXP1: the export is the coordinator's and the chair's; for anyone else there is none", async () => {
  for (const who of ['chair', 'coordinator'] as const)
    expect((await decided.exportOf(as(who), door.table.meetingId))?.decisions).toHaveLength(3);
  for (const who of ['police', 'observer', 'stranger'] as const) {
    expect(await decided.exportOf(as(who), door.table.meetingId)).toBeUndefined();
    expect(await decided.csvOf(as(who), door.table.meetingId)).toBeUndefined();
  }
  expect(await decided.exportOf(as('chair'), 'no-meeting')).toBeUndefined();
  expect(await decided.exportOf(as('chair'), door.table.cardId)).toBeUndefined();
});

test("EXP2: the CSV holds each decision's number, reference, rating, reason and seal, its formulas defused", async () => {
  const csv = (await decided.csvOf(as('chair'), door.table.meetingId)) ?? '';
  const [head, first] = csv.split('\r\n');
  expect(head).toMatch(/^\uFEFF"Number","Version","Family",/);
  expect(first).toMatch(/^"1","1","F-0001",/);
  expect(first).toContain(`"Amber","'=Two reports"`);
  const [decision] = (await decided.exportOf(as('chair'), door.table.meetingId))?.decisions ?? [];
  expect(first).toContain(`"${decision?.seal}","${decision?.hash}"`);
  expect(decision?.seal).toBe(`${decision?.hash.slice(0, 4)}-${decision?.hash.slice(4, 8)}`);
});

test('MIN4: each opening and export is in the audit, by person and card, before a word of it is given', async () => {
  const before = (await opened('minutes-opened')).length;
  await minutesOf('health');
  const last = (await opened('minutes-opened')).at(-1);
  expect((await opened('minutes-opened')).length).toBe(before + 1);
  expect(last).toMatchObject({
    userId: door.table.people.health,
    meetingId: door.table.meetingId,
    detail: { cardIds: [ids[0]] }
  });
  expect((await opened('export-made')).length).toBeGreaterThan(0);
  const { db } = door.database;
  await db.execute(sql`alter table audit_events add constraint no_more check (act = 'signed-in') not valid`);
  await expect(minutesOf('chair')).rejects.toThrow();
  await expect(decided.exportOf(as('chair'), door.table.meetingId)).rejects.toThrow();
  await expect(decided.csvOf(as('coordinator'), door.table.meetingId)).rejects.toThrow();
  await db.execute(sql`alter table audit_events drop constraint no_more`);
});

test('MIN5: after the close an observer has nothing here, and what was not reached is named to chair and coordinator alone', async () => {
  const { db } = door.database;
  expect(await referencesOf('observer')).toEqual(['F-0001', 'F-0002', 'F-0004']);
  await db
    .update(cards)
    .set({ notReachedAt: new Date() })
    .where(eq(cards.id, ids[2] ?? ''));
  await db
    .update(meetings)
    .set({ state: 'closed', closedAt: new Date() })
    .where(eq(meetings.id, door.table.meetingId));
  expect(await minutesOf('observer')).toBeUndefined();
  for (const who of ['chair', 'coordinator'] as const)
    expect(await minutesOf(who)).toMatchObject({ notReached: ['F-0003'], open: [] });
  expect(await minutesOf('police')).toMatchObject({ notReached: [], open: [] });
});
