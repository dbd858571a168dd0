import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  afterReveal,
  isTimeForBreak,
  mayPass,
  mayStand,
  nextFamily,
  nextStep,
  phases,
  previousFamily,
  stages,
  stepBack,
  type AgendaFamily,
  type Stage
} from './course.ts';

const family = (id: string, state: AgendaFamily['state'] = 'waiting', more: Partial<AgendaFamily> = {}) =>
  ({ id, state, stage: 'new', revealed: false, parked: false, ...more }) satisfies AgendaFamily;

test('COURSE1: one key goes through the stages, reveals in between, and then goes to the next family', () => {
  const taken: string[] = [];
  let at = family('a', 'shown');
  const other = family('b');
  for (;;) {
    const step = nextStep([at, other], 'a');
    taken.push(step.kind === 'stage' ? step.stage : step.kind);
    if (step.kind === 'stage') at = { ...at, stage: step.stage };
    else if (step.kind === 'reveal') at = { ...at, revealed: true, stage: afterReveal(at.stage) };
    else break;
  }
  expect(taken).toEqual(['information', 'analysis', 'reveal', 'conclusion', 'plan', 'show']);
  expect(at.stage).toBe('plan');
  expect(nextStep([family('a', 'shown', { stage: 'analysis', revealed: true })], 'a')).toEqual({
    kind: 'stage',
    stage: 'ratings'
  });
  expect(nextStep([family('a', 'locked', { stage: 'conclusion' }), other], 'a')).toEqual({
    kind: 'show',
    cardId: 'b'
  });
});

test('COURSE1: a step back goes a stage back, then a family, and asks for nothing to be undone', () => {
  const agenda = [family('a', 'locked'), family('b', 'shown', { stage: 'ratings', revealed: true })];
  expect(stepBack(agenda, 'b')).toEqual({ kind: 'stage', stage: 'analysis' });
  expect(stepBack([family('a', 'locked'), family('b', 'shown')], 'b')).toEqual({ kind: 'show', cardId: 'a' });
  expect(stepBack(agenda, 'a')).toBeUndefined();
  expect(stepBack(agenda, null)).toBeUndefined();
  expect(previousFamily(agenda, 'b')).toBe('a');
});

test('COURSE1: over any family, the table is never at ratings that are not known', () => {
  fc.assert(
    fc.property(fc.constantFrom(...stages), fc.boolean(), (stage: Stage, revealed) => {
      const step = nextStep([family('a', 'shown', { stage, revealed })], 'a');
      if (step.kind === 'stage') expect(mayStand(step.stage, revealed)).toBe(true);
      expect(mayStand(afterReveal(stage), true)).toBe(true);
      expect(stages.indexOf(afterReveal(stage))).toBeGreaterThanOrEqual(stages.indexOf(stage));
    })
  );
});

test('COURSE2: the next family is the next that is not dealt with, then the first before it; then it is time to close', () => {
  const agenda = [
    family('a', 'waiting'),
    family('b', 'locked'),
    family('c', 'concluded'),
    family('d', 'shown'),
    family('e', 'waiting')
  ];
  expect(nextFamily(agenda, null)).toBe('a');
  expect(nextFamily(agenda, 'a')).toBe('d');
  expect(nextFamily(agenda, 'd')).toBe('e');
  expect(nextFamily(agenda, 'e')).toBe('a');
  expect(nextStep([family('a', 'locked'), family('b', 'concluded', { stage: 'plan' })], 'b')).toEqual({
    kind: 'close'
  });
  expect(nextStep([], null)).toEqual({ kind: 'close' });
});

test('COURSE2: between two families the next is the one after where the table last was, and what is parked comes last', () => {
  const agenda = [
    family('a', 'locked'),
    family('c'),
    family('d'),
    family('e', 'locked'),
    family('b', 'waiting', { parked: true })
  ];
  expect(nextFamily(agenda, null, ['a', 'b']), 'b was at the table and is parked').toBe('c');
  expect(nextFamily(agenda, null, ['a', 'c', 'gone']), 'the last one was withdrawn').toBe('d');
  expect(nextFamily(agenda, null, ['e']), 'else the first that is not dealt with').toBe('c');
  expect(nextFamily(agenda, 'b', ['a', 'b']), 'parked, and at the table').toBe('c');
  expect(nextFamily(agenda, 'd', ['a', 'd']), 'what was gone past, before what is parked').toBe('c');
  expect(nextFamily([family('a', 'locked'), ...agenda.slice(3)], null, ['a'])).toBe('b');
  expect(nextFamily([family('a', 'shown'), family('b', 'locked')], null, ['a']), 'begun').toBe('a');
  expect(nextStep(agenda, null, ['a', 'b'])).toEqual({ kind: 'show', cardId: 'c' });
});

test('COURSE3: the chair goes between open, break and closing, and nothing else by a word', () => {
  const passes = phases.flatMap((from) =>
    phases.filter((to) => mayPass(from, to)).map((to) => `${from} ${to}`)
  );
  expect(passes).toEqual([
    'open break',
    'open closing',
    'break open',
    'break closing',
    'closing open',
    'closing break'
  ]);
});

test('COURSE14: a break is offered once half of a long agenda is behind, and once', () => {
  const agenda = (behind: number, of: number) =>
    Array.from({ length: of }, (_, at) => family(String(at), at < behind ? 'locked' : 'waiting'));
  expect(isTimeForBreak(agenda(2, 6), false)).toBe(false);
  expect(isTimeForBreak(agenda(3, 6), false)).toBe(true);
  expect(isTimeForBreak([family('x', 'concluded'), ...agenda(2, 5)], false)).toBe(true);
  expect(isTimeForBreak(agenda(3, 6), true)).toBe(false);
  expect(isTimeForBreak(agenda(6, 6), false)).toBe(false);
  expect(isTimeForBreak(agenda(4, 5), false)).toBe(false);
});
