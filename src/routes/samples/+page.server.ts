// The files that a demonstration offers; elsewhere there are none.
import { error } from '@sveltejs/kit';
import { signedInAs } from '../door.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = (event) => {
  if (!signedInAs('coordinator', event).area.demo) error(404, 'Not found');
};
