// The demonstration's area with its agencies and people, in one transaction. Marked so in the database, and
// production refuses a database that holds one.
import { hashPassword } from 'better-auth/crypto';
import { and, eq, isNull } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { accounts, areas, memberships, users } from '../database/schema/identity.ts';
import { firstAgencies, insertArea } from '../identity/areas.ts';
import { accounts as cast, areaName, demoId, emailOf, password, people } from './people.ts';

/** Whether this database holds a demonstration. */
export async function holdsDemonstration({ db }: Pick<Database, 'db'>): Promise<boolean> {
  return (await db.select({ id: areas.id }).from(areas).where(eq(areas.demo, true))).length > 0;
}

export interface Demonstration {
  /** Everyone who can sign in to it, and with what; null where this database holds none. */
  cast(): Promise<{ people: ReturnType<typeof cast>; password: string } | null>;
}

/** The demonstration as the sign-in page offers it. */
export function openDemonstration(database: Pick<Database, 'db'>): Demonstration {
  return {
    cast: async () => ((await holdsDemonstration(database)) ? { people: cast(), password } : null)
  };
}

/** Whether it holds an area of real people: neither a demonstration nor somebody's rehearsal. */
export async function holdsRealArea({ db }: Pick<Database, 'db'>): Promise<boolean> {
  const real = and(eq(areas.demo, false), isNull(areas.rehearsalOf));
  return (await db.select({ id: areas.id }).from(areas).where(real)).length > 0;
}

/** Makes the area and everyone in it, who all have the demonstration's password. */
export async function insertDemonstration({ db }: Pick<Database, 'db'>): Promise<void> {
  const hash = await hashPassword(password);
  await db.transaction(async (tx) => {
    const areaId = await insertArea(tx, {
      id: demoId('area', areaName),
      name: areaName,
      demo: true,
      agencies: firstAgencies.map((agency) => ({ ...agency, id: demoId('agency', agency.code) }))
    });
    for (const person of people) {
      const userId = demoId('user', person.name);
      await tx
        .insert(users)
        .values({ id: userId, name: person.name, email: emailOf(person), emailVerified: true });
      await tx
        .insert(accounts)
        .values({ userId, accountId: userId, providerId: 'credential', password: hash });
      const role = person.role === 'coordinator' || person.role === 'administrator' ? person.role : 'rep';
      await tx
        .insert(memberships)
        .values({ areaId, userId, role, agencyId: person.agency ? demoId('agency', person.agency) : null });
    }
  });
}
