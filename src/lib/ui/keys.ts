// Keys as the interface writes them ('Ctrl+Shift+.', 'F8', 'Esc'), and whether one was pressed. Pure. Carries EASE1.

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'>;

/** Where a key stands on the keyboard, for those that give another character together with Shift. */
const codes: Readonly<Record<string, string>> = { '.': 'Period', ',': 'Comma' };
const names: Readonly<Record<string, string>> = { Esc: 'Escape' };

function parts(key: string): { last: string; ctrl: boolean; shift: boolean; alt: boolean } {
  const [last = '', ...held] = key.split('+').reverse();
  return {
    last: names[last] ?? last,
    ctrl: held.includes('Ctrl'),
    shift: held.includes('Shift'),
    alt: held.includes('Alt')
  };
}

/** Whether exactly this key was pressed, with what is held down and nothing else. */
export function isPressed(key: string, pressed: Pressed): boolean {
  const { last, ctrl, shift, alt } = parts(key);
  if (pressed.metaKey || pressed.ctrlKey !== ctrl || pressed.shiftKey !== shift || pressed.altKey !== alt)
    return false;
  return pressed.key.toLowerCase() === last.toLowerCase() || pressed.code === (codes[last] ?? '-');
}
