// What a coordinator may say of a meeting, read from a form or a program into values, or refused with words
// that a person can act on, by field. Carries SCHED rules.
import { z } from 'zod';
import { fromLondon } from '#lib/domain/london.ts';
import { Faulty, type Fault, type Field } from './faults.ts';

export interface Details {
  readonly startsAt: Date;
  readonly place: string;
  readonly videoLink: string | null;
  readonly chairId: string;
  readonly deputyId: string | null;
  readonly observerIds: readonly string[];
}

/** A case to be put on the agenda, with the agencies called for it beside the core ones. */
export interface ChosenCase {
  readonly caseId: string;
  readonly agencyIds: readonly string[];
}

const blankIsNull = (value: unknown) => (value === undefined || value === '' ? null : value);

const details = z
  .object({
    date: z.string('Say on which day the meeting is.').regex(/^\d{4}-\d{2}-\d{2}$/, {
      error: 'Give the day as a date, for example 2026-11-24.'
    }),
    time: z.string('Say when the meeting starts.').regex(/^([01]\d|2[0-3]):[0-5]\d$/, {
      error: 'Give the time by the 24-hour clock, for example 09:30.'
    }),
    place: z
      .string('Say where the room is.')
      .trim()
      .min(1, 'Say where the room is, or “Online” if there is none.')
      .max(200, 'Keep the place under 200 characters.')
      .regex(/^[^\0]*$/, 'The place has a character that can’t be kept.'),
    videoLink: z.preprocess(
      blankIsNull,
      z
        .url({
          protocol: /^https$/,
          hostname: z.regexes.domain,
          error: 'The link to the video call must be a whole address that starts with https://.'
        })
        .max(1000, 'The link is too long.')
        .nullable()
    ),
    chairId: z.uuid('Choose who chairs the meeting.'),
    deputyId: z.preprocess(blankIsNull, z.uuid('Choose the deputy from the list.').nullable()),
    observerIds: z.array(z.uuid('Choose observers from the list.')).max(50).default([])
  })
  .transform(({ date, time, observerIds, ...rest }, context): Details => {
    const startsAt = fromLondon({ date, time });
    if (startsAt) return { ...rest, startsAt, observerIds: [...new Set(observerIds)] };
    context.issues.push({
      code: 'custom',
      path: ['time'],
      input: time,
      message: 'There is no such time on that day. Look at the date, and at when the clocks change.'
    });
    return z.NEVER;
  });

const chosen = z
  .array(
    z.object({
      caseId: z.uuid('Choose families from the list.'),
      agencyIds: z.array(z.uuid('Choose agencies from the list.')).max(100).default([])
    })
  )
  .max(100, 'That is more than 100 families. Spread them over several meetings.');

const order = z.array(z.uuid('The order names something that is no card.')).max(500);

/** @throws Faulty with every fault at once. */
export function readPlan(input: unknown): { details: Details; chosen: ChosenCase[] } {
  const told = read(details, input);
  const families = read(chosen, (input as { cases?: unknown } | null | undefined)?.cases ?? [], 'caseIds');
  if ('value' in told && 'value' in families) return { details: told.value, chosen: families.value };
  throw new Faulty(...[told, families].flatMap((each) => ('faults' in each ? each.faults : [])));
}

/** @throws Faulty */
export const readDetails = (input: unknown): Details => valueOf(read(details, input));
/** @throws Faulty */
export const readChosen = (input: unknown): ChosenCase[] => valueOf(read(chosen, input, 'caseIds'));
/** @throws Faulty */
export const readOrder = (input: unknown): string[] => valueOf(read(order, input, 'cardIds'));

/** Whether it can be the id of anything here: ids that are no UUID name nothing. */
export const isId = (id: string) => z.uuid().safeParse(id).success;

const fields: readonly string[] = [
  'date',
  'time',
  'place',
  'videoLink',
  'chairId',
  'deputyId',
  'observerIds'
] satisfies Field[];

type Parsed<T> = { readonly value: T } | { readonly faults: readonly Fault[] };

function valueOf<T>(parsed: Parsed<T>): T {
  if ('faults' in parsed) throw new Faulty(...parsed.faults);
  return parsed.value;
}

function read<T>(schema: z.ZodType<T>, input: unknown, whole: Field | null = null): Parsed<T> {
  const result = schema.safeParse(input);
  if (result.success) return { value: result.data };
  const faults = result.error.issues.map(({ path: [first], message }): Fault => {
    const name = String(first);
    return { field: whole ?? (fields.includes(name) ? (name as Field) : null), message };
  });
  // The first fault of a field is enough to act on.
  return {
    faults: [...Map.groupBy(faults, ({ field }) => field).values()].flatMap((each) => each.slice(0, 1))
  };
}
