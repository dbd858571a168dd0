// The chain of decisions against someone who may write anything into the database, and the command that finds out.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { firstLegend } from '#lib/domain/legend.ts';
import { eq, sql, type SQL } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DecisionContent } from '#lib/card/canonical.ts';
import { schemaVersion } from '#lib/card/schema.ts';
import { openDatabase, type Database, type Transaction } from '#server/database/database.ts';
import { areas } from '#server/database/schema/identity.ts';
import { insertArea } from '#server/identity/areas.ts';
import { addToChain, beginning, holdHead } from '#server/decisions/chain.ts';
import { verify, verifyIn } from '#server/decisions/verify.ts';
import { layCard, layTable, type Table } from '../actors/table.ts';
import { freshDatabase, type Place } from '../house.ts';

let place: Place;
let database: Database;
let table: Table;

beforeAll(async () => {
  place = await freshDatabase();
  database = await open();
  table = await layTable(database.db, 'Northshire');
  const { areaId, meetingId } = table;
  for (let number = 1; number <= 4; number++) {
    const card = { areaId, meetingId, reference: `F-010${number}`, position: number + 1 };
    const { cardId } = await layCard(database.db, card, []);
    await database.db.transaction(async (tx) => {
      const head = await holdHead(tx, areaId);
      await addToChain(tx, head, contentOf(cardId, head.number + 1));
    });
  }
});
afterAll(async () => {
  await database.close();
  await place.remove();
});

function open(): Promise<Database> {
  return openDatabase({ dataDir: place.env.DATA_DIR ?? '', databaseUrl: place.env.DATABASE_URL });
}

function contentOf(cardId: string, number: number): DecisionContent {
  const chair = { userId: table.people.chair, name: 'The chair' };
  return {
    schemaVersion,
    number,
    version: 1,
    lockedAt: new Date(1.8e12 + number).toISOString(),
    chair,
    area: { id: table.areaId, name: 'Northshire' },
    meeting: {
      id: table.meetingId,
      startsAt: '2026-11-24T10:00:00.000Z',
      place: 'Town hall',
      namedChair: chair,
      statement: '',
      statementRead: null
    },
    card: { id: cardId, reference: 'F-0001', facts: 0, journal: { cards: 1, protected: 1 } },
    legend: firstLegend,
    responseDue: null,
    members: [],
    membersChanged: [],
    agencies: [],
    present: [],
    conflicts: [],
    notifications: [],
    information: [],
    records: [],
    ratings: [],
    joint: [],
    dissents: [],
    analysis: { worries: [], strengths: [], needs: [] },
    actions: [],
    responses: [],
    questions: [],
    summary: [],
    passed: null,
    protected: { voice: [], safety: [] }
  };
}

class Back extends Error {}

/** What verifying says after these statements by someone who may do anything; they are undone. */
async function after(...statements: SQL[]): Promise<string | null | undefined> {
  let broken: string | null | undefined;
  await database.db
    .transaction(async (tx) => {
      await unguard(tx);
      for (const statement of statements) await tx.execute(statement);
      broken = (await verifyIn(tx)).find(({ area }) => area.id === table.areaId)?.broken;
      throw new Back();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Back)) throw error;
    });
  return broken;
}

async function unguard(tx: Transaction): Promise<void> {
  await tx.execute(sql`alter table decisions disable trigger user`);
  await tx.execute(sql`alter table decision_contents disable trigger user`);
}

const the = (number: number) => sql`(select id from decisions where number = ${number})`;

test('CHAIN1: what was locked verifies, and an area without decisions too', async () => {
  const { db } = database;
  const south = await insertArea(db, { name: 'Southshire', demo: false });
  expect(await db.transaction((tx) => holdHead(tx, south))).toEqual({ number: 0, hash: beginning });
  expect(await verify(db)).toMatchObject([
    { area: { name: 'Northshire' }, whole: 4, head: { number: 4 }, broken: null },
    { area: { name: 'Southshire' }, whole: 0, head: { number: 0 }, broken: null }
  ]);
});

