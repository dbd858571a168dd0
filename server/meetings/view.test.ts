// One person's view, over generated meetings: every fact and every hidden thing carries a mark of its own, and
// the marks are looked for in what each person would be sent.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstLegend } from '#lib/domain/legend.ts';
import {
  mayProject,
  mayReadBeside,
  mayReadProtected,
  maySee,
  type CardFacts
} from '#lib/domain/permission.ts';
import type { MeetingState } from '#lib/protocol/meeting.ts';
import { courseBegins } from './course.ts';
import { cardFactsOf } from './seats.ts';
import type { Beside, Table, TableCard, TablePerson } from './table.ts';
import { changeSince, isRevealed, partsOf, seatAtTable, viewFor } from './view.ts';

const agencyIds = ['pol', 'idv', 'hou', 'mht'];
const userIds = ['ann', 'bob', 'cid', 'dee', 'eve'];
const at = '2026-11-24T10:00:00.000Z';
const now = new Date(at);
const later = '2026-11-24T10:05:00.000Z';

interface Drawn {
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
const drawn: fc.Arbitrary<Drawn> = fc.record({
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

const mark = (kind: string, card: number, agency = '') => `<${kind} ${card} ${agency}>`;

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

function tableOf(meeting: Drawn): Table {
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
    course: { phase: null, statementRead: null, agreed: new Map() },
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

const besideOf = (table: Table): Beside => ({
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
const viewOf = (table: Table, userId: string, screen?: 'names' | 'discreet') =>
  viewFor(table, besideOf(table), new Set(userIds), { userId, mode: 'room', screen });

test('VIEW7: over any meeting, nothing of a card that a person may not see is in their view', () => {
  fc.assert(
    fc.property(drawn, fc.constantFrom(...userIds), (meeting, userId) => {
      const table = tableOf(meeting);
      const state = viewOf(table, userId);
      const seat = seatAtTable(table, userId);
      expect(state === undefined).toBe(seat === undefined);
      if (!state || !seat) return;
      const sent = JSON.stringify(state);
      table.cards.forEach(({ facts, row }, index) => {
        const seen = maySee(seat, facts);
        expect(row.id in state.cards).toBe(seen);
        if (!seen)
          for (const kind of ['card', 'reference', 'name', 'occurrence', 'told', 'by hand', 'call', 'cannot'])
            expect(sent).not.toContain(mark(kind, index));
        expect(sent.includes(mark('narrative', index))).toBe(seen && mayReadProtected(seat, facts));
        expect(sent.includes(mark('late', index))).toBe(seen && mayReadBeside(seat, facts));
      });
      const positions = Object.values(state.cards).map(({ position }) => position);
      expect(positions).toEqual(positions.map((_, index) => index + 1));
    })
  );
});

test('HAND3: over any meeting, the queue holds the hands of those whom a person may know of, and no trace of others', () => {
  fc.assert(
    fc.property(drawn, fc.constantFrom(...userIds), (meeting, userId) => {
      const table = tableOf(meeting);
      const state = viewOf(table, userId);
      if (!state) return;
      const known = state.people.map(({ key }) => key);
      const raised = table.raised.hands.map(({ key }) => key);
      expect(state.hands.map(({ key }) => key)).toEqual(raised.filter((key) => known.includes(key)));
      for (const { userId: owner } of state.laptops) expect(known).toContain(owner);
    })
  );
});

test('ASK1: over any meeting, what an agency is asked is in the view of those who sit for it at the card, until it is answered', () => {
  fc.assert(
    fc.property(drawn, fc.constantFrom(...userIds), (meeting, userId) => {
      const table = tableOf(meeting);
      const state = viewOf(table, userId);
      const seat = seatAtTable(table, userId);
      if (!state || !seat) return;
      table.cards.forEach(({ facts, row }, index) => {
        const card = state.cards[row.id];
        const theirs = seat.agencies.includes('hou') && facts.agencies.includes('hou') && !facts.locked;
        expect(card?.asked ?? []).toEqual(
          card && theirs ? [{ questionId: 'hou', agencyId: 'hou', text: mark('asked', index, 'hou') }] : []
        );
        expect(JSON.stringify(state)).not.toContain(mark('asked', index, 'mht'));
      });
    })
  );
});

test('CLOSE1: over any meeting, what a card lacks is told to whoever holds the chair and to nobody else', () => {
  fc.assert(
    fc.property(drawn, fc.constantFrom(...userIds), (meeting, userId) => {
      const table = tableOf(meeting);
      const state = viewOf(table, userId);
      const seat = seatAtTable(table, userId);
      if (!state || !seat) return;
      const sent = JSON.stringify(state);
      table.cards.forEach(({ facts, row }, index) => {
        const theirs = maySee(seat, facts) && seat.chair && !facts.locked;
        expect(sent.includes(mark('lacking', index))).toBe(theirs);
        if (row.id in state.cards) expect(state.cards[row.id]?.missing === null).toBe(!theirs);
      });
    })
  );
});

test('SEAL4: over any meeting, what is sealed is in the view of its own agency and of nobody else', () => {
  fc.assert(
    fc.property(drawn, fc.constantFrom(...userIds), (meeting, userId) => {
      const table = tableOf(meeting);
      const state = viewOf(table, userId);
      const seat = seatAtTable(table, userId);
      if (!state || !seat) return;
      const sent = JSON.stringify(state);
      table.cards.forEach((card, index) => {
        const seen = maySee(seat, card.facts);
        for (const { agencyId } of card.stands.ratings) {
          const known = seen && (isRevealed(table, card) || seat.agencies.includes(agencyId));
          for (const kind of ['rating', 'record', 'systems'])
            expect(sent.includes(mark(kind, index, agencyId))).toBe(known);
          if (seen) expect(state.cards[card.row.id]?.ratedAgencyIds).toContain(agencyId);
        }
      });
    })
  );
});

/** What a screen of somebody is sent over a meeting, with what is looked for in it. */
function onScreenOf(meeting: Drawn, userId: string, screen: 'names' | 'discreet') {
  const table = tableOf(meeting);
  const state = viewOf(table, userId, screen);
  const seat = seatAtTable(table, userId);
  const sent = JSON.stringify(state ?? null);
  const holds = (kind: string, { facts }: TableCard, index: number) =>
    ['', ...facts.agencies].some((agency) => sent.includes(mark(kind, index, agency)));
  return { table, state, seat, sent, holds };
}

test('SCREEN1: over any meeting, the room’s screen is sent what an observer is, and nothing protected, sealed or beside a card', () => {
  const never = ['narrative', 'late', 'lacking', 'asked', 'call', 'cannot', 'proposal', 'proposed'];
  fc.assert(
    fc.property(drawn, fc.constantFrom(...userIds), (meeting, userId) => {
      const { table, state, seat, holds } = onScreenOf(meeting, userId, 'names');
      expect(state !== undefined).toBe(seat !== undefined && mayProject(seat));
      if (!state || !seat) return;
      expect(state.you).toMatchObject({ chair: false, deputy: false, coordinator: false, observer: true });
      expect([state.you.agencyIds, state.meeting.videoLink, state.door]).toEqual([[], null, null]);
      table.cards.forEach((card, index) => {
        const shown = maySee(seat, card.facts) && card.facts.meeting === 'open';
        expect(card.row.id in state.cards).toBe(shown);
        for (const kind of never) expect(holds(kind, card, index), kind).toBe(false);
        for (const kind of ['reference', 'name', 'told']) expect(holds(kind, card, index), kind).toBe(shown);
        if (!isRevealed(table, card))
          for (const kind of ['rating', 'record', 'systems'])
            expect(holds(kind, card, index), kind).toBe(false);
      });
    })
  );
});

test('SCREEN2: over any meeting, a discreet screen is sent no name and no words of a family', () => {
  const references = ['reference', 'card', 'occurrence'];
  fc.assert(
    fc.property(drawn, fc.constantFrom(...userIds), (meeting, userId) => {
      const { table, state, sent } = onScreenOf(meeting, userId, 'discreet');
      if (!state) return;
      const kinds = [...sent.matchAll(/<([a-z ]+) \d+ [a-z]*>/g)].map(([, kind]) => kind);
      // Said of the room, not of a family.
      expect(kinds.filter((kind) => ![...references, 'by hand'].includes(kind ?? ''))).toEqual([]);
      for (const { row } of table.cards)
        for (const { name } of state.cards[row.id]?.members ?? []) expect(name).toBe('Child');
    })
  );
});

test('VIEW8: what is sent as a change, put on what was sent before, is the new view', () => {
  fc.assert(
    fc.property(drawn, drawn, fc.constantFrom(...userIds), (before, after, userId) => {
      const [one, two] = [viewOf(tableOf(before), userId), viewOf(tableOf(after), userId)];
      if (!one || !two) return;
      const { cards = {}, ...parts } = changeSince(partsOf(one), two, partsOf(two)) ?? {};
      const merged = Object.entries({ ...one.cards, ...cards }).filter(([, card]) => card !== null);
      const state = { ...one, ...parts, cards: Object.fromEntries(merged) } as MeetingState;
      expect(state).toEqual(two);
      expect(changeSince(partsOf(two), two, partsOf(two))).toBeUndefined();
    })
  );
});
