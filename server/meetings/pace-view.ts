// The time of a meeting as one person may know it: of a family that is not theirs to see, nothing but the time
// it takes. Pure. Carries PACE5.
import { courseAt, minute, minutesLate, type Planned } from '#lib/domain/pace.ts';
import { courseOf } from '#lib/domain/standing.ts';
import type { PaceView } from '#lib/protocol/meeting.ts';
import type { Table, TableCard } from './table.ts';

/** @param seen the cards that this person may see @param chair whether they hold the chair */
export function paceView(table: Table, seen: ReadonlySet<string>, chair: boolean): PaceView {
  const { meeting, pacing } = table;
  const been = beenAtTable(table, seen, chair);
  const none: PaceView = { present: null, endsAt: null, minutesLate: null, upcoming: {}, ...been };
  if (meeting.state === 'closed') return none;
  const agenda = table.cards.map((card) => plannedOf(table, card));
  const begins = meeting.state === 'open' ? pacing.at : Math.max(pacing.at, meeting.startsAt.getTime());
  const course = courseAt(agenda, pacing.turns, begins);
  const { present } = course;
  const breaks = pacing.breaks.reduce((sum, { from, to }) => sum + (to ?? pacing.at) - from, 0);
  const opened = meeting.openedAt?.getTime();
  return {
    present:
      present && seen.has(present.cardId)
        ? { cardId: present.cardId, dueAt: new Date(present.dueAt).toISOString() }
        : null,
    endsAt: agenda.length > 0 ? toTheMinute(course.endsAt) : null,
    minutesLate: opened === undefined ? null : minutesLate(agenda, course, opened, breaks),
    upcoming: Object.fromEntries(
      course.upcoming
        .filter(({ cardId }) => seen.has(cardId))
        .map(({ cardId, at, next, skipped }) => [cardId, { at: toTheMinute(at), next, skipped }])
    ),
    ...been
  };
}

/**
 * What was at the table. Whose a withdrawn family was is not known here any more: that there was one is told to whoever
 * holds the chair alone.
 */
function beenAtTable(
  { cards, pacing }: Table,
  seen: ReadonlySet<string>,
  chair: boolean
): Pick<PaceView, 'had' | 'begun'> {
  const had = pacing.turns.flatMap(({ cardId }) => (cardId === null ? [] : [cardId]));
  const agenda = new Set(cards.map(({ row }) => row.id));
  const known = had.filter((cardId) => seen.has(cardId));
  return {
    had: known,
    begun: known.length > 0 || (chair && had.some((cardId) => !agenda.has(cardId)))
  };
}

function plannedOf(table: Table, { row, stands, course }: TableCard): Planned {
  const concluded = stands.joint.some(({ memberId }) => memberId === null);
  return {
    cardId: row.id,
    minutes: table.pacing.minutesPerFamily,
    added: table.pacing.added.get(row.id) ?? 0,
    done: ['concluded', 'locked', 'not-reached'].includes(courseOf({ ...row, concluded })),
    parked: course.parked !== null
  };
}

/** What is foretold is no more exact than a minute, and so is not news each time it is reckoned. */
const toTheMinute = (at: number) => new Date(Math.round(at / minute) * minute).toISOString();
