// What changed while somebody was away, in plain sentences made of rows: each happening once, the same person's
// writing in the same place merged into one. Pure; it is given only what may be told. Carries REMOTE6.

interface Happened {
  /** Milliseconds since 1970. */
  readonly at: number;
}

interface AtFamily extends Happened {
  readonly reference: string;
}

/** Somebody came to hold the chair. */
type Chaired = Happened & { readonly kind: 'chaired'; readonly by: string };

export type Happening =
  | Chaired
  | (AtFamily &
      (
        | { readonly kind: 'shown' }
        /** `times`: how often they came back to it after a pause. */
        | { readonly kind: 'wrote'; readonly by: string; readonly place: string; readonly times: number }
        | { readonly kind: 'revealed' }
        | { readonly kind: 'concluded'; readonly by: string; readonly rating: string }
        | { readonly kind: 'dissented'; readonly by: string }
        | { readonly kind: 'accepted' | 'declined'; readonly by: string; readonly times: number }
        | { readonly kind: 'locked'; readonly by: string }
      ));

/** The sentences, in the order in which things last happened. */
export function sentencesOf(happenings: readonly Happening[]): string[] {
  const merged = new Map<string, Happening>();
  for (const each of [...happenings].sort((a, b) => a.at - b.at)) {
    const key = keyOf(each);
    const before = merged.get(key);
    merged.delete(key);
    merged.set(key, before ? together(before, each) : each);
  }
  return [...merged.values()].map(sentenceOf);
}

function keyOf(each: Happening): string {
  const who = 'by' in each ? each.by : '';
  const family = 'reference' in each ? each.reference : '';
  return `${each.kind} ${family} ${who} ${each.kind === 'wrote' ? each.place : ''}`;
}

function together(before: Happening, after: Happening): Happening {
  if (!('times' in before) || !('times' in after)) return after;
  return { ...after, times: before.times + after.times };
}

function sentenceOf(each: Happening): string {
  if (each.kind === 'chaired') return `${each.by} holds the chair now.`;
  const { reference } = each;
  switch (each.kind) {
    case 'shown':
      return `${reference} came to the table.`;
    case 'wrote':
      return `${each.by} wrote in ${each.place} of ${reference}${often(each.times)}.`;
    case 'revealed':
      return `The ratings of ${reference} were revealed.`;
    case 'concluded':
      return `${each.by} recorded the joint rating of ${reference}: ${each.rating}.`;
    case 'dissented':
      return `${each.by} does not agree with the joint rating of ${reference}.`;
    case 'accepted':
      return `${each.by} accepted ${actions(each.times)} of ${reference}.`;
    case 'declined':
      return `${each.by} declined ${actions(each.times)} of ${reference}.`;
    case 'locked':
      return `${each.by} locked ${reference}.`;
  }
}

const often = (times: number) => (times > 1 ? `, ${times} times` : '');
const actions = (count: number) => (count === 1 ? 'an action' : `${count} actions`);
