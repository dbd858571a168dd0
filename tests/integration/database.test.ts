import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { areas } from '#server/database/schema/identity.ts';
import { openDatabase, sqlState } from '#server/database/database.ts';
import { auditEvents } from '#server/database/schema/decisions.ts';
import { openTestServices } from '../house.ts';

let open: Awaited<ReturnType<typeof openTestServices>>;
beforeAll(async () => {
  open = await openTestServices();
});
afterAll(() => open.close());

test('HOUSE1: the same migrations stand on the database that this run is about', async () => {
  const { database } = open.services;
  expect(database.kind).toBe(open.place.kind);
  expect(await database.version()).toMatch(open.place.kind === 'embedded' ? /PGlite/ : /^PostgreSQL \d+/);
  expect(await database.alive(1000)).toBe(true);
});

test('HOUSE2: a transaction that fails leaves nothing, and others go on meanwhile', async () => {
  const { db } = open.services.database;
  const failing = db.transaction(async (tx) => {
    await tx.insert(areas).values({ name: 'Nowhere', statement: '' });
    throw new Error('on purpose');
  });
  await expect(failing).rejects.toThrow('on purpose');
  expect(await db.select().from(areas)).toEqual([]);
});

test('HOUSE3: the database itself refuses to change what is only ever added', async () => {
  const { db } = open.services.database;
  const [area] = await db.insert(areas).values({ name: 'Somewhere', statement: '' }).returning();
  await db.insert(auditEvents).values({ areaId: area?.id ?? '', act: 'audit-opened', purpose: 'a test' });
  const refused = async (statement: Promise<unknown>) =>
    sqlState(
      await statement.then(
        () => undefined,
        (error: unknown) => error
      )
    );
  expect(await refused(db.update(auditEvents).set({ purpose: 'another' }))).toBe('23000');
  expect(await refused(db.delete(auditEvents))).toBe('23000');
  expect(await refused(db.execute(sql`truncate audit_events`))).toBe('23000');
});

test('HOUSE4: a second process is kept from an embedded database in use', async () => {
  if (open.place.kind !== 'embedded') return;
  const second = openDatabase({ dataDir: open.services.config.dataDir, databaseUrl: undefined });
  await expect(second).rejects.toThrow(/is in use by process/);
});
