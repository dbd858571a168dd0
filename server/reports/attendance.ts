// The report put together: who attended in which month and how, in blocks that are large enough, and of those that
// lie in the time asked for the figures. Ids end here. Carries REPORT rules.
import { attendedModes, figuresOf, type AttendedMode, type PersonMeeting } from '#lib/domain/attendance.ts';
import { areEnough, blocksIn, blocksOf, fewest, type Block, type Period } from '#lib/domain/disclosure.ts';
import { monthAfter, monthOf, monthsFrom, readAsked } from '#lib/domain/months.ts';
import type { PulseAnswer, PulseQuestion } from '#lib/domain/pulse.ts';
import type { AttendanceReport, OfMode, PulseTally } from '#lib/protocol/reports.ts';
import type { Db } from '../database/database.ts';
import { readContributions, type Contributed } from './contributions.ts';
import { columnOf, pulseDays, readCounts, type PulseCounts } from './pulse.ts';
import { readAttended, type Attended } from './reading.ts';

/** @param input `last`, or `from` and `to`, as an address gives them */
export async function reportOn(
  db: Db,
  areaId: string,
  input: Readonly<Record<string, string | undefined>>,
  now: Date
): Promise<AttendanceReport> {
  const lastOver = monthAfter(monthOf(now), -1);
  const { meetings, attended } = await readAttended(db, areaId, lastOver);
  const known = { from: meetings[0]?.month ?? lastOver, to: lastOver };
  const asked = readAsked(input, known);
  const within = meetings.filter(({ month }) => month >= asked.period.from && month <= asked.period.to);
  const blocks = new Map(attendedModes.map((mode) => [mode, blocksOfMode(attended, mode, known)]));
  const contributed = await readContributions(
    db,
    within.map(({ id }) => id)
  );
  const modes = attendedModes.map((mode) => ofMode(mode, blocks, asked.period, contributed));
  const overTime = attendedModes.flatMap((mode) =>
    blocksIn(blocks.get(mode) ?? [], asked.period).flatMap(({ from, to, held }) => {
      const figures = figuresOf(held.map((each) => withContributions(each, contributed)));
      return figures ? [{ mode, counted: { from, to }, figures }] : [];
    })
  );
  return {
    ...{ asked, known, modes, meetings: within.length },
    overTime: overTime.sort((a, b) => (a.counted.to < b.counted.to ? -1 : 1)),
    pulse: await pulseIn(db, areaId, asked.period, now)
  };
}

function blocksOfMode(attended: readonly Attended[], mode: AttendedMode, known: Period): Block<Attended>[] {
  const months = monthsFrom(known).map((month) => ({
    month,
    held: attended.filter((each) => each.month === month && each.mode === mode)
  }));
  return blocksOf(months, areEnough);
}

function ofMode(
  mode: AttendedMode,
  blocks: ReadonlyMap<AttendedMode, readonly Block<Attended>[]>,
  period: Period,
  contributed: Contributed
): OfMode {
  const inside = blocksIn(blocks.get(mode) ?? [], period);
  const held = inside.flatMap((block) => block.held);
  const figures = figuresOf(held.map((each) => withContributions(each, contributed)));
  return { mode, counted: extent(inside), figures: figures ?? null };
}

const withContributions = (each: Attended, contributed: Contributed): PersonMeeting => ({
  ...each,
  contributions: contributed(each)
});

/** From the first of the months counted to the last. */
function extent(blocks: readonly Period[]): Period | null {
  const [first, last] = [blocks[0], blocks.at(-1)];
  return first && last ? { from: first.from, to: last.to } : null;
}

/** Answers, of months in which nobody is asked any more, in blocks of enough of them. */
async function pulseIn(
  db: Db,
  areaId: string,
  period: Period,
  now: Date
): Promise<AttendanceReport['pulse']> {
  const settled = monthAfter(monthOf(new Date(now.getTime() - (pulseDays + 1) * 86_400_000)), -1);
  const counts = await readCounts(db, areaId, settled);
  return (['room', 'remote'] as const).map((mode) => {
    const months = counts.filter((each) => each.mode === mode);
    const blocks = blocksOf(
      months.map((each) => ({ month: each.month, held: [each] })),
      (held) => answersIn(held) >= fewest
    );
    const inside = blocksIn(blocks, period);
    return { mode, counted: extent(inside), answers: tallyOf(inside.flatMap((block) => block.held)) };
  });
}

const answersIn = (counts: readonly PulseCounts[]) =>
  counts.reduce((all, each) => all + each.followYes + each.followPartly + each.followNo, 0);

function tallyOf(counts: readonly PulseCounts[]): PulseTally | null {
  if (counts.length === 0) return null;
  const times = (question: PulseQuestion, answer: PulseAnswer) =>
    counts.reduce((all, each) => all + each[columnOf[question][answer]], 0);
  const of = (question: PulseQuestion) => ({
    yes: times(question, 'yes'),
    partly: times(question, 'partly'),
    no: times(question, 'no')
  });
  return { follow: of('follow'), heard: of('heard') };
}
