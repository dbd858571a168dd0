// Who was at a card, and how: made of what was said of people's presence, and of whose screen had it open.
// Pure. Carries the DEC rules on presence.
import type { Present as DecidedPresent } from '#lib/card/canonical.ts';
import type { AttendanceFact } from '../meetings/facts.ts';

/** Someone who was there; whether they agreed to the statement and sat alone is told elsewhere. */
export type Present = Omit<DecidedPresent, 'agreedAt' | 'aloneAt'>;

/** Someone who may have been there: how the meeting knows them. */
export type Known = Pick<Present, 'agencies' | 'role'>;

export interface Presence {
  /** In the order in which it was said. */
  readonly attendance: readonly AttendanceFact[];
  /** By user: when the card was first open on their screen, and the name. */
  readonly opened: ReadonlyMap<string, { readonly name: string; readonly at: string }>;
  /** When the card came before the table; null where nobody showed it. */
  readonly shownAt: string | null;
}

/**
 * The people of a card. What was said of somebody at this very card counts before what was said of them at the
 * meeting; whoever left before the card was shown was not there.
 * @param known how the meeting knows a user, or an agency's person without an account; undefined where the
 *   card does not exist for them.
 */
export function presentAt(
  presence: Presence,
  known: (userId: string | null, agencyId: string | null) => Known | undefined
): Present[] {
  const keyOf = ({ userId, name, agencyId }: AttendanceFact) => userId ?? `${name} ${agencyId}`;
  const said = [...Map.groupBy(presence.attendance, keyOf).values()];
  const spokenOf = new Set(presence.attendance.map(({ userId }) => userId));
  const silent = [...presence.opened].filter(([userId]) => !spokenOf.has(userId));
  const people = [
    ...said.flatMap((facts): Present[] => {
      const [first] = facts;
      const they = first && known(first.userId, first.agencyId);
      return they ? personOf(presence, facts, they) : [];
    }),
    ...silent.flatMap(([userId, { name, at }]): Present[] => {
      const they = known(userId, null);
      return they ? [{ userId, name, ...they, mode: null, openedAt: at, leftAt: null }] : [];
    })
  ];
  return people.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function personOf(
  { shownAt, opened }: Presence,
  facts: readonly AttendanceFact[],
  { agencies, role }: Known
): Present[] {
  const here = facts.filter(({ cardId }) => cardId !== null);
  const counting = here.length > 0 ? here : facts;
  const last = counting.at(-1);
  const isThere = (fact: AttendanceFact) => fact.mode !== 'left';
  const mode = (counting.findLast(isThere) ?? facts.findLast(isThere))?.mode;
  if (!last || !mode || mode === 'left') return [];
  const leftAt = last.mode === 'left' ? last.at : null;
  if (leftAt !== null && shownAt !== null && leftAt < shownAt) return [];
  const { userId, name, agencyId } = last;
  const openedAt = userId === null ? null : (opened.get(userId)?.at ?? null);
  const theirs = agencies.length > 0 || agencyId === null ? agencies : [agencyId];
  return [{ userId, name, agencies: theirs, role, mode, openedAt, leftAt }];
}
