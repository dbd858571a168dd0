// A world of honest people: two to five write, undo, go offline and come back, and what they send arrives in
// order, out of order, merged, overlapping, twice or as a whole. Of each update the guard's word is compared
// with what happened: sections, authors, whether it would be parked, and what a lack of rights would make of it.
import * as Y from 'yjs';
import { byHand } from '#lib/card/edit.ts';
import type { Section } from '#lib/domain/permission.ts';
import { judge, type Rights, type Verdict } from '#server/sync/guard.ts';
import { act, emptyCard, reloaded, sections } from './acts.ts';
import { dice, oneOf, type Dice } from './dice.ts';
import { applied, reading, type Happening } from './oracle.ts';
import { Mismatch, same, type Tally } from './tally.ts';

interface Person {
  readonly document: Y.Doc;
  readonly undo: Y.UndoManager;
  /** All that this person's document sent, and how much of it was delivered in order. */
  readonly sent: Uint8Array[];
  delivered: number;
}

interface Delivery {
  readonly how: string;
  readonly update: Uint8Array;
  /** Whose words it can hold, where they are one person's. */
  readonly by: Person | undefined;
}

/** Plays one world, of so many updates; throws a Mismatch where the guard was wrong. */
export function playHonest(seed: number, updates: number, tally: Tally): void {
  const roll = dice(seed);
  const world = new World(roll, tally);
  for (let step = 0; step < updates; step++) {
    try {
      world.step();
    } catch (error) {
      throw new Mismatch(`honest, seed ${seed}, update ${step}: ${(error as Error).message}`, {
        cause: error
      });
    }
  }
  try {
    world.settle();
  } catch (error) {
    throw new Mismatch(`honest, seed ${seed}, at the end: ${(error as Error).message}`, { cause: error });
  }
}

class World {
  readonly #roll: Dice;
  readonly #tally: Tally;
  readonly #server: Y.Doc;
  readonly #people: Person[];
  readonly #vectors: Uint8Array[] = [];

  constructor(roll: Dice, tally: Tally) {
    this.#roll = roll;
    this.#tally = tally;
    this.#server = emptyCard(roll(3) > 0);
    this.#people = Array.from({ length: 2 + roll(4) }, (_, at) => this.#person(11 * (at + 1)));
    this.#vectors.push(Y.encodeStateVector(this.#server));
  }

