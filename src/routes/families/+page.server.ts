// The area's cases, for its coordinators. What is searched for never stands in the address.
import { signedInAs } from '../door.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => ({
  cases: await event.locals.services.families.listCases(signedInAs('coordinator', event))
});
