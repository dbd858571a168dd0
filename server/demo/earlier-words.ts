// The demonstration's meetings of the months before this one: who attended how, which families were decided, and what
// became of it. Invented, as everything in the demonstration.
import type { AttendedMode } from '#lib/domain/attendance.ts';
import type { Became } from '#lib/domain/followup.ts';
import type { Rating } from '#lib/domain/rating.ts';

export interface EarlierFamily {
  /** The police's occurrence number, by which the family is found in the sample file. */
  readonly occurrence: string;
  readonly called: readonly string[];
  readonly said: readonly { readonly agency: string; readonly line: string }[];
  readonly question?: { readonly agency: string; readonly text: string; readonly answer: string };
  readonly ratings: Readonly<Record<string, Rating>>;
  readonly joint: Rating;
  readonly why: string;
  readonly actions: readonly {
    readonly what: string;
    readonly agency: string;
    /** Days after the meeting; counted from today where nothing has become of it. */
    readonly days: number;
    readonly accepted: boolean;
    readonly became?: { readonly state: Exclude<Became, 'open'>; readonly note: string | null };
  }[];
}

export interface EarlierMeeting {
  /** How many months before this one. */
  readonly months: number;
  readonly minutes: number;
  readonly families: readonly EarlierFamily[];
  /** By name: how, and from which minute to which, once for each stay. */
  readonly attended: Readonly<
    Record<string, { readonly mode: AttendedMode; readonly stays?: readonly (readonly [number, number])[] }>
  >;
  /** How often each answer was given: yes, partly, no. */
  readonly pulse: Readonly<
    Record<
      'room' | 'remote',
      {
        readonly follow: readonly [number, number, number];
        readonly heard: readonly [number, number, number];
      }
    >
  >;
}

const room = (to: number) => ({ mode: 'room', stays: [[-4, to]] }) as const;
const papers = { mode: 'papers' } as const;

