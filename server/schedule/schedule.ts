// Scheduling: the coordinator plans a meeting, chooses its families, orders them and calls agencies to them.
// Whatever is done is done in one transaction with its audit row, and told to who keeps live boards.
// It knows nothing of what is written or stated on a card. Carries the SCHED rules.
import { and, eq, sql } from 'drizzle-orm';
import { reordered } from '#lib/domain/agenda.ts';
import { record } from '../audit/audit.ts';
import type { Database } from '../database/database.ts';
import { agencies } from '../database/schema/identity.ts';
import { cardAgencies, cards, meetings } from '../database/schema/meetings.ts';
import { holds, type Session } from '../identity/session.ts';
import { endTurn } from '../meetings/pacing.ts';
import type { Sync } from '../sync/sync.ts';
import {
  acting,
  cardsInOrder,
  edit,
  holdArea,
  holdCard,
  holdMeeting,
  purposeOf,
  type Outcome
} from './acts.ts';
import { addCard, agenciesFor, chosenFamily, hasSpoken, join, membersOn, withdrawnCard } from './cards.ts';
import { changeMeeting, writeMeeting } from './details.ts';
import { Faulty, Missing } from './faults.ts';
import { followFamilies } from './following.ts';
import { isId, readChosen, readDetails, readOrder, readPlan } from './input.ts';
import { homeOf, type Home } from './home.ts';
import { agendaOf, newMeeting, type Agenda, type NewMeeting } from './reading.ts';

export type { Outcome } from './acts.ts';
export type { Fault, Field } from './faults.ts';
export type { Home } from './home.ts';
export type { Agenda, AgendaCard, Choices, FamilyChoice, NewMeeting } from './reading.ts';

/** All acts are a coordinator's; for anyone else, and for another area's ids, there is nothing there. */
export interface Schedule {
  /**
   * Schedules a meeting with its agenda, all or nothing.
   * @param input `{date: 'YYYY-MM-DD', time: 'HH:MM', place, videoLink?, chairId, deputyId?, observerIds?,
   *   cases?: [{caseId, agencyIds?}]}`; day and time are London's, `cases` in the agenda's order, `agencyIds`
   *   those called beside the core ones.
   */
  plan(session: Session, input: unknown): Promise<Outcome<{ meetingId: string; cardIds: string[] }>>;
  /** Changes a meeting's details, given whole as to `plan`. Once it is open, its time and its chair stay. */
  change(session: Session, meetingId: string, input: unknown): Promise<Outcome>;
  /** Puts families at the end of the agenda: `[{caseId, agencyIds?}]`. */
  add(session: Session, meetingId: string, input: unknown): Promise<Outcome<{ cardIds: string[] }>>;
  /** Takes a card off the agenda. What was written on it is kept, and is there again if the family is put back. */
  withdraw(session: Session, meetingId: string, cardId: string): Promise<Outcome>;
  /** Puts the cards in this order, which names every card that the asker sees, once. */
  order(session: Session, meetingId: string, input: unknown): Promise<Outcome>;
  /** Calls an agency to one card. */
  call(session: Session, meetingId: string, cardId: string, agencyId: string): Promise<Outcome>;
  /** Takes a called agency off a card again, as long as it has written and stated nothing there. */
  takeOff(session: Session, meetingId: string, cardId: string, agencyId: string): Promise<Outcome>;
  /** Brings the cards of planned and open meetings in step with families that have changed. */
  follow(areaId: string): Promise<void>;
  /** The agenda as its coordinator edits it; undefined where there is no such meeting for them. */
  agenda(session: Session, meetingId: string): Promise<Agenda | undefined>;
  /** What a new meeting is made of; undefined for anyone but a coordinator. */
  choices(session: Session): Promise<NewMeeting | undefined>;
  /** The person's meetings, and for a coordinator what waits to be scheduled. */
  home(session: Session): Promise<Home>;
  /** Called after each change of a meeting, its agenda or who is called. */
  onChanged(listener: (meetingId: string) => void): void;
}

export interface ScheduleNeeds {
  readonly database: Database;
  readonly sync: Pick<Sync, 'create' | 'extend' | 'rejudge'>;
  readonly now?: () => Date;
}

