// One version of a decision by its number: what stood before an amendment, or what stands now.
import { error } from '@sveltejs/kit';
import { signedIn } from '../../../../door.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const session = signedIn(event);
  const { meetingId, number } = event.params;
  const found = /^[1-9]\d{0,8}$/.test(number)
    ? await event.locals.services.decisions.version(session, meetingId, Number(number))
    : undefined;
  if (!found) error(404, 'Not found');
  return { found };
};
