// What an import would do: for every row whether it is imported, held back or already here, and what is to be
// asked of the coordinator (incomplete incidents, unborn children, families that share a person). The preview
// shows this plan and the server carries out the same one. Carries INTAKE rules.
import { ageOn, personMark, shownName } from './family.ts';
import type { Field } from './notification-columns.ts';
import type { Incident, Reading } from './notification.ts';
import type { ReadRow } from './notification-row.ts';

/** What the area holds already, of the incidents and persons that a file names. */
export interface Known {
  /** The rows already here, by occurrence. */
  readonly here: ReadonlyMap<
    string,
    { readonly familyId: string; readonly reference: string; readonly rows: readonly KnownRow[] }
  >;
  /** Persons of the area who are also in the file. */
  readonly people: readonly KnownPerson[];
}

export interface KnownRow {
  readonly key: string;
  /** What was left out when it was taken although faulty. */
  readonly left: readonly Field[];
}

export interface KnownPerson {
  /** The family's record that stands for all that are joined. */
  readonly familyId: string;
  readonly reference: string;
  readonly mark: string;
  /** On a meeting that is open, so that nothing can be joined to it now. */
  readonly onOpenMeeting: boolean;
}

export const nothingKnown: Known = { here: new Map(), people: [] };

export type State =
  /** A new notification, which makes a family. */
  | 'new'
  /** Its notification is here, and rows that were missing are added to it. */
  | 'adds'
  | 'here'
  | 'held';

export interface Planned {
  readonly incident: Incident;
  readonly state: State;
  /** The rows that make persons, or complete one. */
  readonly imported: readonly ReadRow[];
  /** Of those, the ones that say now what was left out when they were taken as incomplete: by row, the stored row's key. */
  readonly completes: ReadonlyMap<number, string>;
  readonly held: readonly ReadRow[];
  /** Those stored before, and those that repeat another row of the file. */
  readonly already: readonly ReadRow[];
  /** Taken although rows are faulty: which and why. */
  readonly incomplete: string | undefined;
  /** Why it can't be taken as incomplete; undefined where it can. */
  readonly notTakeable: string | undefined;
  /** Where it is here already. */
  readonly family: { readonly familyId: string; readonly reference: string } | undefined;
}

/** A side of a possible join: an incident of this file, or a family of the area. */
export type Side =
  | { readonly kind: 'incident'; readonly occurrence: string }
  | { readonly kind: 'family'; readonly familyId: string };

export interface Pair {
  readonly a: Side;
  readonly b: Side;
}

export interface SharedPair extends Pair {
  readonly people: readonly { readonly name: string; readonly born: string }[];
  /** The other side's reference, where it is a family of the area. */
  readonly reference: string | undefined;
  readonly onOpenMeeting: boolean;
}

export interface Plan {
  readonly incidents: readonly Planned[];
  readonly shared: readonly SharedPair[];
  readonly counts: {
    readonly incidents: number;
    readonly imported: number;
    readonly held: number;
    readonly already: number;
  };
}

/**
 * Plans an import. Every row that is not blank is in exactly one of imported, held and already.
 * @param taken the incidents that the coordinator expressly takes although they are faulty.
 */
export function planIntake(reading: Reading, known: Known, taken: ReadonlySet<string>): Plan {
  const incidents = reading.incidents.map((incident) => planOf(incident, known, taken.has(incident.id)));
  const all = (rows: (planned: Planned) => readonly ReadRow[]) =>
    incidents.reduce((sum, planned) => sum + rows(planned).length, 0);
  return {
    incidents,
    shared: sharedPairs(incidents, known),
    counts: {
      incidents: incidents.filter((planned) => planned.imported.length > 0).length,
      imported: all((planned) => planned.imported),
      held: all((planned) => planned.held),
      already: all((planned) => planned.already)
    }
  };
}

function planOf(incident: Incident, known: Known, taken: boolean): Planned {
  const here = known.here.get(incident.occurrence ?? '');
  const stored = new Set(here?.rows.map((row) => row.key));
  const completes = completions(incident.rows, here?.rows ?? []);
  const isHere = (row: ReadRow) => stored.has(row.key) && !completes.has(row.number);
  const already = [...incident.rows.filter(isHere), ...incident.repeats];
  const missing = incident.rows.filter((row) => !isHere(row));
  const family = here ? { familyId: here.familyId, reference: here.reference } : undefined;
  const notTakeable = whyNotTakeable(incident);
  // A fault in a row that is stored was waived then, and is not asked about again.
  const waiting = new Set([...missing, ...incident.orphans].map((row) => row.number));
  const faults = incident.faults.filter(
    (fault) => waiting.has(fault.row) || (!here && incident.repeats.some((row) => row.number === fault.row))
  );
  const base = { incident, already, notTakeable, family, completes };
  if (missing.length === 0 && incident.orphans.length === 0)
    return { ...base, state: 'here', imported: [], held: [], incomplete: undefined };
  const holds = faults.length > 0 && !(taken && notTakeable === undefined);
  if (holds || missing.length === 0)
    return {
      ...base,
      state: 'held',
      imported: [],
      held: [...missing, ...incident.orphans],
      incomplete: undefined
    };
  const left = incident.orphans.map((row) => `Row ${row.number} is left out.`);
  return {
    ...base,
    state: here ? 'adds' : 'new',
    imported: missing,
    held: incident.orphans,
    incomplete:
      faults.length > 0 ? [...faults.map((fault) => `${fault.sentence}.`), ...left].join(' ') : undefined
  };
}

