// The report on attendance as CSV: one row for each way of attending in the time asked for, and one for each of its
// blocks of months.
import type { Figures } from '#lib/domain/attendance.ts';
import { modeWords, tooFew } from '#lib/domain/attendance-words.ts';
import { pulseAnswers, pulseQuestions, questionWords } from '#lib/domain/pulse.ts';
import type { AttendanceReport, OfMode, PulseTally } from '#lib/protocol/reports.ts';
import { csvOf } from '../decisions/csv.ts';

const columns: Readonly<Record<string, (figures: Figures) => number | null | undefined>> = {
  'Times attended': ({ times }) => times,
  'Minutes connected': ({ presence }) => presence?.connected,
  'Minutes at own families': ({ presence }) => presence?.own,
  'Minutes waiting': ({ presence }) => presence?.waiting,
  'Drops in all': ({ presence }) => presence?.drops,
  'Seconds until half were back': ({ presence }) => presence?.back,
  'Minutes saved': ({ saved }) => saved?.each,
  'Minutes saved in all': ({ saved }) => saved?.inAll,
  'Families with information': ({ contributions }) => contributions.information,
  'Families rated before the reveal': ({ contributions }) => contributions.ratings,
  'Questions answered': ({ contributions }) => contributions.questions,
  'Actions accepted': ({ contributions }) => contributions.actions
};

const pulseColumns = pulseQuestions.flatMap((question) =>
  pulseAnswers.map((answer) => ({
    name: `${questionWords[question]} ${answer}`,
    of: (tally: PulseTally) => String(tally[question][answer])
  }))
);

/** The report as CSV. */
export function reportAsCsv(report: AttendanceReport): string {
  const row = (which: string, { mode, counted, figures }: OfMode, answers?: PulseTally | null) => [
    which,
    counted?.from ?? '',
    counted?.to ?? '',
    modeWords[mode],
    ...Object.values(columns).map((of) => (figures ? String(of(figures) ?? '') : tooFew)),
    ...pulseColumns.map(({ of }) => (answers ? of(answers) : answers === null ? tooFew : ''))
  ];
  return csvOf([
    ['Rows', 'From', 'To', 'How', ...Object.keys(columns), ...pulseColumns.map(({ name }) => name)],
    ...report.modes.map((each) =>
      row('In all', each, report.pulse.find(({ mode }) => mode === each.mode)?.answers)
    ),
    ...report.overTime.map((each) => row('Over time', each))
  ]);
}
