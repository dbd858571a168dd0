// A small meeting to try things at: three agencies, a chair, a coordinator, an observer, and one family's card.
import { randomUUID } from 'node:crypto';
import { newEntryId } from '#lib/card/edit.ts';
import type { CardMember } from '#lib/card/schema.ts';
import type { Queries } from '#server/database/database.ts';
import { cases, families, familyMembers, people } from '#server/database/schema/families.ts';
import { agencies, areas, memberships, users } from '#server/database/schema/identity.ts';
import {
  cardAgencies,
  cardMembers,
  cards,
  meetingObservers,
  meetings
} from '#server/database/schema/meetings.ts';
import type { Session } from '#server/identity/session.ts';
import { createDocuments } from '#server/sync/documents.ts';
import type { Db } from '#server/database/database.ts';

export type Who = 'police' | 'idva' | 'health' | 'chair' | 'coordinator' | 'observer' | 'stranger';
const everyone: Who[] = ['police', 'idva', 'health', 'chair', 'coordinator', 'observer', 'stranger'];

export interface Table {
  readonly areaId: string;
  readonly meetingId: string;
  readonly cardId: string;
  /** Of agencies at the card, and one that was not called. */
  readonly agencies: Readonly<Record<'police' | 'idva' | 'health' | 'stranger', string>>;
  readonly people: Readonly<Record<Who, string>>;
  readonly members: readonly CardMember[];
}

/** Lays the table, in an area of its own. */
export async function layTable(db: Db, name = `Area ${newEntryId()}`): Promise<Table> {
  const areaId = randomUUID();
  await db.insert(areas).values({ id: areaId, name, statement: 'What is said here stays here.' });
  const agencyIds = {
    police: randomUUID(),
    idva: randomUUID(),
    health: randomUUID(),
    stranger: randomUUID()
  };
  for (const [code, id] of Object.entries(agencyIds)) {
    const kind = code === 'police' || code === 'idva' ? code : 'other';
    await db.insert(agencies).values({ id, areaId, code, name: code, kind, core: code !== 'stranger' });
  }
  const ids = Object.fromEntries(everyone.map((who) => [who, randomUUID()])) as Record<Who, string>;
  for (const who of everyone) {
    await db
      .insert(users)
      .values({ id: ids[who], name: `The ${who}`, email: `${who}-${ids[who]}@example.org` });
    const agencyId = (agencyIds as Partial<Record<Who, string>>)[who];
    const role = who === 'coordinator' ? 'coordinator' : 'rep';
    await db.insert(memberships).values({ areaId, userId: ids[who], role, agencyId });
  }
  const meetingId = randomUUID();
  await db.insert(meetings).values({
    id: meetingId,
    areaId,
    startsAt: new Date('2026-11-24T10:00:00Z'),
    place: 'Town hall',
    chairId: ids.chair,
    heldBy: ids.chair,
    state: 'open',
    createdBy: ids.coordinator
  });
  await db.insert(meetingObservers).values({ meetingId, userId: ids.observer });
  const at = [agencyIds.police, agencyIds.idva, agencyIds.health];
  const { cardId, members } = await layCard(db, { areaId, meetingId, reference: 'F-0001', position: 1 }, at);
  return { areaId, meetingId, cardId, agencies: agencyIds, people: ids, members };
}

/** Puts a family's card on a meeting's agenda. */
export async function layCard(
  db: Db,
  card: { areaId: string; meetingId: string; reference: string; position: number },
  at: readonly string[]
): Promise<{ cardId: string; members: CardMember[] }> {
  const { areaId, meetingId, reference, position } = card;
  const [familyId, caseId, cardId] = [randomUUID(), randomUUID(), randomUUID()];
  const members: CardMember[] = [
    { id: randomUUID(), role: 'victim' },
    { id: randomUUID(), role: 'harming' },
    { id: randomUUID(), role: 'child' }
  ];
  await db.insert(families).values({ id: familyId, areaId, reference });
  await db.insert(cases).values({ id: caseId, areaId, familyId });
  await db.insert(cards).values({ id: cardId, areaId, meetingId, caseId, familyId, position });
  for (const [index, member] of members.entries()) await seat(db, areaId, familyId, cardId, member, index);
  for (const agencyId of at) await db.insert(cardAgencies).values({ cardId, agencyId });
  await db.transaction((tx) => createDocuments(tx, { areaId, meetingId, cardId }, members, at));
  return { cardId, members };
}

async function seat(
  db: Queries,
  areaId: string,
  familyId: string,
  cardId: string,
  { id, role }: CardMember,
  position: number
): Promise<void> {
  const personId = randomUUID();
  await db.insert(people).values({ id: personId, areaId, surname: 'Example', forenames: role });
  await db.insert(familyMembers).values({ id, familyId, personId, role, basis: 'notification', position });
  await db.insert(cardMembers).values({ cardId, memberId: id, position });
}

/** A session as identity would give it; its id is the person's, so that a test can end it by name. */
export function sessionFor(table: Table, who: Who): Session {
  const id = table.people[who];
  const agencyId = (table.agencies as Partial<Record<Who, string>>)[who];
  return {
    id,
    user: { id, name: `The ${who}`, email: `${who}@example.org` },
    area: { id: table.areaId, name: 'Area', demo: false, rehearsal: false },
    memberships: [
      {
        id,
        role: who === 'coordinator' ? 'coordinator' : 'rep',
        agency: agencyId ? { id: agencyId, code: who, name: who } : null
      }
    ]
  };
}
