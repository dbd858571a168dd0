// The coordinator's one list to chase, and the reminders made from it.
import { error } from '@sveltejs/kit';
import { signedInAs } from '../../door.ts';
import { actionActs, answered, fieldsOf } from '../acts.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const chase = await event.locals.services.followup.chase(signedInAs('coordinator', event));
  if (!chase) error(404, 'Not found');
  return { chase, byDate: event.url.searchParams.get('by') === 'date' };
};

export const actions: Actions = {
  ...actionActs,
  remind: async (event) => {
    const values = await fieldsOf(event);
    const outcome = await event.locals.services.followup.remind(signedInAs('coordinator', event), values);
    const agency = 'done' in outcome ? (outcome.agency ?? '') : '';
    const how = values.way === 'copied' ? 'The reminder is copied' : 'The reminder is in your mail program';
    return answered(outcome, values, { said: `${how}, and kept: ${agency} was reminded today, by you.` });
  }
};
