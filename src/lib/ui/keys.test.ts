import { expect, test } from 'vitest';
import { isPressed } from './keys.ts';

const pressed = (key: string, held: string[] = [], code = '') => ({
  key,
  code,
  ctrlKey: held.includes('ctrl'),
  shiftKey: held.includes('shift'),
  altKey: held.includes('alt'),
  metaKey: held.includes('meta')
});

test('EASE1: a key is taken with what is held down and nothing else, in either case and on any layout', () => {
  expect(isPressed('F8', pressed('F8'))).toBe(true);
  expect(isPressed('F8', pressed('F8', ['shift']))).toBe(false);
  expect(isPressed('Esc', pressed('Escape'))).toBe(true);
  expect(isPressed('Ctrl+K', pressed('k', ['ctrl']))).toBe(true);
  expect(isPressed('Ctrl+K', pressed('K', ['ctrl']))).toBe(true);
  expect(isPressed('Ctrl+K', pressed('k'))).toBe(false);
  expect(isPressed('Ctrl+K', pressed('k', ['ctrl', 'meta']))).toBe(false);
  expect(isPressed('Ctrl+.', pressed('.', ['ctrl'], 'Period'))).toBe(true);
  expect(isPressed('Ctrl+Shift+.', pressed('>', ['ctrl', 'shift'], 'Period'))).toBe(true);
  expect(isPressed('Ctrl+.', pressed('>', ['ctrl', 'shift'], 'Period'))).toBe(false);
});

test('EASE1: AltGr, which types letters on UK keyboards, takes none', () => {
  expect(isPressed('Ctrl+K', pressed('k', ['ctrl', 'alt']))).toBe(false);
  expect(isPressed('Ctrl+.', pressed('.', ['ctrl', 'alt'], 'Period'))).toBe(false);
});
