// Signing out is an act, so it is a POST; whoever comes here otherwise is sent home.
import { redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = () => redirect(303, '/');

export const actions: Actions = {
  default: async (event) => {
    const headers = new Headers({ cookie: event.request.headers.get('cookie') ?? '' });
    await event.locals.services.identity.handle(
      new Request(new URL('/api/auth/sign-out', event.url), { method: 'POST', headers }),
      event.getClientAddress()
    );
    for (const { name } of event.cookies.getAll())
      if (name.includes('same-room.')) event.cookies.delete(name, { path: '/' });
    redirect(303, '/sign-in');
  }
};
