// How fast one session may give commands: far faster than hands can, and slower than a program that means
// harm. Per session, never per address: a whole office shares one.

/** This many at once, and this many a second after that. */
const BURST = 30;
const PER_SECOND = 10;

export class Haste {
  readonly #sessions = new Map<string, { left: number; at: number }>();

  /** Counts one, and says whether it may be done. */
  allows(sessionId: string): boolean {
    const now = performance.now();
    const { left: before, at } = this.#sessions.get(sessionId) ?? { left: BURST, at: now };
    const left = Math.min(BURST, before + ((now - at) / 1000) * PER_SECOND);
    if (this.#sessions.size > 1000) this.#forgetRested(now);
    this.#sessions.set(sessionId, { left: Math.max(0, left - 1), at: now });
    return left >= 1;
  }

  /** Those who rested long enough are like those who never came. */
  #forgetRested(now: number): void {
    for (const [id, { at }] of this.#sessions)
      if (now - at > (BURST / PER_SECOND) * 1000) this.#sessions.delete(id);
  }
}
