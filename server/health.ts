// Whether the house is well, as whoever watches it from outside is told. A database that is away for a moment
// costs nobody a word, so it is 'degraded' first, and 'unavailable' only when it stays away. Carries HEALTH1 to
// HEALTH3.

export interface Condition {
  /** How long the database has not answered, in ms; null where it answers. */
  readonly away: number | null;
  /** How long the oldest update has been waiting to be stored, in ms; 0 where none waits. */
  readonly behind: number;
  /** Whether the newest commit failed, in the last minute. */
  readonly failing: boolean;
  readonly meetings: boolean;
}

export interface Health {
  readonly status: 'starting' | 'ready' | 'degraded' | 'unavailable';
  /** Whether people can be served, be it with delay. */
  readonly ready: boolean;
  readonly parts: Readonly<Record<string, boolean>>;
  /** In sentences, what is not as it should be. */
  readonly why: readonly string[];
}

/** What is later than this is worth telling, in milliseconds. */
const LATE = 2000;
/** Without the database for this long, nobody can be served any more, in milliseconds. */
const LOST = 30_000;
/** How often the database is asked, in milliseconds, and how long it may take to answer. */
const ASKED = 5000;
const ANSWER = 1000;

export const starting: Health = { status: 'starting', ready: false, parts: {}, why: [] };

/** Judges what was found. */
export function judgeHealth({ away, behind, failing, meetings }: Condition): Health {
  const seconds = (ms: number) => Math.round(ms / 1000);
  const why = [
    ...(away === null ? [] : [`The database has not answered for ${seconds(away)} s.`]),
    ...(behind < LATE ? [] : [`What is typed has been waiting to be stored for ${seconds(behind)} s.`]),
    ...(failing ? ['The newest commit failed.'] : []),
    ...(meetings ? [] : ['Meetings are closed.'])
  ];
  const ready = (away ?? 0) < LOST && behind < LOST && meetings;
  const status = !ready ? 'unavailable' : why.length > 0 ? 'degraded' : 'ready';
  return {
    status,
    ready,
    parts: { database: away === null, sync: behind < LATE && !failing, meetings },
    why
  };
}

export interface HealthNeeds {
  /** Whether the database answers within so many milliseconds. */
  alive(ms: number): Promise<boolean>;
  /** The rest of the condition, as it is now. */
  look(): Omit<Condition, 'away'>;
}

/** Asks the database now and then, so that it is known since when it has been away. */
export function openHealth({ alive, look }: HealthNeeds): { read(): Promise<Health>; close(): void } {
  let lostAt: number | null = null;
  let asking: Promise<void> | undefined;
  const ask = () =>
    (asking ??= alive(ANSWER).then((answers) => {
      lostAt = answers ? null : (lostAt ?? performance.now() - ANSWER);
      asking = undefined;
    }));
  const timer = setInterval(() => void ask(), ASKED);
  timer.unref();
  return {
    async read() {
      await ask();
      return judgeHealth({ ...look(), away: lostAt === null ? null : performance.now() - lostAt });
    },
    close: () => clearInterval(timer)
  };
}