test('CHAIN2: any change of a content, a row, the order or the head is found, and the first is named', async () => {
  const changed = sql`update decision_contents set canonical = replace(canonical, 'Town hall', 'Town Hall') where decision_id = ${the(2)}`;
  expect(await after(changed)).toBe('Decision 2 of Northshire: its content does not match its hash.');
  const another = sql`update decision_contents set canonical = canonical || ' ' where decision_id = ${the(3)}`;
  expect(await after(another, changed)).toMatch(/^Decision 2 /);
  expect(await after(sql`delete from decision_contents where decision_id = ${the(3)}`)).toBe(
    'Decision 3 of Northshire: its content is missing.'
  );
  for (const row of [
    sql`update decisions set locked_at = locked_at + interval '1 second' where number = 2`,
    sql`update decisions set locked_by = ${table.people.police} where number = 2`,
    sql`update decisions set version = 2 where number = 2`,
    sql`update decisions set card_id = ${table.cardId} where number = 2`
  ])
    expect(await after(row)).toBe('Decision 2 of Northshire: its row does not match its content.');
  expect(await after(sql`update decisions set salt = repeat('0', 64) where number = 1`)).toBe(
    'Decision 1 of Northshire: its content does not match its hash.'
  );
  expect(await after(sql`update decisions set salt = salt || salt where number = 1`)).toBe(
    'Decision 1 of Northshire: its salt is not 32 bytes.'
  );
  expect(await after(sql`update decisions set hash = repeat('1', 64) where number = 2`)).toBe(
    'Decision 2 of Northshire: its content does not match its hash.'
  );
  expect(await after(sql`update decisions set previous_hash = repeat('1', 64) where number = 2`)).toMatch(
    /^Decision 2 of Northshire: its predecessor/
  );
});

test('CHAIN3: a decision that was removed is found, also the last, whatever is done to the numbers', async () => {
  const remove = (number: number) => [
    sql`delete from decision_contents where decision_id = ${the(number)}`,
    sql`delete from decisions where number = ${number}`
  ];
  expect(await after(...remove(2))).toBe(
    'Decision 2 of Northshire: it is missing; the next one stored is 3.'
  );
  const renumber = [
    sql`update decisions set number = 2 where number = 3`,
    sql`update decisions set number = 3 where number = 4`
  ];
  expect(await after(...remove(2), ...renumber)).toMatch(/^Decision 2 of Northshire: its predecessor/);
  expect(await after(...remove(4))).toBe(
    "Decision 4 of Northshire: it is missing; the chain's head is at 4."
  );
  const headBack = sql`update decision_heads set number = 3`;
  expect(await after(...remove(4), headBack)).toBe(
    "The head of Northshire: it does not match decision 3's hash."
  );
  expect(await after(headBack)).toBe('The head of Northshire is at 3, but there are 4 decisions.');
  expect(await after(sql`delete from decision_heads`)).toBe(
    'The head of Northshire is at 0, but there are 4 decisions.'
  );
});

test('CHAIN4: the command says that all is whole, or ends with 1 and the first break', async () => {
  await database.close();
  const whole = await run();
  expect(whole).toMatchObject({ code: 0, stderr: '' });
  expect(whole.stdout).toMatch(/^Northshire: 4 decisions, whole\. Head: [0-9a-f]{64}$/m);
  database = await open();
  await database.db.transaction(async (tx) => {
    await unguard(tx);
    await tx.execute(sql`update decision_contents set canonical = '{}' where decision_id = ${the(3)}`);
  });
  await database.close();
  expect(await run()).toMatchObject({
    code: 1,
    stderr: 'Northshire: BROKEN. Decision 3 of Northshire: its content does not match its hash.\n'
  });
  database = await open();
});

test('CHAIN5: two locks of one area at the same moment wait for each other, and get numbers in turn', async () => {
  const area = await layTable(database.db, 'Eastshire');
  // The row is there already, so that it is the row which is waited for and not its making.
  await database.db.transaction((tx) => holdHead(tx, area.areaId));
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const order: string[] = [];
  const first = database.db.transaction(async (tx) => {
    await holdHead(tx, area.areaId);
    order.push('first holds');
    await held;
    order.push('first ends');
  });
  while (order.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const second = database.db.transaction(async (tx) => {
    await holdHead(tx, area.areaId);
    order.push('second holds');
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  letGo();
  await Promise.all([first, second]);
  expect(order).toEqual(['first holds', 'first ends', 'second holds']);
  expect(await database.db.select().from(areas).where(eq(areas.id, area.areaId))).toHaveLength(1);
});

async function run(): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ['server/cli/verify-decisions.ts'], {
    env: { ...process.env, ...place.env },
    stdio: ['ignore', 'pipe', 'pipe']
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (said.stdout += String(text)));
  child.stderr.on('data', (text) => (said.stderr += String(text)));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...said };
}
