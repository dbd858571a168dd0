// What the area holds already of the incidents and persons that a file names. Carries INTAKE rules.
import { and, eq, inArray, isNull } from 'drizzle-orm';
import { fields, type Field } from '#lib/domain/notification-columns.ts';
import type { Found, LookFor } from '#lib/protocol/intake.ts';
import type { Queries } from '../database/database.ts';
import { cases, notificationPeople, notifications } from '../database/schema/families.ts';
import { cards, conflicts, meetings } from '../database/schema/meetings.ts';
import { peopleBorn } from '../families/joins.ts';
import { standingFor } from '../families/kin.ts';
import type { Session } from '../identity/session.ts';

const isField = (name: string): name is Field => (fields as readonly string[]).includes(name);

/** Looks up the area's notifications by occurrence and its people by name and date of birth. */
export async function lookUp(queries: Queries, session: Session, wanted: LookFor): Promise<Found> {
  const areaId = session.area.id;
  const standing = await standingFor(queries, areaId);
  const rows =
    wanted.occurrences.length === 0
      ? []
      : await queries
          .select({
            occurrence: notifications.occurrence,
            familyId: cases.familyId,
            key: notificationPeople.key,
            left: notificationPeople.leftOut
          })
          .from(notifications)
          .innerJoin(cases, eq(cases.id, notifications.caseId))
          .innerJoin(notificationPeople, eq(notificationPeople.notificationId, notifications.id))
          .where(
            and(eq(notifications.areaId, areaId), inArray(notifications.occurrence, wanted.occurrences))
          );
  const hidden = new Set((await hiddenFamilies(queries, session)).map((id) => standing(id).id));
  const open = new Set((await familiesOnOpenMeetings(queries, areaId)).map((id) => standing(id).id));
  const marks = new Set(wanted.marks);
  const days = [...new Set(wanted.marks.map((mark) => mark.split('|').at(-1) ?? ''))].filter((day) =>
    /^\d{4}-\d{2}-\d{2}$/.test(day)
  );
  const people = new Map<string, Found['people'][number]>();
  for (const person of await peopleBorn(queries, areaId, days)) {
    const family = standing(person.familyId);
    if (!marks.has(person.mark) || hidden.has(family.id)) continue;
    people.set(`${person.mark} ${family.id}`, {
      familyId: family.id,
      reference: family.reference,
      mark: person.mark,
      onOpenMeeting: open.has(family.id)
    });
  }
  return {
    here: [...Map.groupBy(rows, (row) => row.occurrence)].map(([occurrence, own]) => {
      const family = standing(own[0]?.familyId ?? '');
      return {
        occurrence,
        familyId: family.id,
        reference: family.reference,
        rows: own.map((row) => ({ key: row.key, left: row.left.filter(isField) }))
      };
    }),
    people: [...people.values()]
  };
}

async function hiddenFamilies(queries: Queries, session: Session): Promise<string[]> {
  const rows = await queries
    .select({ familyId: cards.familyId })
    .from(conflicts)
    .innerJoin(cards, eq(cards.id, conflicts.cardId))
    .where(
      and(eq(cards.areaId, session.area.id), eq(conflicts.userId, session.user.id), isNull(cards.withdrawnAt))
    );
  return rows.map((row) => row.familyId);
}

async function familiesOnOpenMeetings(queries: Queries, areaId: string): Promise<string[]> {
  const rows = await queries
    .select({ familyId: cards.familyId })
    .from(cards)
    .innerJoin(meetings, eq(meetings.id, cards.meetingId))
    .where(and(eq(cards.areaId, areaId), eq(meetings.state, 'open'), isNull(cards.withdrawnAt)));
  return rows.map((row) => row.familyId);
}
