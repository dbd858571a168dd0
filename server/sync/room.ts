// One live document, and the only writer of it: a serial queue in which an update is judged, applied, stored,
// and only then shown to the others and acknowledged. Whatever leaves a room is committed; where a commit
// fails, the room is dropped with all that was not stored, and loaded afresh when people come back.
// Carries SYNC1, SYNC3, SYNC10, SYNC11. It is longer than most files because everything here is one order of
// events; what has a meaning of its own (guard, journal, delivery, presence, late edits) has a file of its own.
import * as Y from 'yjs';
import { limits } from '#lib/card/schema.ts';
import type { Section } from '#lib/domain/permission.ts';
import { closeCodes, type RefusalReason } from '#lib/protocol/sync.ts';
import type { Log } from '../log.ts';
import type { Measure } from '../metrics/metrics.ts';
import { deliver, merged } from './delivery.ts';
import type { StoredDocument } from './documents.ts';
import * as frames from './frames.ts';
import { judge, type Rights, type Verdict } from './guard.ts';
import type { Claim, Entry, Journal, Outcome, Source } from './journal.ts';
import type { LateBook } from './late.ts';
import type { Arrived, Member } from './member.ts';
import { Presence } from './presence.ts';
import { SerialQueue } from './queue.ts';
import { defineRoots } from './roots.ts';
import { Unstored } from './unstored.ts';

export interface RoomNeeds {
  readonly cardId: string;
  readonly log: Log;
  readonly journal: Journal;
  readonly late: LateBook;
  readonly measure: Measure;
  readonly now: () => Date;
  quarantine(
    documentId: string,
    member: Member,
    reason: string,
    section: string | null,
    update: Uint8Array
  ): void;
  edited(edit: { cardId: string; userId: string; sections: readonly Section[]; late: boolean }): void;
  /** The room holds nothing any more: it was dropped, or everybody left and everything is stored. */
  ended(room: Room, tail: number): void;
  /** The journal's tail has grown long: it wants a new base. */
  grown(): void;
}

/** What somebody waited for in a room that was dropped meanwhile; a fresh room will do. */
export class RoomDropped extends Error {
  override name = 'RoomDropped';
}

const PRESENCE_PAUSE = 30; // ms
const LONG_TAIL = 500; // rows

