// What the demonstration's people have already written and rated when a newcomer arrives. Invented.
import type { Rating, RecordState } from '#lib/domain/rating.ts';

export interface CardStory {
  /** The police's occurrence number, by which the family is found in the sample file. */
  readonly occurrence: string;
  /** Called agencies, beside the core ones. */
  readonly called: readonly string[];
  /** What agencies brought: by agency, facts and opinion about the family. */
  readonly said: readonly {
    readonly agency: string;
    readonly part: 'facts' | 'opinion';
    readonly lines: readonly string[];
  }[];
  readonly worries?: readonly string[];
  readonly strengths?: readonly string[];
  readonly actions?: readonly {
    readonly what: string;
    readonly agency: string;
    readonly days: number;
    readonly accepted: boolean;
  }[];
  readonly question?: { readonly text: string; readonly agency: string };
  readonly ratings?: readonly { readonly agency: string; readonly rating: Rating }[];
  /** Of the victim, by agency. */
  readonly records?: readonly { readonly agency: string; readonly record: RecordState }[];
}

/** The six families on today's agenda, in its order: highest concern first. */
export const stories: readonly CardStory[] = [
  {
    occurrence: '4826411552',
    called: ['MHT'],
    said: [
      {
        agency: 'POL',
        part: 'facts',
        lines: [
          'Non-fatal strangulation reported on the night. Body-worn video held.',
          'No earlier calls to this address. Bail conditions end on 9 December.'
        ]
      },
      {
        agency: 'POL',
        part: 'opinion',
        lines: ['Strangulation at a first call out is the detail that worries us most.']
      },
      {
        agency: 'IDV',
        part: 'facts',
        lines: ['Spoken to twice since. She answers after six, never at weekends.']
      },
      {
        agency: 'HEA',
        part: 'facts',
        lines: [
          'Seen at the walk-in centre two days later with a sore throat and a hoarse voice; told it was a cold.'
        ]
      },
      { agency: 'HOU', part: 'facts', lines: ['Joint tenancy since 2023. Rent is up to date.'] }
    ],
    worries: ['Her voice had not come back after two days, and nobody has looked at her throat.'],
    strengths: ['She rang for help herself, and answers the IDVA.'],
    actions: [
      {
        what: 'Ask the surgery for an urgent appointment under the strangulation pathway',
        agency: 'HEA',
        days: 1,
        accepted: true
      },
      { what: 'Offer a change of locks while bail lasts', agency: 'HOU', days: 3, accepted: false }
    ],
    question: { text: 'Is anyone at work told, and is she safe on the way there?', agency: 'IDV' },
    ratings: [
      { agency: 'POL', rating: 'red' },
      { agency: 'IDV', rating: 'red' },
      { agency: 'HEA', rating: 'amber' },
      { agency: 'HOU', rating: 'green' }
    ],
    records: [
      { agency: 'POL', record: 'known' },
      { agency: 'HEA', record: 'known' },
      { agency: 'HOU', record: 'known' },
      { agency: 'CSC', record: 'none' },
      { agency: 'EDU', record: 'not-searched' }
    ]
  },
  {
    occurrence: '4826411548',
    called: ['PRO'],
    said: [
      {
        agency: 'POL',
        part: 'facts',
        lines: ['Third call about him this year, the second with this family.']
      },
      {
        agency: 'HEA',
        part: 'facts',
        lines: ['Booked with the community midwives; has missed one appointment.']
      }
    ],
    records: [{ agency: 'POL', record: 'known' }]
  },
  {
    occurrence: '4826411570',
    called: ['MHT'],
    said: [
      {
        agency: 'POL',
        part: 'facts',
        lines: ['Verbal argument overheard by neighbours; graded high by the officer who was there.']
      },
      {
        agency: 'EDU',
        part: 'facts',
        lines: ['Attendance fell from 96 % to 81 % since September. The class teacher has noticed tiredness.']
      }
    ]
  },
  {
    occurrence: '4826411576',
    called: ['PRO'],
    said: [{ agency: 'POL', part: 'facts', lines: ['Breach of the order. He was arrested and is on bail.'] }]
  },
  {
    occurrence: '4826411546',
    called: [],
    said: [
      { agency: 'POL', part: 'facts', lines: ['Second report within two months, with the same people.'] }
    ]
  },
  { occurrence: '4826411590', called: [], said: [] }
];
