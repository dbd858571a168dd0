// The pace of a meeting: what a family's minutes are, how long they last today, who is up when, and when it ends.
// A family that somebody may not see counts here in time alone. Pure: the time comes in, in milliseconds since
// 1970, and lengths are milliseconds unless they are called minutes. Carries the PACE rules.

export const minute = 60_000;
/** However a meeting runs, what is to come is never foretold shorter or longer than this. */
const paces = { least: 0.7, most: 1.6 };
/** A family that was passed over by a slip says nothing of the pace. */
const slip = minute;

/** From `at` on this card was at the table; null: none was. In the order of time. */
export interface Turn {
  readonly cardId: string | null;
  readonly at: number;
}

/** A family on the agenda. */
export interface Planned {
  readonly cardId: string;
  /** The minutes planned for it, and those that the chair added. */
  readonly minutes: number;
  readonly added: number;
  /** Nothing is to come of it: locked, concluded or not reached. */
  readonly done: boolean;
  /** Put off to the end of the agenda. */
  readonly parked: boolean;
}

export interface Upcoming {
  readonly cardId: string;
  readonly at: number;
  /** Nothing else comes between. */
  readonly next: boolean;
  /** The table has gone past it. */
  readonly skipped: boolean;
}

export interface Course {
  /** The family at the table, and when its minutes are over. */
  readonly present: { readonly cardId: string; readonly dueAt: number } | null;
  /** How long things take today against what was planned for them: 1 is as planned. */
  readonly pace: number;
  readonly upcoming: readonly Upcoming[];
  readonly endsAt: number;
}

/** How long each card was at the table until `until`. */
export function spent(turns: readonly Turn[], until: number): Map<string, number> {
  const total = new Map<string, number>();
  for (const [index, { cardId, at }] of turns.entries()) {
    if (cardId === null) continue;
    const end = Math.min(turns[index + 1]?.at ?? until, until);
    total.set(cardId, (total.get(cardId) ?? 0) + Math.max(0, end - at));
  }
  return total;
}

/**
 * Where the table is on the agenda, or last was: the newest of the families it had that stands in the agenda's order.
 * What is parked stands at the end by the chair's word, and says nothing of how far the table has come.
 * @param had the families it had, in the order of time @param standing those on the agenda that are not parked
 */
export function placeOfTable(had: readonly (string | null)[], standing: ReadonlySet<string>): string | null {
  return had.findLast((cardId) => cardId !== null && standing.has(cardId)) ?? null;
}

/** What families took against what was planned for them, within bounds; 1 where none has been dealt with yet. */
export function paceOf(taken: readonly { readonly planned: number; readonly took: number }[]): number {
  const counted = taken.filter(({ took }) => took >= slip);
  const planned = counted.reduce((sum, each) => sum + each.planned, 0);
  const took = counted.reduce((sum, each) => sum + each.took, 0);
  return planned > 0 ? Math.min(paces.most, Math.max(paces.least, took / planned)) : 1;
}

/** The meeting's course at `now`. @param agenda in order @param turns in the order of time */
export function courseAt(agenda: readonly Planned[], turns: readonly Turn[], now: number): Course {
  const at = spent(turns, now);
  const length = ({ minutes, added }: Planned) => (minutes + added) * minute;
  const presentId = turns.at(-1)?.cardId ?? null;
  const present = agenda.find(({ cardId }) => cardId === presentId);
  const took = ({ cardId }: Planned) => at.get(cardId) ?? 0;
  const behind = agenda.filter(({ cardId, done }) => cardId !== presentId && done && at.has(cardId));
  const pace = paceOf(behind.map((each) => ({ planned: length(each), took: took(each) })));
  const left = present ? length(present) - took(present) : 0;
  // Whoever is over their time is taken to be about to end.
  let up = now + (present ? Math.max(left, minute) : 0);
  const upcoming = toCome(agenda, turns).map((each, index): Upcoming => {
    const here = { cardId: each.cardId, at: up, next: index === 0, skipped: each.skipped };
    // One that was begun and is not concluded comes again, for what is left of it.
    up += Math.max((length(each) - took(each)) * pace, minute);
    return here;
  });
  return {
    present: present ? { cardId: present.cardId, dueAt: now + left } : null,
    pace,
    upcoming,
    endsAt: up
  };
}

/** What is to come, in the order in which it will: on from where the table is, then what it went past, then what is parked. */
function toCome(agenda: readonly Planned[], turns: readonly Turn[]): (Planned & { skipped: boolean })[] {
  const presentId = turns.at(-1)?.cardId ?? null;
  const standing = new Set(agenda.filter(({ parked }) => !parked).map(({ cardId }) => cardId));
  const place = placeOfTable(
    turns.map(({ cardId }) => cardId),
    standing
  );
  const reached = agenda.findIndex(({ cardId }) => cardId === place);
  // In a break the table comes back to where it was; what it left for one that is parked by now, it went past.
  const comesBack = turns.findLast(({ cardId }) => cardId !== null)?.cardId === place;
  const open = agenda
    .map((each, index) => ({
      ...each,
      skipped: !each.parked && (index < reached || (index === reached && !comesBack))
    }))
    .filter(({ cardId, done }) => !done && cardId !== presentId);
  const ahead = open.filter(({ parked, skipped }) => !parked && !skipped);
  return [...ahead, ...open.filter(({ skipped }) => skipped), ...open.filter(({ parked }) => parked)];
}

/** How many minutes the meeting runs behind its plan; negative: ahead of it. @param opened when it began */
export function minutesLate(
  agenda: readonly Planned[],
  course: Pick<Course, 'endsAt'>,
  opened: number,
  breaks: number
): number {
  const planned = agenda.reduce((sum, { minutes }) => sum + minutes * minute, 0);
  return Math.round((course.endsAt - breaks - opened - planned) / minute);
}

/** '4:10 left', and past it, calmly, '0:40 over'. */
export function timeLeft(dueAt: number, now: number): string {
  const left = Math.round((dueAt - now) / 1000);
  const seconds = Math.abs(left);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} ${left < 0 ? 'over' : 'left'}`;
}

/** What is said aloud of the time left: at two minutes, at time, and then at every five over; null between. */
export function timeSaid(dueAt: number, now: number): string | null {
  const left = dueAt - now;
  if (left > 2 * minute) return null;
  if (left > 0) return 'Two minutes left for this family.';
  const over = Math.floor(-left / (5 * minute)) * 5;
  return over === 0 ? 'The time for this family is over.' : `${over} minutes over for this family.`;
}

/** Whole minutes until `at`, and the range around them, which widens with the distance. */
export function minutesUntil(at: number, now: number): { about: number; from: number; to: number } {
  const exact = Math.max(0, at - now) / minute;
  const about = Math.round(exact);
  const from = Math.max(0, Math.round(exact - 2 - exact / 6));
  return { about, from, to: Math.round(exact + 4 + exact / 6) };
}

/** How near a family is: what is told to whoever is needed for it changes with this and nothing else. */
export type Nearness = 'later' | 'five' | 'next' | 'now' | 'skipped' | 'parked';

/** @param up when it comes; undefined where nothing is foretold of it */
export function nearness(
  up: { readonly at: number; readonly next: boolean; readonly skipped: boolean } | undefined,
  here: { readonly present: boolean; readonly parked: boolean },
  now: number
): Nearness {
  if (here.present) return 'now';
  if (here.parked) return 'parked';
  if (!up) return 'later';
  if (up.skipped) return 'skipped';
  if (up.next) return 'next';
  return up.at - now <= 5 * minute ? 'five' : 'later';
}