/** Which rows say now what a stored one left out: by row number, the stored row's key. */
function completions(rows: readonly ReadRow[], stored: readonly KnownRow[]): Map<number, string> {
  const found = new Map<number, string>();
  const open = stored.filter((row) => row.left.length > 0);
  const taken = new Set<string>();
  // A stored row that the file still tells as it was is completed by none but itself.
  const told = new Set(rows.map((row) => row.key));
  for (const row of rows) {
    if (row.findings.some((each) => each.kind === 'fault')) continue;
    const mine = row.key.split('|');
    const match = open.find(({ key, left }) => {
      if (
        taken.has(key) ||
        (key !== row.key && told.has(key)) ||
        !left.some((field) => row.values[field] !== undefined)
      )
        return false;
      return key
        .split('|')
        .every((part, at) => part === mine[at] || left.some((field) => keyPlace[field] === at));
    });
    if (!match) continue;
    taken.add(match.key);
    found.set(row.number, match.key);
  }
  return found;
}

/** Where in a row's key a field that may have been left out stands. */
const keyPlace: Partial<Record<Field, number>> = { role: 1, surname: 2, born: 4 };

function whyNotTakeable(incident: Incident): string | undefined {
  if (incident.occurrence === undefined)
    return 'It can be known again only by its occurrence number. Type it in.';
  if (incident.reported === undefined) return 'It needs the date on which it was reported. Type it in.';
  return undefined;
}

/** Whose pregnancy it may be: the victim whose row says so first, then whoever else may be pregnant; empty where none is said. */
export function pregnancyOf(
  incident: Incident
): { readonly row: number; readonly name: string; readonly says: boolean }[] {
  if (!incident.rows.some((row) => row.values.pregnant)) return [];
  const may = incident.rows.filter(({ values }) => {
    const age = values.reported ? ageOn(values.born ?? null, values.reported) : undefined;
    return values.sex !== 'M' && (age === undefined ? values.role !== 'child' : age >= 11);
  });
  const rank = ({ values }: ReadRow) => (values.pregnant ? 0 : 2) + (values.role === 'victim' ? 0 : 1);
  return may
    .toSorted((a, b) => rank(a) - rank(b))
    .map((row) => ({
      row: row.number,
      name: nameOf(row),
      says: row.values.pregnant === true
    }));
}

export const nameOf = ({ values }: ReadRow) => shownName(values.forenames ?? '', values.surname ?? '');

/** Rows as the person they are of; undefined without a name and a date of birth. */
export const markOf = ({ values }: ReadRow) =>
  personMark({
    surname: values.surname ?? '',
    forenames: values.forenames ?? '',
    born: values.born ?? null
  });

/** The incidents that will be new families and share a person with each other or with a family of the area. */
function sharedPairs(incidents: readonly Planned[], known: Known): SharedPair[] {
  const pairs = new Map<
    string,
    { pair: SharedPair; marks: Set<string>; people: { name: string; born: string }[] }
  >();
  const last = new Map<string, Planned>();
  const byMark = Map.groupBy(known.people, (person) => person.mark);
  const add = (id: string, row: ReadRow, pair: Omit<SharedPair, 'people'>) => {
    const people = pairs.get(id)?.people ?? [];
    const found = pairs.get(id) ?? { pair: { ...pair, people }, marks: new Set<string>(), people };
    const mark = markOf(row) ?? '';
    if (!found.marks.has(mark)) found.people.push({ name: nameOf(row), born: row.values.born ?? '' });
    found.marks.add(mark);
    pairs.set(id, found);
  };
  for (const planned of incidents) {
    if (planned.state !== 'new') continue;
    const occurrence = planned.incident.id;
    const a: Side = { kind: 'incident', occurrence };
    for (const row of planned.imported) {
      const mark = markOf(row);
      if (!mark) continue;
      for (const person of byMark.get(mark) ?? [])
        add(`${occurrence}+${person.familyId}`, row, {
          a,
          b: { kind: 'family', familyId: person.familyId },
          reference: person.reference,
          onOpenMeeting: person.onOpenMeeting
        });
      // With the one before it only: who stands in many incidents is asked about once for each of them.
      const other = last.get(mark);
      if (other && other !== planned)
        add(`${other.incident.id}+${occurrence}`, row, {
          a: { kind: 'incident', occurrence: other.incident.id },
          b: a,
          reference: undefined,
          onOpenMeeting: false
        });
      last.set(mark, planned);
    }
  }
  return [...pairs.values()].map(({ pair }) => pair);
}

/** A pair's name, the same whichever way it was found. */
export const pairName = ({ a, b }: Pair) => [a, b].map(sideName).join('+');
const sideName = (side: Side) => (side.kind === 'incident' ? side.occurrence : side.familyId);
