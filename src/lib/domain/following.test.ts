import fc from 'fast-check';
import { expect, test } from 'vitest';
import { follow, fromTheStart, opened, openFor, stop, writing, wrote, type Following } from './following.ts';

test('FOLLOW1: one follows the chair until one stops or opens another family, and again when one says so', () => {
  expect(openFor(fromTheStart, 'a')).toBe('a');
  const away = opened(fromTheStart, 'b', 'a');
  expect([away.on, openFor(away, 'a'), openFor(away, 'c')]).toEqual([false, 'b', 'b']);
  const there = opened(away, 'c', 'c');
  expect([there.on, openFor(there, 'd')]).toEqual([false, 'c']);
  expect(openFor(follow(there), 'd')).toBe('d');
  const stopped = stop(fromTheStart, 'a');
  expect([openFor(stopped, 'b'), openFor(follow(stopped), 'b')]).toEqual(['a', 'b']);
  expect(openFor(opened(fromTheStart, 'b', null), 'a'), 'before the table is anywhere').toBe('a');
});

test('FOLLOW2: who writes is not moved; after it following goes on where it was not left behind, else it is offered', () => {
  const here = writing(fromTheStart, 'a');
  expect([here.on, openFor(here, 'b')]).toEqual([true, 'a']);
  expect(openFor(wrote(here, 'a'), 'b')).toBe('b');
  const behind = wrote(here, 'b');
  expect([behind.on, openFor(behind, 'b'), openFor(behind, 'c')]).toEqual([true, 'a', 'a']);
  expect(openFor(follow(behind), 'c')).toBe('c');
});

type Act = readonly [string, string];
const act = fc.tuple(
  fc.constantFrom('table', 'open', 'write', 'wrote', 'follow', 'stop'),
  fc.constantFrom('a', 'b', 'c')
);

test('FOLLOW2: whatever happens, nobody who writes is moved but by an act of their own', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 20 }), (acts: readonly Act[]) => {
      let [at, table, busy]: [Following, string, boolean] = [fromTheStart, 'a', false];
      for (const [kind, id] of acts) {
        const before = openFor(at, table);
        if (kind === 'table') table = id;
        if (kind === 'write') [at, busy] = [writing(at, before), true];
        if (kind === 'wrote') [at, busy] = [wrote(at, table), false];
        if (kind === 'open') [at, busy] = [opened(at, id, table), false];
        if (kind === 'follow') [at, busy] = [follow(at), false];
        if (kind === 'stop') [at, busy] = [stop(at, before), false];
        if (busy && kind !== 'write') expect(openFor(at, table)).toBe(before);
        if (kind === 'wrote' || kind === 'stop') expect(openFor(at, table)).toBe(before);
        if (kind === 'follow') expect(openFor(at, table)).toBe(table);
      }
    })
  );
});
