// A coordinator's Monday: an area with people in it, a week of notifications imported, and scheduling open.
import { eq } from 'drizzle-orm';
import fs from 'node:fs';
import { fragmentAt } from '#lib/card/read.ts';
import { auditEvents } from '#server/database/schema/decisions.ts';
import { areas } from '#server/database/schema/identity.ts';
import type { Session } from '#server/identity/session.ts';
import { openSchedule, type Outcome, type Schedule } from '#server/schedule/schedule.ts';
import type { Services } from '#server/services.ts';
import { openTestServices } from '../house.ts';
import { layTable, sessionFor, type Table, type Who } from './table.ts';

export const now = () => new Date('2026-11-23T09:00:00Z');

export interface Office {
  readonly services: Services;
  /** The area's people and agencies; the agency 'stranger' is a called one. */
  readonly table: Table;
  readonly schedule: Schedule;
  /** The meetings of which a change was told. */
  readonly told: readonly string[];
  as(who: Who): Session;
  /** So many waiting families that nobody asked for before, the gravest first. */
  families(count: number): { caseId: string; reference: string }[];
  /** A meeting's details as a form gives them: 24 November 2026, 10:00, the chair. */
  details(change?: object): object;
  /** A planned meeting with so many families. */
  plan(
    count: number,
    change?: object
  ): Promise<{
    meetingId: string;
    cardIds: string[];
    cardId: string;
    cases: { caseId: string; reference: string }[];
  }>;
  /** What the audit says was done to a meeting. */
  acts(meetingId: string): Promise<string[]>;
  /** Whether the card's document has a place for this agency to write in. */
  hasPlaceFor(cardId: string, agency: keyof Table['agencies']): Promise<boolean>;
  close(): Promise<void>;
}

export async function openOffice(): Promise<Office> {
  const { services, close } = await openTestServices();
  const { database, sync, intake } = services;
  const table = await layTable(database.db);
  const as = (who: Who) => sessionFor(table, who);
  // The table's family has the first reference.
  await database.db.update(areas).set({ lastFamily: 1 }).where(eq(areas.id, table.areaId));
  await intake.importRows(as('coordinator'), {
    fileName: 'police-notifications-week.csv',
    bytes: fs.readFileSync('samples/police-notifications-week.csv')
  });
  const schedule = openSchedule({ database, sync, now });
  const told: string[] = [];
  schedule.onChanged((meetingId) => told.push(meetingId));
  const waiting = [...((await schedule.choices(as('coordinator')))?.families ?? [])];
  const families = (count: number) => waiting.splice(0, count);
  const details = (change: object = {}) => ({
    date: '2026-11-24',
    time: '10:00',
    place: 'Town hall, room 2',
    chairId: table.people.chair,
    ...change
  });
  return {
    ...{ services, table, schedule, told, as, families, details, close },
    async plan(count, change = {}) {
      const cases = families(count);
      const planned = done(await schedule.plan(as('coordinator'), details({ cases, ...change })));
      return { ...planned, cases, cardId: planned.cardIds[0] ?? '' };
    },
    async acts(meetingId) {
      const rows = await database.db
        .select({ act: auditEvents.act })
        .from(auditEvents)
        .where(eq(auditEvents.meetingId, meetingId))
        .orderBy(auditEvents.at);
      return rows.map(({ act }) => act);
    },
    hasPlaceFor: (cardId, agency) =>
      sync.read(
        cardId,
        ({ cards }) => fragmentAt(cards, `agency/${table.agencies[agency]}`, 'family/facts') !== undefined
      )
  };
}

/** What an act did; a test that expects it done says what stopped it. */
export function done<T>(outcome: Outcome<T>): { done: true } & T {
  if (!('done' in outcome)) throw new Error(JSON.stringify(outcome));
  return outcome;
}

/** What was wrong with an act, by field; or how else it ended. */
export function wrong(outcome: Outcome<unknown>): object {
  return 'faults' in outcome
    ? Object.fromEntries(outcome.faults.map(({ field, message }) => [String(field), message]))
    : outcome;
}
