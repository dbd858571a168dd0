// The rooms that are open: each document has one at most, loaded when somebody comes in and gone when the
// last has left and everything is stored. Carries SYNC7.
import type { Section } from '#lib/domain/permission.ts';
import type { Database } from '../database/database.ts';
import { quarantine } from '../database/schema/sync.ts';
import { Buckets } from '../buckets.ts';
import type { Log } from '../log.ts';
import type { Measure } from '../metrics/metrics.ts';
import { Bases } from './bases.ts';
import { compact, load, loadOwners } from './documents.ts';
import { Folding } from './folding.ts';
import type { Journal } from './journal.ts';
import { LateBook } from './late.ts';
import type { Member } from './member.ts';
import { Room } from './room.ts';

/** How many rows behind a base are worth a new one when a room ends. */
const WORTH_A_BASE = 20;

interface Needs {
  readonly database: Database;
  readonly log: Log;
  readonly journal: Journal;
  readonly measure: Measure;
  readonly now: () => Date;
  edited(edit: { cardId: string; userId: string; sections: readonly Section[]; late: boolean }): void;
}

/** How much of what one person sends is kept as evidence: bytes, and bytes a second after those. */
const EVIDENCE = { bytes: 4 * 1024 * 1024, perSecond: 256 };

export class Rooms {
  readonly #rooms = new Map<string, Promise<Room | undefined>>();
  readonly #open = new Set<Room>();
  readonly #needs: Needs;
  /** Work that goes on after a room has ended. */
  readonly #afterwards = new Set<Promise<void>>();
  readonly #folding = new Folding();
  readonly #bases: Bases;
  readonly #evidence = new Buckets(EVIDENCE.bytes, EVIDENCE.perSecond);

  constructor(needs: Needs) {
    this.#needs = needs;
    this.#bases = new Bases((name) => compact(needs.database, name, this.#folding));
  }

  get open(): ReadonlySet<Room> {
    return this.#open;
  }

  /**
   * The room of a document, entered: whoever asked leaves it when done, or joins.
   * @returns undefined where there is no such document.
   */
  async enter(name: string, cardId: string): Promise<Room | undefined> {
    for (;;) {
      const room = await this.#find(name, cardId);
      if (!room) return undefined;
      // It may have ended while its promise was under way; then the map no longer holds it.
      if (!this.#open.has(room)) continue;
      room.enter();
      return room;
    }
  }

  /** Resolves once what ended rooms left to do is done. */
  async idle(): Promise<void> {
    this.#bases.hurry();
    while (this.#afterwards.size > 0) await Promise.all(this.#afterwards);
    await this.#folding.close();
  }

  #find(name: string, cardId: string): Promise<Room | undefined> {
    const found = this.#rooms.get(name);
    if (found) return found;
    const loading = this.#load(name, cardId);
    this.#rooms.set(name, loading);
    const forget = () => {
      if (this.#rooms.get(name) === loading) this.#rooms.delete(name);
    };
    loading.then((room) => room ?? forget(), forget);
    return loading;
  }

  async #load(name: string, cardId: string): Promise<Room | undefined> {
    const { database, log, journal, measure, now, edited } = this.#needs;
    const stored = await load(database.db, name);
    if (!stored) return undefined;
    const owners = await loadOwners(database.db, stored.id);
    const late = new LateBook(database, name, cardId);
    const room = new Room(stored, owners, {
      cardId,
      log,
      journal,
      late,
      measure,
      now,
      edited,
      quarantine: (...refused) => this.#quarantine(...refused),
      ended: (ended, tail) => {
        this.#open.delete(ended);
        this.#rooms.delete(name);
        late.forget();
        if (tail >= WORTH_A_BASE) this.#afterward(() => this.#bases.wanted(name));
      },
      grown: () => this.#afterward(() => this.#bases.wanted(name))
    });
    this.#open.add(room);
    return room;
  }

  /** Refused bytes are kept as evidence, of one person so many and no more; nobody waits for that. */
  #quarantine(
    documentId: string,
    { session }: Member,
    reason: string,
    section: string | null,
    update: Uint8Array
  ): void {
    const { log, database, measure } = this.#needs;
    measure.refused(reason);
    // A row and its indexes have a weight of their own, however few the bytes.
    const kept = this.#evidence.take(session.user.id, update.byteLength + 1024);
    log.warn({ document: documentId, user: session.user.id, reason, kept }, 'an update was refused');
    if (!kept) return;
    const values = { documentId, userId: session.user.id, sessionId: session.id, reason, section, update };
    this.#afterward(async () => void (await database.db.insert(quarantine).values(values)));
  }

  #afterward(work: () => Promise<void>): void {
    const done = work()
      .catch((error: unknown) => this.#needs.log.error({ error }, 'what a room left to do failed'))
      .finally(() => this.#afterwards.delete(done));
    this.#afterwards.add(done);
  }
}
