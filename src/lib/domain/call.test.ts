import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  callAnswers,
  callNotes,
  callState,
  isDoneWith,
  mayFollow,
  opensTheCall,
  type CallState,
  type CallStep
} from './call.ts';

const steps = [...callAnswers, ...callNotes];
const of = (...taken: CallStep[]) => taken.map((step) => ({ step }));

test('CALL1: a call rings until it is answered, and stands as its last step says', () => {
  expect(callState([], false)).toBe('ringing');
  expect(callState(of('in-5', 'coming', 'in'), false)).toBe('in');
  expect(callState(of('coming', 'in', 'out'), true)).toBe('out');
  for (const taken of [[], of('coming'), of('in-5')]) expect(callState(taken, true)).toBe('over');
  expect(callState(of('cannot'), true)).toBe('cannot');
  // Who is in the call when the family is done with is there until let out.
  expect(callState(of('coming', 'in'), true)).toBe('in');
});

test('CALL1: over any steps that may follow each other, nobody is let out who was not in or coming, and what is over stays so', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...steps), { maxLength: 12 }), (tried) => {
      const taken: CallStep[] = [];
      for (const step of tried) if (mayFollow(callState(of(...taken), false), step)) taken.push(step);
      const out = taken.indexOf('out');
      if (out >= 0) expect(['in', 'coming']).toContain(taken[out - 1]);
      const ends = taken.findIndex((step) => step === 'out' || step === 'withdrawn');
      if (ends >= 0) expect(taken).toHaveLength(ends + 1);
    })
  );
  for (const step of steps) expect(mayFollow('over', step)).toBe(false);
});

test('CALL1: a call opens the video call while it rings, while somebody comes, and while they are in', () => {
  const states: CallState[] = ['ringing', 'coming', 'in-5', 'cannot', 'in', 'out', 'withdrawn', 'over'];
  expect(states.filter(opensTheCall)).toEqual(['ringing', 'coming', 'in-5', 'in']);
});

test('CALL2: the family of a call is done with once it is locked or left behind, or the table went on to another', () => {
  const call = { cardId: 'a', at: 10 };
  const turn = (cardId: string | null, at: number) => ({ cardId, at });
  expect(isDoneWith(call, [], true)).toBe(true);
  expect(isDoneWith(call, [], false)).toBe(false);
  // Asked before it is shown, while it is, and in a pause: not done.
  expect(isDoneWith(call, [turn('b', 5)], false)).toBe(false);
  expect(isDoneWith(call, [turn('b', 5), turn('a', 11)], false)).toBe(false);
  expect(isDoneWith(call, [turn('a', 5), turn(null, 11)], false)).toBe(false);
  expect(isDoneWith(call, [turn('a', 5), turn('b', 11)], false)).toBe(true);
  // It was done with before, and somebody is asked in all the same; or it comes back.
  expect(isDoneWith(call, [turn('a', 1), turn('b', 5)], false)).toBe(false);
  expect(isDoneWith(call, [turn('a', 5), turn('b', 11), turn('a', 12)], false)).toBe(false);
});
