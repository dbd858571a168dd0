// Who wrote what, from the journal: by several people in one line, after compaction, for those who may know.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { addAction, appendParagraphs, setActionField } from '#lib/card/edit.ts';
import { fragmentAt, wordsAt } from '#lib/card/read.ts';
import { auditEvents } from '#server/database/schema/decisions.ts';
import { memberships } from '#server/database/schema/identity.ts';
import { conflicts } from '#server/database/schema/meetings.ts';
import { clientIds, documents, journal } from '#server/database/schema/sync.ts';
import { compact } from '#server/sync/documents.ts';
import { Folding } from '#server/sync/folding.ts';
import { openHall, type Boards, type Hall } from '../actors/boards.ts';
import { sitDown, until, type Peer } from '../actors/peer.ts';
import { sessionFor, type Who } from '../actors/table.ts';

let hall: Hall;
let boards: Boards;
beforeAll(async () => {
  hall = await openHall();
  boards = await hall.lay();
});
const folding = new Folding();
afterAll(async () => {
  await folding.close();
  await hall.close();
});

async function write(who: Who, edit: (peer: Peer) => void, kind: 'cards' | 'protected' = 'cards') {
  const peer = await sitDown(boards.address(who, kind), true);
  edit(peer);
  await until('it is saved', () => peer.saved() === peer.sent());
  peer.leave();
}

const ask = (who: Who) => boards.meetings.attribution(sessionFor(boards.table, who), boards.table.cardId);

/** Each part as its lines, each line as who wrote which words. */
async function told(who: Who): Promise<Record<string, string[][]>> {
  const found = await ask(who);
  const nameOf = (userId: string | null) => found?.people[userId ?? '']?.name ?? 'the server';
  const parts = (found?.documents ?? []).flatMap(({ parts }) => parts);
  return Object.fromEntries(
    parts.map(({ section, key, field, paragraphs }) => [
      [section, key, field].filter(Boolean).join(' '),
      paragraphs.map((runs) => runs.map(({ userId, text }) => `${nameOf(userId)}: ${text}`))
    ])
  );
}

test('WHO1: each run of text that stands is told with the user whose row of the journal brought it, whatever a document says', async () => {
  const { table } = boards;
  await write('police', ({ doc }) => {
    appendParagraphs(doc, 'analysis', 'worries', ['He has a key', 'He drinks']);
    addAction(doc, { what: 'Locks', agencyId: table.agencies.police }, 'locks');
  });
  await write('health', ({ doc }) => {
    const line = fragmentAt(doc, 'analysis', 'worries')?.get(0);
    const text = line instanceof Y.XmlElement ? line.get(0) : undefined;
    if (text instanceof Y.XmlText) text.insert(7, 'still ');
    wordsAt(doc, 'plan', 'action/locks', 'what')?.insert(0, 'Change the ');
    setActionField(doc, 'locks', 'by', '2026-12-01');
  });
  await write('police', ({ doc }) => {
    const worries = fragmentAt(doc, 'analysis', 'worries');
    worries?.delete(1, 1);
  });
  expect(await told('chair')).toEqual({
    'analysis worries': [['The police: He has ', 'The health: still ', 'The police: a key']],
    'plan action/locks agencyId': [[`The police: ${table.agencies.police}`]],
    'plan action/locks by': [['The health: 2026-12-01']],
    'plan action/locks what': [['The health: Change the ', 'The police: Locks']]
  });
  const found = await ask('coordinator');
  const [run] = found?.documents[0]?.parts[0]?.paragraphs[0] ?? [];
  expect(Date.now() - Date.parse(run?.at ?? '')).toBeLessThan(60_000);
  expect(found?.people[table.people.police]).toEqual({ name: 'The police', agencies: ['police'] });
  expect(JSON.stringify(found)).not.toContain('session');
});

test('WHO2: compaction takes nothing from it, nor does the end of an author’s place', async () => {
  const { table, database } = boards;
  const before = await told('chair');
  await compact(database, `cards/${table.cardId}`, folding);
  await database.db
    .update(memberships)
    .set({ endedAt: new Date() })
    .where(eq(memberships.userId, table.people.health));
  expect(await told('chair')).toEqual(before);
  expect((await ask('chair'))?.people[table.people.health]).toEqual({
    name: 'The health',
    agencies: ['health']
  });
});

test('WHO3: it is for chair and coordinator, the protected document too, and in the audit first; for others it does not exist', async () => {
  const { table, database } = boards;
  await write(
    'idva',
    ({ doc }) => appendParagraphs(doc, 'voice', undefined, ['Not to her mother']),
    'protected'
  );
  const asked = () => database.db.$count(auditEvents, eq(auditEvents.act, 'attribution-opened'));
  const before = await asked();
  expect((await told('chair')).voice).toEqual([['The idva: Not to her mother']]);
  expect((await told('coordinator')).voice).toEqual([['The idva: Not to her mother']]);
  expect(await asked()).toBe(before + 2);
  for (const who of ['police', 'idva', 'observer', 'stranger'] as const)
    expect(await ask(who)).toBeUndefined();
  const [row] = await database.db
    .insert(conflicts)
    .values({ cardId: table.cardId, userId: table.people.chair, declaredBy: table.people.chair })
    .returning();
  expect(await ask('chair')).toBeUndefined();
  await database.db.delete(conflicts).where(eq(conflicts.id, row?.id ?? ''));
  expect(await asked()).toBe(before + 2);
});

test('WHO4: of a card of a megabyte, written in thousands of rows, the answer is exact', async () => {
  const { table, database } = await hall.lay();
  const [document] = await database.db
    .select()
    .from(documents)
    .where(eq(documents.name, `cards/${table.cardId}`));
  const documentId = document?.id ?? '';
  const doc = new Y.Doc();
  const rows: (typeof journal.$inferInsert)[] = [];
  const writers = [table.people.police, table.people.health];
  const [first] = await database.db.select().from(journal).where(eq(journal.documentId, documentId));
  Y.applyUpdate(doc, first?.update ?? new Uint8Array());
  doc.on('update', (update: Uint8Array) =>
    rows.push({
      ...{ documentId, seq: rows.length + 2, update, sections: ['analysis'], authors: [doc.clientID] },
      userId: writers[Math.floor(rows.length / 500) % 2] ?? null
    })
  );
  for (let at = 0; at < 4000; at++) {
    // A person is one client: the ids part where the writer does.
    if (at % 500 === 0) doc.clientID = 1000 + Math.floor(at / 500);
    appendParagraphs(doc, 'analysis', 'worries', ['x'.repeat(250)]);
  }
  for (let at = 0; at < rows.length; at += 1000)
    await database.db.insert(journal).values(rows.slice(at, at + 1000));
  await database.db.insert(clientIds).values(
    Array.from({ length: 16 }, (_, at) => ({
      documentId,
      client: 1000 + at,
      userId: writers[at % 2] ?? ''
    }))
  );
  await compact(database, `cards/${table.cardId}`, folding);
  const written = await boards.sync.authorship('cards', table.cardId);
  const paragraphs = written?.parts.flatMap((part) => part.paragraphs) ?? [];
  expect(paragraphs).toHaveLength(4000);
  for (const [at, runs] of paragraphs.entries())
    expect(runs.map(({ userId }) => userId)).toEqual([writers[Math.floor(at / 500) % 2]]);
});
