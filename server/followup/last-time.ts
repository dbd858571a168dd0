// What earlier meetings left to do, for a meeting that opens: by card, of families that exist for this person at
// both tables. Of the last decision everything, of older ones what is still open. In the audit before it is
// given. Carries TUESDAY rules.
import { inLondon } from '#lib/domain/london.ts';
import { maySee } from '#lib/domain/permission.ts';
import type { FollowedAction, LastTime } from '#lib/protocol/followup.ts';
import { record } from '../audit/audit.ts';
import type { Db } from '../database/database.ts';
import type { Session } from '../identity/session.ts';
import { kinOf } from '../meetings/card-families.ts';
import { loadTable } from '../meetings/table.ts';
import { seatAtTable } from '../meetings/view.ts';
import { readFollowings, readJoins, type FollowedCard } from './reading.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The actions from earlier meetings of this meeting's families; undefined where the meeting does not exist for them. */
export async function lastTimeFor(
  db: Db,
  session: Session,
  meetingId: string,
  now: Date
): Promise<LastTime | undefined> {
  const table = uuid.test(meetingId) ? await loadTable(db, session.area.id, meetingId) : undefined;
  const seat = table && seatAtTable(table, session.user.id);
  if (!seat) return undefined;
  const joins = await readJoins(db, session.area.id);
  const seen = table.cards
    .filter(({ facts }) => maySee(seat, facts))
    .map(({ row }) => ({ id: row.id, kin: kinOf(row.familyId, joins) }));
  const { cards } = await readFollowings(db, session, { familyIds: seen.flatMap(({ kin }) => kin) });
  const earlier = cards.filter(({ meeting }) => meeting.startsAt < table.meeting.startsAt);
  const found = seen.flatMap(({ id, kin }) => {
    const actions = leftOf(earlier.filter(({ row }) => kin.includes(row.familyId)));
    return actions.length > 0 ? [[id, actions] as const] : [];
  });
  const { date } = inLondon(table.meeting.startsAt);
  const cardIds = [...new Set(found.flatMap(([, actions]) => actions.map(({ cardId }) => cardId)))];
  if (cardIds.length > 0)
    await record(db, session, {
      ...{ act: 'actions-opened', purpose: `the meeting of ${date}`, meetingId, detail: { cardIds } }
    });
  return { today: inLondon(now).date, cards: Object.fromEntries(found) };
}

/** @param earlier a family's cards, the newest meeting's first. */
function leftOf(earlier: readonly FollowedCard[]): FollowedAction[] {
  return earlier.flatMap(({ actions }, at) => actions.filter(({ state }) => at === 0 || state === 'open'));
}
