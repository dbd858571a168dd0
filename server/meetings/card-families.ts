// The families of a meeting's cards: who belongs to them, and what was notified of them.
import { asc, eq, inArray } from 'drizzle-orm';
import { ageOn, shownName, unbornName } from '#lib/domain/family.ts';
import type { MemberView, NotificationView } from '#lib/protocol/meeting.ts';
import type { Queries } from '../database/database.ts';
import { familyMembers, people, type notifications } from '../database/schema/families.ts';
import { cardMembers, cards, meetings } from '../database/schema/meetings.ts';

/** A notification with its narrative, which is of the protected class. */
export type TableNotification = Omit<NotificationView, 'narrative'> & { readonly narrative: string };

/** The families that are one with this one by joins that stand, itself included. */
export function kinOf(familyId: string, joins: readonly { familyId: string; intoId: string }[]): string[] {
  const kin = new Set([familyId]);
  for (let before = 0; before !== kin.size;) {
    before = kin.size;
    for (const join of joins)
      if (kin.has(join.familyId) || kin.has(join.intoId)) kin.add(join.familyId).add(join.intoId);
  }
  return [...kin];
}

/** The family members on these cards, in the cards' order, with their ages at the meeting. */
export async function readMembers(
  queries: Queries,
  cardIds: readonly string[]
): Promise<{ cardId: string; member: MemberView }[]> {
  const rows = await queries
    .select({
      cardId: cardMembers.cardId,
      member: familyMembers,
      person: people,
      startsAt: meetings.startsAt
    })
    .from(cardMembers)
    .innerJoin(cards, eq(cards.id, cardMembers.cardId))
    .innerJoin(meetings, eq(meetings.id, cards.meetingId))
    .innerJoin(familyMembers, eq(familyMembers.id, cardMembers.memberId))
    .leftJoin(people, eq(people.id, familyMembers.personId))
    .where(inArray(cardMembers.cardId, [...cardIds]))
    .orderBy(asc(cardMembers.position), asc(cardMembers.memberId));
  const named = new Map(
    rows.flatMap(({ member, person }) =>
      person ? [[member.id, shownName(person.forenames, person.surname)] as const] : []
    )
  );
  return rows.map(({ cardId, member, person, startsAt }) => ({
    cardId,
    member: {
      id: member.id,
      role: member.role,
      name: named.get(member.id) ?? unbornName(member.parentId ? named.get(member.parentId) : undefined),
      born: person?.born ?? null,
      age: ageOn(person?.born ?? null, startsAt.toISOString().slice(0, 10)) ?? null
    }
  }));
}

/** A notification for a card. */
export function notificationOf(row: typeof notifications.$inferSelect): TableNotification {
  const { id, occurrence, incidentDate, incidentTime, incidentType, grade, dash, incomplete } = row;
  const { narrative, tableVersion } = row;
  return {
    ...{ id, occurrence, incidentDate, incidentTime, incidentType, grade, dash, incomplete },
    narrative,
    tableVersion
  };
}
