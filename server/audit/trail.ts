// The audit as an administrator reads it: newest first, in words, by person, act and London's day. Carries AUDIT1-AUDIT3.
import { and, desc, eq, gte, lt } from 'drizzle-orm';
import * as z from 'zod';
import { fromLondon } from '#lib/domain/london.ts';
import type { Database } from '../database/database.ts';
import { auditEvents } from '../database/schema/decisions.ts';
import { families } from '../database/schema/families.ts';
import { users } from '../database/schema/identity.ts';
import { meetings } from '../database/schema/meetings.ts';
import type { Session } from '../identity/session.ts';
import { record, type AuditAct } from './audit.ts';

const pageLength = 100;

export interface TrailRow {
  readonly id: string;
  readonly at: string;
  readonly by: string;
  readonly act: AuditAct;
  readonly purpose: string;
  /** The family's reference, where the event is about one. */
  readonly reference: string | null;
  /** When the meeting began that the event is about, ISO, UTC. */
  readonly meeting: string | null;
}

const filter = z.object({
  userId: z.uuid().optional().catch(undefined),
  act: z
    .string()
    .max(40)
    .regex(/^[^\0]*$/)
    .optional()
    .catch(undefined),
  day: z.iso.date().optional().catch(undefined),
  page: z.coerce.number().int().min(1).max(10_000).catch(1)
});

export interface Trail {
  /** A page of the area's events. Reading it is itself an event, written first. */
  read(
    session: Session,
    asked: Record<string, string>
  ): Promise<{ rows: TrailRow[]; people: { id: string; name: string }[]; page: number; more: boolean }>;
}

/** The calendar's next day; the day London has may be 23 or 25 hours long. */
function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 24 * 3_600_000).toISOString().slice(0, 10);
}

export function openTrail({ db }: Database): Trail {
  return {
    async read(session, asked) {
      const { userId, act, day, page } = filter.parse(asked);
      await record(db, session, { act: 'audit-opened', purpose: 'the audit', detail: { page } });
      const from = day ? fromLondon({ date: day, time: '00:00' }) : undefined;
      const until = day ? fromLondon({ date: dayAfter(day), time: '00:00' }) : undefined;
      const rows = await db
        .select({
          id: auditEvents.id,
          at: auditEvents.at,
          by: users.name,
          act: auditEvents.act,
          purpose: auditEvents.purpose,
          reference: families.reference,
          meeting: meetings.startsAt
        })
        .from(auditEvents)
        .leftJoin(users, eq(users.id, auditEvents.userId))
        .leftJoin(families, eq(families.id, auditEvents.familyId))
        .leftJoin(meetings, eq(meetings.id, auditEvents.meetingId))
        .where(
          and(
            eq(auditEvents.areaId, session.area.id),
            userId ? eq(auditEvents.userId, userId) : undefined,
            act ? eq(auditEvents.act, act) : undefined,
            from ? gte(auditEvents.at, from) : undefined,
            until ? lt(auditEvents.at, until) : undefined
          )
        )
        .orderBy(desc(auditEvents.at), desc(auditEvents.id))
        .offset((page - 1) * pageLength)
        .limit(pageLength + 1);
      const people = await db
        .selectDistinct({ id: users.id, name: users.name })
        .from(auditEvents)
        .innerJoin(users, eq(users.id, auditEvents.userId))
        .where(eq(auditEvents.areaId, session.area.id))
        .orderBy(users.name);
      return {
        rows: rows.slice(0, pageLength).map((row) => ({
          ...row,
          at: row.at.toISOString(),
          meeting: row.meeting?.toISOString() ?? null,
          by: row.by ?? 'Same Room itself',
          act: row.act as AuditAct
        })),
        people,
        page,
        more: rows.length > pageLength
      };
    }
  };
}
