import fc from 'fast-check';
import fs from 'node:fs';
import { expect, test } from 'vitest';
import { columns, fields, mapColumns } from './notification-columns.ts';
import { decode, readTable, tableOf, type Table } from './notification-table.ts';
import { readNotifications } from './notification.ts';

const bytesOf = (name: string) => new Uint8Array(fs.readFileSync(`samples/police-notifications-${name}.csv`));
function tableFrom(bytes: Uint8Array): Table {
  const table = readTable(bytes);
  if ('unreadable' in table) throw new Error(table.unreadable);
  return table;
}
const read = (name: string) => readNotifications(tableFrom(bytesOf(name)));
const utf8 = (text: string) => new TextEncoder().encode(text);
const quoted = (cell: string, delimiter: string) =>
  new RegExp(`["\\r\\n${delimiter}]`).test(cell) || cell === '' ? `"${cell.replaceAll('"', '""')}"` : cell;
const render = (rows: readonly (readonly string[])[], delimiter: string, end: string) =>
  rows.map((row) => row.map((cell) => quoted(cell, delimiter)).join(delimiter)).join(end) + end;
/** A table of one incident, by our own headings. */
const typed = (...people: Record<string, string>[]) => {
  const header = fields.map((field) => columns[field].heading);
  const table = tableOf([
    header,
    ...people.map((person) =>
      header.map(
        (name) =>
          ({ 'Occurrence No': '1', Reported: '14/11/2026', Role: 'VICTIM', Surname: 'Ward', ...person })[
            name
          ] ?? ''
      )
    )
  ]);
  if ('unreadable' in table) throw new Error(table.unreadable);
  return readNotifications(table);
};
const faultsOf = (reading: ReturnType<typeof typed>) =>
  reading.incidents.flatMap((incident) => incident.faults.map((fault) => fault.sentence));
const notesOf = (reading: ReturnType<typeof typed>) =>
  reading.incidents.flatMap((incident) => incident.notes.map((note) => note.sentence));

test('INTAKE1: a week has 82 persons in 24 incidents, and nothing in it is faulty', () => {
  const { rows, incidents } = read('week');
  expect(rows).toBe(82);
  expect(incidents).toHaveLength(24);
  expect(incidents.flatMap((incident) => incident.faults)).toEqual([]);
  expect(incidents[0]).toMatchObject({
    occurrence: '4826411544',
    reported: '2026-11-14',
    grade: 'high',
    dash: 17
  });
  expect(incidents[0]?.rows.map((row) => row.values.role)).toEqual([
    'victim',
    'harming',
    'child',
    'child',
    'child',
    'other'
  ]);
});

test('INTAKE1: row numbers are the spreadsheet’s, whatever stands in cells and between rows', () => {
  const last = read('week').incidents.at(-1)?.rows.at(-1);
  expect(last?.number).toBe(83);
  const table = tableFrom(utf8('Occurrence No,Surname\r\n1,"a\r\nb"\r\n\r\n,\r\n2,c\r\n'));
  expect(table.rows.map((row) => row.number)).toEqual([2, 5]);
});

test('INTAKE2: every fault of the file with faults is named with its row, and only those', () => {
  const { incidents, mapped } = read('with-faults');
  expect(mapped.renamed).toEqual([{ name: 'Forenames', field: 'forenames' }]);
  expect(incidents.flatMap((incident) => incident.faults.map((fault) => fault.sentence))).toEqual([
    'Row 2: Incident date 31/02/2026 is not a date (day/month/year)',
    'Row 3: Date of birth 13/25/1990 is not a date (day/month/year)',
    'Row 4: Role VICTM is not a role (victim, suspect, child or other)',
    'Row 5: Occurrence number is missing. By what it tells it belongs to 4826411544',
    'Row 6: DASH score 27 is more than 24, and DASH has 24 questions',
    'Row 7: Date of birth 01/01/2031 is after the report of 14/11/2026',
    'Row 8: Postcode NOT A POSTCODE is not a postcode'
  ]);
  expect(incidents.map((incident) => incident.id)).toHaveLength(6);
});

