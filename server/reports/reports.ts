// The face of the reports: how meetings are attended, in figures of nobody by name, and the two questions at the end
// of a meeting. It reads what other capabilities have written, and writes answers alone. Carries REPORT and PULSE rules.
import type { AttendanceReport, PulseAsked } from '#lib/protocol/reports.ts';
import { mayReadReports } from '#lib/domain/permission.ts';
import { record, type AuditAct } from '../audit/audit.ts';
import type { Database } from '../database/database.ts';
import { holds, type Session } from '../identity/session.ts';
import { reportOn } from './attendance.ts';
import { reportAsCsv } from './csv.ts';
import { answerPulse, askPulse, type Answered } from './pulse.ts';

/** What of a report is asked for, as an address gives it: `last`, or `from` and `to`. */
export type ReportInput = Readonly<Record<string, string | undefined>>;

export interface Reports {
  /** How meetings were attended, after the audit has the opening; undefined for who may not read it. */
  attendance(session: Session, input: ReportInput): Promise<AttendanceReport | undefined>;
  /** The same as CSV, for the same people. */
  csvOf(session: Session, input: ReportInput): Promise<string | undefined>;
  /** Whether the person is asked about a meeting; undefined where they sat at no such one. */
  pulse(session: Session, meetingId: string): Promise<PulseAsked | undefined>;
  /** Counts the person's answers, once; undefined where they sat at no such meeting. */
  answer(session: Session, meetingId: string, input: unknown): Promise<Answered | undefined>;
}

export interface ReportNeeds {
  readonly database: Database;
  readonly now?: () => Date;
}

/** Opens the reports. */
export function openReports({ database: { db }, now = () => new Date() }: ReportNeeds): Reports {
  async function read(
    session: Session,
    input: ReportInput,
    act: AuditAct
  ): Promise<AttendanceReport | undefined> {
    const who = {
      coordinator: holds(session, 'coordinator'),
      administrator: holds(session, 'administrator')
    };
    if (!mayReadReports(who)) return undefined;
    const report = await reportOn(db, session.area.id, input, now());
    const { period } = report.asked;
    await record(db, session, { act, purpose: 'how meetings are attended', detail: { ...period } });
    return report;
  }

  return {
    attendance: (session, input) => read(session, input, 'report-opened'),
    async csvOf(session, input) {
      const report = await read(session, input, 'export-made');
      return report && reportAsCsv(report);
    },
    pulse: (session, meetingId) => askPulse(db, session, meetingId, now()),
    answer: (session, meetingId, input) => answerPulse(db, session, meetingId, input, now())
  };
}
