// The columns of a police notification: how each is called on our pages, under which names it comes, and
// whether it is told once for the whole incident or for each person. Carries INTAKE rules.

export const fields = [
  'occurrence',
  'reported',
  'incidentDate',
  'incidentTime',
  'incidentType',
  'domesticAbuse',
  'grade',
  'dash',
  'role',
  'surname',
  'forenames',
  'aka',
  'born',
  'sex',
  'address',
  'town',
  'postcode',
  'telephone',
  'safeToCall',
  'toVictim',
  'toHarming',
  'school',
  'childPresent',
  'strangulation',
  'weapon',
  'pregnant',
  'encompassSent',
  'narrative'
] as const;
export type Field = (typeof fields)[number];

export interface Column {
  /** As people say it. */
  readonly label: string;
  /** As the police system's export heads it. */
  readonly heading: string;
  readonly of: 'incident' | 'person';
  /** Without it no notification can be made of a row. */
  readonly needed?: true;
  /** Other names under which it comes. */
  readonly also?: readonly string[];
}

export const columns: Readonly<Record<Field, Column>> = {
  occurrence: {
    label: 'Occurrence number',
    heading: 'Occurrence No',
    of: 'incident',
    needed: true,
    also: [
      'occurrence',
      'occurrence number',
      'occ no',
      'incident no',
      'incident number',
      'police reference',
      'niche no',
      'urn'
    ]
  },
  reported: {
    label: 'Reported',
    heading: 'Reported',
    of: 'incident',
    needed: true,
    also: ['date reported', 'reported date', 'reported on', 'report date']
  },
  incidentDate: {
    label: 'Incident date',
    heading: 'Incident Date',
    of: 'incident',
    also: ['date of incident', 'occurred', 'date occurred']
  },
  incidentTime: {
    label: 'Incident time',
    heading: 'Incident Time',
    of: 'incident',
    also: ['time of incident', 'time', 'time occurred']
  },
  incidentType: {
    label: 'Incident type',
    heading: 'Incident Type',
    of: 'incident',
    also: ['type', 'offence', 'offence type', 'type of incident']
  },
  domesticAbuse: {
    label: 'Domestic abuse',
    heading: 'DA',
    of: 'incident',
    also: ['da flag', 'domestic abuse', 'domestic']
  },
  grade: {
    label: 'Risk grade',
    heading: 'Risk Grade',
    of: 'incident',
    also: ['grade', 'risk', 'risk level', 'grading', 'dash grade']
  },
  dash: {
    label: 'DASH score',
    heading: 'DASH Score',
    of: 'incident',
    also: ['dash', 'dash ticks', 'dash total']
  },
  role: {
    label: 'Role',
    heading: 'Role',
    of: 'person',
    needed: true,
    also: ['person role', 'involvement', 'classification']
  },
  surname: {
    label: 'Surname',
    heading: 'Surname',
    of: 'person',
    needed: true,
    also: ['last name', 'family name', 'lastname']
  },
  forenames: {
    label: 'Forenames',
    heading: 'Forename(s)',
    of: 'person',
    needed: true,
    also: ['forename', 'first name', 'first names', 'given name', 'given names', 'firstname']
  },
  aka: { label: 'Also known as', heading: 'AKA', of: 'person', also: ['alias', 'nickname', 'also known as'] },
  born: {
    label: 'Date of birth',
    heading: 'DOB',
    of: 'person',
    also: ['date of birth', 'd o b', 'birth date', 'born']
  },
  sex: { label: 'Sex', heading: 'Sex', of: 'person', also: ['gender'] },
  address: {
    label: 'Address',
    heading: 'Address',
    of: 'person',
    also: ['street', 'home address', 'address 1']
  },
  town: { label: 'Town', heading: 'Town', of: 'person', also: ['city', 'post town'] },
  postcode: { label: 'Postcode', heading: 'Postcode', of: 'person', also: ['post code', 'pcode'] },
  telephone: {
    label: 'Telephone',
    heading: 'Tel',
    of: 'person',
    also: ['telephone', 'phone', 'mobile', 'tel no', 'telephone number', 'phone number', 'contact number']
  },
  safeToCall: {
    label: 'Safe to call',
    heading: 'Safe To Call',
    of: 'person',
    also: ['safe to contact', 'safe contact']
  },
  toVictim: {
    label: 'Relation to victim',
    heading: 'Rel To Victim',
    of: 'person',
    also: ['relationship to victim', 'relation to victim']
  },
  toHarming: {
    label: 'Relation to suspect',
    heading: 'Rel To Suspect',
    of: 'person',
    also: ['relationship to suspect', 'relation to suspect']
  },
  school: { label: 'School', heading: 'School', of: 'person', also: ['school nursery', 'school attended'] },
  childPresent: {
    label: 'Child present',
    heading: 'Child Present',
    of: 'person',
    also: ['present', 'child was present']
  },
  strangulation: {
    label: 'Strangulation',
    heading: 'Strangulation',
    of: 'person',
    also: ['nfs', 'non fatal strangulation']
  },
  weapon: { label: 'Weapon', heading: 'Weapon', of: 'person', also: ['weapon used', 'weapons'] },
  pregnant: { label: 'Pregnant', heading: 'Pregnant', of: 'person', also: ['pregnancy'] },
  encompassSent: {
    label: 'Encompass sent',
    heading: 'Encompass Sent',
    of: 'incident',
    also: ['operation encompass', 'encompass']
  },
  narrative: {
    label: 'Officer summary',
    heading: 'Officer Summary',
    of: 'incident',
    also: ['summary', 'narrative', 'circumstances', 'details', 'officers summary']
  }
};

