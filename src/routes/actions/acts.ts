// What may be said of an action from any page that shows one: the forms' acts, and how each is answered.
import { error, fail, type RequestEvent } from '@sveltejs/kit';
import { becameWords, type Became } from '#lib/domain/followup.ts';
import type { Outcome } from '#server/followup/followup.ts';
import { signedIn } from '../door.ts';

/** What a form is answered. `undo` names the action that can be set back to open in one act. */
export interface Answer {
  readonly of: string;
  readonly said?: string;
  readonly undo?: { readonly cardId: string; readonly actionId: string; readonly reference: string };
  readonly faults?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, string>>;
}

/** The form's fields, each once. */
export async function fieldsOf(event: RequestEvent): Promise<Record<string, string>> {
  const form = await event.request.formData();
  return Object.fromEntries([...form].map(([name, value]) => [name, String(value)]));
}

/** An act's outcome as its form is answered: 404 where there is nothing for this person, 400 with words by field. */
export function answered(outcome: Outcome, values: Record<string, string>, then: Omit<Answer, 'of'>) {
  const of = values.of ?? '';
  if ('missing' in outcome) error(404, 'Not found');
  if ('faults' in outcome) {
    const faults = Object.fromEntries(
      outcome.faults.map(({ field, message }) => [field ?? 'whole', message])
    );
    return fail(400, { of, faults, values } satisfies Answer);
  }
  return { of, ...then } satisfies Answer;
}

/** The acts on an action, for every page that shows one. */
export const actionActs = {
  update: async (event: RequestEvent) => {
    const values = await fieldsOf(event);
    const outcome = await event.locals.services.followup.update(signedIn(event), values);
    const { cardId = '', actionId = '', state = 'open', reference = '' } = values;
    const said = `${reference}: ${becameWords[state as Became]?.toLowerCase() ?? state}. Everyone who sat at that table can read it.`;
    const undo = state === 'open' ? undefined : { cardId, actionId, reference };
    return answered(outcome, values, { said, ...(undo ? { undo } : {}) });
  },
  answer: async (event: RequestEvent) => {
    const values = await fieldsOf(event);
    const outcome = await event.locals.services.followup.answer(signedIn(event), values);
    const { reference = '', agency = 'Your agency', answer } = values;
    const said =
      answer === 'accepted'
        ? `${reference}: ${agency} has taken it on. The decision itself stays as it was locked.`
        : `${reference}: ${agency} has declined. The action is nobody’s, and the coordinator sees it so.`;
    return answered(outcome, values, { said });
  }
};
