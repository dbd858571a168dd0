// What the colours mean in an area, and by when a family that is rated so is to be answered. A meeting keeps
// the legend of its day. Pure; times are London's. Carries RATE7 and RATE8.
import { fromLondon, inLondon } from './london.ts';
import { ratings, type Rating } from './rating.ts';

/** How long a response may take. */
export interface ResponseClock {
  readonly hours: number;
  /** Counts working hours only. */
  readonly working: boolean;
  /** Of working hours: once begun it runs on past closing time, to the end. */
  readonly runsOn: boolean;
}

export interface Meaning {
  readonly word: string;
  readonly meaning: string;
  /** Null: no time is set. */
  readonly clock: ResponseClock | null;
}

export interface Legend {
  /** 0: what every area begins with. */
  readonly version: number;
  /** The first day on which it holds, YYYY-MM-DD; null: from the beginning. */
  readonly validFrom: string | null;
  readonly meanings: Readonly<Record<Rating, Meaning>>;
  /** When the area works, Monday to Friday: HH:MM. */
  readonly opens: string;
  readonly closes: string;
  /** Days on which it does not, YYYY-MM-DD. */
  readonly closed: readonly string[];
}

const working = (hours: number, runsOn = false): ResponseClock => ({ hours, working: true, runsOn });

/** The legend of an area that has set none: as in published MASH practice, blue is the lowest. */
export const firstLegend: Legend = {
  version: 0,
  validFrom: null,
  meanings: {
    red: {
      word: 'Red',
      meaning: 'Serious or immediate harm: a specialist response',
      clock: working(4, true)
    },
    amber: { word: 'Amber', meaning: 'Significant concern: a targeted response', clock: working(24) },
    green: { word: 'Green', meaning: 'Some need: early help', clock: working(72) },
    blue: { word: 'Blue', meaning: 'Lowest concern: no response beyond ordinary services', clock: null }
  },
  opens: '09:00',
  closes: '17:00',
  closed: []
};

/** The legend that holds on a day: the newest of those that had begun. @param day YYYY-MM-DD */
export function legendOn(legends: readonly Legend[], day: string): Legend {
  const begun = legends.filter(({ validFrom }) => validFrom === null || validFrom <= day);
  const later = (a: Legend, b: Legend) =>
    (a.validFrom ?? '').localeCompare(b.validFrom ?? '') || a.version - b.version;
  return begun.toSorted(later).at(-1) ?? firstLegend;
}

/** '4 working hours, running on past closing time', '24 hours', 'no time set'. */
export function clockWords(clock: ResponseClock | null): string {
  if (!clock) return 'no time set';
  const hours = `${clock.hours} ${clock.working ? 'working ' : ''}${clock.hours === 1 ? 'hour' : 'hours'}`;
  return clock.working && clock.runsOn ? `${hours}, running on past closing time` : hours;
}

/** By when a rating given at this moment is to be answered; null where the legend sets no time. */
export function dueAt(legend: Legend, rating: Rating, from: Date): Date | null {
  const { clock } = legend.meanings[rating];
  if (!clock) return null;
  let left = clock.hours * hour;
  if (!clock.working) return new Date(from.getTime() + left);
  for (const [opens, closes] of workingDays(legend, from)) {
    const begins = Math.max(opens, from.getTime());
    if (begins >= closes) continue;
    if (clock.runsOn || begins + left <= closes) return new Date(begins + left);
    left -= closes - begins;
  }
  return null;
}

const hour = 3_600_000;
const dayLong = 24 * hour;
/** Nobody waits longer than this for a day on which the area works. */
const daysAhead = 400;

/** When the area works, from this day on: opening and closing, in milliseconds since 1970. */
function* workingDays({ opens, closes, closed }: Legend, from: Date): Generator<[number, number]> {
  const noon = Date.parse(`${inLondon(from).date}T12:00:00Z`);
  for (let ahead = 0; ahead < daysAhead; ahead++) {
    const day = new Date(noon + ahead * dayLong);
    const date = day.toISOString().slice(0, 10);
    const isWeekend = day.getUTCDay() === 0 || day.getUTCDay() === 6;
    if (isWeekend || closed.includes(date)) continue;
    const [begins, ends] = [fromLondon({ date, time: opens }), fromLondon({ date, time: closes })];
    if (begins && ends) yield [begins.getTime(), ends.getTime()];
  }
}

/** Whether two legends say the same, whatever their versions. */
export function saysTheSame(a: Legend, b: Legend): boolean {
  const each = ({ word, meaning, clock }: Meaning) =>
    [word, meaning, clock?.hours, clock?.working, clock?.runsOn].join('\n');
  const said = ({ meanings, opens, closes, closed }: Legend) =>
    [...ratings.map((rating) => each(meanings[rating])), opens, closes, ...closed].join('\n');
  return said(a) === said(b);
}
