// What people say after the lock: what became of an action, whether an agency takes it on, whom the outcome was told
// to, that somebody was reminded. Each is a row that is added, with its audit row, in one transaction that
// holds the card; the same said twice is one row. Nothing here changes the decision. Carries TUESDAY and OUTCOME rules.
import { and, eq, sql } from 'drizzle-orm';
import * as z from 'zod';
import { isFree, mayRefuse, type Became } from '#lib/domain/followup.ts';
import { inLondon } from '#lib/domain/london.ts';
import { mayAnswerFor, mayEnd, mayTellOutcome } from '#lib/domain/permission.ts';
import { answerSchema, reminderSchema, tellingSchema, updateSchema } from '#lib/protocol/followup.ts';
import type { FollowedAction } from '#lib/protocol/followup.ts';
import { record, type AuditAct } from '../audit/audit.ts';
import type { Db, Transaction } from '../database/database.ts';
import { actionAnswers, actionUpdates, outcomeTellings, reminders } from '../database/schema/followup.ts';
import { agencies } from '../database/schema/identity.ts';
import { cards } from '../database/schema/meetings.ts';
import { holds, type Session } from '../identity/session.ts';
import { readMembers } from '../meetings/card-families.ts';
import { readFollowings, type FollowedCard } from './reading.ts';
import { isNoting } from './standing.ts';

/** What is wrong, said to the person who can mend it; `field` null where it is no single field's. */
export interface Fault {
  readonly field: string | null;
  readonly message: string;
}

/** How an act ended: done, refused in words, or about something that does not exist for the asker. */
export type Outcome =
  | { readonly done: true; readonly action?: FollowedAction; readonly agency?: string }
  | { readonly faults: readonly Fault[] }
  | { readonly missing: true };

/** What is asked for does not exist for who asks; undoes the transaction. */
class Missing extends Error {
  override name = 'Missing';
}

/** What can't be done as it was asked; undoes the transaction. */
class Faulty extends Error {
  override name = 'Faulty';
  readonly fault: Fault;
  constructor(message: string, field: string | null = null) {
    super(message);
    this.fault = { field, message };
  }
}

async function saying<T>(
  schema: z.ZodType<T>,
  input: unknown,
  act: (said: T) => Promise<Partial<Extract<Outcome, { done: true }>> | undefined>
): Promise<Outcome> {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => ({ field: String(path[0]), message }));
    return faults.some(({ field }) => field === 'cardId' || field === 'actionId')
      ? { missing: true }
      : { faults };
  }
  try {
    return { done: true, ...(await act(parsed.data)) };
  } catch (error) {
    if (error instanceof Faulty) return { faults: [error.fault] };
    if (error instanceof Missing) return { missing: true };
    throw error;
  }
}

/** The time at which a row that is held was written to: later than that of whoever held it before. */
const writtenAt = sql`clock_timestamp()`;

/** Holds the card's row, so that of two who take one action on at once one has it. */
async function holdCard(tx: Transaction, session: Session, cardId: string): Promise<FollowedCard> {
  await tx
    .select({ id: cards.id })
    .from(cards)
    .where(and(eq(cards.id, cardId), eq(cards.areaId, session.area.id)))
    .for('no key update');
  const { cards: found } = await readFollowings(tx, session, { cardIds: [cardId] });
  const [card] = found;
  if (!card) throw new Missing();
  return card;
}

const actionOn = (card: FollowedCard, actionId: string): FollowedAction => {
  const action = card.actions.find((each) => each.actionId === actionId);
  if (!action) throw new Missing();
  return action;
};

/** The day said, or today; no day that is still to come. */
function dayOr(day: string | null, now: Date): string {
  const today = inLondon(now).date;
  if (day !== null && day > today)
    throw new Faulty('That day is still to come. Give today or an earlier day.', 'on');
  return day ?? today;
}

function note(
  tx: Transaction,
  session: Session,
  { row }: FollowedCard,
  act: AuditAct,
  detail: Record<string, unknown>
): Promise<void> {
  const { familyId, meetingId, id: cardId } = row;
  return record(tx, session, { act, purpose: 'after the meeting', familyId, meetingId, cardId, detail });
}

/** Says what became of an action; 'open' takes back what was said. */
export function update(db: Db, session: Session, input: unknown, now: Date): Promise<Outcome> {
  return saying(updateSchema, input, ({ cardId, actionId, state, on, note: words }) =>
    db.transaction(async (tx) => {
      const card = await holdCard(tx, session, cardId);
      const action = actionOn(card, actionId);
      const day = dayOr(on, now);
      if (!mayEnd(card.seat, card.facts, action.ownerId, state)) throw new Faulty(refusalOf(action));
      if (isSaidAlready(action, state, day, words)) return { action };
      await tx.insert(actionUpdates).values({
        ...{ areaId: session.area.id, cardId, actionId, state, on: day, note: words },
        ...{ agencyId: action.ownerId, by: session.user.id, at: writtenAt },
        noted: isNoting(card.seat, card.facts, action.ownerId)
      });
      await note(tx, session, card, 'action-updated', { actionId, state });
      return { action };
    })
  );
}

