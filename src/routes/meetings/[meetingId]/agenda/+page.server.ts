// A meeting's agenda, for its coordinator: details, families, their order, and who is called to each.
import { error, fail, type RequestEvent } from '@sveltejs/kit';
import type { Outcome } from '#server/schedule/schedule.ts';
import { signedInAs } from '../../../door.ts';
import { byField, written, type FaultsByField, type Written } from '../../details.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const session = signedInAs('coordinator', event);
  const agenda = await event.locals.services.schedule.agenda(session, event.params.meetingId);
  if (!agenda) error(404, 'Not found');
  return agenda;
};

type Asked = RequestEvent<{ meetingId: string }>;

/** What a form is answered: what was said of it, or what was wrong with it. */
interface Answer {
  readonly act: 'change' | 'add' | 'card';
  readonly said?: string;
  readonly faults?: FaultsByField;
  readonly values?: Written;
}

function answered(outcome: Outcome<unknown>, answer: Answer) {
  if ('missing' in outcome) error(404, 'Not found');
  const { said: _said, ...rest } = answer;
  if ('faults' in outcome) return fail(400, { ...rest, faults: byField(outcome.faults) } satisfies Answer);
  return answer;
}

async function asked(event: Asked) {
  const session = signedInAs('coordinator', event);
  const form = await event.request.formData();
  const one = (name: string) => String(form.get(name) ?? '');
  return { session, form, one, id: event.params.meetingId, schedule: event.locals.services.schedule };
}

export const actions: Actions = {
  change: async (event) => {
    const { session, form, id, schedule } = await asked(event);
    const values = written(form);
    const outcome = await schedule.change(session, id, values);
    return answered(outcome, { act: 'change', said: 'The meeting’s details are saved.', values });
  },
  add: async (event) => {
    const { session, form, id, schedule } = await asked(event);
    const cases = written(form).caseIds.map((caseId) => ({ caseId }));
    const outcome = await schedule.add(session, id, cases);
    const said = `${cases.length === 1 ? '1 family is' : `${cases.length} families are`} at the end of the agenda.`;
    return answered(outcome, { act: 'add', said });
  },
  withdraw: async (event) => {
    const { session, one, id, schedule } = await asked(event);
    const outcome = await schedule.withdraw(session, id, one('cardId'));
    const said = `${one('reference')} is off this agenda. What was written on its card is kept, in case you put it back.`;
    return answered(outcome, { act: 'card', said });
  },
  order: async (event) => {
    const { session, one, id, schedule } = await asked(event);
    const outcome = await schedule.order(session, id, one('order').split(',').filter(Boolean));
    return answered(outcome, { act: 'card', said: one('said') });
  },
  call: async (event) => {
    const { session, one, id, schedule } = await asked(event);
    const outcome = await schedule.call(session, id, one('cardId'), one('agencyId'));
    return answered(outcome, { act: 'card', said: `${one('agency')} is called to ${one('reference')}.` });
  },
  takeOff: async (event) => {
    const { session, one, id, schedule } = await asked(event);
    const outcome = await schedule.takeOff(session, id, one('cardId'), one('agencyId'));
    return answered(outcome, {
      act: 'card',
      said: `${one('agency')} is no longer called to ${one('reference')}.`
    });
  }
};
