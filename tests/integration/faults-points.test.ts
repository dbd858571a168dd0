// The wire to PostgreSQL is cut in place of the first message of an append, then of the second, and so on until
// it completes untouched; likewise of a compaction and of a lock. Once the server lives on, and once it dies
// there and another starts. `npm run faults` goes through every point of a lock; here it is every few.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { addAction } from '#lib/card/edit.ts';
import { actionsIn } from '#lib/card/read.ts';
import { openDatabase, type Database } from '#server/database/database.ts';
import { decisionContents, decisions } from '#server/database/schema/decisions.ts';
import { agencies } from '#server/database/schema/identity.ts';
import { jointRatings } from '#server/database/schema/meetings.ts';
import { documents, documentStates } from '#server/database/schema/sync.ts';
import { openDecisions } from '#server/decisions/decisions.ts';
import { verifyIn } from '#server/decisions/verify.ts';
import { compact, load } from '#server/sync/documents.ts';
import { Folding } from '#server/sync/folding.ts';
import { openDoor, type Door } from '../actors/door.ts';
import { sitDown, until, type Peer } from '../actors/peer.ts';
import { layCard, layTable, sessionFor, type Table } from '../actors/table.ts';
import { openWire, type Wire } from '../actors/wire.ts';
import { freshDatabase, type Place } from '../house.ts';

/** Each cut of a lock takes a fifth of a second; all of them are some minutes. */
const stride = process.env.FAULTS === 'long' ? 1 : 9;
const words = (peer: Peer) => actionsIn(peer.doc).map(({ what }) => what);

