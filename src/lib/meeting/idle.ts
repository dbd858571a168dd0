// Whether a page stands idle, from when somebody last moved at it. Pure: the times come in. Carries IDLE1.

/** How long before the end it is said, in milliseconds. */
export const notice = 120_000;

export type Idleness =
  | { readonly kind: 'awake' }
  | { readonly kind: 'warned'; readonly seconds: number }
  | { readonly kind: 'out' };

/**
 * What is to be done with a page at `now`, that was last moved at `movedAt`; both in milliseconds.
 * @param minutes after which it is out; of a limit under four, half is warning
 */
export function idleness(movedAt: number, now: number, minutes: number): Idleness {
  const limit = minutes * 60_000;
  const left = movedAt + limit - now;
  if (left <= 0) return { kind: 'out' };
  if (left > Math.min(notice, limit / 2)) return { kind: 'awake' };
  return { kind: 'warned', seconds: Math.ceil(left / 1000) };
}
