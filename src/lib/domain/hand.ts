// Hands, as one queue for room and remote: what stands of what was raised and lowered. Pure. Carries HAND1
// and EASE8.

export interface HandSaid {
  /** Whose: the person's key at the meeting. */
  readonly key: string;
  readonly act: 'raised' | 'lowered';
  /** ISO, UTC. */
  readonly at: string;
}

/** A hand that is up again so soon after it was lowered was lowered by a slip. Milliseconds. */
const slip = 30_000;

/**
 * The hands that are up, oldest first. Raising one that is up moves nobody in the queue, and one that was lowered by a
 * slip is back where it was.
 * @param said in the order in which it was said
 * @param gone when somebody was last said to be no longer here, by key: a hand does not wait for its owner
 */
export function standingHands<H extends HandSaid>(
  said: readonly H[],
  gone: ReadonlyMap<string, string>
): H[] {
  const isHere = ({ key, at }: H) => (gone.get(key) ?? '') < at;
  const up = new Map<string, H>();
  const lowered = new Map<string, { hand: H; at: string }>();
  for (const now of said) {
    const hand = up.get(now.key);
    if (now.act === 'raised') {
      const last = lowered.get(now.key);
      const slipped = last && isHere(last.hand) && Date.parse(now.at) - Date.parse(last.at) <= slip;
      up.set(now.key, hand ?? (slipped ? last.hand : now));
    } else if (hand) {
      up.delete(now.key);
      lowered.set(now.key, { hand, at: now.at });
    }
  }
  return [...up.values()].filter(isHere).sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
