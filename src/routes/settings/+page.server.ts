// An area's settings, for its coordinators: agencies, statement, sealing.
import { fail } from '@sveltejs/kit';
import { signedInAs } from '../door.ts';
import { legendOf } from './legend-form.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const session = signedInAs('coordinator', event);
  const { settings, legends } = event.locals.services;
  const [area, legend] = await Promise.all([settings.read(session), legends.read(session)]);
  return { settings: area, legend };
};

export const actions: Actions = {
  agency: async (event) => {
    const session = signedInAs('coordinator', event);
    const form = Object.fromEntries(await event.request.formData());
    const answer = await event.locals.services.settings.addAgency(session, {
      ...form,
      core: form.core === 'yes'
    });
    if ('refused' in answer) return fail(400, { ...answer, code: form.code, name: form.name });
    return { done: `${answer.added} is an agency of this area now. Invite its reps on the People page.` };
  },
  core: async (event) => {
    const session = signedInAs('coordinator', event);
    const form = await event.request.formData();
    const core = form.get('core') === 'yes';
    const answer = await event.locals.services.settings.setCore(session, String(form.get('agencyId')), core);
    if ('refused' in answer) return fail(400, answer);
    return {
      done: core
        ? `${answer.changed} comes to every card of the meetings scheduled from now on.`
        : `${answer.changed} is called card by card from now on.`
    };
  },
  minutes: async (event) => {
    const session = signedInAs('coordinator', event);
    const form = await event.request.formData();
    const answer = await event.locals.services.settings.setMinutes(session, form.get('minutes'));
    if ('refused' in answer) return fail(400, answer);
    return {
      done: `${answer.changed} minutes are planned for each family from the next meeting that opens.`
    };
  },
  colours: async (event) => {
    const session = signedInAs('coordinator', event);
    const answer = await event.locals.services.legends.set(session, legendOf(await event.request.formData()));
    if ('refused' in answer) return fail(400, answer);
    return { done: `Kept. Meetings from ${answer.from} on show it.` };
  },
  terms: async (event) => {
    const session = signedInAs('coordinator', event);
    const form = await event.request.formData();
    const answer = await event.locals.services.settings.setTerms(session, {
      statement: form.get('statement'),
      sealed: form.get('sealed') === 'yes'
    });
    if ('refused' in answer) return fail(400, answer);
    return { done: 'Kept. A meeting that is open already goes on with the statement it opened with.' };
  }
};
