// The commands of a meeting: one schema each, shared by the browser that sends and the server that parses.
import * as z from 'zod';
import { stages } from '#lib/domain/course.ts';
import { callAnswers, callNotes } from '#lib/domain/call.ts';
import { roles } from '#lib/domain/family.ts';
import type { Missing } from '#lib/domain/decision.ts';
import { bases, ratings, recordStates } from '#lib/domain/rating.ts';

export type { Missing };

/** PostgreSQL's text has no place for U+0000, nor a canonical form for half a letter; no keyboard makes either. */
export const kept = z
  .string()
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'Has a character that can’t be kept');
/** A command's own id, made by whoever sends it; done once for each person and id. */
const id = kept.min(1).max(100);
const its = z.uuid();
/** What a person says in a command. */
const said = (longest: number) => kept.trim().max(longest);
const reason = said(2000).min(1, 'Say why');
/** Null, or left out: the family as a whole. */
const memberId = its.nullable().default(null);
const date = z.iso.date();
/** A part of a card: a section, and a key under it. */
const part = { section: kept.min(1).max(100).nullish(), key: kept.min(1).max(200).nullish() };
const amendment = {
  /** The version that the chair read; left out: whichever is the newest. */
  amends: z.int().positive().nullish(),
  lateEditIds: z.array(its).max(500).default([]),
  corrections: z
    .array(z.strictObject({ words: said(4000).min(1), proposalId: its.nullish(), ...part }))
    .max(50)
    .default([])
};
/** An amendment before it has its reason, to look at what it would change. */
export const amendmentSchema = z.strictObject(amendment);
const modes = ['room', 'remote', 'papers', 'apologies', 'left'] as const;
export type Mode = (typeof modes)[number];

