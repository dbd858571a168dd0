// The audit, for administrators alone.
import { signedInAs } from '../door.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const session = signedInAs('administrator', event);
  const asked = Object.fromEntries(event.url.searchParams);
  return { asked, ...(await event.locals.services.trail.read(session, asked)) };
};
