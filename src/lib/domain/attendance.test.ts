import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  dropsOf,
  figuresOf,
  longestDrop,
  median,
  overlap,
  staysOf,
  turnsOf,
  type ConnectionEvent,
  type PersonMeeting
} from './attendance.ts';
import { inHours, inSeconds } from './attendance-words.ts';

const minute = 60_000;
const meeting = { from: 0, to: 100 * minute };
const on = (connection: string, at: number): ConnectionEvent => ({
  connection,
  act: 'connected',
  at: at * minute
});
const off = (connection: string, at: number): ConnectionEvent => ({
  connection,
  act: 'disconnected',
  at: at * minute
});
const stays = (...events: ConnectionEvent[]) =>
  staysOf(events, meeting).map(({ from, to }) => [from / minute, to / minute]);
const spans = (...pairs: [number, number][]) =>
  pairs.map(([from, to]) => ({ from: from * minute, to: to * minute }));

test('REPORT1: several windows are one stay, and what lies outside the meeting is none of it', () => {
  expect(stays(on('a', -10), on('b', 20), off('a', 30), off('b', 50))).toEqual([[0, 50]]);
  expect(stays(on('a', 10), off('a', 30), on('b', 35), off('b', 140))).toEqual([
    [10, 30],
    [35, 100]
  ]);
  expect(stays(on('a', -20), off('a', -10), on('b', 110), off('b', 120))).toEqual([]);
  expect(stays()).toEqual([]);
});

test('REPORT1: a connection whose end nobody saw lasts to the next, or to the meeting’s end', () => {
  expect(stays(on('a', 10), on('b', 40), off('b', 60))).toEqual([[10, 60]]);
  expect(stays(on('a', 10))).toEqual([[10, 100]]);
});

test('REPORT1: a drop is a gap with a return; longer is coming and going, and who was noted as left did not drop', () => {
  const there = spans([0, 20], [22, 40], [41, 60]);
  expect(dropsOf(there, [])).toEqual([2 * minute, minute]);
  expect(dropsOf(there, [19 * minute])).toEqual([minute]);
  expect(dropsOf(spans([0, 20]), [])).toEqual([]);
  const back = 10 * minute + longestDrop;
  expect(dropsOf([...spans([0, 10]), { from: back, to: back + 1 }], [])).toEqual([longestDrop]);
  expect(dropsOf([...spans([0, 10]), { from: back + 1, to: back + 2 }], [])).toEqual([]);
});

test('REPORT1: a family’s turn ends where the next begins, and the last with the meeting', () => {
  const at = (cardId: string | null, minutes: number) => ({ cardId, at: minutes * minute });
  const turns = [at('mine', 10), at('other', 30), at(null, 50), at('mine', 60)];
  expect(turnsOf(turns, new Set(['mine']), meeting)).toEqual(spans([10, 30], [60, 100]));
  expect(overlap(spans([0, 20], [40, 70]), spans([10, 30], [60, 100]))).toBe(20 * minute);
});

test('REPORT1: over any connections and turns, own families and waiting are all of the time connected, and never more', () => {
  const moment = fc.integer({ min: -30, max: 130 });
  const events = fc
    .array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), moment, moment))
    .map((all) =>
      [...new Map(all.map((each) => [each[0], each])).values()]
        .flatMap(([id, one, two]) => [on(id, Math.min(one, two)), off(id, Math.max(one, two))])
        .sort((a, b) => a.at - b.at)
    );
  const turns = fc
    .array(fc.record({ cardId: fc.constantFrom('mine', 'other', null), at: moment }))
    .map((all) => all.map(({ cardId, at }) => ({ cardId, at: at * minute })).sort((a, b) => a.at - b.at));
  fc.assert(
    fc.property(events, turns, (connections, taken) => {
      const there = staysOf(connections, meeting);
      const connected = there.reduce((all, { from, to }) => all + to - from, 0);
      const own = overlap(there, turnsOf(taken, new Set(['mine']), meeting));
      const others = overlap(there, turnsOf(taken, new Set(['mine', 'other']), meeting)) - own;
      expect(connected).toBeLessThanOrEqual(meeting.to);
      expect(own).toBeGreaterThanOrEqual(0);
      expect(own + others).toBeLessThanOrEqual(connected);
      for (const [index, stay] of there.entries()) {
        expect(stay.from).toBeLessThan(stay.to);
        expect(stay.from).toBeGreaterThan(there[index - 1]?.to ?? -1);
      }
    })
  );
});

const attended = (change: Partial<PersonMeeting>): PersonMeeting => ({
  mode: 'remote',
  meeting: 100 * minute,
  connected: 40 * minute,
  own: 30 * minute,
  drops: [],
  contributions: { information: 0, ratings: 0, questions: 0, actions: 0 },
  ...change
});

test('REPORT2: figures are for one person at one meeting; drops and what was saved in all are told as well', () => {
  const given = { information: 2, ratings: 1, questions: 0, actions: 1 };
  const figures = figuresOf([
    attended({ drops: [5000, 90_400], contributions: given }),
    attended({ connected: 61 * minute, own: 30 * minute, drops: [20_000] }),
    attended({ connected: 100 * minute, own: 31 * minute })
  ]);
  expect(figures).toEqual({
    times: 3,
    presence: { connected: 67, own: 30, waiting: 37, drops: 3, back: 20 },
    saved: { each: 33, inAll: 99 },
    contributions: { information: 0.7, ratings: 0.3, questions: 0, actions: 0.3 }
  });
});

test('REPORT2: who sent papers has no minutes, and nobody has no figures', () => {
  expect(figuresOf([attended({ mode: 'papers', connected: 0, own: 0 })])).toMatchObject({
    times: 1,
    presence: null,
    saved: null
  });
  expect(figuresOf([attended({ mode: 'room' })])?.saved).toBeNull();
  expect(figuresOf([])).toBeUndefined();
  expect([median([]), median([3, 1]), median([3, 1, 2])]).toEqual([null, 1, 2]);
});

test('REPORT2: minutes and seconds are said as people say them', () => {
  expect([inHours(35), inHours(95), inHours(60)]).toEqual(['35 min', '1 h 35 min', '1 h 0 min']);
  expect([inSeconds(50), inSeconds(125)]).toEqual(['50 s', '2 min 5 s']);
});
