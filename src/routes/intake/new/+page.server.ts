import { signedInAs } from '../../door.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = (event) => {
  signedInAs('coordinator', event);
};
