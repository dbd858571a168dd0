// A meeting's form read into what scheduling takes, and its faults told by field: for the page that makes a
// meeting and the one that changes it.
import type { Fault, Field } from '#server/schedule/schedule.ts';

/** What the form held, to be shown again as it was written. */
export interface Written {
  readonly date: string;
  readonly time: string;
  readonly place: string;
  readonly videoLink: string;
  readonly chairId: string;
  readonly deputyId: string;
  readonly observerIds: readonly string[];
  readonly caseIds: readonly string[];
}

export function written(form: FormData): Written {
  const one = (name: string) => String(form.get(name) ?? '');
  return {
    date: one('date'),
    time: one('time'),
    place: one('place'),
    videoLink: one('videoLink').trim(),
    chairId: one('chairId'),
    deputyId: one('deputyId'),
    observerIds: form.getAll('observerIds').map(String),
    caseIds: form.getAll('caseIds').map(String)
  };
}

export type FaultsByField = Partial<Record<Field | 'all', string>>;

export function byField(faults: readonly Fault[]): FaultsByField {
  return Object.fromEntries(faults.map(({ field, message }) => [field ?? 'all', message]));
}
