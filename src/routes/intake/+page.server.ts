// The page reads files in the browser; the server only says for whom it is.
import { signedInAs } from '../door.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = (event) => ({ samples: signedInAs('coordinator', event).area.demo });
