// The face of what follows a meeting: each agency's actions, the coordinator's list to chase, outcomes to their end,
// and what the next meeting opens with. Decisions are read here and never changed.
import type { LastTime } from '#lib/protocol/followup.ts';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import type { Session } from '../identity/session.ts';
import { answer, remind, tell, update, type Outcome } from './acts.ts';
import { lastTimeFor } from './last-time.ts';
import {
  actionsAsCsv,
  actionsFor,
  chaseFor,
  headFor,
  type AgencyActions,
  type Chase,
  type Head
} from './lists.ts';
import { outcomeOf, outcomesOf, type CardOutcome, type MeetingOutcomes } from './outcomes.ts';

export type { Fault, Outcome } from './acts.ts';
export type { AgencyActions, Chase, Chased, Head } from './lists.ts';
export type { CardOutcome, MeetingOutcomes, Telling, ToTell } from './outcomes.ts';

export interface Followup {
  /** The actions of the person's agencies; undefined for who sits for none. */
  actions(session: Session): Promise<AgencyActions | undefined>;
  /** What they have, had, and are asked to answer, as CSV. */
  csvOf(session: Session): Promise<string | undefined>;
  /** Everything that is open in the area, with letters to remind by; undefined for all but a coordinator. */
  chase(session: Session): Promise<Chase | undefined>;
  /** Counts for the home page: no family's, and none that the person may not see. */
  head(session: Session): Promise<Head>;
  /** The outcomes of a meeting's families; undefined where it has none for this person. */
  outcomes(session: Session, meetingId: string): Promise<MeetingOutcomes | undefined>;
  /** One family's outcome; undefined where it does not exist for this person. */
  outcome(session: Session, cardId: string): Promise<CardOutcome | undefined>;
  /** What earlier meetings left of this meeting's families; undefined where it does not exist for this person. */
  lastTime(session: Session, meetingId: string): Promise<LastTime | undefined>;
  /** What became of an action: `updateSchema` of protocol/followup.ts, as are the others. */
  update(session: Session, input: unknown): Promise<Outcome>;
  /** An agency takes an action on after the lock, or declines it. */
  answer(session: Session, input: unknown): Promise<Outcome>;
  /** Who was told of the outcome, when and how. */
  tell(session: Session, input: unknown): Promise<Outcome>;
  /** Keeps that an agency was reminded. */
  remind(session: Session, input: unknown): Promise<Outcome>;
}

export interface FollowupNeeds {
  readonly database: Database;
  readonly config: Pick<Config, 'origins'>;
  readonly now?: () => Date;
}

/** Opens what follows a meeting. */
export function openFollowup({ database, config, now = () => new Date() }: FollowupNeeds): Followup {
  const { db } = database;
  return {
    actions: (session) => actionsFor(db, session, now()),
    csvOf: (session) => actionsAsCsv(db, session, now()),
    chase: (session) => chaseFor(db, session, now(), config.origins[0] ?? ''),
    head: (session) => headFor(db, session, now()),
    outcomes: (session, meetingId) => outcomesOf(db, session, meetingId, now()),
    outcome: (session, cardId) => outcomeOf(db, session, cardId, now()),
    lastTime: (session, meetingId) => lastTimeFor(db, session, meetingId, now()),
    update: (session, input) => update(db, session, input, now()),
    answer: (session, input) => answer(db, session, input),
    tell: (session, input) => tell(db, session, input, now()),
    remind: (session, input) => remind(db, session, input)
  };
}
