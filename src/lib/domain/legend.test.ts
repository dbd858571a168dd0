import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clockWords, dueAt, firstLegend, legendOn, type Legend, type ResponseClock } from './legend.ts';
import { inLondon } from './london.ts';

const clocked = (clock: ResponseClock | null, more: Partial<Legend> = {}): Legend => ({
  ...firstLegend,
  ...more,
  meanings: { ...firstLegend.meanings, red: { word: 'Red', meaning: '', clock } }
});
const due = (legend: Legend, from: string) => {
  const at = dueAt(legend, 'red', new Date(from));
  if (!at) return null;
  const { date, time } = inLondon(at);
  return `${date} ${time}`;
};
const working = (hours: number): ResponseClock => ({ hours, working: true, runsOn: false });

test('RATE7: a day has the legend that had begun by then, the newest of them', () => {
  const from = (version: number, validFrom: string): Legend => ({ ...firstLegend, version, validFrom });
  const legends = [
    from(1, '2026-03-01'),
    from(2, '2026-11-24'),
    from(3, '2026-11-24'),
    from(4, '2026-12-01')
  ];
  expect(legendOn(legends, '2026-02-28')).toBe(firstLegend);
  expect(legendOn(legends, '2026-11-23').version).toBe(1);
  expect(legendOn(legends, '2026-11-24').version).toBe(3);
  expect(legendOn(legends, '2027-01-01').version).toBe(4);
});

test('RATE8: hours run at once; working hours from opening to closing on the days the area works', () => {
  expect(due(clocked({ hours: 6, working: false, runsOn: false }), '2026-11-27T20:00:00Z')).toBe(
    '2026-11-28 02:00'
  );
  // A Friday at 15:00: two hours are left before the weekend.
  expect(due(clocked(working(4)), '2026-11-27T15:00:00Z')).toBe('2026-11-30 11:00');
  expect(due(clocked(working(8)), '2026-11-24T09:00:00Z')).toBe('2026-11-24 17:00');
  expect(due(clocked(working(24)), '2026-11-24T10:00:00Z')).toBe('2026-11-27 10:00');
  expect(due(clocked(working(2)), '2026-11-28T12:00:00Z'), 'rated on a Saturday').toBe('2026-11-30 11:00');
  const closed = clocked(working(4), { closed: ['2026-12-25', '2026-12-28'] });
  expect(due(closed, '2026-12-24T16:00:00Z')).toBe('2026-12-29 12:00');
  expect(due(clocked(null), '2026-11-24T10:00:00Z')).toBeNull();
  expect(due(clocked(working(1), { opens: '09:00', closes: '09:00' }), '2026-11-24T10:00:00Z')).toBeNull();
});

test('RATE8: what runs on goes past closing time once it has begun, and begins when the area opens', () => {
  const runsOn = clocked({ hours: 4, working: true, runsOn: true });
  expect(due(runsOn, '2026-11-27T15:00:00Z')).toBe('2026-11-27 19:00');
  expect(due(runsOn, '2026-11-27T18:00:00Z')).toBe('2026-11-30 13:00');
  expect(due(runsOn, '2026-11-24T06:00:00Z')).toBe('2026-11-24 13:00');
});

test('RATE8: working hours are London’s, on both sides of the change of the clocks', () => {
  expect(due(clocked(working(4)), '2026-10-23T15:00:00Z')).toBe('2026-10-26 12:00');
  expect(due(clocked(working(4)), '2027-03-26T16:00:00Z')).toBe('2027-03-29 12:00');
});

test('RATE8: whenever it is given, a response is due later, and in working hours while it does not run on', () => {
  const at = fc.date({ min: new Date('2025-01-01'), max: new Date('2029-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(at, fc.integer({ min: 1, max: 100 }), (from, hours) => {
      const end = dueAt(clocked(working(hours)), 'red', from);
      expect(end && end.getTime() > from.getTime()).toBe(true);
      const { time } = inLondon(end ?? from);
      expect(time >= '09:00' && time <= '17:00').toBe(true);
    })
  );
});

test('RATE8: a clock is said in words', () => {
  expect(clockWords(firstLegend.meanings.red.clock)).toBe('4 working hours, running on past closing time');
  expect(clockWords({ hours: 1, working: false, runsOn: false })).toBe('1 hour');
  expect(clockWords(null)).toBe('no time set');
});
