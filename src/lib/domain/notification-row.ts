// One row of the file as a person in an incident: each cell read by its column's rule, with what is wrong and
// what is worth a word. Pure, and without a clock. Carries INTAKE rules.
import { ageOn, type Sex } from './family.ts';
import {
  isFormula,
  readDash,
  readDate,
  readFlag,
  readGrade,
  readOccurrence,
  readPostcode,
  readPresent,
  readRole,
  readSafe,
  readSex,
  readTime,
  textFault,
  type Read,
  type Role
} from './notification-cell.ts';
import { columns, fields, type Field, type Mapped } from './notification-columns.ts';
import type { TableRow } from './notification-table.ts';

export interface Values {
  readonly occurrence: string;
  readonly reported: string;
  readonly incidentDate: string;
  readonly incidentTime: string;
  readonly incidentType: string;
  readonly domesticAbuse: boolean;
  readonly grade: 'high' | 'medium' | 'standard';
  readonly dash: number;
  readonly role: Role;
  readonly surname: string;
  readonly forenames: string;
  readonly aka: string;
  readonly born: string;
  readonly sex: Sex;
  readonly address: string;
  readonly town: string;
  readonly postcode: string;
  readonly telephone: string;
  readonly safeToCall: string;
  readonly toVictim: string;
  readonly toHarming: string;
  readonly school: string;
  readonly childPresent: 'yes' | 'no' | 'unknown';
  readonly strangulation: boolean;
  readonly weapon: boolean;
  readonly pregnant: boolean;
  readonly encompassSent: boolean;
  readonly narrative: string;
}

/** Something said of a cell, as a whole sentence that names the row. */
export interface Finding {
  readonly kind: 'fault' | 'note';
  readonly row: number;
  readonly field: Field | undefined;
  /** The column's number in the file, counted from 0; undefined where it is about no one column. */
  readonly at: number | undefined;
  readonly value: string;
  readonly sentence: string;
  /** What it very likely should be. */
  readonly suggestion?: string;
}

/** A cell that a person has put right in the preview. */
export interface Mend {
  readonly row: number;
  /** The column's number, counted from 0. */
  readonly at: number;
  readonly value: string;
}

export interface ReadRow {
  readonly number: number;
  /** What could be read; a faulty or blank cell is not here. */
  readonly values: Partial<Values>;
  readonly findings: readonly Finding[];
  /** The cells as written, blanks left out, by the file's own column names; the story is kept once, with the incident. */
  readonly written: Readonly<Record<string, string>>;
  /** Occurrence, role, name as written and date of birth: by these a row is known again. */
  readonly key: string;
}

const asText = (text: string): Read<string> => (text === '' ? {} : { value: text });

const readers: { readonly [F in Field]: (text: string) => Read<Values[F]> } = {
  occurrence: readOccurrence,
  reported: (text) => (text === '' ? { note: 'is missing' } : readDate(text)),
  incidentDate: readDate,
  incidentTime: readTime,
  incidentType: asText,
  domesticAbuse: readFlag,
  grade: readGrade,
  dash: readDash,
  role: readRole,
  surname: asText,
  forenames: asText,
  aka: asText,
  born: readDate,
  sex: readSex,
  address: asText,
  town: asText,
  postcode: readPostcode,
  telephone: asText,
  safeToCall: readSafe,
  toVictim: asText,
  toHarming: asText,
  school: asText,
  childPresent: readPresent,
  strangulation: readFlag,
  weapon: readFlag,
  pregnant: readFlag,
  encompassSent: readFlag,
  narrative: asText
};

const tidy = (field: Field | undefined, text: string) =>
  text === '' || field === 'narrative' ? text.trim() : text.trim().replace(/\s+/g, ' ');

