import { expect, test } from 'vitest';
import { readRatingKey, rowAfter } from './rating-keys.ts';

const press = (
  key: string,
  held: Partial<Record<'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey', true>> = {}
) => readRatingKey({ key, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...held });

test('RATE5: a letter rates, with Shift also the empty rows below; N is no record, Delete clears, arrows move', () => {
  expect(press('a')).toEqual({ kind: 'rate', rating: 'amber', below: false });
  expect(press('B'), 'with caps lock').toEqual({ kind: 'rate', rating: 'blue', below: false });
  expect(press('G', { shiftKey: true })).toEqual({ kind: 'rate', rating: 'green', below: true });
  expect(press('n')).toEqual({ kind: 'none' });
  expect(press('?', { shiftKey: true })).toEqual({ kind: 'legend' });
  expect(press('Delete')).toEqual({ kind: 'clear' });
  expect(press('ArrowLeft')).toEqual({ kind: 'across', step: -1 });
  expect(press('ArrowDown')).toEqual({ kind: 'row', to: 'down' });
});

test('RATE5: what belongs to the browser or to another part of the board is left to it', () => {
  for (const held of ['ctrlKey', 'altKey', 'metaKey'] as const)
    expect(press('r', { [held]: true })).toBeUndefined();
  for (const key of ['Tab', 'Enter', ' ', 'F6', 'F8', 'Escape', 'x']) expect(press(key)).toBeUndefined();
  expect(press('Home', { shiftKey: true })).toBeUndefined();
});

test('RATE5: rows end at the first and the last', () => {
  expect(rowAfter(0, 'up', 6)).toBe(0);
  expect(rowAfter(0, 'down', 6)).toBe(1);
  expect(rowAfter(5, 'down', 6)).toBe(5);
  expect(rowAfter(3, 'first', 6)).toBe(0);
  expect(rowAfter(0, 'last', 6)).toBe(5);
});
