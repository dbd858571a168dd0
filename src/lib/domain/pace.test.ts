import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  courseAt,
  minute,
  minutesLate,
  minutesUntil,
  nearness,
  paceOf,
  spent,
  timeLeft,
  timeSaid,
  type Planned,
  type Turn
} from './pace.ts';

const start = Date.parse('2026-11-24T10:00:00Z');
const after = (minutes: number) => start + minutes * minute;
const family = (cardId: string, more: Partial<Planned> = {}): Planned => ({
  cardId,
  minutes: 15,
  added: 0,
  done: false,
  parked: false,
  ...more
});
const four = ['a', 'b', 'c', 'd'].map((id) => family(id));
const turn = (cardId: string | null, minutes: number): Turn => ({ cardId, at: after(minutes) });
const upAt = (course: ReturnType<typeof courseAt>) =>
  Object.fromEntries(course.upcoming.map(({ cardId, at }) => [cardId, (at - start) / minute]));

test('PACE1: a family’s time runs while it is at the table, and on when it comes back', () => {
  const turns = [turn('a', 0), turn('b', 5), turn(null, 9), turn('a', 12)];
  expect(spent(turns, after(14))).toEqual(
    new Map([
      ['a', 7 * minute],
      ['b', 4 * minute]
    ])
  );
  expect(courseAt(four, turns, after(14)).present).toEqual({ cardId: 'a', dueAt: after(14 + 8) });
  expect(courseAt(four, [turn('a', 0), turn(null, 3)], after(14)).present).toBeNull();
});

test('PACE1: minutes that the chair adds are the family’s, and count for all that follow', () => {
  const agenda = [family('a', { added: 2 }), family('b')];
  const course = courseAt(agenda, [turn('a', 0)], after(1));
  expect(course.present?.dueAt).toBe(after(17));
  expect(upAt(course)).toEqual({ b: 17 });
});

test('PACE2: today’s pace is what families took against what was planned, within 0.7 and 1.6', () => {
  const taken = (planned: number, took: number) => ({ planned: planned * minute, took: took * minute });
  expect(paceOf([])).toBe(1);
  expect(paceOf([taken(15, 18), taken(15, 15)])).toBeCloseTo(1.1);
  expect(paceOf([taken(15, 60)])).toBe(1.6);
  expect(paceOf([taken(15, 2)])).toBe(0.7);
  // Passed over by a slip: that says nothing of the pace.
  expect(paceOf([taken(15, 0.5), taken(15, 15)])).toBe(1);
});

test('PACE3: a family is up after what is left of the present one and the planned minutes between, at today’s pace', () => {
  const agenda = [family('a', { done: true }), ...four.slice(1)];
  const course = courseAt(agenda, [turn('a', 0), turn('b', 18)], after(20));
  expect(course.pace).toBeCloseTo(1.2);
  expect(upAt(course)).toEqual({ c: 33, d: 33 + 18 });
  expect(course.endsAt).toBe(after(33 + 36));
  expect(course.upcoming.map(({ next }) => next)).toEqual([true, false]);
});

test('PACE3: whoever is over their time is about to end, and nothing is foretold in the past', () => {
  expect(upAt(courseAt(four, [turn('a', 0)], after(40)))).toMatchObject({ b: 41 });
  fc.assert(
    fc.property(
      fc.array(fc.record({ cardId: fc.constantFrom('a', 'b', 'c', 'd', null), at: fc.nat(90) }), {
        maxLength: 8
      }),
      fc.array(fc.record({ added: fc.nat(5), done: fc.boolean(), parked: fc.boolean() }), {
        minLength: 4,
        maxLength: 4
      }),
      fc.nat(120),
      (drawn, more, at) => {
        const turns = drawn.map((each) => ({ ...each, at: after(each.at) })).sort((a, b) => a.at - b.at);
        const agenda = four.map((each, index) => ({ ...each, ...more[index] }));
        const now = after(at);
        const course = courseAt(
          agenda,
          turns.filter((each) => each.at <= now),
          now
        );
        expect(course.pace).toBeGreaterThanOrEqual(0.7);
        expect(course.pace).toBeLessThanOrEqual(1.6);
        const times = [now, ...course.upcoming.map((each) => each.at), course.endsAt];
        expect(times).toEqual([...times].sort((a, b) => a - b));
        const ids = course.upcoming.map(({ cardId }) => cardId);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids).not.toContain(course.present?.cardId);
        expect(course.upcoming.filter(({ next }) => next)).toHaveLength(Math.min(1, ids.length));
        for (const { cardId } of agenda.filter(({ done }) => done)) expect(ids).not.toContain(cardId);
      }
    )
  );
});

