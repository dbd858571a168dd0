// Reminders to an agency's reps. A letter names no family, and counts only what each of its readers may see: a
// rep with a conflict of interest gets a letter of their own. Carries the CHASE rules on letters.
import { and, asc, eq, isNotNull, isNull } from 'drizzle-orm';
import { reminderText } from '#lib/domain/followup-words.ts';
import { tally } from '#lib/domain/followup.ts';
import type { AgencyName, FollowedAction } from '#lib/protocol/followup.ts';
import type { Queries } from '../database/database.ts';
import { memberships, users } from '../database/schema/identity.ts';

export interface Rep {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
}

export interface Letter {
  readonly to: readonly string[];
  readonly text: string;
  readonly mailto: string;
}

interface Matter {
  readonly actions: readonly FollowedAction[];
  /** Those that wait for the agency's answer. */
  readonly waiting: readonly FollowedAction[];
  isHidden(action: FollowedAction, userId: string): boolean;
  /** YYYY-MM-DD, London. */
  readonly today: string;
  /** Where one signs in. */
  readonly origin: string;
}

/** The letters that remind an agency, one for all readers who may know of the same; none for who may know of nothing. */
export function lettersTo(agency: AgencyName, reps: readonly Rep[], matter: Matter): Letter[] {
  const letters = reps.flatMap((rep) => {
    const shown = (actions: readonly FollowedAction[]) =>
      actions.filter((action) => !matter.isHidden(action, rep.userId));
    const mine = tally(shown(matter.actions), matter.today);
    const waiting = shown(matter.waiting).length;
    if (mine.open + waiting === 0) return [];
    return [{ rep, text: reminderText(agency.name, mine, waiting, matter.today) }];
  });
  return [...Map.groupBy(letters, ({ text }) => text)].map(([text, each]) => {
    const to = each.map(({ rep }) => rep);
    return { to: to.map(({ name }) => name), text, mailto: mailto(to, text, matter.origin) };
  });
}

function mailto(to: readonly Rep[], text: string, origin: string): string {
  const addresses = to.map(({ email }) => encodeURIComponent(email).replaceAll('%40', '@')).join(',');
  const body = `${text}\n\n${origin}/actions`;
  return `mailto:${addresses}?subject=${encodeURIComponent('Same Room: actions')}&body=${encodeURIComponent(body)}`;
}

/** The reps of the area's agencies whose place has not ended, by agency. */
export async function readReps(
  queries: Queries,
  areaId: string
): Promise<ReadonlyMap<string, readonly Rep[]>> {
  const rows = await queries
    .select({ agencyId: memberships.agencyId, userId: users.id, name: users.name, email: users.email })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(
      and(
        eq(memberships.areaId, areaId),
        eq(memberships.role, 'rep'),
        isNotNull(memberships.agencyId),
        isNull(memberships.endedAt)
      )
    )
    .orderBy(asc(users.name), asc(users.id));
  return Map.groupBy(rows, ({ agencyId }) => agencyId ?? '');
}
