// Whole months of London's calendar, as YYYY-MM: in words, counted back, and as what somebody asked a report of.
import { inLondon } from './london.ts';
import type { Period } from './disclosure.ts';

const words = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** The month in London of a moment. */
export const monthOf = (at: Date): string => inLondon(at).date.slice(0, 7);

/** The month so many months later; earlier with a number below nought. */
export function monthAfter(month: string, by = 1): string {
  const [year = 0, of = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, of - 1 + by, 1)).toISOString().slice(0, 7);
}

/** From the one to the other, both counted, oldest first. */
export function monthsFrom({ from, to }: Period): string[] {
  const months: string[] = [];
  for (let month = from; month <= to; month = monthAfter(month)) months.push(month);
  return months;
}

/** 'November 2026'. */
export const monthInWords = (month: string): string => words.format(new Date(`${month}-15T12:00:00Z`));

/** 'September 2026 to November 2026', or one month alone. */
export const periodInWords = ({ from, to }: Period): string =>
  from === to ? monthInWords(from) : `${monthInWords(from)} to ${monthInWords(to)}`;

/** How many months back one may ask for in one word. */
export const spans = ['3', '6', '12'] as const;

/** What somebody asks a report of: so many months up to the last that is over, or chosen ones. */
export interface Asked {
  readonly last: (typeof spans)[number] | 'chosen';
  readonly period: Period;
}

const isMonth = (text: string | undefined): text is string =>
  text !== undefined && /^\d{4}-(0[1-9]|1[0-2])$/.test(text);

/**
 * Reads what was asked for, as an address gives it. Whatever is none of ours is a year; months that are not over,
 * and months before anything was, are left off.
 * @param known from the first month of which anything is known to the last that is over
 */
export function readAsked(asked: Readonly<Record<string, string | undefined>>, known: Period): Asked {
  const { last, from, to } = asked;
  const span = spans.find((each) => each === last);
  if (!span && isMonth(from) && isMonth(to)) {
    const [first = from, second = to] = [from, to].sort();
    const begins = first < known.from ? known.from : first;
    const ends = second > known.to ? known.to : second;
    if (begins <= ends) return { last: 'chosen', period: { from: begins, to: ends } };
  }
  const back = span ?? '12';
  return { last: back, period: { from: monthAfter(known.to, 1 - Number(back)), to: known.to } };
}
