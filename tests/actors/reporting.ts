// How meetings were attended, to be reported: some that are over laid at a table, and the report as its coordinator reads
// it.
import type { AttendanceReport } from '#lib/protocol/reports.ts';
import type { Reports } from '#server/reports/reports.ts';
import type { Boards } from './boards.ts';
import { layPast, layRep, type Sat } from './past.ts';
import { sessionFor, type Table } from './table.ts';

export async function readReport(reports: Reports, table: Table, input = {}): Promise<AttendanceReport> {
  const report = await reports.attendance(sessionFor(table, 'coordinator'), input);
  if (!report) throw new Error('there is no report');
  return report;
}

/** A meeting that is over, at whose first family the called agencies sat, and at whose second all of them. */
export function layMeeting({ database, table }: Boards, openedAt: string, people: readonly Sat[]) {
  const { police, idva, health, stranger } = table.agencies;
  const both = [
    [police, idva, health],
    [police, idva, health, stranger]
  ];
  return layPast(database.db, table, openedAt, both, people);
}

/** So many more reps of an agency. */
export async function layReps({ database, table }: Boards, count: number, agency: 'police' | 'stranger') {
  return Promise.all(
    Array.from({ length: count }, (_, at) => layRep(database.db, table, table.agencies[agency], `Rep ${at}`))
  );
}