export class Room implements Source {
  readonly documentId: string;
  readonly cardId: string;
  readonly document: Y.Doc;
  readonly #needs: RoomNeeds;
  readonly #owners: Map<number, string>;
  readonly #unstored = new Unstored((urgent) => this.#needs.journal.want(this, urgent));
  readonly #presence = new Presence();
  readonly #members = new Map<Member, Rights>();
  /** Those who are about to be sent away: nothing more of theirs is taken. */
  readonly #turnedDown = new Set<Member>();
  /** Those who have had their first sync, and hear what follows. */
  readonly #receivers = new Set<Member>();
  readonly #queue = new SerialQueue(
    (error) => this.#fail(error),
    () => this.#endIfEmpty()
  );
  #guests = 0;
  #ended = false;
  #lockedAt: Date | null;
  #lockedBy = '';
  #seq: number;
  #tail: number;
  #bytes: number;
  #firstSync: Buffer | undefined;
  #presenceTimer: NodeJS.Timeout | undefined;

  constructor(stored: StoredDocument, owners: Map<number, string>, needs: RoomNeeds) {
    this.documentId = stored.id;
    this.cardId = needs.cardId;
    this.document = stored.document;
    this.#needs = needs;
    this.#owners = owners;
    this.#lockedAt = stored.lockedAt;
    this.#seq = stored.seq;
    this.#tail = stored.tail;
    this.#bytes = this.#encodeAll().byteLength;
  }

  get seq(): number {
    return this.#seq;
  }

  // ── Coming and going

  /** Keeps the room open for somebody who is about to come in, or works with its document. */
  enter(): void {
    this.#guests++;
  }

  leave(): void {
    this.#guests--;
    this.#endIfEmpty();
  }

  join(member: Member): void {
    this.#members.set(member, this.#rightsOf(member));
    defineRoots(this.document, member.admission.sections);
    this.#queue.add(async () => {
      await this.#unstored.settled();
      const states = this.#presence.all();
      member.write(frames.stepOne(Y.encodeStateVector(this.document)));
      if (states) member.write(frames.awarenessMessage(states));
      if (this.#lockedAt) this.#tellLocked(member, false);
    });
  }

  part(member: Member): void {
    this.#members.delete(member);
    this.#receivers.delete(member);
    this.#turnedDown.delete(member);
    this.#presence.leave(member);
    this.#soon();
    this.#endIfEmpty();
  }

  // ── What a member sends

  /** Answers which part of the document a member lacks, with what is stored and nothing else. */
  sync(member: Member, vector: Uint8Array): void {
    this.#queue.add(async () => {
      await this.#unstored.settled();
      if (member.gone) return;
      const all = vector.byteLength === 1 && vector[0] === 0;
      try {
        member.write(all ? this.#encodeAll() : frames.stepTwo(Y.encodeStateAsUpdate(this.document, vector)));
      } catch {
        return member.refuse('malformed', null); // a state vector that can't be read
      }
      this.#receivers.add(member);
    });
  }

  submit(member: Member, arrived: Arrived): void {
    this.#queue.add(() =>
      member.gone || this.#turnedDown.has(member) ? undefined : this.#receive(member, arrived)
    );
  }

  present(member: Member, states: Uint8Array): void {
    const claim = (client: number) => this.#claim(client, member.session.user.id);
    if (!this.#presence.receive(member, states, claim)) return member.refuse('malformed', null);
    this.#soon();
  }

  queryPresence(member: Member): void {
    const states = this.#presence.all();
    if (states) member.write(frames.awarenessMessage(states));
  }

  #receive(member: Member, arrived: Arrived): void | Promise<void> {
    const { update, count } = arrived;
    const rights = this.#members.get(member) ?? this.#rightsOf(member);
    const verdict = judge(this.document, update, rights);
    if (verdict.kind === 'known' || verdict.kind === 'tidying') return this.#acknowledge(member, count);
    if (this.#lockedAt) return this.#keepLate(member, arrived, rights);
    if (verdict.kind !== 'accept') return this.#turnDown(member, arrived, verdict);
    if (this.#bytes + update.byteLength > limits.documentBytes)
      return this.#turnDown(member, arrived, { kind: 'refuse', reason: 'too-large', section: null });
    if (this.#apply(update, member, verdict.sections, verdict.authors)) this.#acknowledge(member, count);
  }

  #rightsOf({ session, admission }: Member): Rights {
    const { id } = session.user;
    return {
      sections: new Set(admission.sections),
      mayWrite: (it) => (this.#lockedAt ? admission.mayWriteEver(it) : admission.mayWrite(it)),
      ownedByAnother: (client) => (this.#owners.get(client) ?? id) !== id
    };
  }

  #turnDown(member: Member, arrived: Arrived, verdict: Verdict): void {
    if (verdict.kind === 'refuse') return this.#refuse(member, arrived, verdict.reason, verdict.section);
    const giveUp = () => {
      if (!this.#ended && !this.#turnedDown.has(member)) this.#refuse(member, arrived, 'gap', null);
    };
    // The state vector is of what is applied: what is still to be stored was not the gap.
    if (member.missed(arrived.count, giveUp))
      member.write(frames.stepOne(Y.encodeStateVector(this.document)));
  }

  #refuse(member: Member, { update }: Arrived, reason: RefusalReason, section: string | null): void {
    this.#needs.quarantine(this.documentId, member, reason, section, update);
    this.#turnedDown.add(member);
    // What was accepted of this person before is acknowledged before they are sent away.
    this.#queue.add(async () => {
      await this.#unstored.settled();
      member.refuse(reason, section);
    });
  }

  async #keepLate(member: Member, arrived: Arrived, rights: Rights): Promise<void> {
    const kept = await this.#needs.late.keep(this.documentId, member, arrived, rights);
    if (kept.kind === 'kept') {
      this.#tellLocked(member, true);
      member.close(closeCodes.locked);
      if (kept.sections.length > 0) this.#edited(member, kept.sections, true);
    } else this.#turnDown(member, arrived, kept);
  }

  /** Applies an update and puts what the document itself made of it among what waits to be stored. */
  #apply(
    update: Uint8Array,
    by: Member | null,
    sections: readonly Section[],
    authors: readonly number[]
  ): boolean {
    const emitted: Uint8Array[] = [];
    const keep = (bytes: Uint8Array) => emitted.push(bytes);
    this.document.on('update', keep);
    try {
      Y.applyUpdate(this.document, update);
      const { pendingStructs, pendingDs } = this.document.store;
      if (pendingStructs || pendingDs) throw new Error('an update that the guard let through was parked');
    } catch (error) {
      if (by) this.#needs.quarantine(this.documentId, by, 'malformed', null, update);
      this.#needs.log.fatal({ error, document: this.documentId }, 'the guard and Yjs disagree');
      this.drop();
      return false;
    } finally {
      this.document.off('update', keep);
    }
    if (emitted.length === 0) return true;
    if (by) for (const client of authors) this.#claim(client, by.session.user.id);
    const made = merged(emitted);
    this.#bytes += made.byteLength;
    this.#firstSync = undefined;
    this.#unstored.add({ update: made, by, sections, authors });
    return true;
  }

  /** The first to use a client id owns it. */
  #claim(client: number, userId: string): boolean {
    const owner = this.#owners.get(client);
    if (owner !== undefined) return owner === userId;
    this.#owners.set(client, userId);
    this.#unstored.claim({ client, userId });
    return true;
  }

  #acknowledge(member: Member, count: number): void {
    if (!this.#unstored.isNothing) return this.#unstored.owe(member, count);
    const frame = member.saved(count);
    if (frame) member.write(frame);
  }

  // ── The journal's side

  take(): { entries: readonly Entry[]; claims: readonly Claim[] } {
    const { rows, claims } = this.#unstored.take(this.#seq);
    return { entries: rows, claims };
  }

  settle(outcome: Outcome): void {
    if (this.#ended) return;
    const { rows, acks } = this.#unstored.stored();
    // Late: somebody locked it elsewhere. What was typed comes back with its authors, and is kept as late then.
    if (outcome === 'failed' || (outcome === 'late' && rows.length > 0)) {
      this.#needs.measure.roomDropped();
      return this.drop();
    }
    this.#seq += rows.length;
    this.#tail += rows.length;
    if (this.#tail >= LONG_TAIL) this.#fold();
    deliver(this.#receivers, rows, this.#presence.takeNews(), acks);
    for (const { by, sections } of rows) if (by) this.#edited(by, sections as Section[], false);
    this.#unstored.release();
    this.#endIfEmpty();
  }

  #fold(): void {
    this.#tail = 0;
    this.#needs.grown();
  }

  /** Presence leaves with the next commit, or by itself in a moment. */
  #soon(): void {
    if (!this.#presence.hasNews || this.#presenceTimer) return;
    this.#presenceTimer = setTimeout(() => {
      this.#presenceTimer = undefined;
      if (this.#ended || !this.#presence.hasNews) return;
      if (this.#unstored.isNothing) deliver(this.#receivers, [], this.#presence.takeNews(), new Map());
      else this.#soon();
    }, PRESENCE_PAUSE);
  }

  // ── What the server does in the queue

  /** Resolves when everything accepted before is stored; nothing moves in the room until the release is called. */
  hold(): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const run = async () => {
        await this.#unstored.settled();
        await new Promise<void>((release) => resolve(release));
      };
      this.#queue.add(run, reject);
    });
  }

  /** Puts an update of the server's own through the queue; resolves once it is stored. */
  add(make: (document: Y.Doc) => { update: Uint8Array; sections: Section[] } | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const run = async () => {
        const made = this.#lockedAt ? undefined : make(this.document);
        if (made) defineRoots(this.document, made.sections);
        if (made) this.#apply(made.update, null, made.sections, []);
        await this.#unstored.settled();
        resolve();
      };
      this.#queue.add(run, reject);
    });
  }

  /** Called while the room is held: from now on whatever arrives is late. */
  lock(at: Date, by: string): void {
    this.#lockedAt = at;
    this.#lockedBy = by;
    for (const member of this.#members.keys()) this.#tellLocked(member, false);
  }

  /** Forgets what is not stored and sends everybody away to come back in a moment. */
  drop(): void {
    if (this.#ended) return;
    const members = [...this.#members.keys()];
    this.#end();
    for (const member of members) member.close(closeCodes.again);
  }

  #tellLocked(member: Member, late: boolean): void {
    const at = (this.#lockedAt ?? this.#needs.now()).toISOString();
    member.tell({ kind: 'locked', at, by: this.#lockedBy, late });
  }

  #edited(by: Member, sections: readonly Section[], late: boolean): void {
    this.#needs.edited({ cardId: this.cardId, userId: by.session.user.id, sections, late });
  }

  #encodeAll(): Buffer {
    return (this.#firstSync ??= frames.stepTwo(Y.encodeStateAsUpdate(this.document)));
  }

  #fail(error: unknown): void {
    if (!(error instanceof RoomDropped))
      this.#needs.log.error({ error, document: this.documentId }, 'a room failed and is loaded afresh');
    this.drop();
  }

  #endIfEmpty(): void {
    if (this.#ended || this.#guests > 0 || this.#members.size > 0) return;
    if (!this.#queue.busy && this.#unstored.isNothing) this.#end();
  }

  #end(): void {
    const error = new RoomDropped(`document ${this.documentId} is loaded afresh`);
    this.#ended = true;
    clearTimeout(this.#presenceTimer);
    this.#unstored.abandon(error);
    this.#members.clear();
    this.#receivers.clear();
    this.#queue.stop(error);
    this.#needs.ended(this, this.#tail);
    this.document.destroy();
  }
}
