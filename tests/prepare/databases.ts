// Vitest's global set-up for the integration tests: one migrated template of the project's database, from
// which every test file gets a copy of its own.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '#server/database/database.ts';
import { startCluster } from './cluster.ts';
import { findPrograms } from './find.ts';

export interface Template {
  readonly kind: 'embedded' | 'postgresql';
  /** The embedded template's folder, or the address of the cluster's maintenance database. */
  readonly place: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    template: Template;
  }
}

export const templateName = 'same_room_template';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const kind = project.name as Template['kind'];
  if (kind === 'embedded') {
    const place = fs.mkdtempSync(path.join(os.tmpdir(), 'same-room-template-'));
    const database = await openDatabase({ dataDir: place, databaseUrl: undefined });
    console.log(`embedded: ${await database.version()}`);
    await database.close();
    project.provide('template', { kind, place });
    return async () => fs.rmSync(place, { recursive: true, force: true });
  }
  const cluster = await startCluster(findPrograms().pgBin);
  const admin = postgres(cluster.url('postgres'), { max: 1, onnotice: () => undefined });
  await admin`create database ${admin(templateName)}`;
  const database = await openDatabase({ dataDir: '', databaseUrl: cluster.url(templateName) });
  console.log(`postgresql: ${await database.version()}`);
  await database.close();
  await admin.end();
  project.provide('template', { kind, place: cluster.url('postgres') });
  return cluster.remove;
}
