// The face of the decisions: what keeps a card from being locked, the lock itself, what was locked as people
// read it and take it away, and whether the chain is whole.
import type { CommandFault, Missing, Moved } from '#lib/protocol/command.ts';
import { mayAmend } from '#lib/domain/permission.ts';
import { record } from '../audit/audit.ts';
import type { Database, Transaction } from '../database/database.ts';
import type { Session } from '../identity/session.ts';
import { seatAtCard, type SeatAtCard } from '../meetings/seats.ts';
import type { Sync } from '../sync/sync.ts';
import { previewAmendment, writeAmendment, type Amended, type AmendRequest, type Preview } from './amend.ts';
import { decisionsAsCsv } from './csv.ts';
import {
  isLocked,
  judgeLock,
  lockedAlready,
  readMissing,
  readMoved,
  Stopped,
  writeDecision
} from './lock.ts';
import {
  readExport,
  readMinutes,
  readVersion,
  type DecisionExport,
  type DecisionVersion,
  type Minutes
} from './locked.ts';
import { verify, type Verified } from './verify.ts';

export interface Locked {
  /** The decision's number in its area. */
  readonly number: number;
  readonly version: number;
  readonly hash: string;
  /** ISO, UTC. */
  readonly at: string;
}

export interface LockRequest {
  /** The card's version as the chair read it (server/meetings/version.ts); left out: whatever stands. */
  readonly seen?: string | undefined;
  /** Why the card is locked although something is missing. */
  readonly reason?: string | undefined;
  /** Done in the lock's own transaction, so that a command is recorded exactly when its lock is. */
  readonly also?: (tx: Transaction, locked: Locked) => Promise<void>;
}

export interface Decisions {
  /**
   * Locks a card: only for who holds the chair of its open meeting. The check, the barrier and the row are here;
   * nothing of it is stored where it answers with an error.
   */
  lock(
    session: Session,
    cardId: string,
    request: LockRequest
  ): Promise<{ ok: true; result: Locked } | { ok: false; error: CommandFault }>;
  /**
   * Amends a locked card's decision, in the transaction of the command that asks for it, which holds the card's
   * row: only for who holds the chair. Nothing of it is stored where it answers with an error.
   */
  amend(
    tx: Transaction,
    session: Session,
    at: SeatAtCard,
    request: AmendRequest
  ): Promise<{ ok: true; result: Amended } | { ok: false; error: CommandFault }>;
  /** What such an amendment would change, after the audit has the opening; undefined for all but the chair. */
  preview(
    session: Session,
    request: Omit<AmendRequest, 'reason'>
  ): Promise<{ ok: true; result: Preview } | { ok: false; error: CommandFault } | undefined>;
  /** What keeps the card from being locked now. */
  missing(cardId: string): Promise<Missing[]>;
  /** What others did on a card since the chair read this version of it; an error where none of its versions reads so. */
  moved(
    session: Session,
    cardId: string,
    seen: string
  ): Promise<{ ok: true; moved: Moved[] } | { ok: false; error: CommandFault }>;
  /**
   * What was locked at a meeting, of the cards that exist for this person, after the audit has the opening;
   * undefined where there is nothing here for them. An observer has nothing once the meeting is closed. With an
   * agency: its copy, exactly what its reps read, for chair and coordinator to hand out.
   */
  minutes(session: Session, meetingId: string, agencyId?: string): Promise<Minutes | undefined>;
  /** One version of a decision by its number, for whom the minutes of its card exist. */
  version(session: Session, meetingId: string, number: number): Promise<DecisionVersion | undefined>;
  /** The same for other programs; undefined for all but the coordinator and who holds the meeting's chair. */
  exportOf(session: Session, meetingId: string): Promise<DecisionExport | undefined>;
  /** The export as CSV, for the same people. */
  csvOf(session: Session, meetingId: string): Promise<string | undefined>;
  /** Whether each area's chain is whole, and where it breaks first. */
  verify(): Promise<Verified[]>;
}

export interface DecisionNeeds {
  readonly database: Database;
  readonly sync: Pick<Sync, 'lock' | 'read' | 'lateEdits' | 'withLateEdits'>;
}

async function orStopped<T>(
  act: () => Promise<T>
): Promise<{ ok: true; result: T } | { ok: false; error: CommandFault }> {
  try {
    return { ok: true, result: await act() };
  } catch (error) {
    if (error instanceof Stopped) return { ok: false, error: error.fault };
    throw error;
  }
}

/** Opens the decisions on the database and the live documents. */
export function openDecisions({ database, sync }: DecisionNeeds): Decisions {
  const { db } = database;
  return {
    async lock(session, cardId, request) {
      try {
        await judgeLock(db, session, cardId);
        const result = await sync.lock(cardId, session.user.name, (tx, documents, at) =>
          writeDecision(tx, session, cardId, request, documents, at)
        );
        return { ok: true, result };
      } catch (error) {
        if (error instanceof Stopped) return { ok: false, error: error.fault };
        // Another window of the same chair was first: sync found the documents locked.
        if (await isLocked(database, cardId)) return { ok: false, error: lockedAlready };
        throw error;
      }
    },
    amend: (tx, session, at, request) =>
      orStopped(() => writeAmendment(tx, sync, session, at, request, new Date())),
    async preview(session, request) {
      const at = await seatAtCard(db, session.area.id, session.user.id, request.cardId);
      if (!at || !mayAmend(at.seat, at.card)) return undefined;
      const { familyId, meetingId, cardId } = at;
      const purpose = 'an amendment';
      await record(db, session, { act: 'card-opened', purpose, familyId, meetingId, cardId });
      return orStopped(() => db.transaction((tx) => previewAmendment(tx, sync, session, at, request)));
    },
    missing: (cardId) => readMissing(database, sync, cardId),
    async moved(session, cardId, seen) {
      try {
        return { ok: true, moved: await readMoved(database, sync, session, { cardId, seen }) };
      } catch (error) {
        if (error instanceof Stopped) return { ok: false, error: error.fault };
        throw error;
      }
    },
    minutes: (session, meetingId, agencyId) => readMinutes(db, session, meetingId, agencyId),
    version: (session, meetingId, number) => readVersion(db, session, meetingId, number),
    exportOf: (session, meetingId) => readExport(db, session, meetingId),
    async csvOf(session, meetingId) {
      const found = await readExport(db, session, meetingId);
      return found && decisionsAsCsv(found);
    },
    verify: () => verify(db)
  };
}
