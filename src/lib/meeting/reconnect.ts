// When to try a lost line again, and when an open one is not believed. Pure: chance and time come in.
// Carries WAKE1.

const shortest = 400;
const slowest = 10_000;
/** The server speaks at least every 15 s, and answers a question every 12 s. */
const believed = 20_000;

/**
 * How long to wait before the next try, in milliseconds: longer with each failure, and spread by chance, so that a
 * room whose Wi-Fi came back does not return at one moment.
 * @param failures tries since the line was last up
 * @param random 0 up to 1
 */
export function delayBefore(failures: number, random: () => number): number {
  const longest = Math.min(slowest, shortest * 2 ** Math.min(failures, 20));
  return longest * (0.3 + 0.7 * random());
}

/** Whether so long nothing was heard that an open socket is taken for dead. Both in milliseconds. */
export function isSilent(heardAt: number, now: number): boolean {
  return now - heardAt > believed;
}
