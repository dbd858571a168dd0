// One sample as a download.
import { error } from '@sveltejs/kit';
import { signedInAs } from '../../door.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async (event) => {
  const session = signedInAs('coordinator', event);
  const bytes = await event.locals.services.samples.sample(session, event.params.file, new Date());
  if (!bytes) error(404, 'Not found');
  return new Response(bytes.slice().buffer, {
    headers: {
      'content-type': 'text/csv',
      'content-disposition': `attachment; filename="${event.params.file}"`
    }
  });
};
