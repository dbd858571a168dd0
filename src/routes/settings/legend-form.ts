// The legend as the settings page's form sends it.
import { ratings } from '#lib/domain/rating.ts';

/** How the hours of a response clock are counted. */
export const countings = [
  { value: 'hours', label: 'hours, day and night' },
  { value: 'working', label: 'working hours' },
  { value: 'runs-on', label: 'working hours, running on past closing time' }
];

/** What the form says, for the service to judge. */
export function legendOf(form: FormData): unknown {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const meaning = (rating: string) => {
    const counted = text(`${rating}-counted`);
    const hours = text(`${rating}-hours`);
    return {
      word: text(`${rating}-word`),
      meaning: text(`${rating}-meaning`),
      clock: hours === '' ? null : { hours, working: counted !== 'hours', runsOn: counted === 'runs-on' }
    };
  };
  return {
    validFrom: text('validFrom'),
    meanings: Object.fromEntries(ratings.map((rating) => [rating, meaning(rating)])),
    opens: text('opens'),
    closes: text('closes'),
    closed: text('closed')
      .split(/[\s,;]+/)
      .filter((day) => day !== '')
  };
}
