// The plan's own rules: who may still change an action once its agency has accepted it, and the days that are
// offered for it. Pure: today comes in as an argument. Carries PLAN rules.
import type { Seat } from './permission.ts';

/**
 * Whether this person, who may write the plan, changes this action: once it is accepted only the agency that
 * is to do it, the chair and the coordinator do; anyone else proposes.
 */
export function mayChangeAction(
  seat: Pick<Seat, 'agencies' | 'chair' | 'coordinator'>,
  action: { readonly agencyId: string | null; readonly accepted: boolean }
): boolean {
  if (!action.accepted || seat.chair || seat.coordinator) return true;
  return action.agencyId !== null && seat.agencies.includes(action.agencyId);
}

export interface OfferedDay {
  readonly words: string;
  /** YYYY-MM-DD */
  readonly day: string;
}

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/**
 * The days offered for an action: the next working day by its name, then one, two and four weeks on.
 * @param today YYYY-MM-DD
 */
export function daysOffered(today: string): OfferedDay[] {
  const weekday = new Date(`${today}T12:00:00Z`).getUTCDay();
  const toWork = weekday === 5 ? 3 : weekday === 6 ? 2 : 1;
  return [
    {
      words: toWork === 1 ? 'Tomorrow' : (weekdays[(weekday + toWork) % 7] ?? ''),
      day: later(today, toWork)
    },
    { words: 'In a week', day: later(today, 7) },
    { words: 'In 2 weeks', day: later(today, 14) },
    { words: 'In 4 weeks', day: later(today, 28) }
  ];
}

function later(day: string, days: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
