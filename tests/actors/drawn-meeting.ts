// Generated meetings, as the server holds them: every fact and every hidden thing carries a mark of its own, to be looked
// for in what a person would be sent.
import fc from 'fast-check';
import { firstLegend } from '#lib/domain/legend.ts';
import type { CardFacts } from '#lib/domain/permission.ts';
import { courseBegins } from '#server/meetings/course.ts';
import { cardFactsOf } from '#server/meetings/seats.ts';
import type { Beside, Table, TableCard, TablePerson } from '#server/meetings/table.ts';

const agencyIds = ['pol', 'idv', 'hou', 'mht'];
export const userIds = ['ann', 'bob', 'cid', 'dee', 'eve'];
const at = '2026-11-24T10:00:00.000Z';
const now = new Date(at);
const later = '2026-11-24T10:05:00.000Z';

export interface Drawn {
  readonly sealed: boolean;
  readonly state: 'planned' | 'open' | 'closed';
  readonly heldBy: string;
  readonly deputy: string | null;
  readonly observers: readonly string[];
  readonly members: readonly {
    readonly role: 'rep' | 'coordinator' | 'administrator';
    readonly agencies: readonly string[];
  }[];
  readonly cards: readonly {
    readonly agencies: readonly string[];
    readonly hidden: readonly string[];
    readonly revealed: boolean;
    readonly locked: boolean;
    readonly rated: readonly string[];
  }[];
}

const user = fc.constantFrom(...userIds);
export const drawn: fc.Arbitrary<Drawn> = fc.record({
  sealed: fc.boolean(),
  state: fc.constantFrom('planned', 'open', 'closed'),
  heldBy: user,
  deputy: fc.option(user),
  observers: fc.subarray(userIds, { maxLength: 2 }),
  members: fc.array(
    fc.record({
      role: fc.constantFrom('rep', 'rep', 'rep', 'coordinator', 'administrator'),
      agencies: fc.subarray(agencyIds, { maxLength: 2 })
    }),
    { minLength: userIds.length, maxLength: userIds.length }
  ),
  cards: fc.array(
    fc.record({
      agencies: fc.subarray(agencyIds),
      hidden: fc.subarray(userIds, { maxLength: 2 }),
      revealed: fc.boolean(),
      locked: fc.boolean(),
      rated: fc.subarray(agencyIds)
    }),
    { maxLength: 4 }
  )
}) as fc.Arbitrary<Drawn>;

export const mark = (kind: string, card: number, agency = '') => `<${kind} ${card} ${agency}>`;

function cardOf(drawnCard: Drawn['cards'][number], index: number, state: CardFacts['meeting']): TableCard {
  const { agencies, hidden, revealed, locked, rated } = drawnCard;
  const lockedAt = locked ? now : null;
  const fact = (agencyId: string, kind: string) => ({
    id: `${kind}-id`,
    userId: 'somebody',
    by: 'Somebody',
    at,
    agencyId,
    memberId: null,
    reason: mark(kind, index, agencyId),
    noted: true,
    laptopOf: null,
    afterReveal: false
  });
  const there = agencies.map((id) => ({ id, kind: id === 'pol' ? ('police' as const) : ('other' as const) }));
  return {
    row: {
      id: mark('card', index),
      areaId: 'area',
      meetingId: 'meeting',
      caseId: 'case',
      familyId: 'family',
      position: index,
      version: 1,
      shownAt: null,
      revealedAt: revealed ? now : null,
      lockedAt,
      notReachedAt: null,
      withdrawnAt: null
    },
    facts: cardFactsOf(
      { lockedAt },
      state,
      there,
      hidden.map((userId) => ({ userId }))
    ),
    reference: mark('reference', index),
    members: [{ id: 'm', role: 'child', name: mark('name', index), born: null, age: null }],
    notifications: [
      {
        id: 'n',
        occurrence: mark('occurrence', index),
        incidentDate: null,
        incidentTime: null,
        incidentType: 'Incident',
        grade: null,
        dash: null,
        incomplete: null,
        narrative: mark('narrative', index),
        tableVersion: mark('told', index)
      }
    ],
    stands: {
      records: rated.map((id) => ({
        ...fact(id, 'record'),
        memberId: 'm',
        record: 'known' as const,
        searched: { systems: mark('systems', index, id), from: '2020-01-01', to: '2026-01-01' }
      })),
      ratings: rated.map((id) => ({ ...fact(id, 'rating'), rating: 'red' as const, basis: null })),
      joint: [],
      dissents: [],
      answers: []
    },
    confirmations: [],
    since: {
      amendments: [{ number: 9, version: 2, by: 'x', at, seal: 'x', reason: mark('amendment', index) }],
      proposals: [
        {
          ...{ id: mark('proposal', index), userId: 'ann', by: 'x', at, agencyId: null },
          ...{ section: null, key: null, words: mark('proposed', index), takenIn: null }
        }
      ],
      takenIn: new Map()
    },
    course: courseBegins,
    lock: null,
    carried: null
  };
}

