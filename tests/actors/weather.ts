// A database whose appends can be held back, fail, or be stored without an answer.
import type { Database } from '#server/database/database.ts';

export interface Weather {
  change(database: Database): Database;
  /** Appends wait until the release is called. */
  hold(): () => void;
  /** The next appends are not made. */
  fail(times: number): void;
  /** The next append is made, and its answer lost. */
  lose(times: number): void;
}

export function openWeather(): Weather {
  let held: Promise<void> = Promise.resolve();
  let [failing, losing] = [0, 0];
  return {
    change: (database) => ({
      ...database,
      async append(statement) {
        await held;
        if (failing > 0 && failing--) throw new Error('the disk is full');
        const stored = await database.append<never>(statement);
        if (losing > 0 && losing--) throw new Error('the line broke');
        return stored;
      }
    }),
    hold() {
      let release = () => {};
      held = new Promise((resolve) => (release = resolve));
      return release;
    },
    fail: (times) => void (failing = times),
    lose: (times) => void (losing = times)
  };
}
