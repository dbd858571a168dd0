import fc from 'fast-check';
import { expect, test } from 'vitest';
import { standingHands, type HandSaid } from './hand.ts';

const at = (minute: number) => `2026-11-24T10:${String(minute).padStart(2, '0')}:00.000Z`;
const said = (key: string, act: HandSaid['act'], minute: number): HandSaid => ({ key, act, at: at(minute) });
const up = (...hands: HandSaid[]) => standingHands(hands, new Map()).map(({ key }) => key);

test('HAND1: hands stand oldest first; raising one again moves nobody, and one that was lowered begins anew', () => {
  expect(up(said('a', 'raised', 1), said('b', 'raised', 2), said('a', 'raised', 3))).toEqual(['a', 'b']);
  expect(up(said('a', 'raised', 1), said('b', 'raised', 2), said('a', 'lowered', 3))).toEqual(['b']);
  expect(
    up(said('a', 'raised', 1), said('b', 'raised', 2), said('a', 'lowered', 3), said('a', 'raised', 4))
  ).toEqual(['b', 'a']);
});

test('EASE8: a hand that was lowered by a slip and is raised again within half a minute keeps its place', () => {
  const raised = [said('a', 'raised', 1), said('b', 'raised', 2), said('a', 'lowered', 3)];
  const again = (seconds: number): HandSaid => ({
    key: 'a',
    act: 'raised',
    at: `2026-11-24T10:03:${seconds}.000Z`
  });
  expect(up(...raised, again(30))).toEqual(['a', 'b']);
  expect(up(...raised, again(31))).toEqual(['b', 'a']);
  expect(up(...raised, again(20), said('a', 'lowered', 4), said('a', 'raised', 9))).toEqual(['b', 'a']);
  // Whoever left in between comes back at the end.
  const gone = new Map([['a', '2026-11-24T10:03:05.000Z']]);
  expect(standingHands([...raised, again(20)], gone).map(({ key }) => key)).toEqual(['b', 'a']);
});

test('HAND1: a hand does not wait for somebody who has left', () => {
  const hands = [said('a', 'raised', 1), said('b', 'raised', 2)];
  expect(standingHands(hands, new Map([['a', at(5)]])).map(({ key }) => key)).toEqual(['b']);
  expect(standingHands(hands, new Map([['a', at(0)]]))).toHaveLength(2);
});

test('HAND1: over any course, each person’s hand is up once or not at all, as they last said', () => {
  const act = fc.constantFrom<HandSaid['act']>('raised', 'lowered');
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), act), { maxLength: 30 }), (course) => {
      const hands = course.map(([key, each], minute) => said(key, each, minute));
      const standing = standingHands(hands, new Map());
      for (const key of ['a', 'b', 'c']) {
        const last = hands.findLast((hand) => hand.key === key);
        expect(standing.filter((hand) => hand.key === key)).toHaveLength(last?.act === 'raised' ? 1 : 0);
      }
      expect(standing.map((hand) => hand.at)).toEqual(standing.map((hand) => hand.at).sort());
    })
  );
});
