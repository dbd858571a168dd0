// The report on attendance as it is shown and taken away, and the two questions at the end of a meeting. Neither has a
// place for a person, an agency, a meeting or a family. Carries REPORT and PULSE rules.
import * as z from 'zod';
import type { AttendedMode, Figures } from '#lib/domain/attendance.ts';
import type { Period } from '#lib/domain/disclosure.ts';
import type { Asked } from '#lib/domain/months.ts';
import { pulseAnswers, type PulseAnswer, type PulseQuestion } from '#lib/domain/pulse.ts';

export const pulseSchema = z.strictObject({
  follow: z.enum(pulseAnswers, 'Say whether you could follow: yes, partly or no.'),
  heard: z.enum(pulseAnswers, 'Say whether you were heard: yes, partly or no.')
});
export type Pulse = z.infer<typeof pulseSchema>;

/** Whether somebody is asked the two questions of a meeting, and until when. */
export interface PulseAsked {
  readonly asked: boolean;
  /** ISO, UTC. */
  readonly until: string;
}

export type PulseTally = Readonly<Record<PulseQuestion, Readonly<Record<PulseAnswer, number>>>>;

/** How one way of attending went. Null: there were too few to show. */
export interface OfMode {
  readonly mode: AttendedMode;
  /** The months that are counted, all of them in the time that was asked for. */
  readonly counted: Period | null;
  readonly figures: Figures | null;
}

export interface AttendanceReport {
  readonly asked: Asked;
  /** From the first month in which a meeting was opened to the last that is over. */
  readonly known: Period;
  /** Closed meetings in the time that was asked for. */
  readonly meetings: number;
  readonly modes: readonly OfMode[];
  /** The same month by month, months taken together where one alone has too few; oldest first. */
  readonly overTime: readonly (OfMode & { readonly counted: Period; readonly figures: Figures })[];
  readonly pulse: readonly {
    readonly mode: 'room' | 'remote';
    readonly counted: Period | null;
    readonly answers: PulseTally | null;
  }[];
}
