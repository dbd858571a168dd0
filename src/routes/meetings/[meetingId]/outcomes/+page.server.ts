// The outcomes of a meeting's families, for everyone who sat at their tables.
import { error } from '@sveltejs/kit';
import { actionActs } from '../../../actions/acts.ts';
import { signedIn } from '../../../door.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const outcomes = await event.locals.services.followup.outcomes(signedIn(event), event.params.meetingId);
  if (!outcomes) error(404, 'Not found');
  return outcomes;
};

export const actions: Actions = actionActs;
