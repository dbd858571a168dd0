// One family, for the coordinator. Each opening is in the audit before the page has it.
import { error, fail, redirect } from '@sveltejs/kit';
import { signedInAs } from '../../door.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const session = signedInAs('coordinator', event);
  const family = await event.locals.services.families.familyOf(
    session,
    event.params.familyId,
    'the family’s page'
  );
  if (!family) error(404, 'Not found');
  // Whichever of its records was named, the family has one page.
  if (family.id !== event.params.familyId) redirect(303, `/families/${family.id}`);
  return { family };
};

export const actions: Actions = {
  join: async (event) => {
    const session = signedInAs('coordinator', event);
    const other = String((await event.request.formData()).get('other'));
    const refusal = await event.locals.services.families.join(session, event.params.familyId, other);
    return refusal ? fail(409, refusal) : { done: 'They are joined: one family, one case.' };
  },
  apart: async (event) => {
    const session = signedInAs('coordinator', event);
    const other = String((await event.request.formData()).get('other'));
    const refusal = await event.locals.services.families.keepApart(session, event.params.familyId, other);
    return refusal ? fail(409, refusal) : { done: 'They are kept apart. You won’t be asked again.' };
  },
  unjoin: async (event) => {
    const session = signedInAs('coordinator', event);
    const refusal = await event.locals.services.families.unjoin(
      session,
      String((await event.request.formData()).get('join'))
    );
    return refusal ? fail(409, refusal) : { done: 'The join is undone. Each family has all it had.' };
  }
};
