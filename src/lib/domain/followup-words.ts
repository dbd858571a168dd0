// The sentences in which open actions are told: on the lists, on the board, in a reminder. None of them holds a
// family's data, so each may stand in a letter or on a screen that others see. Pure. Carries the CHASE rules on words.
import { isOverdue, type Followed, type Tally } from './followup.ts';
import { inLondon } from './london.ts';

const words = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' });
const withYear = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC'
});
const noon = (day: string) => Date.parse(`${day}T12:00:00Z`);

/** '25 November', with the year where it is not today's. @param day, today YYYY-MM-DD */
export function shortDay(day: string, today: string): string {
  const format = day.slice(0, 4) === today.slice(0, 4) ? words : withYear;
  return format.format(new Date(noon(day)));
}

/** '25 November, 16:40' in London. @param at ISO, UTC */
export function momentInWords(at: string, today: string): string {
  const { date, time } = inLondon(new Date(at));
  return `${shortDay(date, today)}, ${time}`;
}

const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;
export const actionsInWords = (count: number) => counted(count, 'action', 'actions');

/** By when an open action is to be done: 'Overdue by 2 days. It was due on 25 November.' */
export function dueInWords({ state, due }: Pick<Followed, 'state' | 'due'>, today: string): string {
  if (due === null) return 'No date was set.';
  const day = shortDay(due, today);
  if (state !== 'open') return `Was due on ${day}.`;
  const days = Math.round((noon(due) - noon(today)) / 86_400_000);
  if (isOverdue({ state, due }, today))
    return `Overdue by ${counted(-days, 'day', 'days')}. It was due on ${day}.`;
  if (days === 0) return `Due today, ${day}.`;
  return days === 1 ? `Due tomorrow, ${day}.` : `Due in ${days} days, on ${day}.`;
}

/** '7 actions open, 2 overdue, 1 nobody’s'. */
export function tallyInWords({ open, overdue, nobodys }: Tally): string {
  if (open === 0) return 'no action open';
  const more = [
    ...(overdue > 0 ? [`${overdue} overdue`] : []),
    ...(nobodys > 0 ? [`${nobodys} nobody’s`] : [])
  ];
  return [`${actionsInWords(open)} open`, ...more].join(', ');
}

/**
 * A reminder to an agency: how many, from when, and where to look. Never which family, nor what is to be done.
 * @param mine what the agency has, and `waiting` how many wait for its answer.
 */
export function reminderText(
  agency: string,
  mine: Pick<Tally, 'open' | 'firstDue'>,
  waiting: number,
  today: string
): string {
  const first = mine.firstDue && `${mine.open === 1 ? '' : 'the first '}on ${shortDay(mine.firstDue, today)}`;
  const verb = mine.open === 1 ? 'is' : 'are';
  const due = first
    ? `${actionsInWords(mine.open)} ${verb} due${mine.open === 1 ? '' : ','} ${first}`
    : `${actionsInWords(mine.open)} ${verb} open`;
  const wait = `${mine.open > 0 ? waiting : actionsInWords(waiting)} ${waiting === 1 ? 'waits' : 'wait'} for your answer`;
  const told = [...(mine.open > 0 ? [due] : []), ...(waiting > 0 ? [wait] : [])].join('; ');
  return `${agency}: ${told}. Sign in to Same Room to see ${mine.open + waiting === 1 ? 'it' : 'them'}.`;
}