/** Which column of the file, counted from 0, holds a field. */
export type Mapping = Partial<Record<Field, number>>;

export interface Mapped {
  readonly mapping: Mapping;
  /** Columns read under another name than the police system's: what it is called, and as what it is read. */
  readonly renamed: readonly { readonly name: string; readonly field: Field }[];
  /** Columns that are none of ours: kept with each row as written. */
  readonly unknown: readonly { readonly name: string; readonly at: number }[];
  /** Needed fields that no column was found for: to be chosen by hand. */
  readonly missing: readonly Field[];
}

/**
 * Finds the file's columns by their names.
 * @param byHand what a person chose, which wins; null where a field is said to be in no column.
 */
export function mapColumns(
  header: readonly string[],
  byHand: Partial<Record<Field, number | null>> = {}
): Mapped {
  const mapping: Mapping = {};
  const taken = new Set<number>();
  for (const field of fields) {
    const at = byHand[field];
    if (typeof at === 'number' && at >= 0 && at < header.length && !taken.has(at)) {
      mapping[field] = at;
      taken.add(at);
    }
  }
  const plain = header.map(plainHeading);
  for (const names of [
    (field: Field) => [columns[field].heading],
    (field: Field) => [columns[field].label, ...(columns[field].also ?? [])]
  ])
    for (const field of fields) {
      if (mapping[field] !== undefined || byHand[field] === null) continue;
      const wanted = names(field).map(plainHeading);
      const at = plain.findIndex((name, index) => !taken.has(index) && wanted.includes(name));
      if (at < 0) continue;
      mapping[field] = at;
      taken.add(at);
    }
  return {
    mapping,
    renamed: fields.flatMap((field) => {
      const name = header[mapping[field] ?? -1];
      return name !== undefined && name !== columns[field].heading ? [{ name, field }] : [];
    }),
    unknown: header.flatMap((name, at) => (taken.has(at) ? [] : [{ name: name || `Column ${at + 1}`, at }])),
    missing: fields.filter((field) => columns[field].needed && mapping[field] === undefined)
  };
}

/** 'Forename(s)' and 'FORENAMES' are one name. */
const plainHeading = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');
