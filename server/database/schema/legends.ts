// What the colours mean in an area, version by version. Rows are added, never changed.
import { sql } from 'drizzle-orm';
import { check, date, integer, jsonb, pgTable, unique, uuid } from 'drizzle-orm/pg-core';
import type { Legend } from '#lib/domain/legend.ts';
import { id, now } from './columns.ts';
import { areas, users } from './identity.ts';

export const legends = pgTable(
  'legends',
  {
    id: id(),
    areaId: uuid()
      .notNull()
      .references(() => areas.id),
    /** Counted in the area from 1. */
    version: integer().notNull(),
    /** The first day on which it holds. */
    validFrom: date({ mode: 'string' }).notNull(),
    content: jsonb().$type<Omit<Legend, 'version' | 'validFrom'>>().notNull(),
    by: uuid()
      .notNull()
      .references(() => users.id),
    at: now()
  },
  (t) => [unique('legends_version').on(t.areaId, t.version), check('legends_counted', sql`${t.version} > 0`)]
);
