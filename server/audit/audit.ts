// Looking is logged: an event is written before what it is about is sent, and where it can't be written
// nothing is sent. Carries the AUDIT rules.
import type { Db, Queries } from '../database/database.ts';
import { auditEvents } from '../database/schema/decisions.ts';
import { together } from '../database/together.ts';
import type { Session } from '../identity/session.ts';

/** What was done or looked at. The names are for the administrator's page, which puts them in words. */
export type AuditAct =
  | 'signed-in'
  | 'signed-out'
  | 'invited'
  | 'invitation-withdrawn'
  | 'link-used'
  | 'membership-ended'
  | 'password-renewed'
  | 'settings-changed'
  | 'rehearsal-begun'
  | 'family-opened'
  | 'card-opened'
  | 'rating-history-opened'
  | 'minutes-opened'
  | 'export-made'
  | 'audit-opened'
  | 'attribution-opened'
  | 'connected'
  | 'disconnected'
  | 'imported'
  | 'families-joined'
  | 'families-unjoined'
  | 'families-kept-apart'
  | 'narrative-told'
  | 'meeting-scheduled'
  | 'meeting-changed'
  | 'meeting-opened'
  | 'meeting-closed'
  | 'chair-taken'
  | 'chair-given'
  | 'member-changed'
  | 'statement-read'
  | 'statement-agreed'
  | 'conflict-declared'
  | 'ratings-revealed'
  | 'laptop-shared'
  | 'laptop-ended'
  | 'actions-opened'
  | 'action-updated'
  | 'action-answered'
  | 'outcome-opened'
  | 'outcome-told'
  | 'agency-reminded'
  | 'report-opened'
  | 'card-locked'
  | 'card-amended'
  | 'correction-proposed';

export interface AuditEvent {
  readonly act: AuditAct;
  /** What it was for, in a few words: 'the meeting of 24 November'. Never a family's data. */
  readonly purpose: string;
  readonly familyId?: string;
  readonly meetingId?: string;
  readonly cardId?: string;
  /** Ids and counts only. */
  readonly detail?: Record<string, unknown>;
}

/** Whose act it was. Someone with a one-time link has no session yet. */
export interface Actor {
  readonly id: Session['id'] | null;
  readonly area: Pick<Session['area'], 'id'>;
  readonly user: Pick<Session['user'], 'id'>;
}

/**
 * Writes an event, in `queries` so that it can stand in the transaction of what it is about.
 * @throws what the database throws; the caller then sends nothing.
 */
export async function record(queries: Queries, who: Actor, event: AuditEvent): Promise<void> {
  await queries.insert(auditEvents).values(rowOf(who, event));
}

/**
 * Gives a writer of events that stand alone, for a crowd that comes or goes at once: those that wait are written in
 * one statement, and nobody's promise resolves before theirs is.
 */
export function openRecorder(db: Db): (who: Actor, event: AuditEvent) => Promise<void> {
  const write = together(async (rows: readonly ReturnType<typeof rowOf>[]) => {
    await db.insert(auditEvents).values([...rows]);
    return rows.map(() => undefined);
  });
  return (who, event) => write(rowOf(who, event));
}

function rowOf(who: Actor, event: AuditEvent) {
  return {
    areaId: who.area.id,
    userId: who.user.id,
    sessionId: who.id,
    act: event.act,
    purpose: event.purpose,
    familyId: event.familyId,
    meetingId: event.meetingId,
    cardId: event.cardId,
    detail: event.detail ?? {}
  };
}
