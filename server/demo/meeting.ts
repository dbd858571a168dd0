// The demonstration's cases and today's meeting, made through the services as a coordinator makes them.
import fs from 'node:fs';
import path from 'node:path';
import { and, eq, inArray } from 'drizzle-orm';
import { inLondon } from '#lib/domain/london.ts';
import { notifications } from '../database/schema/families.ts';
import { meetings } from '../database/schema/meetings.ts';
import type { Services } from '../services.ts';
import { Actor } from '../invented/actor.ts';
import { earlier } from './earlier-words.ts';
import { layEarlier } from './earlier.ts';
import { demoId, emailOf, password, people, type DemoRole } from './people.ts';
import { play } from './play.ts';
import { stories } from './words.ts';

const fileName = 'police-notifications-last-month-windows-1252.csv';

const userId = (role: DemoRole) => demoId('user', people.find((person) => person.role === role)?.name ?? '');

/**
 * Imports the cases, lays earlier meetings with some of them, and opens today's meeting with six, unless this database
 * has a meeting already.
 */
export async function loadMeeting(services: Services, origin: string): Promise<void> {
  const { db } = services.database;
  if ((await db.select({ id: meetings.id }).from(meetings)).length > 0) return;
  const { session } = await signIn(services, origin, 'coordinator');
  const chair = await signIn(services, origin, 'chair');

  const bytes = fs.readFileSync(path.join(import.meta.dirname, '../../samples', fileName));
  const imported = await services.intake.importRows(session, { fileName, bytes });
  if (!imported || 'refused' in imported)
    throw new Error(`The sample was not imported: ${imported?.refused ?? ''}`);

  const rows = await db
    .select({ occurrence: notifications.occurrence, caseId: notifications.caseId })
    .from(notifications)
    .where(
      and(
        eq(notifications.areaId, session.area.id),
        inArray(
          notifications.occurrence,
          [...stories, ...earlier.flatMap(({ families }) => families)].map((each) => each.occurrence)
        )
      )
    );
  const caseOf = new Map(rows.map((row) => [row.occurrence, row.caseId]));
  const today = new Date();
  await layEarlier(services, { coordinator: session, chair: chair.session, caseOf, today });
  const planned = await services.schedule.plan(session, {
    ...inLondon(today),
    place: 'Committee room 2, and by video',
    videoLink: 'https://video.demo.example/portavon',
    chairId: userId('chair'),
    deputyId: userId('deputy'),
    observerIds: [userId('observer')],
    cases: stories.map((story) => ({
      caseId: caseOf.get(story.occurrence) ?? '',
      agencyIds: story.called.map((code) => demoId('agency', code))
    }))
  });
  if (!('meetingId' in planned)) throw new Error(`The meeting was not scheduled: ${JSON.stringify(planned)}`);
  const cardOf = new Map(stories.map((story, at) => [story.occurrence, planned.cardIds[at] ?? '']));
  await play(origin, chair.actor, planned.meetingId, cardOf, today);
}

async function signIn(services: Services, origin: string, role: DemoRole) {
  const person = people.find((each) => each.role === role);
  if (!person) throw new Error(`The demonstration has no ${role}`);
  const actor = await Actor.signIn(origin, emailOf(person), password);
  const session = await services.identity.sessionOf(new Headers({ cookie: actor.cookie }));
  if (!session) throw new Error(`The demonstration’s ${role} has no session`);
  return { actor, session };
}