/** Reads one row with what a person has mended in it. */
export function readRow(
  row: TableRow,
  header: readonly string[],
  mapped: Mapped,
  mends: ReadonlyMap<number, string>
): ReadRow {
  const findings: Finding[] = [];
  const values: Partial<Record<Field, unknown>> = {};
  const written: Record<string, string> = {};
  const raw: Partial<Record<Field, string>> = {};
  const say = (
    kind: Finding['kind'],
    field: Field | undefined,
    at: number | undefined,
    value: string,
    rest: string
  ) => findings.push({ kind, row: row.number, field, at, value, sentence: `Row ${row.number}: ${rest}` });

  for (const field of fields) {
    const at = mapped.mapping[field];
    if (at === undefined) continue;
    const text = tidy(field, mends.get(at) ?? row.cells[at] ?? '');
    raw[field] = text;
    const name = header[at] || `Column ${at + 1}`;
    const came = tidy(field, row.cells[at] ?? '');
    if (text && field !== 'narrative') written[name] = text;
    if (came && came !== text && field !== 'narrative') written[`${name}, before it was mended`] = came;
    const unfit = textFault(field, text);
    const read: Read<unknown> = unfit ? { fault: unfit } : readers[field](text);
    const told = [columns[field].label, unfit ? '' : text].filter(Boolean).join(' ');
    if (read.value !== undefined) values[field] = read.value;
    if (read.fault) {
      say('fault', field, at, text, `${told} ${read.fault}`);
      written[name] = unfit ? text.slice(0, 200).toWellFormed().replaceAll('\0', '') : text;
    }
    if (read.note) say('note', field, at, text, `${told} ${read.note}`);
    if (!unfit && isFormula(text)) say('note', field, at, text, `${told} is kept as text and not calculated`);
  }
  for (const { name, at } of mapped.unknown) {
    const text = (row.cells[at] ?? '').trim();
    if (text) written[name] = text.slice(0, 2000).toWellFormed().replaceAll('\0', '');
  }
  row.cells.slice(header.length).forEach((cell, beyond) => {
    if (cell.trim() === '') return;
    const name = `Column ${header.length + beyond + 1}`;
    written[name] = cell.trim().slice(0, 2000).toWellFormed().replaceAll('\0', '');
    say(
      'fault',
      undefined,
      undefined,
      cell.trim(),
      `has more cells than the file has columns: '${short(cell.trim())}' stands beyond the last one`
    );
  });
  const read = values as Partial<Values>;
  judgeTogether(row.number, read, raw, mapped, say);
  return { number: row.number, values: read, findings, written, key: keyOf(read, raw) };
}

type Say = (
  kind: Finding['kind'],
  field: Field | undefined,
  at: number | undefined,
  value: string,
  rest: string
) => unknown;

/** What only several cells of a row together can tell. A birth is judged by the row's own report, never by today. */
function judgeTogether(
  _row: number,
  values: { -readonly [F in keyof Values]?: Values[F] },
  raw: Partial<Record<Field, string>>,
  mapped: Mapped,
  say: Say
): void {
  const at = mapped.mapping;
  const { born, reported, incidentDate } = values;
  if (born && reported && born > reported) {
    say(
      'fault',
      'born',
      at.born,
      raw.born ?? '',
      `Date of birth ${raw.born} is after the report of ${raw.reported}`
    );
    delete values.born;
  } else if (born && reported && (ageOn(born, reported) ?? 0) > 120) {
    say(
      'fault',
      'born',
      at.born,
      raw.born ?? '',
      `Date of birth ${raw.born} is more than 120 years before the report`
    );
    delete values.born;
  } else if (born && reported && values.role === 'child' && (ageOn(born, reported) ?? 0) >= 18)
    say(
      'note',
      'born',
      at.born,
      raw.born ?? '',
      `Role child, but ${ageOn(born, reported)} years old at the report`
    );
  if (incidentDate && reported && incidentDate > reported) {
    say(
      'fault',
      'incidentDate',
      at.incidentDate,
      raw.incidentDate ?? '',
      `Incident date ${raw.incidentDate} is after the report of ${raw.reported}`
    );
    delete values.incidentDate;
  }
  if (!raw.surname && !raw.forenames)
    say('fault', 'surname', at.surname, '', 'Surname and forenames are both missing');
  else if (!raw.surname) say('note', 'surname', at.surname, '', 'Surname is missing');
  else if (!raw.forenames) say('note', 'forenames', at.forenames, '', 'Forenames are missing');
  if (at.born !== undefined && !raw.born) say('note', 'born', at.born, '', 'Date of birth is missing');
}

function keyOf(values: Partial<Values>, raw: Partial<Record<Field, string>>): string {
  return [
    values.occurrence ?? '',
    values.role ?? (raw.role ?? '').toUpperCase(),
    raw.surname ?? '',
    raw.forenames ?? '',
    values.born ?? raw.born ?? ''
  ]
    .map((part) => part.normalize('NFC').slice(0, 200).replaceAll('|', '/'))
    .join('|');
}

const short = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
