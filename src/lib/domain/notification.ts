// From a table to incidents: the rows that share an occurrence number are one police report. Names every fault
// and note with its row; decides nothing about what is to be stored (intake.ts does). The browser's preview and
// the server's import run this same file. Carries INTAKE rules.
import { columns, mapColumns, type Field, type Mapped } from './notification-columns.ts';
import { readRow, type Finding, type Mend, type ReadRow, type Values } from './notification-row.ts';
import type { Table } from './notification-table.ts';

export interface Incident {
  /** The occurrence number; for a row without one that no incident claims, 'row 5'. */
  readonly id: string;
  readonly occurrence: string | undefined;
  /** The rows of persons, each person once. */
  readonly rows: readonly ReadRow[];
  /** Rows that repeat one of `rows`. */
  readonly repeats: readonly ReadRow[];
  /** Rows without an occurrence number that by all else belong to this incident. */
  readonly orphans: readonly ReadRow[];
  readonly faults: readonly Finding[];
  readonly notes: readonly Finding[];
  readonly reported: string | undefined;
  readonly incidentDate: string | undefined;
  readonly incidentTime: string | undefined;
  readonly incidentType: string;
  readonly domesticAbuse: boolean | undefined;
  readonly grade: Values['grade'] | undefined;
  readonly dash: number | undefined;
  readonly encompassSent: boolean | undefined;
  readonly narrative: string;
}

export interface Reading {
  readonly mapped: Mapped;
  /** In the order of their first rows. */
  readonly incidents: readonly Incident[];
  /** All rows that are not blank. */
  readonly rows: number;
}

/**
 * Reads a table.
 * @param byHand the columns that a person chose for fields; null where a field is in none.
 * @param mends the cells that a person put right; the last one of a cell counts.
 * @param memo rows of this table read before under these columns, by number; filled with those read now, so that
 * one mended cell does not have thousands of rows read again.
 */
export function readNotifications(
  table: Table,
  byHand: Partial<Record<Field, number | null>> = {},
  mends: readonly Mend[] = [],
  memo: Map<number, ReadRow> = new Map()
): Reading {
  const mapped = mapColumns(table.header, byHand);
  const mended = new Map<number, Map<number, string>>();
  for (const mend of mends) {
    const cells = mended.get(mend.row) ?? new Map<number, string>();
    mended.set(mend.row, cells.set(mend.at, mend.value));
  }
  const none = new Map<number, string>();
  const rows = table.rows.map((row) => {
    const cells = mended.get(row.number);
    if (cells) return readRow(row, table.header, mapped, cells);
    const known = memo.get(row.number) ?? readRow(row, table.header, mapped, none);
    memo.set(row.number, known);
    return known;
  });
  const groups = new Map<string, { rows: ReadRow[]; orphans: ReadRow[] }>();
  const claims = claimsOf(rows);
  for (const row of rows) {
    const own = row.values.occurrence;
    const claimed = own ? undefined : claims(row);
    const id = own ?? claimed ?? `row ${row.number}`;
    const group = groups.get(id) ?? { rows: [], orphans: [] };
    if (own) group.rows.push(row);
    else group.orphans.push(claimed ? withSuggestion(row, claimed) : row);
    groups.set(id, group);
  }
  const incidents = [...groups].map(([id, group]) => incidentOf(id, group.rows, group.orphans));
  return { mapped, incidents, rows: rows.length };
}

/** Which incident a row without a number belongs to: the one told in the same words, or of the same hour and place. */
function claimsOf(rows: readonly ReadRow[]): (row: ReadRow) => string | undefined {
  const byStory = new Map<string, string>();
  for (const row of rows) {
    if (!row.values.occurrence) continue;
    for (const mark of storyMarks(row)) if (!byStory.has(mark)) byStory.set(mark, row.values.occurrence);
  }
  return (row) => storyMarks(row).flatMap((mark) => byStory.get(mark) ?? [])[0];
}

function storyMarks({ values }: ReadRow): string[] {
  const marks: string[] = [];
  if (values.narrative && values.narrative.length >= 40) marks.push(`${values.reported}|${values.narrative}`);
  if (values.reported && values.incidentTime && values.postcode && values.address)
    marks.push([values.reported, values.incidentTime, values.address, values.postcode].join('|'));
  return marks;
}

function withSuggestion(row: ReadRow, occurrence: string): ReadRow {
  const findings = row.findings.map((finding) =>
    finding.field === 'occurrence' && finding.kind === 'fault'
      ? {
          ...finding,
          suggestion: occurrence,
          sentence: `${finding.sentence}. By what it tells it belongs to ${occurrence}`
        }
      : finding
  );
  return { ...row, findings };
}