/** Opens the scheduling of meetings. */
export function openSchedule({ database, sync, now = () => new Date() }: ScheduleNeeds): Schedule {
  const { db } = database;
  const listeners: ((meetingId: string) => void)[] = [];
  const changed = (meetingId: string) => {
    for (const listener of listeners) listener(meetingId);
  };

  async function agencyOf(session: Session, agencyId: string) {
    if (!isId(agencyId)) throw new Missing();
    const [agency] = await db
      .select()
      .from(agencies)
      .where(and(eq(agencies.id, agencyId), eq(agencies.areaId, session.area.id)));
    if (!agency) throw new Missing();
    return agency;
  }

  /** A place in the documents is made before anyone is let to it: made too early, it harms nobody. */
  async function makeReady(session: Session, meetingId: string, caseId: string, called: readonly string[]) {
    const family = await chosenFamily(db, session, caseId);
    const before = await withdrawnCard(db, meetingId, family);
    const there = await agenciesFor(db, session.area.id, called);
    if (before) await sync.extend(before, family.members, there);
  }

  return {
    plan: (session, input) =>
      acting(session, async () => {
        const { details, chosen } = readPlan(input);
        const planned = await db.transaction(async (tx) => {
          await holdArea(tx, session);
          const meetingId = await writeMeeting(tx, session, details, now());
          const cardIds: string[] = [];
          for (const each of chosen) cardIds.push(await addCard(tx, sync, session, meetingId, each));
          const purpose = purposeOf(details.startsAt);
          const detail = { cards: cardIds.length };
          await record(tx, session, { act: 'meeting-scheduled', purpose, meetingId, detail });
          return { meetingId, cardIds };
        });
        changed(planned.meetingId);
        return planned;
      }),

    change: (session, meetingId, input) =>
      acting(session, async () => {
        const details = readDetails(input);
        const moved = await edit(database, session, meetingId, async (tx, meeting) => {
          const result = await changeMeeting(tx, session, meeting, details, now());
          return { result, detail: { details: true } };
        });
        for (const userId of moved) sync.rejudge({ userId, meetingId });
        changed(meetingId);
        return {};
      }),

    add: (session, meetingId, input) =>
      acting(session, async () => {
        const chosen = readChosen(input);
        if (!isId(meetingId)) throw new Missing();
        if (chosen.length === 0) throw new Faulty({ field: 'caseIds', message: 'Choose a family first.' });
        for (const { caseId, agencyIds } of chosen) await makeReady(session, meetingId, caseId, agencyIds);
        const cardIds = await edit(database, session, meetingId, async (tx) => {
          const result: string[] = [];
          for (const each of chosen) result.push(await addCard(tx, sync, session, meetingId, each));
          return { result, detail: { added: result.length } };
        });
        changed(meetingId);
        return { cardIds };
      }),

    withdraw: (session, meetingId, cardId) =>
      acting(session, async () => {
        await edit(database, session, meetingId, async (tx, meeting) => {
          const card = await holdCard(tx, session, meeting, cardId);
          await tx
            .update(cards)
            .set({ withdrawnAt: sql`clock_timestamp()` })
            .where(eq(cards.id, card.id));
          await endTurn(tx, { meetingId: meeting.id, cardId: card.id, by: session.user.id });
          if (meeting.currentCardId === card.id)
            await tx.update(meetings).set({ currentCardId: null }).where(eq(meetings.id, meeting.id));
          return { result: undefined, cardId, detail: { withdrawn: true } };
        });
        sync.rejudge({ cardId });
        changed(meetingId);
        return {};
      }),

    order: (session, meetingId, input) =>
      acting(session, async () => {
        const wanted = readOrder(input);
        await edit(database, session, meetingId, async (tx) => {
          const { ids, hidden } = await cardsInOrder(tx, session, meetingId);
          const order = reordered(ids, hidden, wanted);
          if (!order)
            throw new Faulty({
              field: 'cardIds',
              message: 'The agenda has changed meanwhile. Look at it again, then put it in order.'
            });
          for (const [at, id] of order.entries())
            await tx
              .update(cards)
              .set({ position: at + 1 })
              .where(eq(cards.id, id));
          return { result: undefined, detail: { ordered: order.length } };
        });
        changed(meetingId);
        return {};
      }),

    call: (session, meetingId, cardId, agencyId) =>
      acting(session, async () => {
        await agencyOf(session, agencyId);
        await db.transaction(async (tx) =>
          holdCard(tx, session, await holdMeeting(tx, session, meetingId), cardId)
        );
        await sync.extend(cardId, await membersOn(db, cardId), [agencyId]);
        await edit(database, session, meetingId, async (tx, meeting) => {
          await holdCard(tx, session, meeting, cardId);
          await join(tx, cardId, [], [agencyId]);
          return { result: undefined, cardId, detail: { called: agencyId } };
        });
        changed(meetingId);
        return {};
      }),

    takeOff: (session, meetingId, cardId, agencyId) =>
      acting(session, async () => {
        const { core, name } = await agencyOf(session, agencyId);
        await edit(database, session, meetingId, async (tx, meeting) => {
          await holdCard(tx, session, meeting, cardId);
          if (core) throw stays(`${name} is a core agency, so it is at every card.`);
          if (await hasSpoken(tx, cardId, agencyId))
            throw stays(`${name} has written or stated something on this card already, so it stays on it.`);
          await tx
            .delete(cardAgencies)
            .where(and(eq(cardAgencies.cardId, cardId), eq(cardAgencies.agencyId, agencyId)));
          return { result: undefined, cardId, detail: { takenOff: agencyId } };
        });
        sync.rejudge({ cardId });
        changed(meetingId);
        return {};
      }),

    async follow(areaId) {
      for (const meetingId of await followFamilies(db, sync, areaId)) changed(meetingId);
    },

    agenda: async (session, meetingId) =>
      holds(session, 'coordinator') && isId(meetingId) ? agendaOf(db, session, meetingId) : undefined,
    choices: async (session) => (holds(session, 'coordinator') ? newMeeting(db, session, now()) : undefined),
    home: (session) => homeOf(database, session),
    onChanged: (listener) => void listeners.push(listener)
  };
}

const stays = (message: string) => new Faulty({ field: 'agencyId', message });
