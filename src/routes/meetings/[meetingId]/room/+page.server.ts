// The frame of the room's screen; what it shows comes by socket. Discreet, unless names are asked for.
import { error } from '@sveltejs/kit';
import { signedIn } from '../../../door.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const { meetingId } = event.params;
  if (!(await event.locals.services.meetings.mayProject(signedIn(event), meetingId))) error(404, 'Not found');
  return {
    meetingId,
    kind: event.url.searchParams.has('names') ? ('names' as const) : ('discreet' as const)
  };
};
