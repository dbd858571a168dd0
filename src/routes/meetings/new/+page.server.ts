// Scheduling a meeting: one form, the families included.
import { error, fail, redirect } from '@sveltejs/kit';
import { signedInAs } from '../../door.ts';
import { byField, written } from '../details.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const choices = await event.locals.services.schedule.choices(signedInAs('coordinator', event));
  if (!choices) error(404, 'Not found');
  return choices;
};

export const actions: Actions = {
  default: async (event) => {
    const session = signedInAs('coordinator', event);
    const values = written(await event.request.formData());
    const cases = values.caseIds.map((caseId) => ({ caseId }));
    const outcome = await event.locals.services.schedule.plan(session, { ...values, cases });
    if ('missing' in outcome) error(404, 'Not found');
    if ('faults' in outcome) return fail(400, { values, faults: byField(outcome.faults) });
    redirect(303, `/meetings/${outcome.meetingId}/agenda`);
  }
};
