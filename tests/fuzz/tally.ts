// What a run has seen, counted; and what it says where the guard and the truth part.

/** The guard said one thing of an update, and another happened. */
export class Mismatch extends Error {
  override name = 'Mismatch';
}

/** How often each thing was seen. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(what: string, many = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + many);
  }

  of(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  /** Everything that was seen, by name. */
  counts(): [string, number][] {
    return [...this.#counts].sort();
  }

  /** The share of a whole, in per cent. */
  share(what: string, whole: string): number {
    return (100 * this.of(what)) / Math.max(1, this.of(whole));
  }
}

/** Whether two sets hold the same. */
export function same<T>(one: Iterable<T>, other: Iterable<T>): boolean {
  const [a, b] = [new Set(one), new Set(other)];
  return a.size === b.size && [...a].every((it) => b.has(it));
}
