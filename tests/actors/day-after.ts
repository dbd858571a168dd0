// The day after a meeting: three families locked with actions, of several agencies and of nobody, one of them hidden from
// a rep; and what people say of those actions.
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { addAction, appendParagraphs } from '#lib/card/edit.ts';
import { auditEvents } from '#server/database/schema/decisions.ts';
import { memberships, users } from '#server/database/schema/identity.ts';
import { acceptances, conflicts, jointRatings, meetings } from '#server/database/schema/meetings.ts';
import { openDecisions } from '#server/decisions/decisions.ts';
import { openFollowup, type Followup } from '#server/followup/followup.ts';
import { readingOf } from '#server/meetings/commands/answering.ts';
import { openDoor, type Door } from './door.ts';
import { sitDown, until } from './peer.ts';
import { layCard, sessionFor, type Table, type Who } from './table.ts';

export type Agency = keyof Table['agencies'];
interface Planned {
  readonly id: string;
  readonly agency?: Agency;
  readonly by?: string;
  readonly accepted?: boolean;
}

export interface DayAfter {
  readonly door: Door;
  readonly follow: Followup;
  /** The card at which every called agency sat. */
  readonly shared: string;
  /** One of the police and the IDVA. */
  readonly polices: string;
  /** One of the police, whose rep has a conflict of interest. */
  readonly hidden: string;
  /** A second rep of the police, without a conflict. */
  readonly other: string;
  /** What the audit has of this act, in order. */
  acts(act: string): Promise<(typeof auditEvents.$inferSelect)[]>;
  update(
    who: Who,
    actionId: string,
    state: string,
    note?: string,
    cardId?: string,
    on?: string
  ): ReturnType<Followup['update']>;
}

const now = new Date('2026-11-27T09:00:00Z');

export async function openDayAfter(): Promise<DayAfter> {
  const door = await openDoor();
  const { table, database } = door;
  const follow = openFollowup({ database, config: { origins: ['https://room.example'] }, now: () => now });
  const { areaId, meetingId } = table;
  const other = randomUUID();
  await database.db.insert(users).values({ id: other, name: 'Meera Lal', email: 'meera@example.org' });
  await database.db
    .insert(memberships)
    .values({ areaId, userId: other, role: 'rep', agencyId: table.agencies.police });
  const lay = async (position: number, at: Agency[]) => {
    const place = { areaId, meetingId, reference: `F-000${position}`, position };
    return (
      await layCard(
        database.db,
        place,
        at.map((agency) => table.agencies[agency])
      )
    ).cardId;
  };
  const [shared, polices, hidden] = [
    table.cardId,
    await lay(2, ['police', 'idva']),
    await lay(3, ['police'])
  ];
  await lock(door, shared, [
    { id: 'mark', agency: 'police', by: '2026-11-25', accepted: true },
    { id: 'ring', agency: 'idva', by: '2026-11-27', accepted: true },
    { id: 'throat', agency: 'health', by: '2026-12-01' },
    { id: 'moon' }
  ]);
  await lock(door, polices, [{ id: 'visit', agency: 'police', by: '2026-11-20', accepted: true }]);
  await lock(door, hidden, [{ id: 'secret', agency: 'police', by: '2026-11-01', accepted: true }]);
  const { police } = table.people;
  await database.db.insert(conflicts).values({ cardId: hidden, userId: police, declaredBy: police });
  await database.db
    .update(meetings)
    .set({ state: 'closed', closedAt: now })
    .where(eq(meetings.id, meetingId));
  return {
    ...{ door, follow, shared, polices, hidden, other },
    acts: async (act) =>
      database.db.select().from(auditEvents).where(eq(auditEvents.act, act)).orderBy(auditEvents.at),
    update: (who, actionId, state, note, cardId = shared, on) =>
      follow.update(sessionFor(table, who), { cardId, actionId, state, note, on })
  };
}

export const ids = (actions: readonly { readonly actionId: string }[] = []) =>
  actions.map(({ actionId }) => actionId);

/** Plans, concludes and locks a card as the table would. */
async function lock(door: Door, cardId: string, planned: readonly Planned[]): Promise<void> {
  const { table, database } = door;
  const peer = await sitDown({ ...door.address('chair'), document: `cards/${cardId}` }, true);
  appendParagraphs(peer.doc, 'summary', undefined, ['High risk, so three things at once']);
  for (const { id, agency, by, accepted } of planned) {
    const terms = {
      what: `=${id} it`,
      agencyId: agency ? table.agencies[agency] : null,
      by: by ?? null,
      memberId: null
    };
    addAction(peer.doc, terms, id);
    if (accepted && agency)
      await database.db.insert(acceptances).values({
        ...{ cardId, actionId: id, agencyId: table.agencies[agency], answer: 'accepted' },
        ...{ by: table.people.chair, reading: readingOf(terms) }
      });
  }
  await until('it is saved', () => peer.saved() === peer.sent());
  peer.leave();
  await database.db
    .insert(jointRatings)
    .values({ cardId, by: table.people.chair, memberId: null, rating: 'red', reason: 'Two reports' });
  const done = await openDecisions(door).lock(sessionFor(table, 'chair'), cardId, {
    reason: 'The rest by letter'
  });
  if (!done.ok) throw new Error(done.error.message);
}
