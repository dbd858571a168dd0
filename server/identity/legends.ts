// An area's legend as its coordinator keeps it: words, meanings and response clocks, from a day on. A version is
// added and none is changed, and no day that already had a meeting gets another. Carries RATE9.
import { and, asc, eq, gte, inArray } from 'drizzle-orm';
import * as z from 'zod';
import { firstLegend, legendOn, saysTheSame, type Legend } from '#lib/domain/legend.ts';
import { dayInWords, inLondon } from '#lib/domain/london.ts';
import { ratings } from '#lib/domain/rating.ts';
import { record } from '../audit/audit.ts';
import type { Database, Queries } from '../database/database.ts';
import { legends } from '../database/schema/legends.ts';
import { areas } from '../database/schema/identity.ts';
import { meetings } from '../database/schema/meetings.ts';
import type { Refused } from './places.ts';
import type { Session } from './session.ts';

/** Reads every legend of an area, oldest first; the one that every area begins with is not a row. */
export async function readLegends(queries: Queries, areaId: string): Promise<Legend[]> {
  const rows = await queries
    .select()
    .from(legends)
    .where(eq(legends.areaId, areaId))
    .orderBy(asc(legends.version));
  return rows.map(({ version, validFrom, content }) => ({ ...content, version, validFrom }));
}

const words = (what: string, longest: number) =>
  z
    .string()
    .trim()
    .min(1, `Give ${what}`)
    .max(longest, `Give ${what} in fewer words`)
    .regex(/^[^\0]*$/, 'Has a character that can’t be kept');
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Give the time as 09:00');
const day = z.iso.date('Give the day as 2026-12-25');
const clock = z.object({
  hours: z.coerce.number('Give the hours as a number').int('Give whole hours').min(1).max(1000),
  working: z.boolean(),
  runsOn: z.boolean()
});
const meaning = z.object({
  word: words('the word of each colour', 24),
  meaning: words('what each colour means', 200),
  clock: clock.nullable()
});
const asked = z
  .object({
    validFrom: day,
    meanings: z.record(z.enum(ratings), meaning),
    opens: timeOfDay,
    closes: timeOfDay,
    closed: z.array(day).max(200)
  })
  .refine(({ opens, closes }) => opens < closes, 'Closing is later than opening')
  .refine(
    ({ meanings }) =>
      new Set(Object.values(meanings).map(({ word }) => word.toLowerCase())).size === ratings.length,
    'Give each colour a word of its own'
  );

/** @param day YYYY-MM-DD */
function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

export interface Legends {
  /** The legend of today, and any that is to come; oldest first. */
  read(session: Session): Promise<{ today: Legend; coming: readonly Legend[]; tomorrow: string }>;
  /** Adds a version that holds from a day on. */
  set(session: Session, legend: unknown): Promise<{ from: string } | Refused>;
}

export function openLegends({ db }: Database): Legends {
  const todayIs = () => inLondon(new Date()).date;
  return {
    async read({ area }) {
      const all = await readLegends(db, area.id);
      const today = todayIs();
      return {
        today: legendOn(all, today),
        coming: all.filter(({ validFrom }) => validFrom !== null && validFrom > today),
        tomorrow: dayAfter(today)
      };
    },

    async set(session, legend) {
      const parsed = asked.safeParse(legend);
      if (!parsed.success)
        return { refused: `${[...new Set(parsed.error.issues.map(({ message }) => message))].join('. ')}.` };
      const { validFrom, ...content } = parsed.data;
      const areaId = session.area.id;
      if (validFrom < todayIs()) return { refused: 'A legend holds from today on, or from a later day.' };
      return db.transaction(async (tx) => {
        await tx.select({ id: areas.id }).from(areas).where(eq(areas.id, areaId)).for('update');
        if (await hadMeeting(tx, areaId, validFrom))
          return {
            refused: 'A meeting was opened on that day. Choose a later one: its legend stays as it is.'
          };
        const all = await readLegends(tx, areaId);
        const next: Legend = {
          ...content,
          validFrom,
          version: (all.at(-1)?.version ?? firstLegend.version) + 1
        };
        if (saysTheSame(legendOn(all, validFrom), next))
          return { refused: 'Nothing of it would change on that day.' };
        await tx
          .insert(legends)
          .values({ areaId, version: next.version, validFrom, content, by: session.user.id });
        await record(tx, session, {
          act: 'settings-changed',
          purpose: 'what the colours mean',
          detail: { version: next.version, validFrom }
        });
        return { from: dayInWords(new Date(`${validFrom}T12:00:00Z`)) };
      });
    }
  };
}

/** Whether a meeting was opened on or after this day: what it showed is not changed under it. */
async function hadMeeting(queries: Queries, areaId: string, from: string): Promise<boolean> {
  const opened = await queries
    .select({ openedAt: meetings.openedAt })
    .from(meetings)
    .where(
      and(
        eq(meetings.areaId, areaId),
        inArray(meetings.state, ['open', 'closed']),
        gte(meetings.openedAt, new Date(Date.parse(`${from}T00:00:00Z`) - 3_600_000))
      )
    );
  return opened.some(({ openedAt }) => openedAt !== null && inLondon(openedAt).date >= from);
}
