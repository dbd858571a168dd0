// A one-time link: looking at it uses nothing up, choosing a password does.
import { fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  const link = await locals.services.people.link(params.token);
  return { link: link ?? null };
};

export const actions: Actions = {
  default: async ({ locals, params, request }) => {
    const form = await request.formData();
    const password = String(form.get('password') ?? '');
    const name = String(form.get('name') ?? '');
    if (password !== form.get('again'))
      return fail(400, { fault: 'The two passwords are not the same.', name });
    const accepted = await locals.services.people.accept(params.token, password, name);
    if ('refused' in accepted) return fail(400, { fault: accepted.refused, name });
    redirect(303, '/sign-in?welcome');
  }
};
