// What a signed-in person finds first: their meetings, and what is open since the last ones.
import { signedIn } from './door.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const session = signedIn(event);
  const { schedule, followup } = event.locals.services;
  const [home, head] = await Promise.all([schedule.home(session), followup.head(session)]);
  return { ...home, head };
};