test('INTAKE2: what is missing or unusual without being wrong is a note and holds nothing back', () => {
  const reading = typed(
    { Postcode: 'zz78aq', 'Safe To Call': 'after 6pm', Weapon: 'knife', AKA: '=1+1' },
    { Role: 'CHILD', Surname: 'Ward', DOB: '01/02/2000' }
  );
  expect(faultsOf(reading)).toEqual([]);
  for (const words of [
    'Row 2: Postcode zz78aq is read as ZZ7 8AQ',
    'Row 2: Safe to call after 6pm is kept as written',
    'Row 2: Weapon knife is neither Y nor N: kept as written',
    'Row 2: Also known as =1+1 is kept as text and not calculated',
    'Row 2: Date of birth is missing',
    'Row 3: Role child, but 26 years old at the report'
  ])
    expect(notesOf(reading)).toContain(words);
  expect(reading.incidents[0]?.rows[0]).toMatchObject({
    values: { aka: '=1+1' },
    written: { Weapon: 'knife' }
  });
});

test('INTAKE2: what else can’t be right is named too', () => {
  expect(
    faultsOf(
      typed(
        { DOB: '01/02/84', Surname: 'a' },
        { DOB: '01/02/1884', Surname: 'b' },
        { Surname: '' },
        { 'Incident Time': '25:10', Surname: 'c' },
        { 'Incident Date': '15/11/2026', Surname: 'd' },
        { 'Occurrence No': '4.82641E+09', Surname: 'e' },
        { Surname: 'f\0' }
      )
    )
  ).toEqual([
    'Row 2: Date of birth 01/02/84 needs a year of four digits (day/month/year)',
    'Row 3: Date of birth 01/02/1884 is more than 120 years before the report',
    'Row 4: Surname and forenames are both missing',
    'Row 5: Incident time 25:10 is not a time (hours:minutes)',
    'Row 6: Incident date 15/11/2026 is after the report of 14/11/2026',
    "Row 8: Surname holds a character that can't be kept",
    'Row 7: Occurrence number 4.82641E+09 was shortened by a spreadsheet: the last digits are lost'
  ]);
});

test('INTAKE3: the same rows are read from any encoding, delimiter and line end', () => {
  const bytes = bytesOf('week');
  const text = decode(bytes);
  const rows = (from: Uint8Array) => tableFrom(from).rows;
  const expected = rows(bytes);
  expect(expected).toHaveLength(82);
  const all = [tableFrom(bytes).header, ...expected.map((row) => row.cells)];
  expect(rows(utf8(text))).toEqual(expected);
  for (const [delimiter, end] of [
    [';', '\r\n'],
    [';', '\n'],
    [',', '\n'],
    ['\t', '\r\n']
  ] as const) {
    const same = rows(utf8(render(all, delimiter, end)));
    expect(same).toEqual(expected);
  }
  const old = tableFrom(bytesOf('last-month-windows-1252'));
  expect(old.rows).toHaveLength(71);
  const words = old.rows.flatMap((row) => row.cells).join(' ');
  expect(words).toContain('Siobhán');
  expect(words).toContain('£312');
  expect(words).not.toContain('�');
});

test('INTAKE3: a file that is none of ours is refused with what to do', () => {
  const why = (bytes: Uint8Array) => {
    const table = readTable(bytes);
    return 'unreadable' in table ? table.unreadable : 'read';
  };
  expect(why(new Uint8Array([0x50, 0x4b, 3, 4, 0]))).toMatch(/Excel workbook.*CSV/);
  expect(why(utf8(' \r\n'))).toBe('The file is empty.');
  expect(why(utf8('a,b\r\n'))).toMatch(/no rows/);
  expect(why(utf8('one\r\ntwo\r\n'))).toMatch(/names of columns/);
  expect(why(utf8('a,b\r\n1,"x\r\n'))).toMatch(/quotation mark/);
  expect(why(new Uint8Array(5 * 1024 * 1024 + 1))).toMatch(/5\.0 MB is the most/);
});

test('INTAKE4: a birth is judged by its own row’s report', () => {
  expect(read('week').incidents[0]?.rows[2]).toMatchObject({ values: { role: 'child', born: '2026-07-06' } });
  const born = (reported: string, date: string) => faultsOf(typed({ Reported: reported, DOB: date }));
  expect(born('14/11/2026', '14/11/2026')).toEqual([]);
  expect(born('14/11/2026', '15/11/2026')).toEqual([
    'Row 2: Date of birth 15/11/2026 is after the report of 14/11/2026'
  ]);
  expect(born('14/11/2126', '15/11/2026')).toEqual([]);
  expect(born('14/11/1990', '15/11/1991')).toHaveLength(1);
  // The older file has such a row too: a child 'born' three months after the report.
  expect(
    read('last-month-windows-1252').incidents.flatMap((incident) =>
      incident.faults.map((fault) => fault.sentence)
    )
  ).toEqual(['Row 31: Date of birth 23/12/2026 is after the report of 12/09/2026']);
});

