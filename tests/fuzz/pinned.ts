// Worlds that once failed, with what was wrong: the unit tests play them again. A seed stands for its world only
// as long as the generators stay as they are, so what a failure taught has a test of its own as well.

export interface Pinned {
  readonly kind: 'honest' | 'hostile';
  readonly seed: number;
  readonly taught: string;
}

/** Updates that make one world. */
export const WORLD = 100;

export const pinned: readonly Pinned[] = [
  {
    kind: 'honest',
    seed: 20261822,
    taught: 'undo can put words back between a neighbour and that same neighbour'
  }
];

/** Orders of events around a lock that once failed: tests/integration/lock-model.test.ts plays them again. */
export const pinnedLocks: readonly { readonly seed: number; readonly taught: string }[] = [];
