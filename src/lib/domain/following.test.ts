import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  follow,
  fromTheStart,
  opened,
  openFor,
  stop,
  writing,
  wrote,
  type Following,
  type Table
} from './following.ts';

/** The table is at this family, or at none, having had these. */
const table = (at: string | null, ...had: string[]): Table => ({ at, had: at === null ? had : [...had, at] });

test('FOLLOW1: one follows the chair until one stops or opens another family, and again when one says so', () => {
  expect(openFor(fromTheStart, table('a'))).toBe('a');
  const away = opened(fromTheStart, 'b', table('a'));
  expect([away.on, openFor(away, table('a')), openFor(away, table('c'))]).toEqual([false, 'b', 'b']);
  const there = opened(away, 'c', table('c'));
  expect([there.on, openFor(there, table('d'))]).toEqual([false, 'c']);
  expect(openFor(follow(there), table('d'))).toBe('d');
  const stopped = stop(fromTheStart, 'a');
  expect([openFor(stopped, table('b')), openFor(follow(stopped), table('b'))]).toEqual(['a', 'b']);
  expect(openFor(opened(fromTheStart, 'b', table(null)), table('a')), 'before the table is anywhere').toBe(
    'a'
  );
});

test('FOLLOW2: who writes is not moved; after it following goes on where it was not left behind, else it is offered', () => {
  const here = writing(fromTheStart, 'a');
  expect([here.on, openFor(here, table('b'))]).toEqual([true, 'a']);
  expect(openFor(wrote(here, table('a')), table('b'))).toBe('b');
  const behind = wrote(here, table('b'));
  expect([behind.on, openFor(behind, table('b')), openFor(behind, table('c'))]).toEqual([true, 'a', 'a']);
  expect(openFor(follow(behind), table('c'))).toBe('c');
});

test('FOLLOW5: with no family at the table what was open stays open: the last that was there, or what one opened since', () => {
  const between = table(null, 'b');
  const lobby = opened(fromTheStart, 'd', table(null));
  expect([openFor(fromTheStart, between), openFor(lobby, between)]).toEqual(['b', 'b']);
  expect(openFor(lobby, table(null)), 'before the first').toBe('d');
  expect(openFor(fromTheStart, table(null))).toBeNull();
  const ahead = opened(fromTheStart, 'c', between);
  expect([ahead.on, openFor(ahead, between), openFor(ahead, table('a'))]).toEqual([true, 'c', 'a']);
  expect(openFor(ahead, table(null, 'b', 'a')), 'the table was elsewhere since').toBe('a');
  expect(openFor(ahead, table(null, 'b', 'b')), 'the table was there again since').toBe('b');
  expect(openFor(follow(ahead), between)).toBe('b');
  const back = opened(fromTheStart, 'b', table('b'));
  expect(openFor(back, table(null, 'b', 'c'))).toBe('c');
  expect(openFor(stop(fromTheStart, 'b'), table(null, 'b', 'c'))).toBe('b');
});

test('FOLLOW5: who wrote between two families follows on, and who was left behind stays', () => {
  const between = table(null, 'b');
  const ahead = opened(fromTheStart, 'c', between);
  const wroteThere = wrote(writing(ahead, 'c'), between);
  expect([openFor(wroteThere, between), openFor(wroteThere, table('d'))]).toEqual(['c', 'd']);
  const behind = wrote(writing(fromTheStart, 'a'), between);
  expect([openFor(behind, between), openFor(behind, table('d'))]).toEqual(['a', 'a']);
  expect(openFor(wrote(writing(fromTheStart, 'a'), table(null)), table('d')), 'before the first').toBe('d');
});

type Act = readonly [string, string];
const act = fc.tuple(
  fc.constantFrom('table', 'left', 'open', 'write', 'wrote', 'follow', 'stop'),
  fc.constantFrom('a', 'b', 'c')
);

test('FOLLOW2: whatever happens, nobody who writes is moved but by an act of their own', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 20 }), (acts: readonly Act[]) => {
      let [at, where, busy]: [Following, Table, boolean] = [fromTheStart, table('a'), false];
      for (const [kind, id] of acts) {
        const before = openFor(at, where);
        if (kind === 'table') where = table(id, ...where.had);
        if (kind === 'left') where = { ...where, at: null };
        if (kind === 'write') [at, busy] = [writing(at, before), true];
        if (kind === 'wrote') [at, busy] = [wrote(at, where), false];
        if (kind === 'open') [at, busy] = [opened(at, id, where), false];
        if (kind === 'follow') [at, busy] = [follow(at), false];
        if (kind === 'stop') [at, busy] = [stop(at, before), false];
        if (busy && kind !== 'write') expect(openFor(at, where)).toBe(before);
        if (kind === 'wrote' || kind === 'stop') expect(openFor(at, where)).toBe(before);
        if (kind === 'left') expect(openFor(at, where)).toBe(before);
        if (kind === 'follow') expect(openFor(at, where)).toBe(where.at ?? where.had.at(-1));
      }
    }),
    { numRuns: 1000 }
  );
});
