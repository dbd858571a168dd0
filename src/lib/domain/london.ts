// Times as people in an area read and write them: Europe/London, whatever zone the server or the browser
// stands in. Stored times are UTC. Pure; the zone's rules are Intl's. Carries the SCHED rules on time.

const zone = 'Europe/London';

const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: zone,
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit'
});
const words = new Intl.DateTimeFormat('en-GB', {
  timeZone: zone,
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric'
});

export interface LondonTime {
  /** YYYY-MM-DD. */
  readonly date: string;
  /** HH:MM, 24 hours. */
  readonly time: string;
}

/** What calendar and clock in London show at this moment. */
export function inLondon(at: Date): LondonTime {
  const shown = new Map(parts.formatToParts(at).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => shown.get(type) ?? '';
  return {
    date: `${part('year')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}`
  };
}

/** 'Tuesday 24 November 2026', in London. */
export function dayInWords(at: Date): string {
  return words.format(at).replace(',', '');
}

/** 'Tuesday 24 November 2026, 10:00', in London. */
export function timeInWords(at: Date): string {
  return `${dayInWords(at)}, ${inLondon(at).time}`;
}

/**
 * The moment at which London's calendar and clock show this; undefined where they never do: 30 February, or
 * 01:30 on the night in March when the clocks go forward. A time that comes twice, in October, is its first.
 * @param date YYYY-MM-DD
 * @param time HH:MM, 24 hours
 */
export function fromLondon({ date, time }: LondonTime): Date | undefined {
  const asUtc = Date.parse(`${date}T${time}:00Z`);
  if (Number.isNaN(asUtc)) return undefined;
  const hour = 3_600_000;
  // London is never anything but an hour ahead of UTC or level with it.
  return [asUtc - hour, asUtc]
    .map((ms) => new Date(ms))
    .find((at) => {
      const shown = inLondon(at);
      return shown.date === date && shown.time === time;
    });
}

/** The day a week later. @param date YYYY-MM-DD */
export function weekAfter(date: string): string {
  const day = 86_400_000;
  return new Date(Date.parse(`${date}T12:00:00Z`) + 7 * day).toISOString().slice(0, 10);
}