export const commandSchema = z.discriminatedUnion('type', [
  z.strictObject({ id, type: z.literal('meeting.open') }),
  z.strictObject({
    id,
    type: z.literal('meeting.close'),
    reason: reason.nullish(),
    /** By card: why it is locked although something is missing; counts before `reason`. */
    reasons: z.record(its, reason).nullish(),
    /** By card: the version that the chair read. */
    seen: z.record(its, kept.max(200)).nullish(),
    /** Not locked, but carried to the next meeting. */
    carry: z
      .array(z.strictObject({ cardId: its, reason }))
      .max(200)
      .nullish()
  }),
  z.strictObject({ id, type: z.literal('chair.take') }),
  z.strictObject({ id, type: z.literal('chair.give'), userId: its }),
  z.strictObject({ id, type: z.literal('card.show'), cardId: its }),
  // The course of the meeting.
  z.strictObject({ id, type: z.literal('meeting.phase'), phase: z.enum(['open', 'break', 'closing']) }),
  z.strictObject({ id, type: z.literal('statement.agree') }),
  // False: it was marked by a slip.
  z.strictObject({ id, type: z.literal('statement.read'), read: z.boolean().default(true) }),
  z.strictObject({ id, type: z.literal('chair.ask') }),
  z.strictObject({ id, type: z.literal('card.stage'), cardId: its, stage: z.enum(stages) }),
  z.strictObject({ id, type: z.literal('card.move'), cardId: its, before: its.nullable() }),
  z.strictObject({
    id,
    type: z.literal('card.park'),
    cardId: its,
    parked: z.boolean().default(true),
    reason: reason.nullish()
  }),
  z
    .strictObject({
      id,
      type: z.literal('card.withdraw'),
      cardId: its,
      withdrawn: z.boolean().default(true),
      reason: reason.nullish()
    })
    .refine((it) => !it.withdrawn || it.reason, { message: 'Say why', path: ['reason'] }),
  z.strictObject({
    id,
    type: z.literal('families.link'),
    cardId: its,
    withCardId: its,
    linked: z.boolean().default(true),
    together: z.boolean().default(false),
    reason
  }),
  z.strictObject({
    id,
    type: z.literal('member.add'),
    cardId: its,
    name: said(200).nullish(),
    role: z.enum(roles),
    born: date.nullish(),
    unbornOf: its.nullish(),
    reason
  }),
  z.strictObject({
    id,
    type: z.literal('member.mend'),
    cardId: its,
    memberId: its,
    name: said(200).min(1).optional(),
    role: z.enum(roles).optional(),
    born: date.nullish(),
    reason
  }),
  z.strictObject({ id, type: z.literal('member.take-off'), cardId: its, memberId: its, reason }),
  z.strictObject({
    id,
    type: z.literal('everyone.bring'),
    cardId: its,
    stage: z.enum(stages).nullish()
  }),
  z
    .strictObject({
      id,
      type: z.literal('attendance.set'),
      userId: its.optional(),
      name: said(120).min(1).optional(),
      agencyId: its.nullish(),
      cardId: its.nullish(),
      mode: z.enum(modes)
    })
    .refine(
      (it) => (it.userId === undefined) !== (it.name === undefined),
      'Name a user or a person, not both'
    ),
  z
    .strictObject({
      id,
      type: z.literal('hand.raise'),
      userId: its.optional(),
      name: said(120).min(1).optional(),
      agencyId: its.nullish()
    })
    .refine((it) => it.userId === undefined || it.name === undefined, 'Name a user or a person, not both'),
  z.strictObject({ id, type: z.literal('hand.lower'), key: kept.min(1).max(200) }),
  z.strictObject({ id, type: z.literal('laptop.share'), userId: its, agencyId: its }),
  z.strictObject({ id, type: z.literal('laptop.end'), userId: its, agencyId: its }),
  z.strictObject({ id, type: z.literal('person.exclude'), cardId: its, userId: its }),
  z.strictObject({
    id,
    type: z.literal('record.set'),
    cardId: its,
    memberId: its,
    record: z.enum(recordStates).nullable(),
    searched: z.strictObject({ systems: said(500).min(1), from: date, to: date }).nullish(),
    agencyId: its.nullish(),
    reason: reason.nullish()
  }),
  z.strictObject({
    id,
    type: z.literal('rating.set'),
    cardId: its,
    memberId,
    rating: z.enum(ratings).nullable(),
    basis: z.enum(bases).nullish(),
    agencyId: its.nullish(),
    reason: reason.nullish()
  }),
  z.strictObject({ id, type: z.literal('ratings.reveal'), cardId: its }),
  z.strictObject({
    id,
    type: z.literal('joint.set'),
    cardId: its,
    memberId,
    rating: z.enum(ratings),
    reason
  }),
  z.strictObject({
    id,
    type: z.literal('dissent.set'),
    cardId: its,
    memberId,
    /** Null: the agency agrees by now. */
    reason: reason.nullable(),
    agencyId: its.nullish()
  }),
  z.strictObject({
    id,
    type: z.literal('action.accept'),
    cardId: its,
    actionId: kept.min(1).max(64),
    reading: z.string().regex(/^[0-9a-f]{64}$/)
  }),
  z.strictObject({
    id,
    type: z.literal('action.decline'),
    cardId: its,
    actionId: kept.min(1).max(64),
    reason
  }),
  // The agency takes its answer back: it is asked again.
  z.strictObject({ id, type: z.literal('action.reopen'), cardId: its, actionId: kept.min(1).max(64) }),
  z.strictObject({
    id,
    type: z.literal('notification.tell'),
    cardId: its,
    notificationId: its,
    text: said(8000)
  }),
  z
    .strictObject({
      id,
      type: z.literal('call.make'),
      cardId: its,
      userId: its.optional(),
      agencyId: its.optional()
    })
    .refine(
      (it) => (it.userId === undefined) !== (it.agencyId === undefined),
      'Name a person or an agency, not both'
    ),
  z.strictObject({
    id,
    type: z.literal('call.answer'),
    callId: its,
    answer: z.enum(callAnswers),
    reason: said(500).nullish()
  }),
  z.strictObject({ id, type: z.literal('call.note'), callId: its, step: z.enum(callNotes) }),
  // False: somebody can overhear by now.
  z.strictObject({ id, type: z.literal('overhear.confirm'), alone: z.boolean().default(true) }),
  z.strictObject({
    id,
    type: z.literal('time.add'),
    cardId: its,
    /** Below 0: minutes that were added are taken back. */
    minutes: z
      .int()
      .min(-60)
      .max(60)
      .refine((minutes) => minutes !== 0, 'A minute at least')
  }),
  z.strictObject({ id, type: z.literal('notes.confirm'), cardId: its, agencyId: its }),
  z.strictObject({
    id,
    type: z.literal('card.lock'),
    cardId: its,
    seen: kept.max(200).nullish(),
    reason: reason.nullish()
  }),
  z
    .strictObject({ id, type: z.literal('card.amend'), cardId: its, ...amendment, reason })
    .refine(
      (it) => it.lateEditIds.length + it.corrections.length > 0,
      'Choose a late edit or write a correction'
    ),
  z.strictObject({
    id,
    type: z.literal('correction.propose'),
    cardId: its,
    ...part,
    words: said(4000).min(1)
  })
]);

export type Command = z.output<typeof commandSchema>;
export type CommandType = Command['type'];
type WithoutId<C> = C extends unknown ? Omit<C, 'id'> : never;
/** A command before it is given its id. */
export type Act = WithoutId<z.input<typeof commandSchema>>;

/** What moved on a card since the chair read it, in words for the chair. */
export interface Moved {
  readonly at: string;
  readonly by: string;
  readonly what: string;
}

export type CommandFault =
  /** `field` is the one that is wrong, as a path. */
  | { code: 'malformed'; message: string; field?: string }
  | {
      code: 'not-allowed' | 'not-found' | 'locked' | 'state' | 'id-reused' | 'too-fast' | 'unavailable';
      message: string;
      /** Of an amendment: late edits without which those chosen can't be brought in. */
      lacking?: string[];
    }
  /** `cards`, when a meeting is closed: which of its cards lacks what. */
  | {
      code: 'not-ready';
      message: string;
      missing: Missing[];
      cards?: { cardId: string; missing: Missing[] }[];
    }
  /**
   * What moved since the chair read a card, and, when a meeting is closed, on which; or, of an action to be
   * accepted, how it reads now.
   */
  | {
      code: 'changed';
      message: string;
      moved?: Moved[];
      cards?: { cardId: string; moved: Moved[] }[];
      reading?: string;
    };

export type CommandAnswer = { ok: true; result: unknown } | { ok: false; error: CommandFault };
