// A rehearsal begun, gone on with and left.
import { fail, redirect } from '@sveltejs/kit';
import { signedIn } from '../door.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const standing = await event.locals.services.rehearsals.standing(signedIn(event));
  return { standing: standing ?? null };
};

export const actions: Actions = {
  begin: async (event) => {
    const session = signedIn(event);
    const as = (await event.request.formData()).get('as') === 'chair' ? 'chair' : 'rep';
    const begun = await event.locals.services.rehearsals.begin(session, as);
    if ('refused' in begun) return fail(409, { fault: begun.refused });
    redirect(303, `/meetings/${begun.meetingId}`);
  },
  resume: async (event) => {
    const begun = await event.locals.services.rehearsals.resume(signedIn(event));
    if ('refused' in begun) return fail(409, { fault: begun.refused });
    redirect(303, `/meetings/${begun.meetingId}`);
  },
  end: async (event) => {
    await event.locals.services.rehearsals.end(signedIn(event));
    redirect(303, '/');
  }
};
