// What of others' doing is worth a sentence to whoever wants to hear all: each where they begin to write, not each
// key, and who has rated. Pure. Carries EASE4.

export interface Writes {
  readonly who: string;
  readonly place: string;
}

/**
 * Who began to write at another place than where they were last heard, and where everyone was last heard then. Whoever
 * pauses and goes on at the same place is not said again.
 */
export function begun(
  heard: ReadonlyMap<string, string>,
  now: readonly Writes[]
): { fresh: Writes[]; heard: Map<string, string> } {
  const next = new Map(heard);
  const fresh: Writes[] = [];
  for (const each of now) {
    if (next.get(each.who) === each.place) continue;
    next.set(each.who, each.place);
    fresh.push(each);
  }
  return { fresh, heard: next };
}
