// The area's people, for its coordinators: invite or withdraw, renew a password, end a place.
import { fail } from '@sveltejs/kit';
import { signedInAs } from '../door.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = (event) =>
  event.locals.services.people.list(signedInAs('coordinator', event));

export const actions: Actions = {
  invite: async (event) => {
    const session = signedInAs('coordinator', event);
    const form = Object.fromEntries(await event.request.formData());
    const [role = '', agencyId] = String(form.place ?? '').split('/');
    const answer = await event.locals.services.people.invite(session, {
      email: form.email,
      name: form.name,
      role,
      agencyId: agencyId ?? null
    });
    if ('refused' in answer)
      return fail(400, {
        act: 'invite' as const,
        refused: answer.refused,
        given: { email: String(form.email), name: String(form.name) }
      });
    if (answer.token === null)
      return {
        act: 'invite' as const,
        done: `${form.name} already has an account here, and now has this place too.`
      };
    return {
      act: 'invite' as const,
      for: String(form.name),
      link: new URL(`/invitation/${answer.token}`, event.url).href
    };
  },
  withdraw: async (event) => {
    const session = signedInAs('coordinator', event);
    const form = await event.request.formData();
    const answer = await event.locals.services.people.withdraw(session, String(form.get('invitationId')));
    if ('refused' in answer) return fail(400, { act: 'withdraw' as const, refused: answer.refused });
    return {
      act: 'withdraw' as const,
      done: `The invitation of ${form.get('name')} opens nothing any more.`
    };
  },
  renew: async (event) => {
    const session = signedInAs('coordinator', event);
    const form = await event.request.formData();
    const answer = await event.locals.services.people.renew(session, String(form.get('userId')));
    if ('refused' in answer) return fail(400, { act: 'renew' as const, refused: answer.refused });
    return {
      act: 'renew' as const,
      for: String(form.get('name')),
      link: new URL(`/invitation/${answer.token}`, event.url).href
    };
  },
  end: async (event) => {
    const session = signedInAs('coordinator', event);
    const form = await event.request.formData();
    const answer = await event.locals.services.people.end(session, String(form.get('membershipId')));
    if ('refused' in answer) return fail(400, { act: 'end' as const, refused: answer.refused });
    return {
      act: 'end' as const,
      done: `${form.get('name')} no longer has this place. What they did stays on the record.`
    };
  }
};