/** The oldest first, as their decisions are numbered. */
export const earlier: readonly EarlierMeeting[] = [
  {
    months: 3,
    minutes: 34,
    families: [
      {
        occurrence: '4826411599',
        called: ['PRO'],
        said: [
          { agency: 'POL', line: 'Two calls in a month. He was told to stay away and has done so.' },
          { agency: 'HOU', line: 'She asked for a new lock; it was fitted the same week.' }
        ],
        ratings: { POL: 'amber', IDV: 'amber', HOU: 'green' },
        joint: 'amber',
        why: 'He keeps away for now; the children saw it twice.',
        actions: [
          {
            what: 'Meet her once more before the end of term',
            agency: 'IDV',
            days: 14,
            accepted: true,
            became: { state: 'done', note: 'Met at the library' }
          }
        ]
      }
    ],
    attended: {
      'Peter Ashdown': room(34),
      'Ines Duarte': room(34),
      'Hannah Osei': room(34),
      'Priya Nair': room(34),
      'Dana Kowalska': { mode: 'remote', stays: [[1, 31]] },
      'Uma Chandra': { mode: 'remote', stays: [[0, 34]] },
      'Stella Brandt': papers,
      'Ewan Hollis': papers
    },
    pulse: {
      room: { follow: [3, 1, 0], heard: [3, 1, 0] },
      remote: { follow: [1, 1, 0], heard: [1, 0, 1] }
    }
  },
  {
    months: 2,
    minutes: 62,
    families: [
      {
        occurrence: '4826411550',
        called: ['MHT'],
        said: [
          { agency: 'POL', line: 'Assault with injury; he was charged and is on bail.' },
          { agency: 'MHT', line: 'He has missed two appointments since.' },
          { agency: 'SUB', line: 'Not known to the service, under this name or another.' }
        ],
        question: {
          agency: 'MHT',
          text: 'Is he seen by anyone else?',
          answer: 'By his own doctor, monthly.'
        },
        ratings: { POL: 'red', IDV: 'red', MHT: 'amber' },
        joint: 'red',
        why: 'Injury, and he knows where she works.',
        actions: [
          {
            what: 'Ask the court for a condition that keeps him from her workplace',
            agency: 'POL',
            days: 3,
            accepted: true,
            became: { state: 'done', note: null }
          },
          {
            what: 'See him at the clinic within the week',
            agency: 'MHT',
            days: 7,
            accepted: true,
            became: { state: 'not-done', note: 'He did not come, and was not written to again' }
          }
        ]
      },
      {
        occurrence: '4826411600',
        called: ['PRO'],
        said: [{ agency: 'PRO', line: 'Breach reported to the court; a warning was given.' }],
        ratings: { POL: 'amber', IDV: 'amber', PRO: 'amber' },
        joint: 'amber',
        why: 'One breach by message, none in person.',
        actions: [
          {
            what: 'Tell the school whom not to hand the children to',
            agency: 'EDU',
            days: 2,
            accepted: true,
            became: { state: 'done', note: null }
          }
        ]
      }
    ],
    attended: {
      'Peter Ashdown': room(62),
      'Ines Duarte': room(62),
      'Hannah Osei': room(62),
      'Callum Reid': room(62),
      'Grace Whitlock': room(50),
      'Tom Varley': {
        mode: 'remote',
        stays: [
          [0, 14],
          [16, 33]
        ]
      },
      'Dana Kowalska': room(62),
      'Uma Chandra': { mode: 'remote', stays: [[0, 62]] },
      'Stella Brandt': papers,
      'Duncan Frame': papers
    },
    pulse: {
      room: { follow: [4, 1, 0], heard: [4, 1, 0] },
      remote: { follow: [2, 1, 0], heard: [2, 1, 0] }
    }
  },
  {
    months: 1,
    minutes: 58,
    families: [
      {
        occurrence: '4826411592',
        called: ['PRO', 'MHT'],
        said: [
          { agency: 'POL', line: 'Door and windows broken; nobody was hurt.' },
          { agency: 'HEA', line: 'She told the health visitor that she sleeps badly.' },
          { agency: 'HIF', line: 'The family worker left in the summer; nobody has followed.' }
        ],
        question: { agency: 'PRO', text: 'When does his order end?', answer: 'In March.' },
        ratings: { POL: 'amber', IDV: 'red', HEA: 'amber' },
        joint: 'red',
        why: 'She is frightened, and the pattern is getting closer together.',
        actions: [
          {
            what: 'Ask for a target-hardening visit',
            agency: 'HOU',
            days: 6,
            accepted: true
          },
          {
            what: 'Offer a place in the evening group',
            agency: 'SUB',
            days: 9,
            accepted: false
          }
        ]
      },
      {
        occurrence: '4826411563',
        called: [],
        said: [{ agency: 'IDV', line: 'She does not want to be rung; letters go to her sister.' }],
        ratings: { POL: 'green', IDV: 'amber' },
        joint: 'amber',
        why: 'Quiet since July; her own plan holds.',
        actions: [
          {
            what: 'Write to her by her sister',
            agency: 'IDV',
            days: 5,
            accepted: true,
            became: { state: 'done', note: null }
          }
        ]
      }
    ],
    attended: {
      'Peter Ashdown': room(58),
      'Ines Duarte': room(58),
      'Hannah Osei': room(58),
      'Priya Nair': room(58),
      'Efua Mensah': room(58),
      'Dana Kowalska': { mode: 'remote', stays: [[0, 30]] },
      'Tom Varley': {
        mode: 'remote',
        stays: [
          [2, 12],
          [13, 29]
        ]
      },
      'Uma Chandra': {
        mode: 'remote',
        stays: [
          [0, 20],
          [24, 58]
        ]
      },
      'Stella Brandt': papers,
      'Ewan Hollis': papers,
      'Duncan Frame': papers
    },
    pulse: {
      room: { follow: [4, 1, 0], heard: [4, 1, 0] },
      remote: { follow: [2, 1, 0], heard: [2, 0, 1] }
    }
  }
];
