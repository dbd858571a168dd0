// What an integration test stands on: a fresh database of the project's kind, and services on it. The real
// server as a process of its own is in prepare/server.ts.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { inject } from 'vitest';
import { readConfig } from '#server/config.ts';
import { openServices, type OpenServices } from '#server/services.ts';
import { templateName } from './prepare/databases.ts';

export interface Place {
  readonly kind: 'embedded' | 'postgresql';
  /** The environment that puts a server on this database. */
  readonly env: Record<string, string>;
  remove(): Promise<void>;
}

/** A fresh, migrated, empty database of the kind this project runs on. */
export async function freshDatabase(): Promise<Place> {
  const template = inject('template');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'same-room-test-'));
  const common = { DATA_DIR: folder, AUTH_SECRET: 'a-secret-that-only-tests-may-have', LOG_LEVEL: 'silent' };
  if (template.kind === 'embedded') {
    fs.cpSync(template.place, folder, { recursive: true });
    return {
      kind: template.kind,
      env: { ...common, EMBEDDED: 'yes' },
      remove: async () => fs.rmSync(folder, { recursive: true, force: true })
    };
  }
  const name = `test_${path.basename(folder).replace(/\W/g, '_').toLowerCase()}_${process.pid}`;
  const admin = async (statement: (sql: postgres.Sql) => Promise<unknown>) => {
    const sql = postgres(template.place, { max: 1, onnotice: () => undefined });
    await statement(sql);
    await sql.end();
  };
  await admin((sql) => sql`create database ${sql(name)} template ${sql(templateName)}`);
  const url = new URL(template.place);
  url.pathname = `/${name}`;
  return {
    kind: template.kind,
    env: { ...common, DATABASE_URL: url.href },
    async remove() {
      await admin((sql) => sql`drop database if exists ${sql(name)} with (force)`);
      fs.rmSync(folder, { recursive: true, force: true });
    }
  };
}

/** Services on a fresh database, in this process. */
export async function openTestServices(): Promise<OpenServices & { place: Place }> {
  const place = await freshDatabase();
  const open = await openServices(readConfig({ ...place.env, PORT: '0' }));
  return {
    ...open,
    place,
    async close() {
      await open.close();
      await place.remove();
    }
  };
}
