// What a key means while an agency rates a family in one pass: letters rate the row in focus, and nothing here
// acts outside it (WCAG 2.1.4). Carries RATE5.
import { ratingLetters, ratings, type Rating } from '#lib/domain/rating.ts';

export type RatingKey =
  /** `below`: also every row below that has no rating yet. */
  | { readonly kind: 'rate'; readonly rating: Rating; readonly below: boolean }
  | { readonly kind: 'none' | 'clear' | 'legend' }
  | { readonly kind: 'across'; readonly step: 1 | -1 }
  | { readonly kind: 'row'; readonly to: 'up' | 'down' | 'first' | 'last' };

type Pressed = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'>;

/** What a key pressed in a rating group means; undefined where it means nothing there. */
export function readRatingKey(pressed: Pressed): RatingKey | undefined {
  const { key, shiftKey } = pressed;
  if (pressed.ctrlKey || pressed.altKey || pressed.metaKey) return undefined;
  const rating = ratings.find((each) => ratingLetters[each] === key.toUpperCase());
  if (rating) return { kind: 'rate', rating, below: shiftKey };
  if (key === '?') return { kind: 'legend' };
  if (shiftKey) return undefined;
  switch (key) {
    case 'n':
    case 'N':
      return { kind: 'none' };
    case 'Delete':
    case 'Backspace':
      return { kind: 'clear' };
    case 'ArrowRight':
      return { kind: 'across', step: 1 };
    case 'ArrowLeft':
      return { kind: 'across', step: -1 };
    case 'ArrowDown':
      return { kind: 'row', to: 'down' };
    case 'ArrowUp':
      return { kind: 'row', to: 'up' };
    case 'Home':
      return { kind: 'row', to: 'first' };
    case 'End':
      return { kind: 'row', to: 'last' };
    default:
      return undefined;
  }
}

/** The row that is gone to, of so many; the same where there is none further. */
export function rowAfter(now: number, to: 'up' | 'down' | 'first' | 'last', rows: number): number {
  const wanted = { up: now - 1, down: now + 1, first: 0, last: rows - 1 }[to];
  return Math.min(Math.max(wanted, 0), rows - 1);
}
