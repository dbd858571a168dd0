// The files that a demonstration offers to import, with their dates moved to last week. Carries INTAKE14.
import fs from 'node:fs/promises';
import path from 'node:path';
import { daysUntil, moveDates } from '#lib/domain/sample.ts';
import { holds, type Session } from '../identity/session.ts';

const folder = path.join(import.meta.dirname, '../../samples');
const offered = ['police-notifications-week.csv', 'police-notifications-with-faults.csv'] as const;

export interface Samples {
  /**
   * A sample that ends the day before `now`; undefined where there is none of that name, for anyone but a
   * coordinator, and outside a demonstration.
   */
  sample(session: Session, name: string, now: Date): Promise<Uint8Array | undefined>;
}

export const openSamples = (): Samples => ({
  async sample(session, name, now) {
    if (!session.area.demo || !holds(session, 'coordinator') || !offered.some((each) => each === name))
      return undefined;
    const yesterday = new Date(now.getTime() - 86_400_000).toISOString().slice(0, 10);
    // Both by the week's days: the files tell of the same incidents.
    const days = daysUntil(await fs.readFile(path.join(folder, offered[0])), yesterday);
    return moveDates(await fs.readFile(path.join(folder, name)), days);
  }
});
