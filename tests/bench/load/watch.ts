// The machine while a load runs: what the server, its database, the generator and others use of a core.
import { cpuBetween, family, foreignWatch, quantiles, sample } from '../measure.ts';
import type { Job } from './job.ts';

/** Per cent of one core each. */
export interface Used {
  readonly serverCpu: number;
  readonly databaseCpu: number;
  readonly generatorCpu: number;
  readonly foreignCpu: number;
  /** How late the generator's own timers were, p99 in ms. */
  readonly generatorLag: number;
  readonly rssMB: number;
}

/** Begins to watch; the answer ends it and says what was used. */
export function watch({ serverPid, databasePid }: Pick<Job, 'serverPid' | 'databasePid'>): () => Used {
  const server = [serverPid];
  const database = databasePid ? family(databasePid) : [];
  const foreign = foreignWatch(() => sample([process.pid, ...server, ...database]).cpu);
  const begun = { server: sample(server), database: sample(database), generator: sample([process.pid]) };
  const lags: number[] = [];
  let last = performance.now();
  const timer = setInterval(() => {
    const at = performance.now();
    lags.push(Math.max(0, at - last - 5));
    last = at;
  }, 5);
  return () => {
    clearInterval(timer);
    const now = sample(server);
    return {
      serverCpu: cpuBetween(begun.server, now),
      databaseCpu: database.length > 0 ? cpuBetween(begun.database, sample(database)) : 0,
      generatorCpu: cpuBetween(begun.generator, sample([process.pid])),
      foreignCpu: foreign(),
      generatorLag: quantiles(lags).p99,
      rssMB: now.rssMB
    };
  };
}

export const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The given promise, or an error that says what was waited for too long. */
export async function within<T>(seconds: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took more than ${seconds} s`)), seconds * 1000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