  step(): void {
    const roll = this.#roll;
    const person = oneOf(roll, this.#people);
    for (let acts = roll(3); acts >= 0; acts--) this.#do(person);
    this.#deliver(this.#delivery(person));
  }

  #do({ document, undo }: Person): void {
    const what = this.#roll(12);
    if (what === 0)
      Y.applyUpdate(document, Y.encodeStateAsUpdate(this.#server, Y.encodeStateVector(document)));
    else if (what === 1) undo.undo();
    else if (what === 2) undo.redo();
    else act(document, sections, this.#roll);
  }

  /** Everybody comes back, sends what is missing and hears of the rest: all have to read the same. */
  settle(): void {
    for (const person of this.#people) this.#deliver(this.#whole(person));
    // A reader's own tidying is all that anybody could still have to say.
    for (const { document } of this.#people) {
      Y.applyUpdate(document, Y.encodeStateAsUpdate(this.#server, Y.encodeStateVector(document)));
      Y.applyUpdate(this.#server, Y.encodeStateAsUpdate(document, Y.encodeStateVector(this.#server)));
    }
    const all = Y.encodeStateAsUpdate(this.#server);
    const again = reloaded(this.#server, this.#roll(2) === 0);
    for (const { document } of this.#people) Y.applyUpdate(document, all);
    for (const section of sections) {
      const here = reading(this.#server, section);
      if (reading(again, section) !== here) throw new Error(`${section} reads otherwise after a reload`);
      if (this.#people.some(({ document }) => reading(document, section) !== here))
        throw new Error(`${section} reads otherwise elsewhere`);
    }
  }

  #person(client: number): Person {
    const document = reloaded(this.#server, this.#roll(2) === 0);
    document.clientID = client;
    const roots = sections.map((section) => document.get(section));
    const undo = new Y.UndoManager(roots, { captureTimeout: 0, trackedOrigins: new Set([byHand]) });
    const sent: Uint8Array[] = [];
    document.on(
      'update',
      (update: Uint8Array, _origin: unknown, _document: Y.Doc, { local }: Y.Transaction) => {
        if (local) sent.push(update);
      }
    );
    return { document, undo, sent, delivered: 0 };
  }

  #delivery(person: Person): Delivery {
    const roll = this.#roll;
    const { document, sent, delivered } = person;
    const all = this.#people.flatMap((it) => it.sent);
    const next = sent[delivered];
    if (sent.length === 0) return this.#whole(person);
    switch (roll(14)) {
      case 0:
      case 1:
      case 2:
      case 3:
        if (!next) return { how: 'twice', update: oneOf(roll, sent), by: person };
        person.delivered++;
        return { how: 'in order', update: next, by: person };
      case 4:
      case 5:
      case 6: {
        const some = sent.slice(delivered, delivered + 2 + roll(4));
        if (some.length === 0) return this.#whole(person);
        person.delivered += some.length;
        return { how: 'merged', update: Y.mergeUpdates(some), by: person };
      }
      case 7:
        return { how: 'out of order', update: oneOf(roll, next ? sent.slice(delivered) : sent), by: person };
      case 8: {
        const some = Array.from({ length: 2 + roll(3) }, () => oneOf(roll, sent));
        return { how: 'merged with gaps', update: Y.mergeUpdates(some), by: person };
      }
      case 9: {
        const some = Array.from({ length: 2 + roll(3) }, () => oneOf(roll, all));
        return { how: 'merged across people', update: Y.mergeUpdates(some), by: undefined };
      }
      case 10:
      case 11: {
        const update = Y.encodeStateAsUpdate(document, oneOf(roll, this.#vectors));
        return { how: 'overlapping', update, by: person };
      }
      case 12:
        return { how: 'all there is', update: Y.encodeStateAsUpdate(document), by: person };
      default:
        return this.#whole(person);
    }
  }

  /** Sync step 2 after a reconnect. */
  #whole(person: Person): Delivery {
    person.delivered = person.sent.length;
    const update = Y.encodeStateAsUpdate(person.document, Y.encodeStateVector(this.#server));
    return { how: 'step 2', update, by: person };
  }

  #deliver({ how, update, by }: Delivery): void {
    const denied = oneOf(this.#roll, sections);
    const own = by?.document.clientID;
    const verdict = judge(this.#server, update, rights(own));
    const strict = judge(this.#server, update, rights(own, denied));
    const found = this.#happened(verdict, update);
    const parked = verdict.kind === 'gap';
    this.#tally.add('honest');
    this.#tally.add(how);
    this.#tally.add(`honest ${verdict.kind}`);
    if (found.parked !== parked) throw new Error(`${how}: ${verdict.kind}, and parked is ${found.parked}`);
    if (parked) return;
    this.#compare(verdict, found, how);
    compareStrict(strict, found, denied, how);
    if (this.#vectors.length < 40) this.#vectors.push(Y.encodeStateVector(this.#server));
    else this.#vectors[this.#roll(40)] = Y.encodeStateVector(this.#server);
  }

  #happened(verdict: Verdict, update: Uint8Array): Happening {
    if (verdict.kind === 'accept' || verdict.kind === 'known') return applied(this.#server, update);
    if (verdict.kind === 'gap') return applied(reloaded(this.#server, this.#server.gc), update);
    throw new Error(`a lawful update was turned down: ${JSON.stringify(verdict)}`);
  }

  #compare(verdict: Verdict, { sections: truly, authors, tidied, deleted }: Happening, how: string): void {
    if (verdict.kind !== 'accept') {
      if (truly.size > 0 || authors.size > 0)
        throw new Error(`${how}: known, and changed ${[...truly].join()}`);
      return;
    }
    if (!same<string>(verdict.sections, truly))
      throw new Error(`${how}: named ${verdict.sections.join()}; changed ${[...truly].join()}`);
    if (!same(verdict.authors, authors))
      throw new Error(`${how}: by ${verdict.authors.join()}; really by ${[...authors].join()}`);
    for (const section of tidied)
      if (!truly.has(section)) throw new Error(`${how}: Yjs tidied in ${section}, which was not named`);
    if (truly.size > 1) this.#tally.add('honest, several sections');
    if (authors.size === 0 && deleted > 0) this.#tally.add('honest, deletions only');
  }
}

function rights(own: number | undefined, denied?: Section): Rights {
  return {
    sections: new Set(sections),
    mayWrite: (section) => section !== denied,
    ownedByAnother: (client) => own !== undefined && client !== own
  };
}

/** Of the same update where one section is not the sender's: refused if it is touched, and else as before. */
function compareStrict(strict: Verdict, found: Happening, denied: Section, how: string): void {
  const { sections: truly, authors, deleted, marks } = found;
  const onlyMarks = authors.size === 0 && marks === deleted;
  const nothing = truly.size === 0 && authors.size === 0;
  const due = nothing ? 'known' : !truly.has(denied) ? 'accept' : onlyMarks ? 'tidying' : 'refuse';
  if (strict.kind !== due) throw new Error(`${how}: without ${denied}, ${strict.kind} and not ${due}`);
  if (strict.kind === 'refuse' && strict.section !== denied)
    throw new Error(`${how}: refused for ${strict.section}, where ${denied} is not theirs`);
}
