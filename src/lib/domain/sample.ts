// The demonstration's file with its dates moved, so that it is always last week's. Every other byte stays as it
// is: the byte-order mark, the line ends, the quotation marks, the cells that are no dates. Carries INTAKE14.
import { delimiterOf } from './notification-table.ts';
import { readDate } from './notification-cell.ts';

const moving = ['reported', 'incidentdate'];

interface Cell {
  readonly record: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;
}

/** How many days a file's dates have to move so that its last report is of `lastDay` (YYYY-MM-DD). */
export function daysUntil(bytes: Uint8Array, lastDay: string): number {
  const reports = datedCells(bytes).filter(({ name }) => name === 'reported');
  return reports.length === 0 ? 0 : dayNumber(lastDay) - Math.max(...reports.map(({ day }) => day));
}

/**
 * Moves a file's dates of report and incident by this many days.
 * A date of birth moves only where somebody would else be born after the report; then the same birth moves in
 * every row, because by name and birth people are known again.
 */
export function moveDates(bytes: Uint8Array, days: number): Uint8Array {
  const dated = datedCells(bytes);
  const reports = dated.filter(({ name }) => name === 'reported');
  const reportOf = new Map(reports.map(({ cell, day }) => [cell.record, day]));
  const births = dated.filter(({ name }) => name === 'dob');
  const late = new Set(
    births
      .filter(({ cell, day }) => {
        const report = reportOf.get(cell.record);
        return report !== undefined && day <= report && day > report + days;
      })
      .map(({ day }) => day)
  );
  const moved = dated.filter(({ name, day }) => moving.includes(name) || (name === 'dob' && late.has(day)));
  const result = bytes.slice();
  for (const { cell, day } of moved)
    [...asBritish(day + days)].forEach((sign, at) => {
      result[cell.start + at] = sign.charCodeAt(0);
    });
  return result;
}

/** The cells that hold a day, with the names of their columns. */
function datedCells(bytes: Uint8Array): { cell: Cell; day: number; name: string }[] {
  // One character a byte: only dates are looked at, and they are ASCII in every encoding that a sample has.
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  const cells = cellsOf(text, delimiterOf(text));
  const written = (cell: Cell) => text.slice(cell.start, cell.end);
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z]/g, '');
  const heading = new Map(
    cells.filter((cell) => cell.record === 0).map((cell) => [cell.column, plain(written(cell))])
  );
  return cells.flatMap((cell) => {
    const day = cell.record > 0 ? british(written(cell)) : undefined;
    return day === undefined ? [] : [{ cell, day, name: heading.get(cell.column) ?? '' }];
  });
}

/** Where each cell stands, quotation marks left out. */
function cellsOf(text: string, delimiter: string): Cell[] {
  const cells: Cell[] = [];
  let [record, column, start, quoted] = [0, 0, 0, false];
  const end = (at: number) => {
    const trimmed = text[start] === '"' ? 1 : 0;
    cells.push({ record, column, start: start + trimmed, end: at - trimmed });
  };
  for (let at = 0; at <= text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') quoted = !quoted;
    if (quoted) continue;
    if (sign === delimiter) {
      end(at);
      column += 1;
      start = at + 1;
    } else if (sign === '\n' || sign === undefined) {
      end(text[at - 1] === '\r' ? at - 1 : at);
      record += 1;
      column = 0;
      start = at + 1;
    }
  }
  return cells;
}

/** The day of a date of ten signs, so that the moved one has its place; undefined for anything else. */
function british(text: string): number | undefined {
  if (!/^\d{2}\/\d{2}\/\d{4}$/.test(text)) return undefined;
  const { value } = readDate(text);
  return value === undefined ? undefined : dayNumber(value);
}

const dayNumber = (iso: string) => Date.parse(`${iso}T00:00:00Z`) / 86_400_000;

function asBritish(day: number): string {
  const [year, month, date] = new Date(day * 86_400_000).toISOString().slice(0, 10).split('-');
  return `${date}/${month}/${year}`;
}