function incidentOf(id: string, all: readonly ReadRow[], orphans: readonly ReadRow[]): Incident {
  const said: Finding[] = [...all, ...orphans].flatMap((row) => row.findings);
  const { rows, repeats } = onceEach(all, said);
  const told = rows.length > 0 ? rows : orphans;
  const reported = agreed(told, 'reported', said);
  const incident = {
    id,
    occurrence: rows[0]?.values.occurrence,
    rows,
    repeats,
    orphans,
    reported,
    incidentDate: agreed(told, 'incidentDate', said),
    incidentTime: agreed(told, 'incidentTime', said),
    incidentType: everyText(told, 'incidentType', '; ', said),
    domesticAbuse: ifUnanimous(told, 'domesticAbuse', said),
    grade: agreed(told, 'grade', said),
    dash: agreed(told, 'dash', said),
    encompassSent: ifUnanimous(told, 'encompassSent', said),
    narrative: everyText(told, 'narrative', '\n\n', said)
  };
  const first = told[0]?.number ?? 0;
  if (reported === undefined && !said.some((each) => each.field === 'reported' && each.kind === 'fault'))
    said.push(finding('fault', first, 'reported', '', 'the incident has no date in Reported'));
  if (rows.length > 0 && !rows.some((row) => row.values.role === 'victim'))
    said.push(finding('note', first, undefined, '', 'the incident names no victim'));
  said.sort((a, b) => a.row - b.row);
  return {
    ...incident,
    faults: said.filter((each) => each.kind === 'fault'),
    // A missing report date is one sentence of the incident, not one of each row that leaves the repetition out.
    notes: said.filter((each) => each.kind === 'note' && each.field !== 'reported')
  };
}

const finding = (
  kind: Finding['kind'],
  row: number,
  field: Field | undefined,
  value: string,
  rest: string
): Finding => ({
  kind,
  row,
  field,
  at: undefined,
  value,
  sentence: `Row ${row}: ${rest}`
});

/** Each person once. A row that says the same again is noted; one that says otherwise of the same person is a fault. */
function onceEach(all: readonly ReadRow[], said: Finding[]): { rows: ReadRow[]; repeats: ReadRow[] } {
  const byKey = new Map<string, ReadRow>();
  const repeats: ReadRow[] = [];
  for (const row of all) {
    const first = byKey.get(row.key);
    if (!first) {
      byKey.set(row.key, row);
      continue;
    }
    repeats.push(row);
    const differs = Object.keys({ ...first.written, ...row.written }).filter(
      (name) => first.written[name] !== row.written[name]
    );
    said.push(
      differs.length === 0
        ? finding('note', row.number, undefined, '', `repeats row ${first.number}`)
        : finding(
            'fault',
            row.number,
            undefined,
            '',
            `is the same person as row ${first.number}, but differs in ${differs.join(', ')}`
          )
    );
  }
  return { rows: [...byKey.values()], repeats };
}

/** The value that most rows give; rows that give another are faulty, because the incident has only one. */
function agreed<F extends 'reported' | 'incidentDate' | 'incidentTime' | 'grade' | 'dash'>(
  rows: readonly ReadRow[],
  field: F,
  said: Finding[]
): Values[F] | undefined {
  const counts = new Map<Values[F], ReadRow[]>();
  for (const row of rows) {
    const value: Values[F] | undefined = row.values[field];
    if (value !== undefined) counts.set(value, [...(counts.get(value) ?? []), row]);
  }
  const [most, ...others] = [...counts].sort((a, b) => b[1].length - a[1].length);
  if (!most) return undefined;
  for (const [value, differing] of others)
    for (const row of differing)
      said.push(
        finding(
          'fault',
          row.number,
          field,
          String(value),
          `${columns[field].label} ${shown(value)} differs from ${shown(most[0])} in row ${most[1][0]?.number} of the same incident`
        )
      );
  return most[0];
}

/** A date as people write it here, a grade with its capital. */
function shown(value: string | number): string {
  const date = /^(\d{4})-(\d{2})-(\d{2})$/.exec(String(value));
  if (date) return `${date[3]}/${date[2]}/${date[1]}`;
  return String(value).replace(/^[a-z]/, (letter) => letter.toUpperCase());
}

function everyText(
  rows: readonly ReadRow[],
  field: 'incidentType' | 'narrative',
  between: string,
  said: Finding[]
): string {
  const texts = [...new Set(rows.flatMap((row) => row.values[field] ?? []))];
  if (texts.length > 1)
    said.push(
      finding(
        'note',
        rows[0]?.number ?? 0,
        field,
        '',
        `${columns[field].label} differs between the rows of the incident: all of it is kept`
      )
    );
  return texts.join(between);
}

function ifUnanimous(
  rows: readonly ReadRow[],
  field: 'domesticAbuse' | 'encompassSent',
  said: Finding[]
): boolean | undefined {
  const values = [...new Set(rows.flatMap((row) => row.values[field] ?? []))];
  if (values.length > 1)
    said.push(
      finding(
        'note',
        rows[0]?.number ?? 0,
        field,
        '',
        `${columns[field].label} differs between the rows of the incident: kept as not known`
      )
    );
  return values.length === 1 ? values[0] : undefined;
}
