// One family's outcome, for everyone who sat at its table, to its end.
import { error } from '@sveltejs/kit';
import { actionActs, answered, fieldsOf } from '../../actions/acts.ts';
import { signedIn } from '../../door.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const outcome = await event.locals.services.followup.outcome(signedIn(event), event.params.cardId);
  if (!outcome) error(404, 'Not found');
  return { outcome };
};

export const actions: Actions = {
  ...actionActs,
  tell: async (event) => {
    const values = await fieldsOf(event);
    const said = { ...values, cardId: event.params.cardId };
    const outcome = await event.locals.services.followup.tell(signedIn(event), said);
    const words =
      values.told === 'open' ? 'What was said is taken back; it stays in the history.' : 'It is kept.';
    return answered(outcome, values, { said: words });
  }
};
