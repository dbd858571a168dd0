import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areEnough, blocksIn, blocksOf, fewest } from './disclosure.ts';
import { monthAfter } from './months.ts';

const people = (...ids: string[]) => ids.map((userId) => ({ userId }));

test('REPORT3: months with too few people are taken together with those after them, and what never suffices is left out', () => {
  const months = [
    { month: '2026-01', held: people('ann', 'ben') },
    { month: '2026-02', held: people() },
    { month: '2026-03', held: people('ann', 'cat') },
    { month: '2026-04', held: people('ann', 'ben', 'cat', 'dan') },
    { month: '2026-05', held: people('ann', 'ann', 'ann') }
  ];
  expect(blocksOf(months, areEnough).map(({ from, to, held }) => [from, to, held.length])).toEqual([
    ['2026-01', '2026-03', 4],
    ['2026-04', '2026-04', 4]
  ]);
});

test('REPORT3: a block that lies only partly in a period is no part of it', () => {
  const months = [
    { month: '2026-01', held: people('ann', 'ben') },
    { month: '2026-02', held: people('cat') },
    { month: '2026-03', held: people('ann', 'ben', 'cat') }
  ];
  const blocks = blocksOf(months, areEnough);
  expect(blocksIn(blocks, { from: '2026-02', to: '2026-03' }).map(({ from }) => from)).toEqual(['2026-03']);
  expect(blocksIn(blocks, { from: '2026-01', to: '2026-02' }).map(({ from }) => from)).toEqual(['2026-01']);
});

test('REPORT3: over any history, what two periods show differs by three different people at least, or by nobody', () => {
  const history = fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 5 }), {
    minLength: 1,
    maxLength: 12
  });
  const period = fc.tuple(fc.nat({ max: 12 }), fc.nat({ max: 12 }));
  fc.assert(
    fc.property(history, period, period, (all, one, two) => {
      const months = all.map((ids, at) => ({ month: monthAfter('2026-01', at), held: people(...ids) }));
      const blocks = blocksOf(months, areEnough);
      const shown = ([first, second]: [number, number]) =>
        blocksIn(blocks, {
          from: monthAfter('2026-01', Math.min(first, second)),
          to: monthAfter('2026-01', Math.max(first, second))
        }).flatMap(({ held }) => held);
      const [here, there] = [shown(one), shown(two)];
      const only = [...here.filter((each) => !there.includes(each))];
      for (const part of [here, only])
        if (part.length > 0)
          expect(new Set(part.map(({ userId }) => userId)).size).toBeGreaterThanOrEqual(fewest);
    })
  );
});
