import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvOf } from './csv.ts';

const read = (csv: string) => parse(csv, { bom: true, relax_column_count: true }) as string[][];

test('EXP3: a cell that a spreadsheet would take for a formula is text', () => {
  const starts = ['=1+1', '+44 20', '-1', '@SUM(A1)', '\tx', '\rx', '\nx', '＝1+1', '＋1', '－1', '＠a'];
  for (const start of starts) expect(read(csvOf([[start]]))).toEqual([[`'${start}`]]);
  expect(read(csvOf([['F-0001', 'Amber', 'a=b', '']]))).toEqual([['F-0001', 'Amber', 'a=b', '']]);
});

const cell = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', '=', '+', '-', '@', '\t', 'a', ' ', '＝') })
);

test('EXP4: whatever stands in its cells, a row reads back as that row, and no cell begins a formula', () => {
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1 }), (rows) => {
      const csv = csvOf(rows);
      expect(csv.startsWith('\uFEFF')).toBe(true);
      expect(csv.endsWith('\r\n')).toBe(true);
      const back = read(csv);
      expect(back.map((row) => row.map((each) => each.replace(/^'(?=[=+\-@\t\r\n＝＋－＠])/, '')))).toEqual(
        rows.map((row) => row.map((each) => each.replace(/^'(?=[=+\-@\t\r\n＝＋－＠])/, '')))
      );
      for (const each of back.flat()) expect(each).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
    })
  );
});