describe.skipIf(inject('template').kind === 'embedded')('on PostgreSQL', () => {
  let place: Place;
  /** Straight to the database, past every wire. */
  let direct: Database;
  let table: Table;
  beforeAll(async () => {
    place = await freshDatabase();
    direct = await openDatabase({ dataDir: '', databaseUrl: place.env.DATABASE_URL });
    table = await layTable(direct.db);
  });
  afterAll(async () => {
    await direct.close();
    await place.remove();
  });

  const name = () => `cards/${table.cardId}`;
  async function stored(): Promise<string[]> {
    const found = await load(direct.db, name());
    return found ? actionsIn(found.document).map(({ what }) => what) : [];
  }
  const open = (wire: Wire): Promise<Door> => openDoor(undefined, { place, databaseUrl: wire.url, table });

  /** Types one action with the wire cut at its n-th message; gives whether it was cut, after all has come good. */
  async function appendCutAt(n: number, wire: Wire, writer: Peer, reader: Peer): Promise<boolean> {
    const what = `append, message ${n}`;
    let promised: string[] = [];
    const cut = wire.cutAt(n, () => (promised = words(reader)));
    addAction(writer.doc, { what });
    await until('it is cut or saved', () => cut.happened() || writer.settled());
    cut.cancel();
    expect(await stored()).toEqual(expect.arrayContaining(promised));
    await until(
      `what was typed at message ${n} is stored`,
      () => words(reader).includes(what) && writer.settled(),
      20_000
    );
    return cut.happened();
  }

  test('FAULT1: whichever message of an append the wire is cut at, nothing shown is missing, and all is stored once', async () => {
    const wire = await openWire(place.env.DATABASE_URL ?? '');
    const door = await open(wire);
    const writer = await sitDown(door.address('police'), true);
    const reader = await sitDown(door.address('health'));
    await until('the first sync is acknowledged', () => writer.settled());
    let points = 0;
    while (await appendCutAt(points + 1, wire, writer, reader)) points++;
    const all = await stored();
    expect(points).toBeGreaterThan(5);
    expect(new Set(all).size).toBe(all.length);
    expect(all).toHaveLength(points + 1);
    expect(words(reader).sort()).toEqual([...all].sort());
    console.log(`append: cut at each of ${points} messages`);
    writer.leave();
    reader.leave();
    await door.close();
    await wire.close();
  }, 120_000);

  test('FAULT2: whichever message of an append the process dies at, the next one has all that was shown', async () => {
    const known = new Set(await stored());
    let points = 0;
    for (let dies = true; dies; points += dies ? 1 : 0) {
      const wire = await openWire(place.env.DATABASE_URL ?? '');
      const door = await open(wire);
      const writer = await sitDown(door.address('police'), true);
      const reader = await sitDown(door.address('health'));
      await until('the first sync is acknowledged', () => writer.settled());
      const sent = writer.sent();
      const cut = wire.cutAt(points + 1, () => wire.sever());
      addAction(writer.doc, { what: `dies at message ${points + 1}` });
      await until('it is dead or saved', () => cut.happened() || writer.settled());
      dies = cut.happened();
      if (dies) await until('the lines are lost', () => reader.closes.length > 0 && writer.closes.length > 0);
      writer.leave();
      reader.leave();
      expect(writer.saved()).toBe(dies ? sent : sent + 1);
      for (const what of words(reader)) known.add(what);
      await door.close();
      await wire.close();
      expect(await stored()).toEqual(expect.arrayContaining([...known]));
    }
    expect(points).toBeGreaterThan(5);
    console.log(`append: died at each of ${points} messages`);
  }, 180_000);

  test('FAULT3: whichever message of a compaction the wire is cut at, the document reads the same', async () => {
    const wire = await openWire(place.env.DATABASE_URL ?? '');
    const through = await openDatabase({ dataDir: '', databaseUrl: wire.url });
    const folding = new Folding();
    const before = await stored();
    let points = 0;
    for (let cutting = true; cutting; points += cutting ? 1 : 0) {
      const cut = wire.cutAt(points + 1);
      await compact(through, name(), folding).catch(() => undefined); // told in the log; tried again when the tail has grown
      cut.cancel();
      cutting = cut.happened();
      expect(await stored()).toEqual(before);
    }
    const [base] = await direct.db.select().from(documentStates);
    expect(base?.seq).toBeGreaterThan(1);
    expect(points).toBeGreaterThan(15);
    console.log(`compact: cut at each of ${points} messages`);
    await folding.close();
    await through.close();
    await wire.close();
  }, 60_000);

  test('FAULT8: whichever message of a lock the wire is cut at, the decision is whole or not there, and the next lock makes one', async () => {
    const wire = await openWire(place.env.DATABASE_URL ?? '');
    const door = await open(wire);
    const decided = openDecisions(door);
    const chair = sessionFor(table, 'chair');
    const seen = { made: 0, not: 0 };
    let point = 1;
    for (let cutting = true; cutting; point += stride) {
      const cardId = await concluded(point);
      const writer = await sitDown(door.address('police', 'cards', cardId), true);
      addAction(writer.doc, { what: `before lock ${point}` });
      await until('it is saved', () => writer.settled());
      const cut = wire.cutAt(point);
      const answer = await decided.lock(chair, cardId, { reason: 'time' }).catch(() => undefined);
      cut.cancel();
      cutting = cut.happened();
      writer.leave();
      const made = await decisionsOf(cardId);
      seen[made.length > 0 ? 'made' : 'not'] += cutting ? 1 : 0;
      expect(made.length).toBeLessThanOrEqual(1);
      const marks = await direct.db.select().from(documents).where(eq(documents.cardId, cardId));
      expect(marks.map(({ lockedAt }) => lockedAt !== null)).toEqual(marks.map(() => made.length === 1));
      if (answer?.ok) expect(made).toHaveLength(1);
      const again = await decided.lock(chair, cardId, { reason: 'time' });
      expect(again).toMatchObject(
        made.length === 1 ? { ok: false, error: { code: 'locked' } } : { ok: true }
      );
      const [decision, ...others] = await decisionsOf(cardId);
      expect(others).toEqual([]);
      expect(decision?.canonical).toContain(`before lock ${point}`);
    }
    expect((await verifyIn(direct.db)).every(({ broken }) => broken === null)).toBe(true);
    expect(seen.not).toBeGreaterThan(5);
    console.log(`lock: ${point - stride - 1} messages, cut at every ${stride}th:`, seen);
    await door.close();
    await wire.close();
  }, 900_000);

  async function concluded(point: number): Promise<string> {
    const { areaId, meetingId, agencies, people } = table;
    const reference = `F-1${point}`;
    const at = [agencies.police, agencies.health];
    const { cardId } = await layCard(direct.db, { areaId, meetingId, reference, position: 100 + point }, at);
    const rating = { memberId: null, rating: 'amber', reason: 'Two reports in a month' } as const;
    await direct.db.insert(jointRatings).values({ cardId, by: people.chair, ...rating });
    return cardId;
  }

  const decisionsOf = (cardId: string) =>
    direct.db
      .select({ canonical: decisionContents.canonical })
      .from(decisions)
      .innerJoin(decisionContents, eq(decisionContents.decisionId, decisions.id))
      .where(eq(decisions.cardId, cardId));

  test('FAULT9: a transaction whose connection is lost does nothing on any other', async () => {
    const wire = await openWire(place.env.DATABASE_URL ?? '');
    const { db, close } = await openDatabase({ dataDir: '', databaseUrl: wire.url });
    const label = (name: string) => ({
      areaId: table.areaId,
      code: name,
      name,
      kind: 'other' as const,
      core: false
    });
    const lost = db.transaction(async (tx) => {
      await tx.insert(agencies).values(label('lost-before'));
      wire.cut();
      await new Promise((resolve) => setTimeout(resolve, 50));
      await db.transaction(async (other) => {
        await other.insert(agencies).values(label('other'));
        await tx
          .insert(agencies)
          .values(label('lost-after'))
          .catch(() => undefined);
      });
    });
    await expect(lost).rejects.toThrow();
    const rows = await direct.db.select({ code: agencies.code }).from(agencies);
    expect(rows.map(({ code }) => code)).toContain('other');
    expect(rows.filter(({ code }) => code.startsWith('lost'))).toEqual([]);
    // One cut for each connection of the pool, as it begins.
    for (let times = 0; times < 15; times++) {
      const cut = wire.cutAt(1);
      await expect(db.transaction((tx) => tx.select().from(agencies))).rejects.toThrow();
      cut.cancel();
    }
    expect(await db.transaction((tx) => tx.$count(agencies))).toBeGreaterThan(0);
    await close();
    await wire.close();
  }, 60_000);
});
