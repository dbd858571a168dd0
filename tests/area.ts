// An area of its own with one person in it, for tests that need a session and not the sign-in.
import { randomUUID } from 'node:crypto';
import type { Db } from '#server/database/database.ts';
import { areas, memberships, users } from '#server/database/schema/identity.ts';
import type { Role, Session } from '#server/identity/session.ts';

/** Makes an area with one person of this role. */
export async function areaWith(db: Db, role: Role = 'coordinator'): Promise<{ session: Session }> {
  const [area] = await db.insert(areas).values({ name: 'Testshire', statement: 'Confidential.' }).returning();
  const [user] = await db
    .insert(users)
    .values({ name: 'Carys Bevan', email: `${randomUUID()}@test.example` })
    .returning();
  if (!area || !user) throw new Error('The test area could not be made.');
  const [membership] = await db
    .insert(memberships)
    .values({ areaId: area.id, userId: user.id, role })
    .returning();
  return {
    session: {
      id: randomUUID(),
      user: { id: user.id, name: user.name, email: user.email },
      area: { id: area.id, name: area.name, demo: area.demo, rehearsal: false },
      memberships: [{ id: membership?.id ?? '', role, agency: null }]
    }
  };
}
