// From a file's bytes to rows of cells, whatever spreadsheet or police system wrote them: UTF-8 with or without
// a byte-order mark, UTF-16, Windows-1252; comma, semicolon or tab. Judges nothing of what the cells say.
// The browser and the server run this same file. Carries INTAKE rules.
import { CsvError, parse } from 'csv-parse/browser/esm/sync';

/** What a file may be at most; beyond it the coordinator splits it. */
export const limits = { bytes: 5 * 1024 * 1024, rows: 20_000, columns: 200 } as const;

export interface TableRow {
  /** The spreadsheet's: the header is 1, blank rows count, line breaks inside cells don't. */
  readonly number: number;
  readonly cells: readonly string[];
}

export interface Table {
  readonly header: readonly string[];
  /** Those that are not blank. */
  readonly rows: readonly TableRow[];
}

/** Why a file can't be read, in a sentence the person who chose it can act on. */
export interface Unreadable {
  readonly unreadable: string;
}

export type Delimiter = ',' | ';' | '\t';

/** Reads a file's bytes. */
export function readTable(bytes: Uint8Array): Table | Unreadable {
  if (bytes.length > limits.bytes)
    return {
      unreadable: `The file is ${megabytes(bytes.length)}; ${megabytes(limits.bytes)} is the most that can be read at once. Split it by date.`
    };
  if (startsWith(bytes, [0x50, 0x4b, 3, 4]))
    return {
      unreadable: 'This is an Excel workbook. In Excel choose File, Save as, CSV, and take that file.'
    };
  if (startsWith(bytes, [0x25, 0x50, 0x44, 0x46]))
    return { unreadable: 'This is a PDF. Ask the police for the same as CSV, or type the notification in.' };
  const text = decode(bytes);
  if (text.trim() === '') return { unreadable: 'The file is empty.' };
  const delimiter = delimiterOf(text);
  try {
    return tableOf(
      parse(text, {
        delimiter,
        relax_column_count: true,
        relax_quotes: true,
        skip_empty_lines: false,
        max_record_size: 1_000_000
      })
    );
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { unreadable: whyNot(error) };
  }
}

/** The table of these rows of cells, the first being the header. */
export function tableOf(records: readonly (readonly string[])[]): Table | Unreadable {
  const [header, ...rest] = records;
  if (!header) return { unreadable: 'The file is empty.' };
  if (header.length < 2)
    return {
      unreadable: 'Its first row does not hold the names of columns, parted by commas or semicolons.'
    };
  if (header.length > limits.columns)
    return { unreadable: `Its first row has ${header.length} columns; ${limits.columns} is the most.` };
  if (rest.length > limits.rows)
    return {
      unreadable: `It has ${rest.length} rows; ${limits.rows} is the most that can be read at once. Split it by date.`
    };
  const rows = rest
    .map((cells, at) => ({ number: at + 2, cells }))
    .filter((row) => row.cells.some((cell) => cell.trim() !== ''));
  return rows.length > 0
    ? { header: header.map((name) => name.trim()), rows }
    : { unreadable: 'It has the names of columns and no rows below them.' };
}

/** The text of the bytes: as their byte-order mark says, else UTF-8 if they are that, else Windows-1252. */
export function decode(bytes: Uint8Array): string {
  if (startsWith(bytes, [0xff, 0xfe])) return new TextDecoder('utf-16le').decode(bytes);
  if (startsWith(bytes, [0xfe, 0xff])) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Not UTF-8, which hardly any other text is by chance: what Windows wrote before it.
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** What parts the columns: whichever stands most often in the first row, outside quotation marks. */
export function delimiterOf(text: string): Delimiter {
  const counts = { ',': 0, ';': 0, '\t': 0 };
  let quoted = false;
  for (const sign of text) {
    if (sign === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (sign === '\n' || sign === '\r') break;
    else if (sign === ',' || sign === ';' || sign === '\t') counts[sign] += 1;
  }
  if (counts[';'] > counts[','] && counts[';'] >= counts['\t']) return ';';
  return counts['\t'] > counts[','] ? '\t' : ',';
}

function whyNot(error: CsvError): string {
  const line = typeof error['lines'] === 'number' ? error['lines'] : undefined;
  const where = line ? ` near line ${line}` : '';
  if (error.code === 'CSV_QUOTE_NOT_CLOSED')
    return "A quotation mark is opened in it and never closed, so where cells end can't be told. Save it as CSV again.";
  if (error.code === 'CSV_MAX_RECORD_SIZE')
    return `A cell${where} is too large to be right: perhaps a quotation mark is opened and not closed before it.`;
  return `It can't be read as CSV${where}. Save it as CSV again.`;
}

const startsWith = (bytes: Uint8Array, start: readonly number[]) =>
  start.every((byte, at) => bytes[at] === byte);
const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
