// The frame of the live board. No family's data is in the page: everything comes by socket, for this person alone.
import { error } from '@sveltejs/kit';
import { signedIn } from '../../door.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const { meetingId } = event.params;
  const statement = await event.locals.services.meetings.statement(signedIn(event), meetingId);
  if (statement === undefined) error(404, 'Not found');
  return { meetingId, statement };
};
