// A limit that is read before a slow act and counted after it would let through whatever arrives in between.
// The gate lets in only as many at once as may still fail, so a limit holds under a flood too, and a roomful
// of people who know their passwords are not made to queue. Carries ID3 and ID4.

/**
 * Waits until the key has room. `left` says how many acts of the key may still fail, and is asked again
 * after each wait. The answer is to be called when the act has ended and is counted; undefined: no room is left.
 */
export type Enter = (key: string, left: () => Promise<number>) => Promise<(() => void) | undefined>;

export function openGate(): Enter {
  const inside = new Map<string, number>();
  const waiting = new Map<string, (() => void)[]>();
  const count = (key: string) => inside.get(key) ?? 0;
  const stepOut = (key: string) => {
    if (count(key) > 1) inside.set(key, count(key) - 1);
    else inside.delete(key);
  };
  const wake = (key: string) => {
    const woken = waiting.get(key) ?? [];
    waiting.delete(key);
    for (const go of woken) go();
  };
  const leave = (key: string) => {
    stepOut(key);
    wake(key);
  };

  return async (key, left) => {
    for (;;) {
      // One's place in the queue is taken before the count is read: whoever is ahead is in one of the two.
      const place = count(key) + 1;
      inside.set(key, place);
      const room = await left().catch((error: unknown) => {
        leave(key);
        throw error;
      });
      if (place <= room) return () => leave(key);
      if (room <= 0) {
        leave(key);
        return undefined;
      }
      stepOut(key);
      // With nobody inside there is nobody to wait for.
      if (count(key) > 0)
        await new Promise<void>((go) => waiting.set(key, [...(waiting.get(key) ?? []), go]));
    }
  };
}