test('PACE4: what the table went past comes after what lies ahead, and what is parked comes last', () => {
  const agenda = [family('a'), family('b', { parked: true }), family('c'), family('d')];
  const course = courseAt(agenda, [turn('c', 0)], after(0));
  expect(course.upcoming.map(({ cardId, skipped }) => [cardId, skipped])).toEqual([
    ['d', false],
    ['a', true],
    ['b', false]
  ]);
  const locked = [family('a', { done: true }), family('b'), family('c')];
  expect(courseAt(locked, [turn('a', 0), turn(null, 12)], after(13)).upcoming[0]).toMatchObject({
    cardId: 'b',
    at: after(13),
    next: true
  });
});

test('PACE4: parking or withdrawing the family at the table makes nothing of what lies ahead what it went past', () => {
  const [a, b, c, d] = [family('a', { done: true }), family('b', { parked: true }), family('c'), family('d')];
  const came = (agenda: readonly Planned[], turns: readonly Turn[]) =>
    courseAt(agenda, turns, after(20)).upcoming.map(({ cardId, next, skipped }) => [cardId, next, skipped]);
  const parked = [turn('a', 0), turn('b', 15), turn(null, 16)];
  expect(came([a, c, d, b], parked)).toEqual([
    ['c', true, false],
    ['d', false, false],
    ['b', false, false]
  ]);
  expect(upAt(courseAt([a, c, d, b], parked, after(20)))).toEqual({ c: 20, d: 35, b: 50 });
  const both = [
    ['c', true, false],
    ['d', false, false]
  ];
  expect(came([a, c, d], parked), 'withdrawn').toEqual(both);
  expect(came([c, d, b], parked.slice(1)), 'the first of all').toEqual([...both, ['b', false, false]]);
  expect(came([a, c, d, b], parked.slice(0, 2)), 'parked, and at the table').toEqual(both);
});

test('PACE4: over any meeting, whatever is parked was never what the table went past anything for', () => {
  const ids = ['a', 'b', 'c', 'd'];
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...ids, null), { maxLength: 8 }),
      fc.subarray(ids),
      fc.boolean(),
      (had, parked, withdrawn) => {
        // What was left for one that is parked is another matter, below.
        fc.pre(!parked.includes(had.findLast((cardId) => cardId !== null) ?? ''));
        const turns = had.map((cardId, index) => turn(cardId, index));
        const ahead = four.filter(({ cardId }) => !parked.includes(cardId));
        const last = parked.map((cardId) => family(cardId, { parked: true }));
        const agenda = [...ahead, ...(withdrawn ? [] : last)];
        const never = turns.filter(({ cardId }) => !parked.includes(cardId ?? ''));
        const gone = (of: readonly Turn[]) =>
          courseAt(agenda, [...of, turn(null, 9)], after(9)).upcoming.map(({ cardId, skipped }) => [
            cardId,
            skipped
          ]);
        expect(gone(turns)).toEqual(gone(never));
      }
    )
  );
});

