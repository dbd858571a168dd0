// What the page that opens first shows: the meetings that a person has a place at, and, to a coordinator, what
// waits. Seats and permissions are those of every other listing. Carries SCHED rules.
import type { Database } from '../database/database.ts';
import { casesOf } from '../families/cases.ts';
import { holds, type Session } from '../identity/session.ts';
import { listMeetings, type MeetingListing } from '../meetings/listings.ts';

export interface Home {
  /** Open ones, then planned ones, the first to come first. */
  readonly ahead: readonly MeetingListing[];
  /** Closed ones, the newest first. */
  readonly past: readonly MeetingListing[];
  /** What waits for a coordinator; null for anyone else. */
  readonly waiting: {
    readonly families: number;
    readonly toSchedule: number;
    /** Those among them that their last meeting carried on; not counted as not reached. */
    readonly carried: number;
    readonly notReached: number;
  } | null;
}

export async function homeOf(database: Database, session: Session): Promise<Home> {
  const [newestFirst, listing] = await Promise.all([
    listMeetings(database, session),
    holds(session, 'coordinator') ? casesOf(database.db, session.area.id, session.user.id) : null
  ]);
  const inState = (state: MeetingListing['state']) => newestFirst.filter((each) => each.state === state);
  return {
    ahead: [...inState('open').reverse(), ...inState('planned').reverse()],
    past: inState('closed'),
    waiting: listing && {
      families: listing.length,
      toSchedule: listing.filter(({ toSchedule }) => toSchedule).length,
      carried: listing.filter(({ carried }) => carried !== null).length,
      notReached: listing.filter(({ carried, notReached }) => notReached && carried === null).length
    }
  };
}
