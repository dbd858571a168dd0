// New bases for documents whose journals have grown long: one at a time, with a rest of several times as long after
// each. Documents in which a meeting began together grow long together, and all their bases at once would hold
// everyone up. Carries JOURNAL7.

/** How long a rest after a new base is, in times of what the base took. */
const REST = 4;

export class Bases {
  readonly #make: (name: string) => Promise<void>;
  #last: Promise<void> = Promise.resolve();
  #hurry = false;

  /** @param make gives the document of this name a new base */
  constructor(make: (name: string) => Promise<void>) {
    this.#make = make;
  }

  /** Asks for a new base. Settles as the making of it does; one that fails holds up no other. */
  wanted(name: string): Promise<void> {
    const made = this.#last.then(() => this.#timed(name));
    this.#last = made.then(
      (took) => (this.#hurry ? undefined : rest(REST * took)),
      () => undefined // told to whoever asked for it
    );
    return made.then(() => undefined);
  }

  /** From now on there is no rest between them. */
  hurry(): void {
    this.#hurry = true;
  }

  async #timed(name: string): Promise<number> {
    const began = performance.now();
    await this.#make(name);
    return performance.now() - began;
  }
}

const rest = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
