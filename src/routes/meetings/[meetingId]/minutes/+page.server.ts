// The minutes of a meeting: what was locked, for this person; or, with ?agency=, that agency's copy to hand out.
import { error } from '@sveltejs/kit';
import { signedIn } from '../../../door.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const session = signedIn(event);
  const agencyId = event.url.searchParams.get('agency') ?? undefined;
  const minutes = await event.locals.services.decisions.minutes(session, event.params.meetingId, agencyId);
  if (!minutes) error(404, 'Not found');
  return { minutes };
};