test('PACE4: what was left for a family that is parked by now was gone past; in a break nothing is', () => {
  const agenda = [family('a'), family('c'), family('b', { parked: true })];
  const came = (...turns: Turn[]) =>
    courseAt(agenda, turns, after(20)).upcoming.map(({ cardId, skipped }) => [cardId, skipped]);
  expect(came(turn('a', 0), turn('b', 15), turn(null, 16))).toEqual([
    ['c', false],
    ['a', true],
    ['b', false]
  ]);
  expect(came(turn('a', 0), turn(null, 16))).toEqual([
    ['a', false],
    ['c', false],
    ['b', false]
  ]);
});

test('PACE4: a family that was begun and is not concluded comes again, for what is left of it', () => {
  const course = courseAt(four, [turn('a', 0), turn('b', 10), turn('c', 20)], after(20));
  expect(upAt(course)).toEqual({ d: 35, a: 50, b: 55 });
  expect(course.endsAt).toBe(after(60));
  expect(course.pace).toBe(1);
});

test('PACE4: before anything is shown, all is to come in the order of the agenda', () => {
  const course = courseAt(four, [], after(0));
  expect(upAt(course)).toEqual({ a: 0, b: 15, c: 30, d: 45 });
  expect(course.present).toBeNull();
  expect(courseAt([], [], after(0)).endsAt).toBe(after(0));
});

test('PACE8: how late the meeting runs is what it will take against what was planned for it, breaks apart', () => {
  const course = courseAt(four, [turn('a', 3)], after(3));
  expect(minutesLate(four, course, start, 0)).toBe(3);
  expect(minutesLate(four, course, start, 3 * minute)).toBe(0);
  const done = [family('a', { done: true }), ...four.slice(1)];
  const quick = courseAt(done, [turn('a', 0), turn('b', 12)], after(12));
  expect(minutesLate(done, quick, start, 0)).toBe(-9);
});

test('PACE9: the time left is counted on past zero, and said aloud at two minutes, at time and at every five over', () => {
  expect(timeLeft(after(4) + 10_000, start)).toBe('4:10 left');
  expect(timeLeft(after(0), start)).toBe('0:00 left');
  expect(timeLeft(after(-2) - 5000, start)).toBe('2:05 over');
  const said = (left: number) => timeSaid(after(left), start);
  expect([5, 2.01, 2, 0.1, 0, -4.9, -5, -9, -10].map(said)).toEqual([
    null,
    null,
    'Two minutes left for this family.',
    'Two minutes left for this family.',
    'The time for this family is over.',
    'The time for this family is over.',
    '5 minutes over for this family.',
    '5 minutes over for this family.',
    '10 minutes over for this family.'
  ]);
});

test('PACE10: an estimate has a range around it that widens with the distance', () => {
  expect(minutesUntil(after(12), start)).toEqual({ about: 12, from: 8, to: 18 });
  expect(minutesUntil(after(26), start)).toEqual({ about: 26, from: 20, to: 34 });
  expect(minutesUntil(after(-5), start)).toEqual({ about: 0, from: 0, to: 4 });
  fc.assert(
    fc.property(fc.nat(400), fc.nat(400), (one, two) => {
      const [near, far] = [Math.min(one, two), Math.max(one, two)].map((at) =>
        minutesUntil(after(at), start)
      );
      if (!near || !far) return;
      expect(far.to - far.from).toBeGreaterThanOrEqual(near.to - near.from - 1);
      expect(near.from <= near.about && near.about < near.to).toBe(true);
    })
  );
});

test('PACE11: how near a family is goes from later over five minutes and next to now, and a skipped or parked one is said to be so', () => {
  const up = (minutes: number, more = {}) => ({ at: after(minutes), next: false, skipped: false, ...more });
  const here = { present: false, parked: false };
  expect(nearness(up(20), here, start)).toBe('later');
  expect(nearness(up(5), here, start)).toBe('five');
  expect(nearness(up(3, { next: true }), here, start)).toBe('next');
  expect(nearness(up(3, { skipped: true }), here, start)).toBe('skipped');
  expect(nearness(up(3), { present: false, parked: true }, start)).toBe('parked');
  expect(nearness(undefined, { present: true, parked: false }, start)).toBe('now');
  expect(nearness(undefined, here, start)).toBe('later');
});
