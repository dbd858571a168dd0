// Chance that can be thrown again: the same seed gives the same numbers, on every machine.

/** A number from 0 up to, and without, `below`. */
export type Dice = (below: number) => number;

/** Numbers that are the same for the same seed. */
export function dice(seed: number): Dice {
  let state = Math.imul(seed, 0x9e3779b1) | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** One of them; of none, an error. */
export function oneOf<T>(roll: Dice, all: readonly T[]): T {
  if (all.length === 0) throw new RangeError('one of none');
  return all[roll(all.length)] as T;
}
