import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byConcern, moved, movedTo, reordered } from './agenda.ts';

test('SCHED8: families stand by concern first, then by how long they wait, those without a grade last', () => {
  const families = [
    { reference: 'F-0010', grade: null, reported: '2026-11-01' },
    { reference: 'F-0009', grade: 'medium', reported: '2026-11-20' },
    { reference: 'F-0012', grade: 'high', reported: '2026-11-20' },
    { reference: 'F-0002', grade: 'high', reported: '2026-11-20' },
    { reference: 'F-0003', grade: 'high', reported: '2026-11-18' },
    { reference: 'F-0001', grade: 'standard', reported: '2026-11-02' }
  ] as const;
  expect(families.toSorted(byConcern).map(({ reference }) => reference)).toEqual([
    'F-0003',
    'F-0002',
    'F-0012',
    'F-0009',
    'F-0001',
    'F-0010'
  ]);
});

test('SCHED8: one moves up and down by a place, and stays at either end', () => {
  expect(moved(['a', 'b', 'c'], 'b', -1)).toEqual(['b', 'a', 'c']);
  expect(moved(['a', 'b', 'c'], 'b', 1)).toEqual(['a', 'c', 'b']);
  expect(moved(['a', 'b', 'c'], 'a', -1)).toEqual(['a', 'b', 'c']);
  expect(moved(['a', 'b', 'c'], 'c', 1)).toEqual(['a', 'b', 'c']);
  expect(moved(['a', 'b'], 'elsewhere', 1)).toEqual(['a', 'b']);
  expect(movedTo(['a', 'b', 'c', 'd'], 'd', 1)).toEqual(['a', 'd', 'b', 'c']);
  expect(movedTo(['a', 'b', 'c', 'd'], 'a', 9)).toEqual(['b', 'c', 'd', 'a']);
});

test('SCHED8: any order of the visible leaves the hidden where they are', () => {
  const agenda = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { maxLength: 12 });
  fc.assert(
    fc.property(
      agenda,
      fc.infiniteStream(fc.boolean()),
      fc.infiniteStream(fc.nat()),
      (whole, coins, keys) => {
        const hidden = new Set(whole.filter(() => coins.next().value));
        const wanted = whole
          .filter((id) => !hidden.has(id))
          .map((id) => ({ id, key: Number(keys.next().value) }))
          .sort((a, b) => a.key - b.key)
          .map(({ id }) => id);
        const order = reordered(whole, hidden, wanted) ?? [];
        expect(order.filter((id) => !hidden.has(id))).toEqual(wanted);
        for (const id of hidden) expect(order.indexOf(id)).toBe(whole.indexOf(id));
      }
    )
  );
});

test('SCHED8: an order that does not name exactly the visible is none', () => {
  const hidden = new Set(['h']);
  for (const wanted of [['a'], ['a', 'b', 'h'], ['a', 'a'], ['a', 'b', 'b'], ['a', 'c'], []])
    expect(reordered(['a', 'h', 'b'], hidden, wanted)).toBeUndefined();
  expect(reordered(['a', 'h', 'b'], hidden, ['b', 'a'])).toEqual(['b', 'h', 'a']);
});
