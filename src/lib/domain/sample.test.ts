import fs from 'node:fs';
import { expect, test } from 'vitest';
import { readNotifications } from './notification.ts';
import { readTable } from './notification-table.ts';
import { daysUntil, moveDates } from './sample.ts';

const week = new Uint8Array(fs.readFileSync('samples/police-notifications-week.csv'));
const moved = (lastDay: string) => moveDates(week, daysUntil(week, lastDay));
function read(bytes: Uint8Array) {
  const table = readTable(bytes);
  if ('unreadable' in table) throw new Error(table.unreadable);
  return readNotifications(table);
}

test.each(['2026-11-20', '2026-11-23', '2028-03-01', '2026-08-01', '2024-02-29'])(
  'INTAKE14: the week moved to end on %s keeps every other byte and has no faults',
  (lastDay) => {
    const bytes = moved(lastDay);
    const reading = read(bytes);
    expect(reading.incidents.flatMap((incident) => incident.faults)).toEqual([]);
    expect(reading.rows).toBe(82);
    const reported = reading.incidents.map((incident) => incident.reported ?? '');
    expect(reported.toSorted().at(-1)).toBe(lastDay);
    const blank = (all: Uint8Array) =>
      Buffer.from(all)
        .toString('latin1')
        .replace(/\d\d\/\d\d\/\d{4}/g, '--/--/----');
    expect(blank(bytes)).toBe(blank(week));
    const shared = (of: Uint8Array) =>
      read(of).incidents.flatMap((incident) =>
        incident.rows.filter((row) => row.values.forenames === 'Łukasz')
      );
    expect(new Set(shared(bytes).map((row) => row.values.born)).size).toBe(1);
  }
);

test('INTAKE14: births stay as they are where the reports stay after them', () => {
  const births = (bytes: Uint8Array) =>
    read(bytes).incidents.flatMap((incident) => incident.rows.map((row) => row.values.born));
  expect(births(moved('2027-05-01'))).toEqual(births(week));
  expect(moved('2026-11-20')).toEqual(week);
});
