// A world with forgers in it: their updates are made from lawful ones, meddled with in structure or byte by
// byte, beside honest people's traffic and under rights that change. Whatever the guard accepts is applied, and
// must not throw, park, make roots, go by another's name, or touch a section that was not named: read live, and
// after a reload.
import * as Y from 'yjs';
import type { Section } from '#lib/domain/permission.ts';
import { judge, type Rights, type Verdict } from '#server/sync/guard.ts';
import { act, emptyCard, reloaded, sections } from './acts.ts';
import { dice, oneOf, type Dice } from './dice.ts';
import { deleteSome, forge, meddled, putTogether, takeApart, type Known } from './forge.ts';
import { applied, reading } from './oracle.ts';
import { Mismatch, same, type Tally } from './tally.ts';

const FORGERS = [61, 62, 63];
const VICTIMS = [11, 22];
const FROM_ONE = 8; // forgeries made of one lawful update

/** Plays one world, of so many updates; throws a Mismatch where the guard let through what it should not. */
export function playHostile(seed: number, updates: number, tally: Tally): void {
  const world = new World(dice(seed), tally);
  for (let step = 0; step < updates; step++) {
    try {
      if (step % FROM_ONE === 0) world.goOn();
      world.step();
    } catch (error) {
      throw new Mismatch(`hostile, seed ${seed}, update ${step}: ${(error as Error).message}`, {
        cause: error
      });
    }
  }
}

type Readings = ReadonlyMap<string, string>;

class World {
  readonly #roll: Dice;
  readonly #tally: Tally;
  readonly #server: Y.Doc;
  #writable: readonly Section[] = sections;
  #lawful: Uint8Array = new Uint8Array();
  #live: Readings = new Map();
  #stored: Readings = new Map();

  constructor(roll: Dice, tally: Tally) {
    this.#roll = roll;
    this.#tally = tally;
    this.#server = emptyCard(roll(3) > 0);
    // Everybody has written everywhere once, so that a forger has words of their own where they no longer may.
    for (const client of [...VICTIMS, ...FORGERS, ...VICTIMS])
      for (let acts = 0; acts < 3; acts++) this.#write(client, sections);
  }

  /** Honest people go on, rights change now and then, and the forgers write something lawful to begin with. */
  goOn(): void {
    const roll = this.#roll;
    if (roll(2)) this.#write(oneOf(roll, VICTIMS), sections);
    if (roll(3) === 0) this.#writable = sections.filter(() => roll(4) > 0);
    this.#startOver();
    this.#live = readings(this.#server);
    this.#stored = readings(reloaded(this.#server, true));
  }

  step(): void {
    const update = this.#forged();
    const verdict = judge(this.#server, update, this.#rights());
    this.#tally.add('hostile');
    this.#tally.add(`hostile ${verdict.kind === 'refuse' ? verdict.reason : verdict.kind}`);
    if (verdict.kind === 'gap') this.#checkGap(update);
    if (verdict.kind === 'accept') this.#checkAccepted(verdict, update);
  }

  /** Something lawful, or nearly, to forge from. */
  #startOver(): void {
    const roll = this.#roll;
    const within = this.#writable.length > 0 && roll(6) > 0 ? this.#writable : sections;
    this.#lawful = this.#written(oneOf(roll, FORGERS), within, 1 + roll(3));
  }

  #write(client: number, within: readonly Section[]): void {
    Y.applyUpdate(this.#server, this.#written(client, within, 1));
  }

  /** What a person who has seen everything would send. */
  #written(client: number, within: readonly Section[], acts: number): Uint8Array {
    const document = reloaded(this.#server, true);
    document.clientID = client;
    for (let left = acts; left > 0; left--) act(document, within, this.#roll);
    return Y.encodeStateAsUpdate(document, Y.encodeStateVector(this.#server));
  }

  #forged(): Uint8Array {
    const roll = this.#roll;
    const known: Known = { document: this.#server, own: FORGERS, others: VICTIMS };
    const draft = takeApart(this.#lawful);
    switch (roll(10)) {
      case 0: {
        draft.runs = [];
        draft.deletes = [];
        for (let left = roll(3); left >= 0; left--) deleteSome(draft, known, this.#writable, roll);
        if (roll(3) === 0) forge(draft, known, roll);
        return putTogether(draft);
      }
      case 1:
      case 2: {
        // Light of hand: a lawful update that does a little more than its author's document would have.
        for (let left = roll(2); left >= 0; left--) deleteSome(draft, known, this.#writable, roll);
        if (roll(2)) forge(draft, known, roll);
        return putTogether(draft);
      }
      case 3:
      case 4:
        return meddled(this.#lawful, roll);
      default: {
        for (let left = roll(3); left >= 0; left--) forge(draft, known, roll);
        return roll(8) ? putTogether(draft) : meddled(putTogether(draft), roll);
      }
    }
  }

  #rights(): Rights {
    return {
      sections: new Set(sections),
      mayWrite: (section) => this.#writable.includes(section),
      ownedByAnother: (client) => VICTIMS.includes(client)
    };
  }

  /** What is asked for again would really have been parked, or thrown half way, or fallen among the collected. */
  #checkGap(update: Uint8Array): void {
    let outcome = 'would not pend';
    try {
      if (applied(reloaded(this.#server, this.#server.gc), update).parked) outcome = 'would pend';
    } catch {
      outcome = 'would throw'; // and that is why it was not applied
    }
    this.#tally.add(`hostile gap that ${outcome}`);
  }

  #checkAccepted(verdict: Verdict & { kind: 'accept' }, update: Uint8Array): void {
    const roots = [...this.#server.share.keys()];
    const { sections: truly, authors, tidied, parked, deleted } = applied(this.#server, update);
    const named: readonly string[] = verdict.sections;
    if (parked) throw new Error('something was parked');
    if (!same(roots, this.#server.share.keys())) throw new Error('a root was made');
    if (!same(named, truly)) throw new Error(`named ${named.join()}; changed ${[...truly].join()}`);
    if (!same(verdict.authors, authors)) throw new Error(`really by ${[...authors].join()}`);
    if (verdict.authors.some((it) => VICTIMS.includes(it))) throw new Error('by another’s name');
    for (const section of tidied) if (!named.includes(section)) throw new Error(`tidied in ${section}`);
    for (const section of truly)
      if (!this.#writable.includes(section as Section)) throw new Error(`${section} is closed`);
    this.#checkReadings(named);
    if (authors.size > 0 && this.#roll(2)) this.#startOver(); // or else go on with what is known by now
    if (truly.size > 1) this.#tally.add('hostile, several sections');
    if (authors.size === 0 && deleted > 0) this.#tally.add('hostile, deletions only');
  }

  #checkReadings(named: readonly string[]): void {
    const live = readings(this.#server);
    const stored = readings(reloaded(this.#server, true));
    for (const section of sections) {
      if (named.includes(section)) continue;
      if (live.get(section) !== this.#live.get(section)) throw new Error(`${section} changed`);
      if (stored.get(section) !== this.#stored.get(section))
        throw new Error(`${section} changed by a reload`);
    }
    if (sections.some((it) => live.get(it) !== stored.get(it)))
      this.#tally.add('hostile, reads otherwise after a reload');
    this.#live = live;
    this.#stored = stored;
  }
}

function readings(document: Y.Doc): Readings {
  return new Map(sections.map((section) => [section, reading(document, section)]));
}