/** Open stays open without a word; an ending said again with the same day and note is the same word. */
function isSaidAlready({ history, state }: FollowedAction, said: Became, on: string, words: string | null) {
  if (state !== said) return false;
  const last = history.findLast(({ kind }) => kind === said);
  return said === 'open' || (last?.on === on && last.note === words);
}

function refusalOf({ owner }: FollowedAction): string {
  return owner
    ? `This action is ${owner.name}’s. Only they, or the coordinator for them, say what became of it.`
    : 'This action is nobody’s, so nobody has done it. Take it on first; or the coordinator says why it was not done.';
}

/** Answers, for an agency of one's own, an action that nobody has: accepts or declines what names it, or volunteers. */
export function answer(db: Db, session: Session, input: unknown): Promise<Outcome> {
  return saying(answerSchema, input, ({ cardId, actionId, agencyId, answer: given, due, reason }) =>
    db.transaction(async (tx) => {
      const card = await holdCard(tx, session, cardId);
      const action = actionOn(card, actionId);
      if (!mayAnswerFor(card.seat, card.facts, agencyId))
        throw new Faulty('An agency at this family’s table answers for itself alone.');
      const isTwice =
        given === 'accepted' ? action.ownerId === agencyId : action.declinedIds.includes(agencyId);
      if (isTwice) return { action };
      const locked = { agencyId: action.named?.id ?? null, accepted: action.accepted, due: action.due };
      if (given === 'accepted' && !isFree(action))
        throw new Faulty(
          action.owner ? `${action.owner.name} has taken this on already.` : 'This action has ended already.'
        );
      if (given === 'declined' && !mayRefuse(locked, action, agencyId))
        throw new Faulty('There is nothing to decline: this action does not ask your agency.');
      await tx.insert(actionAnswers).values({
        ...{ areaId: session.area.id, cardId, actionId, agencyId, answer: given, due, reason },
        ...{ by: session.user.id, at: writtenAt }
      });
      await note(tx, session, card, 'action-answered', { actionId, agencyId, answer: given });
      return { action };
    })
  );
}

/** Says that a victim or the referrer was told of the outcome, or that it is not safe; 'open' takes it back. */
export function tell(db: Db, session: Session, input: unknown, now: Date): Promise<Outcome> {
  return saying(tellingSchema, input, ({ cardId, whom, memberId, told, on, how }) =>
    db.transaction(async (tx) => {
      const card = await holdCard(tx, session, cardId);
      if (!mayTellOutcome(card.seat, card.facts, whom))
        throw new Faulty(
          whom === 'victim'
            ? 'The IDVA’s agency says whether the victim was told.'
            : 'The coordinator says whether the referrer was told.'
        );
      const victims = (await readMembers(tx, [cardId])).filter(({ member }) => member.role === 'victim');
      if (whom === 'victim' && !victims.some(({ member }) => member.id === memberId)) throw new Missing();
      await tx.insert(outcomeTellings).values({
        ...{ areaId: session.area.id, cardId, whom, told, how, on: dayOr(on, now) },
        ...{ memberId: whom === 'victim' ? memberId : null, by: session.user.id, at: writtenAt },
        agencyId: whom === 'victim' ? speaksFor(card) : null
      });
      await note(tx, session, card, 'outcome-told', { whom, told });
      return undefined;
    })
  );
}

const speaksFor = ({ seat, facts }: FollowedCard) =>
  facts.idva.find((id) => facts.agencies.includes(id) && seat.agencies.includes(id)) ?? null;

/** Keeps that an agency was reminded. */
export function remind(db: Db, session: Session, input: unknown): Promise<Outcome> {
  return saying(reminderSchema, input, ({ agencyId, way }) => {
    if (!holds(session, 'coordinator')) throw new Missing();
    return db.transaction(async (tx) => {
      const [agency] = await tx
        .select()
        .from(agencies)
        .where(and(eq(agencies.id, agencyId), eq(agencies.areaId, session.area.id)));
      if (!agency) throw new Missing();
      await tx
        .insert(reminders)
        .values({ areaId: session.area.id, agencyId, way, by: session.user.id, at: writtenAt });
      await record(tx, session, {
        act: 'agency-reminded',
        purpose: 'the list to chase',
        detail: { agencyId }
      });
      return { agency: agency.name };
    });
  });
}
