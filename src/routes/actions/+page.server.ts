// The actions of one's agencies; a coordinator who sits for none has the list to chase.
import { error, redirect } from '@sveltejs/kit';
import { signedIn } from '../door.ts';
import { actionActs } from './acts.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const session = signedIn(event);
  const listed = await event.locals.services.followup.actions(session);
  if (listed) return listed;
  if (session.memberships.some(({ role }) => role === 'coordinator')) redirect(303, '/actions/chase');
  error(404, 'Not found');
};

export const actions: Actions = actionActs;
