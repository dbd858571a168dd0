// One person's view, over generated meetings: the marks that facts and hidden things carry are looked for in what each
// person would be sent.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayProject, mayReadBeside, mayReadProtected, maySee } from '#lib/domain/permission.ts';
import type { MeetingState } from '#lib/protocol/meeting.ts';
import { besideOf, drawn, mark, tableOf, userIds, type Drawn } from '../../tests/actors/drawn-meeting.ts';
import type { Table, TableCard } from './table.ts';
import { changeSince, isRevealed, partsOf, seatAtTable, viewFor } from './view.ts';

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
    }),
    // A hundred meetings have gone by without a sealed rating that its chair may not know.
    { numRuns: 500 }
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