test('INTAKE8: columns of other names are found or chosen by hand, and none is lost', () => {
  const header = ['Police reference', 'Date reported', 'Involvement', 'Last name', 'First name', 'Beat'];
  const mapped = mapColumns(header);
  expect(mapped.missing).toEqual([]);
  expect(mapped.unknown).toEqual([{ name: 'Beat', at: 5 }]);
  const table = tableOf([
    [...header.slice(0, 4), 'Given', 'Beat'],
    ['1', '14/11/2026', 'Vic', 'Ward', 'Nadia', '=B12', 'beyond']
  ]);
  if ('unreadable' in table) throw new Error(table.unreadable);
  expect(readNotifications(table).mapped.missing).toEqual(['forenames']);
  const [incident] = readNotifications(table, { forenames: 4 }).incidents;
  expect(incident?.rows[0]).toMatchObject({
    values: { role: 'victim', forenames: 'Nadia' },
    written: { Beat: '=B12', 'Column 7': 'beyond' }
  });
  expect(incident?.faults.map((fault) => fault.sentence)).toEqual([
    "Row 2: has more cells than the file has columns: 'beyond' stands beyond the last one"
  ]);
});

test('INTAKE9: what an incident has only one of, and its rows tell differently, is named', () => {
  const reading = typed(
    { Surname: 'a', 'Risk Grade': 'High', 'Officer Summary': 'x' },
    { Surname: 'b', 'Risk Grade': 'High', 'Officer Summary': '' },
    { Surname: 'c', 'Risk Grade': 'Medium', 'Officer Summary': 'y', Reported: '15/11/2026' },
    { Surname: 'a', 'Risk Grade': 'High', 'Officer Summary': 'x' },
    { Surname: 'b', Tel: '07700 900001' }
  );
  expect(faultsOf(reading)).toEqual([
    'Row 4: Reported 15/11/2026 differs from 14/11/2026 in row 2 of the same incident',
    'Row 4: Risk grade Medium differs from High in row 2 of the same incident',
    'Row 6: is the same person as row 3, but differs in Risk Grade, Tel'
  ]);
  expect(notesOf(reading)).toContain('Row 5: repeats row 2');
  expect(reading.incidents[0]).toMatchObject({ grade: 'high', narrative: 'x\n\ny' });
});

test('INTAKE7: a mended cell is judged at once, and what it said before is kept', () => {
  const table = tableFrom(bytesOf('with-faults'));
  const at = readNotifications(table).mapped.mapping.born ?? -1;
  const reading = readNotifications(table, {}, [{ row: 3, at, value: '25/12/1990' }]);
  const row = reading.incidents[0]?.rows[1];
  expect(row?.values.born).toBe('1990-12-25');
  expect(row?.written).toMatchObject({ DOB: '25/12/1990', 'DOB, before it was mended': '13/25/1990' });
  const occurrence = reading.mapped.mapping.occurrence ?? -1;
  const whole = readNotifications(table, {}, [{ row: 5, at: occurrence, value: '4826411544' }]);
  expect(whole.incidents[0]?.rows.map((each) => each.number)).toEqual([2, 3, 4, 5, 6, 7]);
});

test('INTAKE7: whatever cells hold comes back as it was written', () => {
  const cell = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((text) => !/[\r\0]/.test(text));
  fc.assert(
    fc.property(
      fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 12 }),
      fc.constantFrom(',', ';', '\t'),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      (cells, delimiter, end, mark) => {
        const rows = cells.map((row, at) => [`${at}`, ...row]);
        const bytes = utf8(
          (mark ? '\uFEFF' : '') +
            render([['Occurrence No', 'AKA', 'Town', 'Extra'], ...rows], delimiter, end)
        );
        expect(tableFrom(bytes).rows.map((row) => row.cells)).toEqual(rows);
      }
    ),
    { numRuns: 200 }
  );
});
