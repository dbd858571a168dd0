// What is said after the lock, as forms and programs send it, and what is shown of it. One schema each, with words for
// the person who can mend a fault. What a person may not see is in none of these shapes. Carries TUESDAY rules.
import * as z from 'zod';
import { endings, type Became, type Followed } from '#lib/domain/followup.ts';
import { kept } from './command.ts';

const blankIsNull = (value: unknown) => (value === undefined || value === '' ? null : value);
const note = z.preprocess(
  (value) => (typeof value === 'string' && value.trim() !== '' ? value : null),
  kept.trim().max(2000, 'Keep it under 2,000 characters.').nullable()
);
const day = z.iso.date('Give the day as a date, for example 2026-11-24.');
const its = z.uuid('There is no such thing here.');
const action = { cardId: its, actionId: kept.min(1).max(64) };

export const updateSchema = z
  .object({
    ...action,
    state: z.enum(['open', ...endings], 'Say whether it is done, not possible or not done.'),
    /** The day on which it was so; left out: today. */
    on: z.preprocess(blankIsNull, day.nullable()),
    note
  })
  .refine(({ state, note }) => state === 'open' || state === 'done' || note !== null, {
    path: ['note'],
    error: ({ input }) =>
      (input as { state?: unknown }).state === 'not-possible'
        ? 'Say which circumstances changed.'
        : 'Say why it was not done.'
  });

export const answerSchema = z
  .object({
    ...action,
    agencyId: its,
    answer: z.enum(['accepted', 'declined'], 'Say whether your agency accepts or declines.'),
    /** By when, where it is another day than the decision's. */
    due: z.preprocess(blankIsNull, day.nullable()),
    reason: note
  })
  .refine(({ answer, reason }) => answer === 'accepted' || reason !== null, {
    path: ['reason'],
    error: 'Say why your agency declines.'
  });

export const tellingSchema = z
  .object({
    cardId: its,
    whom: z.enum(['victim', 'referrer']),
    memberId: z.preprocess(blankIsNull, its.nullable()),
    told: z.enum(['told', 'not-safe', 'open'], 'Say whether it was told, or that it is not safe to tell.'),
    on: z.preprocess(blankIsNull, day.nullable()),
    how: note
  })
  .refine(({ told, how }) => told !== 'told' || how !== null, {
    path: ['how'],
    error: 'Say how it was told, for example by telephone to the safe number.'
  });

export const reminderSchema = z.object({ agencyId: its, way: z.enum(['copied', 'mail']) });

export interface AgencyName {
  readonly id: string;
  readonly code: string;
  readonly name: string;
}

/** One thing that was said of an action after the lock. */
export interface SaidOfAction {
  /** ISO, UTC. */
  readonly at: string;
  readonly by: string;
  readonly agency: string | null;
  readonly kind: 'accepted' | 'declined' | Became;
  /** The day it was so, or the day that was taken on; YYYY-MM-DD. */
  readonly on: string | null;
  readonly note: string | null;
  /** Written down by the coordinator for the agency. */
  readonly noted: boolean;
}

/** An action of a locked decision, as it stands now. */
export interface FollowedAction extends Followed {
  readonly cardId: string;
  readonly actionId: string;
  readonly reference: string;
  readonly what: string;
  /** Whom it is for. */
  readonly member: string | null;
  readonly owner: AgencyName | null;
  /** The agency that the decision names. */
  readonly named: AgencyName | null;
  /** The agency that it names had accepted it at the lock. */
  readonly accepted: boolean;
  readonly decision: number;
  readonly meetingId: string;
  /** ISO, UTC. */
  readonly startsAt: string;
  /** In the order in which it was said. */
  readonly history: readonly SaidOfAction[];
  /** What the reader may do with it. */
  readonly may: {
    readonly end: readonly Became[];
    readonly accept: readonly AgencyName[];
    readonly decline: readonly AgencyName[];
    /** What they say of its end is noted for the agency that has it. */
    readonly noting: boolean;
  };
}

/** What earlier meetings left open, at one that opens now. By card of this meeting. */
export interface LastTime {
  /** Today in London, YYYY-MM-DD. */
  readonly today: string;
  readonly cards: Readonly<Record<string, readonly FollowedAction[]>>;
}
