// How much of something each person may have at once, and how fast more of it comes back: for what costs the
// house more than it costs whoever asks. Per person, never per address: a whole office shares one.

interface Bucket {
  left: number;
  at: number;
}

const MANY = 1000;

export class Buckets {
  readonly #size: number;
  readonly #perSecond: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  /** @param now milliseconds, from any beginning */
  constructor(size: number, perSecond: number, now: () => number = () => performance.now()) {
    this.#size = size;
    this.#perSecond = perSecond;
    this.#now = now;
  }

  /** Takes an amount, or nothing where it is not there; says whether it was. */
  take(person: string, amount = 1): boolean {
    const left = this.#left(person);
    const enough = left >= amount;
    if (this.#buckets.size > MANY) this.#forgetFull();
    this.#buckets.set(person, { left: enough ? left - amount : left, at: this.#now() });
    return enough;
  }

  #left(person: string): number {
    const bucket = this.#buckets.get(person);
    if (!bucket) return this.#size;
    return Math.min(this.#size, bucket.left + ((this.#now() - bucket.at) / 1000) * this.#perSecond);
  }

  /** Whose bucket is full again is like one who never came. */
  #forgetFull(): void {
    for (const person of this.#buckets.keys())
      if (this.#left(person) >= this.#size) this.#buckets.delete(person);
  }
}
