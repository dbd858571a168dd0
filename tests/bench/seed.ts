// Meetings for the bench in a production database: real areas, agencies, reps with real sessions, and cards
// made by the sync server's own creation. Nothing here gives anyone a right that production would not.
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { agencies, memberships, sessions, users } from '#server/database/schema/identity.ts';
import { cases, families, familyMembers, people } from '#server/database/schema/families.ts';
import { cardAgencies, cardMembers, cards, meetings } from '#server/database/schema/meetings.ts';
import { eq } from 'drizzle-orm';
import type { CardMember } from '#lib/card/schema.ts';
import { insertArea } from '#server/identity/areas.ts';
import type { Services } from '#server/services.ts';

export interface SeededMeeting {
  readonly meetingId: string;
  readonly cardId: string;
  /** One of each person's, the typists' first. */
  readonly cookies: readonly string[];
  /** Each typist's agency. */
  readonly typists: readonly string[];
  readonly members: readonly CardMember[];
  readonly agencies: readonly string[];
}

/** Makes `count` meetings of one card each, with `size` reps of the core agencies, every one signed in. */
export async function seedMeetings(
  services: Services,
  secret: string,
  count: number,
  size: number,
  typists: number
): Promise<SeededMeeting[]> {
  const { db } = services.database;
  const areaId = await db.transaction((tx) => insertArea(tx, { name: 'Bench', demo: false }));
  const core = (
    await db.select().from(agencies).where(eq(agencies.areaId, areaId)).orderBy(agencies.position)
  ).filter((agency) => agency.core);
  const made: SeededMeeting[] = [];
  for (let n = 0; n < count; n++) {
    const reps = Array.from({ length: size }, (_, at) => ({
      id: randomUUID(),
      agencyId: core[at % core.length]?.id ?? ''
    }));
    const expiresAt = new Date(Date.now() + 3_600_000);
    const tokens = reps.map((rep) => ({
      userId: rep.id,
      token: randomBytes(24).toString('base64url'),
      expiresAt
    }));
    const meetingId = randomUUID();
    const cardId = randomUUID();
    const family = { id: randomUUID(), areaId, reference: `B-${n}` };
    const persons = (['victim', 'harming', 'child', 'child'] as const).map((role) => ({
      role,
      id: randomUUID(),
      personId: randomUUID()
    }));
    const members = persons.map(({ id, role }): CardMember => ({ id, role }));
    const chair = reps[0]?.id ?? '';
    await db.transaction(async (tx) => {
      await tx
        .insert(users)
        .values(reps.map(({ id }, at) => ({ id, name: `Rep ${at}`, email: `${id}@bench.example` })));
      await tx
        .insert(memberships)
        .values(reps.map(({ id, agencyId }) => ({ areaId, userId: id, role: 'rep' as const, agencyId })));
      await tx.insert(sessions).values(tokens);
      await tx.insert(families).values(family);
      await tx
        .insert(people)
        .values(
          persons.map(({ personId }) => ({ id: personId, areaId, surname: 'Bench', forenames: 'Invented' }))
        );
      await tx.insert(familyMembers).values(
        persons.map(({ id, personId, role }, position) => ({
          id,
          familyId: family.id,
          personId,
          role,
          basis: 'bench',
          position
        }))
      );
      const [opened] = await tx
        .insert(cases)
        .values({ areaId, familyId: family.id })
        .returning({ id: cases.id });
      await tx.insert(meetings).values({
        id: meetingId,
        areaId,
        startsAt: new Date(),
        place: 'Bench',
        chairId: chair,
        heldBy: chair,
        createdBy: chair,
        state: 'open',
        openedAt: new Date()
      });
      await tx.insert(cards).values({
        id: cardId,
        areaId,
        meetingId,
        caseId: opened?.id ?? '',
        familyId: family.id,
        position: 1
      });
      await tx
        .insert(cardMembers)
        .values(members.map(({ id }, position) => ({ cardId, memberId: id, position })));
      await tx.insert(cardAgencies).values(core.map(({ id }) => ({ cardId, agencyId: id })));
      await services.sync.create(tx, {
        areaId,
        meetingId,
        cardId,
        members,
        agencies: core.map(({ id }) => id)
      });
    });
    made.push({
      meetingId,
      cardId,
      cookies: tokens.map(({ token }) => cookieFor(token, secret)),
      typists: reps.slice(0, typists).map((rep) => rep.agencyId),
      members,
      agencies: core.map(({ id }) => id)
    });
  }
  return made;
}

/** The cookie that sign-in sets for a session, signed as it signs. */
function cookieFor(token: string, secret: string): string {
  const signature = createHmac('sha256', secret).update(token).digest('base64');
  return `same-room.session_token=${encodeURIComponent(`${token}.${signature}`)}`;
}
