// An area's settings, as its coordinator keeps them: its agencies, the confidentiality statement, and whether
// ratings are sealed until the chair reveals them. What a meeting has already taken over stays as it was.
// Carries AREA1 and AREA2.
import { and, asc, count, eq, max } from 'drizzle-orm';
import * as z from 'zod';
import { record } from '../audit/audit.ts';
import { sqlState, type Database, type Queries } from '../database/database.ts';
import { agencies, areas } from '../database/schema/identity.ts';
import { meetings } from '../database/schema/meetings.ts';
import { isId, type Refused } from './places.ts';
import type { Session } from './session.ts';

export interface AreaSettings {
  readonly name: string;
  readonly statement: string;
  readonly sealed: boolean;
  readonly minutesPerFamily: number;
  readonly agencies: readonly {
    readonly id: string;
    readonly code: string;
    readonly name: string;
    /** At every card of the meetings scheduled from now on; the others are called card by card. */
    readonly core: boolean;
    readonly kind: 'police' | 'idva' | 'other';
  }[];
}

const agency = z.object({
  code: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{3}$/, 'Give a code of three letters'),
  name: z
    .string()
    .trim()
    .min(1, 'Give a name')
    .max(120, 'Give a shorter name')
    .regex(/^[^\0]*$/, 'Has a character that can’t be kept'),
  core: z.boolean(),
  kind: z.enum(['police', 'idva', 'other'], 'Choose what the agency does')
});
const terms = z.object({
  statement: z
    .string()
    .trim()
    .min(1, 'Write the statement')
    .max(4000, 'Write a shorter statement')
    .regex(/^[^\0]*$/, 'Has a character that can’t be kept'),
  sealed: z.boolean()
});

const minutes = z.coerce
  .number('Give a number of minutes')
  .int('Give whole minutes')
  .min(1, 'Give at least 1 minute')
  .max(120, 'Give at most 120 minutes');

export interface Settings {
  read(session: Session): Promise<AreaSettings>;
  /** Adds an agency; its reps are invited on the People page. */
  addAgency(session: Session, asked: unknown): Promise<{ added: string } | Refused>;
  /** Makes an agency core, or one that is called. */
  setCore(session: Session, agencyId: string, core: boolean): Promise<{ changed: string } | Refused>;
  /** The statement that the next meeting opens with, and whether ratings are sealed. */
  setTerms(session: Session, asked: unknown): Promise<{ changed: true } | Refused>;
  /** The minutes planned for each family, from the next meeting that opens. */
  setMinutes(session: Session, asked: unknown): Promise<{ changed: number } | Refused>;
}

const refusal = (error: z.ZodError): Refused => ({
  refused: `${error.issues.map((issue) => issue.message).join('. ')}.`
});
const note = (queries: Queries, session: Session, purpose: string, detail: Record<string, unknown>) =>
  record(queries, session, { act: 'settings-changed', purpose, detail });

export function openSettings({ db }: Database): Settings {
  return {
    async read({ area }) {
      const [[row], own] = await Promise.all([
        db
          .select({
            name: areas.name,
            statement: areas.statement,
            sealed: areas.sealed,
            minutesPerFamily: areas.minutesPerFamily
          })
          .from(areas)
          .where(eq(areas.id, area.id)),
        db
          .select({
            id: agencies.id,
            code: agencies.code,
            name: agencies.name,
            core: agencies.core,
            kind: agencies.kind
          })
          .from(agencies)
          .where(eq(agencies.areaId, area.id))
          .orderBy(asc(agencies.position))
      ]);
      if (!row) throw new Error('The session’s area is gone');
      return { ...row, agencies: own };
    },

    async addAgency(session, asked) {
      const parsed = agency.safeParse(asked);
      if (!parsed.success) return refusal(parsed.error);
      const areaId = session.area.id;
      try {
        return await db.transaction(async (tx) => {
          const [last] = await tx
            .select({ position: max(agencies.position) })
            .from(agencies)
            .where(eq(agencies.areaId, areaId));
          const position = (last?.position ?? -1) + 1;
          await tx.insert(agencies).values({ ...parsed.data, areaId, position });
          await note(tx, session, 'an agency added', { code: parsed.data.code });
          return { added: parsed.data.name };
        });
      } catch (error) {
        if (sqlState(error) !== '23505') throw error;
        return { refused: `Another agency has the code ${parsed.data.code} already.` };
      }
    },

    async setCore(session, agencyId, core) {
      const none = { refused: 'There is no such agency here.' };
      if (!isId(agencyId)) return none;
      return db.transaction(async (tx) => {
        const [changed] = await tx
          .update(agencies)
          .set({ core })
          .where(and(eq(agencies.id, agencyId), eq(agencies.areaId, session.area.id)))
          .returning({ name: agencies.name });
        if (!changed) return none;
        await note(tx, session, core ? 'an agency made core' : 'an agency to be called', { agencyId });
        return { changed: changed.name };
      });
    },

    async setMinutes(session, asked) {
      const parsed = minutes.safeParse(asked);
      if (!parsed.success) return refusal(parsed.error);
      const minutesPerFamily = parsed.data;
      return db.transaction(async (tx) => {
        await tx.update(areas).set({ minutesPerFamily }).where(eq(areas.id, session.area.id));
        await note(tx, session, 'minutes for each family', { minutesPerFamily });
        return { changed: minutesPerFamily };
      });
    },

    async setTerms(session, asked) {
      const parsed = terms.safeParse(asked);
      if (!parsed.success) return refusal(parsed.error);
      const { statement, sealed } = parsed.data;
      const areaId = session.area.id;
      return db.transaction(async (tx) => {
        const [area] = await tx.select().from(areas).where(eq(areas.id, areaId)).for('update');
        const [open] = await tx
          .select({ times: count() })
          .from(meetings)
          .where(and(eq(meetings.areaId, areaId), eq(meetings.state, 'open')));
        // Taking the seal off would show what agencies rated in the belief that the chair reveals it.
        if (area?.sealed !== sealed && open && open.times > 0)
          return { refused: 'A meeting is open. Its ratings stay as they are until it is closed.' };
        await tx.update(areas).set({ statement, sealed }).where(eq(areas.id, areaId));
        await note(tx, session, 'statement and sealing', { sealed });
        return { changed: true };
      });
    }
  };
}
