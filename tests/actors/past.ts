// Meetings that are over, laid as rows, with people who sat at them: for what is reckoned from many of them.
import { randomUUID } from 'node:crypto';
import type { Db } from '#server/database/database.ts';
import { auditEvents } from '#server/database/schema/decisions.ts';
import { memberships, users } from '#server/database/schema/identity.ts';
import { attendance, meetings } from '#server/database/schema/meetings.ts';
import { turns } from '#server/database/schema/pace.ts';
import { layCard, type Table } from './table.ts';

/** Somebody at a past meeting: how, and from which minute to which they were connected, once for each stay. */
export interface Sat {
  readonly userId: string;
  readonly mode: 'room' | 'remote' | 'papers' | 'apologies';
  readonly stays?: readonly (readonly [number, number])[];
}

/** Another rep of an agency, by name. */
export async function layRep(db: Db, { areaId }: Table, agencyId: string, name: string): Promise<string> {
  const userId = randomUUID();
  await db.insert(users).values({ id: userId, name, email: `${userId}@example.org` });
  await db.insert(memberships).values({ areaId, userId, role: 'rep', agencyId });
  return userId;
}

/** A closed meeting of 100 minutes: for the first half at one family, for the second at another; each with these agencies. */
export async function layPast(
  db: Db,
  table: Table,
  openedAt: string,
  agenda: readonly (readonly string[])[],
  people: readonly Sat[]
): Promise<{ meetingId: string; cardIds: string[] }> {
  const meetingId = randomUUID();
  const { areaId } = table;
  const begun = Date.parse(openedAt);
  const after = (minutes: number) => new Date(begun + minutes * 60_000);
  const by = table.people.chair;
  await db.insert(meetings).values({
    ...{ id: meetingId, areaId, chairId: by, heldBy: by, createdBy: by, place: 'Town hall' },
    ...{ state: 'closed', startsAt: after(0), openedAt: after(0), closedAt: after(100) }
  });
  const cardIds: string[] = [];
  for (const [index, at] of agenda.entries()) {
    const reference = `P-${meetingId.slice(0, 4)}-${index}`;
    const { cardId } = await layCard(db, { areaId, meetingId, reference, position: index + 1 }, at);
    cardIds.push(cardId);
    await db.insert(turns).values({ meetingId, cardId, by, at: after((index * 100) / agenda.length) });
  }
  for (const { userId, mode, stays = [] } of people) {
    await db.insert(attendance).values({ meetingId, userId, mode, by: userId, at: after(0) });
    for (const [from, to] of stays) {
      const connection = randomUUID();
      const event = { areaId, userId, meetingId, purpose: 'the meeting' };
      await db.insert(auditEvents).values([
        { ...event, act: 'connected', at: after(from), detail: { mode, connection } },
        { ...event, act: 'disconnected', at: after(to), detail: { connection } }
      ]);
    }
  }
  return { meetingId, cardIds };
}
