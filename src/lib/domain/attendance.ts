// What attending a meeting comes to, from when somebody was connected and when their families were at the table. Times
// are milliseconds since 1970. No person's name or id comes out of it. Carries the REPORT rules on arithmetic.

/** How somebody attended who sat for an agency. */
export const attendedModes = ['room', 'remote', 'papers'] as const;
export type AttendedMode = (typeof attendedModes)[number];

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** One connection that began or ended. */
export interface ConnectionEvent {
  readonly connection: string;
  readonly act: 'connected' | 'disconnected';
  readonly at: number;
}

/** After so long it is coming and going, and no drop any more. */
export const longestDrop = 30 * 60_000;

/**
 * When somebody was at a meeting, several windows as one. A connection whose end nobody saw, because the server
 * stopped, lasts to that person's next one, or to the meeting's end.
 * @param events one person's at this meeting, oldest first
 */
export function staysOf(events: readonly ConnectionEvent[], meeting: Span): Span[] {
  const ended = new Map(
    events.flatMap(({ connection, act, at }) => (act === 'disconnected' ? [[connection, at] as const] : []))
  );
  const begun = events.filter(({ act }) => act === 'connected');
  return joined(
    begun.map(({ connection, at }, index) => ({
      from: Math.max(at, meeting.from),
      to: Math.min(ended.get(connection) ?? begun[index + 1]?.at ?? meeting.to, meeting.to)
    }))
  );
}

/** The same time as spans that neither touch nor overlap. */
function joined(spans: readonly Span[]): Span[] {
  const stays: Span[] = [];
  for (const span of spans.filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from)) {
    const last = stays.at(-1);
    if (last && span.from <= last.to)
      stays.splice(-1, 1, { from: last.from, to: Math.max(last.to, span.to) });
    else stays.push(span);
  }
  return stays;
}

/**
 * How long each drop lasted: they were gone, and came back while the meeting went on. Who was noted as having left
 * did not drop.
 * @param left when they were noted so
 */
export function dropsOf(stays: readonly Span[], left: readonly number[]): number[] {
  return stays.flatMap((stay, index) => {
    const before = stays[index - 1];
    if (!before || stay.from - before.to > longestDrop) return [];
    return left.some((at) => at > before.from && at <= stay.from) ? [] : [stay.from - before.to];
  });
}

/** How long both lasted at once. */
export function overlap(some: readonly Span[], others: readonly Span[]): number {
  return joined(some)
    .flatMap((one) =>
      joined(others).map((other) => Math.min(one.to, other.to) - Math.max(one.from, other.from))
    )
    .reduce((sum, both) => sum + Math.max(0, both), 0);
}

/** When the table was at these cards. */
export function turnsOf(
  turns: readonly { readonly cardId: string | null; readonly at: number }[],
  own: ReadonlySet<string>,
  meeting: Span
): Span[] {
  return turns.flatMap(({ cardId, at }, index) =>
    cardId !== null && own.has(cardId)
      ? [{ from: Math.max(at, meeting.from), to: Math.min(turns[index + 1]?.at ?? meeting.to, meeting.to) }]
      : []
  );
}

/** How much somebody gave, each family, question or action once. */
export interface Contributions {
  /** Families with information, and families rated before the reveal. */
  readonly information: number;
  readonly ratings: number;
  readonly questions: number;
  readonly actions: number;
}

/** One person at one meeting. */
export interface PersonMeeting {
  readonly mode: AttendedMode;
  /** How long the meeting was, how long they were connected, and of that at their own families. */
  readonly meeting: number;
  readonly connected: number;
  readonly own: number;
  /** How long each drop lasted. */
  readonly drops: readonly number[];
  readonly contributions: Contributions;
}

/** What several people's meetings come to, each figure for one person at one meeting where nothing else is said. */
export interface Figures {
  /** How often somebody attended. */
  readonly times: number;
  /** Minutes; null where nobody of them is connected, since they sent papers. */
  readonly presence: {
    readonly connected: number;
    readonly own: number;
    readonly waiting: number;
    /** Drops of all of them together, and the seconds after which half of them were back. */
    readonly drops: number;
    readonly back: number | null;
  } | null;
  /** Minutes of the meeting at which who attended remotely was not connected; null for other ways. */
  readonly saved: { readonly each: number; readonly inAll: number } | null;
  readonly contributions: Contributions;
}

const minute = 60_000;

/** The figures of some people's meetings, all in one mode; undefined where there are none. */
export function figuresOf(attended: readonly PersonMeeting[]): Figures | undefined {
  const [first] = attended;
  if (!first) return undefined;
  const sum = (of: (each: PersonMeeting) => number) => attended.reduce((all, each) => all + of(each), 0);
  const minutes = (of: (each: PersonMeeting) => number) => Math.round(sum(of) / attended.length / minute);
  const drops = attended.flatMap((each) => each.drops);
  const away = (each: PersonMeeting) => each.meeting - each.connected;
  // Waiting is the rest, so that the two add up on the page as well.
  const [connected, own] = [minutes((each) => each.connected), minutes((each) => each.own)];
  const tenths = (kind: keyof Contributions) =>
    Math.round((sum((each) => each.contributions[kind]) / attended.length) * 10) / 10;
  return {
    times: attended.length,
    presence:
      first.mode === 'papers'
        ? null
        : {
            ...{ connected, own, waiting: connected - own },
            drops: drops.length,
            back: median(drops.map((ms) => Math.round(ms / 1000)))
          },
    saved: first.mode === 'remote' ? { each: minutes(away), inAll: Math.round(sum(away) / minute) } : null,
    contributions: {
      information: tenths('information'),
      ratings: tenths('ratings'),
      questions: tenths('questions'),
      actions: tenths('actions')
    }
  };
}

/** Of an even number of values the lower of the two in the middle; null of none. */
export function median(values: readonly number[]): number | null {
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length / 2) - 1] ?? null;
}
