// How meetings are attended, for coordinators and administrators; for others there is nothing here.
import { error } from '@sveltejs/kit';
import { signedIn } from '../../door.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const input = Object.fromEntries(event.url.searchParams);
  const report = await event.locals.services.reports.attendance(signedIn(event), input);
  if (!report) error(404, 'Not found');
  return { report };
};
