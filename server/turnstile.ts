// Lets a crowd in a few at a time, in the order in which they came, so that whoever is inside already goes on
// as before. Carries CALM6.

export class Turnstile {
  readonly #width: number;
  readonly #longest: number;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;

  /** @param width how many pass at a time; @param longest how many may wait. */
  constructor(width: number, longest: number) {
    this.#width = width;
    this.#longest = longest;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Does the work when its turn has come.
   * @returns undefined, at once and without doing it, where too many wait already.
   */
  async pass<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.#inside >= this.#width) {
      if (this.#waiting.length >= this.#longest) return undefined;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#inside++;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#inside--;
    }
  }
}
