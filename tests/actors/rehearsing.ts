// Somebody who rehearses, over real wires on a database of their own: a real area beside the rehearsal, and a clock
// that stands still unless a test lets it go.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sessions } from '#server/database/schema/identity.ts';
import type { Session } from '#server/identity/session.ts';
import { cookieFor } from '#server/identity/signed-in.ts';
import type { Timing } from '#server/rehearsal/play.ts';
import { openRehearsals, type Rehearsals } from '#server/rehearsal/rehearsals.ts';
import { openOffice, type Office } from './office.ts';
import { Outsider } from './outsider.ts';
import type { Who } from './table.ts';

/** A clock of seconds that a test moves, and chance that always falls in the middle. */
export class StandingClock implements Timing {
  #at = 0;
  readonly #waiting = new Set<{ readonly at: number; readonly then: () => void }>();

  /** Seconds since it was made. */
  get at(): number {
    return this.#at / 1000;
  }
  later(ms: number, then: () => void): () => void {
    const each = { at: this.#at + ms, then };
    this.#waiting.add(each);
    return () => void this.#waiting.delete(each);
  }
  chance(): number {
    return 0.5;
  }
  now(): Date {
    return new Date();
  }
  /** Lets so many seconds pass at once. */
  pass(seconds: number): void {
    this.#at += seconds * 1000;
    const due = [...this.#waiting].filter(({ at }) => at <= this.#at).sort((a, b) => a.at - b.at);
    for (const each of due) if (this.#waiting.delete(each)) each.then();
  }
  /** Lets time pass, so many seconds for each moment that the wires have to answer, until something is so. */
  async until(what: string, isSo: () => boolean | Promise<boolean>, seconds = 1): Promise<void> {
    for (const end = this.at + 1000; !(await isSo()); this.pass(seconds)) {
      if (this.at > end) throw new Error(`not seen in 1000 seconds: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }
}

export interface Rehearsing {
  readonly office: Office;
  readonly clock: StandingClock;
  readonly url: string;
  readonly rehearsals: Rehearsals;
  /** Ends the rehearsals and opens them anew, as a process that begins again. */
  again(): Promise<void>;
  /** A session of somebody of the office's area, as another program has it. */
  signIn(who: Who): Promise<Outsider>;
  /** Signs in any user. */
  signInAs(userId: string, rehearsalAreaId?: string): Promise<Outsider>;
  sessionOf(person: Outsider): Promise<Session | null>;
  /** The session, of which there must be one. */
  session(person: Outsider): Promise<Session>;
  close(): Promise<void>;
}

/** Opens an office whose people can rehearse. */
export async function openRehearsing(): Promise<Rehearsing> {
  const office = await openOffice();
  const { services } = office;
  const { config, database, log, intake, schedule, sync, meetings, identity } = services;
  const clock = new StandingClock();
  const server = createServer();
  server.on('upgrade', (request, socket, head) =>
    (request.url?.startsWith('/sync/') ? sync : meetings).upgrade(request, socket, head)
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const open = () => {
    const opened = openRehearsals({
      database,
      config,
      log,
      intake,
      schedule,
      timing: clock,
      rejudge(whose) {
        sync.rejudge(whose);
        return meetings.rejudge(whose);
      }
    });
    opened.reachedAt(() => url);
    return opened;
  };
  let rehearsals = open();
  const secret = config.authSecret ?? '';
  const sessionOf = ({ cookie }: Outsider) => identity.sessionOf(new Headers({ cookie }));
  const signInAs = async (userId: string, rehearsalAreaId?: string) => {
    const token = randomBytes(24).toString('base64url');
    const expiresAt = new Date(Date.now() + 3_600_000);
    await database.db.insert(sessions).values({ userId, token, expiresAt, rehearsalAreaId });
    return new Outsider(url, cookieFor(token, { secret, secure: false }));
  };
  return {
    office,
    clock,
    url,
    get rehearsals() {
      return rehearsals;
    },
    async again() {
      await rehearsals.close();
      rehearsals = open();
    },
    signInAs,
    signIn: (who) => signInAs(office.table.people[who]),
    sessionOf,
    async session(person) {
      const session = await sessionOf(person);
      if (!session) throw new Error('There is no session');
      return session;
    },
    async close() {
      await rehearsals.close();
      server.close();
      server.closeAllConnections();
      await office.close();
    }
  };
}
