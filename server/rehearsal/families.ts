// The three families of a rehearsal, with what its agencies bring of them. Every person, place and number is invented.
import { columns, type Field } from '#lib/domain/notification-columns.ts';
import { inLondon } from '#lib/domain/london.ts';
import type { Rating, RecordState } from '#lib/domain/rating.ts';

/** What an agency brings of a family. */
export interface Brought {
  /** Of the victim; who did not search does not rate. */
  readonly record: RecordState;
  readonly facts?: readonly string[];
  readonly opinion?: readonly string[];
  readonly rating?: Rating;
}

export interface RehearsedFamily {
  readonly occurrence: string;
  /** How many days ago the police were called. */
  readonly daysAgo: number;
  readonly notification: Partial<Record<Field, string>>;
  readonly people: readonly Partial<Record<Field, string>>[];
  /** By the agency's code. */
  readonly brought: Readonly<Record<string, Brought>>;
  /** What an invented chair asks the agency of whoever rehearses, and proposes that it does. */
  readonly question: string;
  readonly action: string;
}

/** In the order of the agenda: highest concern first. */
export const families: readonly RehearsedFamily[] = [
  {
    occurrence: 'REHEARSAL 1',
    daysAgo: 3,
    notification: {
      incidentTime: '21:40',
      incidentType: 'Threats',
      domesticAbuse: 'Y',
      grade: 'High',
      dash: '16',
      encompassSent: 'Y',
      narrative:
        'A neighbour rang: shouting, and a door kicked. Tessa says that Martin stood in the doorway and would not let her pass. Poppy and Jude were on the stairs. He was arrested.'
    },
    people: [
      {
        role: 'Victim',
        surname: 'ELLERY',
        forenames: 'Tessa',
        born: '14/03/1991',
        sex: 'F',
        safeToCall: 'weekdays until three',
        toHarming: 'wife'
      },
      {
        role: 'Suspect',
        surname: 'ELLERY',
        forenames: 'Martin',
        born: '30/11/1988',
        sex: 'M',
        toVictim: 'husband'
      },
      {
        role: 'Child',
        surname: 'ELLERY',
        forenames: 'Poppy',
        born: '02/09/2017',
        sex: 'F',
        toVictim: 'child',
        school: 'Hillside Primary',
        childPresent: 'Y'
      },
      {
        role: 'Child',
        surname: 'ELLERY',
        forenames: 'Jude',
        born: '11/05/2021',
        sex: 'M',
        toVictim: 'child',
        childPresent: 'Y'
      }
    ],
    brought: {
      POL: {
        record: 'known',
        facts: [
          'Second call to this address since the summer.',
          'He is on bail, and may not go to the address.'
        ],
        opinion: ['That he would not let her pass worries us most.'],
        rating: 'red'
      },
      IDV: {
        record: 'known',
        facts: ['Spoken to once. She can talk on weekdays until three, and never by text.'],
        rating: 'red'
      },
      HEA: {
        record: 'known',
        facts: ['Two appointments for the younger child were missed this autumn.'],
        rating: 'amber'
      },
      HOU: { record: 'none', rating: 'amber' },
      CSC: {
        record: 'known',
        facts: ['One contact two years ago, closed without an assessment.'],
        rating: 'amber'
      },
      EDU: { record: 'not-searched' }
    },
    question: 'What has your agency seen of the children since the summer?',
    action: 'Tell the IDVA the same day if he is seen near the address'
  },
  {
    occurrence: 'REHEARSAL 2',
    daysAgo: 5,
    notification: {
      incidentTime: '17:15',
      incidentType: 'Harassment',
      domesticAbuse: 'Y',
      grade: 'Medium',
      dash: '9',
      narrative:
        'Leila came to the front desk. Greg has waited outside her work three times since they parted, and sends messages from new numbers.'
    },
    people: [
      {
        role: 'Victim',
        surname: 'OSMAN',
        forenames: 'Leila',
        born: '08/06/1998',
        sex: 'F',
        toHarming: 'ex-partner'
      },
      {
        role: 'Suspect',
        surname: 'MARSH',
        forenames: 'Greg',
        born: '19/01/1995',
        sex: 'M',
        toVictim: 'ex-partner'
      }
    ],
    brought: {
      POL: { record: 'known', facts: ['A harassment warning is being considered.'], rating: 'amber' },
      IDV: {
        record: 'known',
        facts: ['She has moved her shifts, and would like the locks changed.'],
        rating: 'amber'
      },
      HEA: { record: 'none', rating: 'green' },
      HOU: { record: 'known', facts: ['Her tenancy is in her name alone.'], rating: 'green' },
      CSC: { record: 'none' },
      EDU: { record: 'none' }
    },
    question: 'Does your agency know of anyone at her work who could be told?',
    action: 'Ask her whether she wants her employer told, and by whom'
  },
  {
    occurrence: 'REHEARSAL 3',
    daysAgo: 6,
    notification: {
      incidentTime: '11:05',
      incidentType: 'Criminal damage',
      domesticAbuse: 'Y',
      grade: 'Standard',
      dash: '6',
      narrative:
        'Joan rang: her son Dylan broke a window when she would not lend him money. He had left on arrival.'
    },
    people: [
      {
        role: 'Victim',
        surname: 'PRYCE',
        forenames: 'Joan',
        born: '22/02/1957',
        sex: 'F',
        toHarming: 'mother'
      },
      {
        role: 'Suspect',
        surname: 'PRYCE',
        forenames: 'Dylan',
        born: '05/10/1996',
        sex: 'M',
        toVictim: 'son'
      }
    ],
    brought: {
      POL: { record: 'known', facts: ['First call. She does not want him charged.'], rating: 'green' },
      IDV: { record: 'none', rating: 'amber' },
      HEA: { record: 'known', facts: ['Her falls since June are being looked into.'], rating: 'amber' },
      HOU: { record: 'known', facts: ['The window was made safe the same day.'], rating: 'green' },
      CSC: { record: 'none' },
      EDU: { record: 'not-searched' }
    },
    question: 'Who of your agency sees her at home, and how often?',
    action: 'Ask at the next visit whether she feels safe when he comes'
  }
];

/** What is alike in all of them. */
const alike: Partial<Record<Field, string>> = { address: '1 Rehearsal Row', town: 'Portavon' };

/** Their notifications, as a coordinator types them in: rows of cells under our own headings. */
export function typedRows(now: Date): string[][] {
  const day = (daysAgo: number) =>
    inLondon(new Date(now.getTime() - daysAgo * 86_400_000))
      .date.split('-')
      .reverse()
      .join('/');
  const records = families.flatMap(({ occurrence, daysAgo, notification, people }) =>
    people.map((person): Partial<Record<Field, string>> => ({
      ...alike,
      ...notification,
      ...person,
      occurrence,
      reported: day(daysAgo),
      incidentDate: day(daysAgo)
    }))
  );
  const fields = Object.keys(columns) as Field[];
  return [
    fields.map((field) => columns[field].heading),
    ...records.map((record) => fields.map((field) => record[field] ?? ''))
  ];
}