export function tableOf(meeting: Drawn): Table {
  const people = new Map<string, TablePerson>(
    userIds.map((userId, index) => {
      const { role = 'rep', agencies = [] } = meeting.members[index] ?? {};
      const memberships =
        role === 'rep' ? agencies.map((agencyId) => ({ role, agencyId })) : [{ role, agencyId: null }];
      return [userId, { name: userId, memberships: [...memberships, { role: 'rep', agencyId: null }] }];
    })
  );
  return {
    meeting: {
      id: 'meeting',
      areaId: 'area',
      startsAt: now,
      place: 'Town hall',
      videoLink: null,
      chairId: meeting.heldBy,
      deputyId: meeting.deputy,
      heldBy: meeting.heldBy,
      state: meeting.state,
      currentCardId: mark('card', 0),
      statement: null,
      openedAt: null,
      closedAt: null,
      closeReason: null,
      createdBy: 'ann',
      createdAt: now
    } as Table['meeting'],
    sealed: meeting.sealed,
    rehearsal: false,
    statement: 'What is said here stays here.',
    agencies: [],
    observers: new Set(meeting.observers),
    people,
    course: { phase: null, hadBreak: false, statementRead: null, agreed: new Map() },
    attendance: meeting.cards.map((_, index) => ({
      cardId: mark('card', index),
      userId: null,
      name: mark('by hand', index),
      agencyId: null,
      mode: 'room',
      saidBy: 'ann',
      at
    })),
    cards: meeting.cards.map((card, index) => cardOf(card, index, meeting.state)),
    pacing: { at: now.getTime(), minutesPerFamily: 15, turns: [], added: new Map(), breaks: [] },
    legend: firstLegend,
    raised: {
      hands: [...meeting.cards.map((_, index) => `by-hand//${mark('by hand', index)}`), ...userIds].map(
        (key) => ({
          key,
          act: 'raised',
          at: later
        })
      ),
      laptops: userIds.map((userId) => ({ userId, agencyId: 'pol', act: 'shared' }))
    },
    calls: {
      calls: meeting.cards.map((_, index) => ({
        id: mark('call', index),
        cardId: mark('card', index),
        userId: 'bob',
        agencyId: null,
        by: 'ann',
        at: now,
        steps: [{ step: 'cannot' as const, reason: mark('cannot', index), by: 'bob', at: now }]
      })),
      alone: new Map()
    }
  };
}

export const besideOf = (table: Table): Beside => ({
  readings: new Map(
    table.cards.map(({ row }, index) => [
      row.id,
      {
        actions: [
          { id: 'a', what: mark('lacking', index), memberId: null, agencyId: null, by: null, reading: '' }
        ],
        answered: [],
        questions: ['hou', 'mht'].map((agencyId) => ({
          id: agencyId,
          text: mark('asked', index, agencyId),
          agencyId,
          answer: agencyId === 'mht' ? 'Yes' : ' '
        }))
      }
    ])
  ),
  noted: new Map(),
  lateEdits: new Map(
    table.cards.map(({ row }, index) => [
      row.id,
      [
        {
          id: 'l',
          by: 'x',
          writtenAt: null,
          arrivedAt: at,
          sections: [],
          text: mark('late', index),
          needs: []
        }
      ]
    ])
  )
});
