// A card whose server is stopped and started on the same database, and people who type, lose their line, come back and
// lock, in an order that dice decide; with a model of what must then stand where. For the lock's model test, which
// is short in the test command and long in `npm run fuzz -- --lock`.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eq } from 'drizzle-orm';
import type { DecisionContent } from '#lib/card/canonical.ts';
import { addAction, appendParagraphs, removeAction } from '#lib/card/edit.ts';
import type { Database } from '#server/database/database.ts';
import { decisionContents, decisions } from '#server/database/schema/decisions.ts';
import { cards, jointRatings } from '#server/database/schema/meetings.ts';
import { openDecisions, type Decisions } from '#server/decisions/decisions.ts';
import { openLog } from '#server/log.ts';
import { openJudge } from '#server/meetings/door.ts';
import { seatAtCard } from '#server/meetings/seats.ts';
import { openSync, type Sync } from '#server/sync/sync.ts';
import { oneOf, type Dice } from '../fuzz/dice.ts';
import { sitDown, until, type Peer } from './peer.ts';
import { layTable, sessionFor, type Table, type Who } from './table.ts';

interface Person {
  readonly who: Who;
  readonly kind: 'cards' | 'protected';
  peer: Peer;
  /** Words that stand in this person's own document, by the order in which they were typed. */
  readonly own: Set<string>;
}

/** What went otherwise than the model says. */
export class Wrong extends Error {
  override name = 'Wrong';
}

const seats: readonly (readonly [Who, Person['kind']])[] = [
  ['police', 'cards'],
  ['health', 'cards'],
  ['idva', 'protected'],
  ['coordinator', 'cards']
];

export class LockWorld {
  readonly steps: string[] = [];
  readonly #database: Database;
  readonly #table: Table;
  readonly #dice: Dice;
  readonly #people: Person[] = [];
  #server: Server | undefined;
  #port = 0;
  #sync!: Sync;
  #decided!: Decisions;
  #words = 0;
  /** Every word that was typed, and who typed it. */
  readonly #typed = new Map<string, Person>();
  readonly #struckOut = new Set<string>();
  /** Words that their author knew to be saved before the lock was asked for. */
  #saved = new Set<string>();
  /** Each version of the decision as it was first read. */
  readonly #versions: string[] = [];
  /** The words that each version must hold, where nothing was struck out. */
  readonly #due: Set<string>[] = [];
  readonly #takenIn = new Set<string>();
  #lateSeen = 0;

  private constructor(database: Database, table: Table, dice: Dice) {
    this.#database = database;
    this.#table = table;
    this.#dice = dice;
  }

  static async open(database: Database, dice: Dice): Promise<LockWorld> {
    const world = new LockWorld(database, await layTable(database.db), dice);
    await world.#start();
    const { cardId, people } = world.#table;
    const stated = { cardId, by: people.chair, memberId: null, rating: 'amber', reason: 'r' } as const;
    await database.db.insert(jointRatings).values(stated);
    for (const [who, kind] of seats)
      world.#people.push({ who, kind, peer: await world.#sit(who, kind), own: new Set() });
    return world;
  }

  /** What became of it, in numbers. */
  get summary(): string {
    const late = this.#lateSeen;
    return `${this.steps.length} steps, ${this.#typed.size} words, ${this.#due[0]?.size ?? 0} decided, ${late} late edits, ${this.#versions.length} versions`;
  }

  get locked(): boolean {
    return this.#versions.length > 0;
  }

  /** One step of several kinds, and then everything that must hold. */
  async step(): Promise<void> {
    const person = oneOf(this.#dice, this.#people);
    const roll = this.#dice(100);
    if (roll < 45) this.#type(person);
    else if (roll < 52) this.#strikeOut(person);
    else if (roll < 64) this.#disconnect(person);
    else if (roll < 80) await this.#reconnect(person);
    else if (roll < 86) await this.#settle();
    else if (roll < 90) await this.#restart();
    else if (!this.locked) await this.lock();
    else await this.#amend();
    await this.#check();
  }

  /** Two or three windows of the chair lock at once, while people go on typing. */
  async lock(): Promise<void> {
    await this.#learnWhatIsSaved();
    const windows = 1 + this.#dice(3);
    this.#say(`lock by ${windows} windows`);
    for (const person of this.#people) if (this.#dice(2) === 0) this.#type(person);
    const session = sessionFor(this.#table, 'chair');
    const answers = await Promise.all(
      Array.from({ length: windows }, () =>
        this.#decided.lock(session, this.#table.cardId, { reason: 'the end of the hour' })
      )
    );
    if (answers.filter(({ ok }) => ok).length !== 1)
      throw new Wrong(`not one lock was done: ${JSON.stringify(answers)}`);
    for (const answer of answers)
      if (!answer.ok && answer.error.code !== 'locked') throw new Wrong(answer.error.code);
    const [content] = await this.#contents();
    if (!content) throw new Wrong('a lock wrote no decision');
    this.#versions.push(content);
    const held = wordsIn(content);
    this.#due.push(held);
    for (const word of this.#saved)
      if (!held.has(word) && !this.#struckOut.has(word))
        throw new Wrong(`${word} was saved, and is not decided`);
    for (const word of held) if (!this.#typed.has(word)) throw new Wrong(`${word} was typed by nobody`);
  }

  /** Everybody comes back; then each word stands in the decision or among its author's late edits, and nowhere twice. */
  async end(): Promise<void> {
    if (!this.locked) await this.lock();
    for (const person of this.#people) await this.#reconnect(person);
    await until('everybody was heard', () => this.#isHeard(), 20_000);
    await this.#check();
    const late = await this.#late();
    const held = this.#due[0] ?? new Set();
    for (const [word, { who }] of this.#typed) {
      if (this.#struckOut.has(word)) continue;
      const isLate = late.some(({ userId, words }) => userId === this.#table.people[who] && words.has(word));
      if (held.has(word) === isLate)
        throw new Wrong(`${word} of ${who} is ${isLate ? 'decided and late' : 'neither decided nor late'}`);
    }
    await this.#amendWith(late.filter(({ id }) => !this.#takenIn.has(id)).map(({ id }) => id));
    await this.#check();
    const all = this.#due.at(-1) ?? new Set();
    for (const word of this.#typed.keys())
      if (!all.has(word) && !this.#struckOut.has(word)) throw new Wrong(`${word} is lost`);
  }

  async close(): Promise<void> {
    for (const { peer } of this.#people) peer.leave();
    await this.#stop();
  }

  #say(what: string): void {
    this.steps.push(what);
  }

  #type(person: Person): void {
    const word = `w${this.#words++}x`;
    this.#say(`${person.who} types ${word}${person.peer.provider.wsconnected ? '' : ' offline'}`);
    const { doc } = person.peer;
    if (person.kind === 'protected') appendParagraphs(doc, 'voice', undefined, [word]);
    else if (this.#dice(2) === 0) addAction(doc, { what: word }, word);
    else if (!appendParagraphs(doc, 'analysis', 'worries', [word])) return;
    this.#typed.set(word, person);
    person.own.add(word);
  }

  /** An action of one's own is taken from the plan again. */
  #strikeOut(person: Person): void {
    const mine = [...person.own].filter((word) => person.peer.doc.getMap('plan').has(`action/${word}`));
    if (person.kind === 'protected' || mine.length === 0) return;
    const word = oneOf(this.#dice, mine);
    this.#say(`${person.who} strikes out ${word}`);
    this.#struckOut.add(word);
    removeAction(person.peer.doc, word);
  }

  #disconnect(person: Person): void {
    this.#say(`${person.who} loses the line`);
    person.peer.provider.disconnect();
  }

  /** Whoever was told that words came too late goes on with a fresh copy, as our browser does, or stubbornly with the old. */
  async #reconnect(person: Person): Promise<void> {
    const { peer } = person;
    if (peer.provider.wsconnected) return;
    const afresh = peer.closes.includes(4423) && this.#dice(2) === 0;
    this.#say(`${person.who} comes back${afresh ? ' with a fresh copy' : ''}`);
    if (afresh) {
      peer.leave();
      await this.#giveBack(person);
      person.peer = await this.#sit(person.who, person.kind);
      return;
    }
    const before = peer.closes.length;
    peer.provider.connect();
    await until('they are back', () => peer.provider.synced || peer.closes.length > before);
  }

  /** What never reached the server comes back to its author, and is in no record. */
  async #giveBack(person: Person): Promise<void> {
    const kept = new Set((await this.#late()).flatMap(({ words }) => [...words]));
    for (const word of person.own) if (!kept.has(word) && !this.#due[0]?.has(word)) this.#typed.delete(word);
    person.own.clear();
  }

  async #settle(): Promise<void> {
    this.#say('all that is on its way arrives');
    await until('all is heard', () => this.#isHeard());
  }

  async #restart(): Promise<void> {
    this.#say('the server is stopped and started');
    await this.#stop();
    await this.#start();
    await until(
      'those who were there are back',
      () => this.#people.every(({ peer }) => peer.provider.synced || !isComing(peer)),
      20_000
    );
  }

  async #amend(): Promise<void> {
    const waiting = (await this.#late()).filter(({ id }) => !this.#takenIn.has(id));
    if (waiting.length === 0) return;
    const chosen = new Set([oneOf(this.#dice, waiting).id]);
    const lacking = () =>
      waiting.filter(({ id }) =>
        waiting.some((each) => chosen.has(each.id) && each.needs.includes(id) && !chosen.has(id))
      );
    if (lacking().length > 0 && this.#dice(3) === 0) return this.#amendInVain([...chosen]);
    for (let more = lacking(); more.length > 0; more = lacking()) for (const { id } of more) chosen.add(id);
    await this.#amendWith([...chosen]);
  }

  async #amendWith(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    this.#say(`an amendment takes in ${ids.length} late edits`);
    const answer = await this.#ask(ids);
    if (!answer.ok) throw new Wrong(`the amendment was refused: ${answer.error.message}`);
    const [content] = await this.#contents();
    if (!content) throw new Wrong('an amendment wrote nothing');
    const late = (await this.#late()).filter(({ id }) => ids.includes(id));
    const due = new Set([...(this.#due.at(-1) ?? []), ...late.flatMap(({ words }) => [...words])]);
    const held = wordsIn(content);
    for (const word of new Set([...due, ...held]))
      if (due.has(word) !== held.has(word) && !this.#struckOut.has(word))
        throw new Wrong(`${word} ${held.has(word) ? 'came in unasked' : 'was not brought in'}`);
    for (const id of ids) this.#takenIn.add(id);
    this.#versions.push(content);
    this.#due.push(due);
    if (this.#dice(3) === 0) await this.#amendInVain(ids);
  }

  async #amendInVain(ids: readonly string[]): Promise<void> {
    this.#say('an amendment that must be refused');
    if ((await this.#ask(ids)).ok) throw new Wrong('a late edit came in twice, or without what it stands on');
  }

  #ask(lateEditIds: readonly string[]) {
    const session = sessionFor(this.#table, 'chair');
    const { cardId } = this.#table;
    return this.#database.db.transaction(async (tx) => {
      await tx.select().from(cards).where(eq(cards.id, cardId)).for('update');
      const at = await seatAtCard(tx, session.area.id, session.user.id, cardId);
      if (!at) throw new Wrong('the chair has no card');
      const asked = {
        cardId,
        lateEditIds: [...lateEditIds],
        corrections: [],
        reason: 'it was written before'
      };
      return this.#decided.amend(tx, session, at, asked);
    });
  }

  /** What must hold after whatever happened: each version is there once, and reads as it was first read. */
  async #check(): Promise<void> {
    const stored = (await this.#contents()).reverse();
    if (stored.length !== this.#versions.length)
      throw new Wrong(`there are ${stored.length} versions, not ${this.#versions.length}`);
    for (const [at, content] of stored.entries())
      if (content !== this.#versions[at]) throw new Wrong(`version ${at + 1} has changed`);
    if (!this.locked) return;
    const open = await this.#sync.read(this.#table.cardId, (documents) =>
      wordsIn(JSON.stringify([documents.cards.toJSON(), documents.protected.toJSON()]))
    );
    const held = this.#due[0] ?? new Set();
    for (const word of new Set([...open, ...held]))
      if (open.has(word) !== held.has(word))
        throw new Wrong(`the locked document parts from the decision at ${word}`);
  }

  /** Nobody has anything on its way: it is acknowledged, or they were turned away with it. */
  #isHeard(): boolean {
    return this.#people.every(
      ({ peer }) =>
        !peer.provider.wsconnected || (peer.provider.synced && peer.sent() > 0 && peer.saved() >= peer.sent())
    );
  }

  async #learnWhatIsSaved(): Promise<void> {
    this.#saved = new Set(
      this.#people.flatMap(({ peer, own }) =>
        peer.provider.synced && peer.sent() > 0 && peer.saved() >= peer.sent() ? [...own] : []
      )
    );
  }

  async #late() {
    const edits = await this.#sync.lateEdits(this.#table.cardId);
    this.#lateSeen = edits.length;
    return edits.map(({ id, userId, text, needs }) => ({ id, userId, needs, words: wordsIn(text) }));
  }

  /** The card's decisions as they are stored, the newest first. */
  async #contents(): Promise<string[]> {
    const rows = await this.#database.db
      .select({ version: decisions.version, canonical: decisionContents.canonical })
      .from(decisions)
      .innerJoin(decisionContents, eq(decisionContents.decisionId, decisions.id))
      .where(eq(decisions.cardId, this.#table.cardId));
    return rows.sort((a, b) => b.version - a.version).map(({ canonical }) => canonical);
  }

  async #sit(who: Who, kind: Person['kind']): Promise<Peer> {
    const { meetingId, cardId } = this.#table;
    const url = `ws://127.0.0.1:${this.#port}/sync/${meetingId}`;
    const peer = await sitDown({ url, document: `${kind}/${cardId}`, cookie: `who=${who}` }, true);
    // What was acknowledged on a connection that is gone counts for nothing on the next.
    peer.provider.on('status', ({ status }) => {
      if (status === 'connecting') peer.house.length = 0;
    });
    return peer;
  }

  async #start(): Promise<void> {
    const { db } = this.#database;
    this.#sync = openSync({
      database: this.#database,
      log: openLog({ logLevel: 'silent' }),
      config: { origins: [] },
      sessionOf: async (headers) => {
        const who = /who=(\w+)/.exec(headers.get('cookie') ?? '')?.[1] as Who | undefined;
        return who ? sessionFor(this.#table, who) : null;
      },
      judge: openJudge(db)
    });
    this.#decided = openDecisions({ database: this.#database, sync: this.#sync });
    const server = createServer();
    server.on('upgrade', (request, socket, head) => this.#sync.upgrade(request, socket, head));
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async #stop(): Promise<void> {
    await this.#sync.close();
    const server = this.#server;
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
  }
}

/** Whether y-websocket will come back by itself: it does not after it was told that its words are too late. */
const isComing = ({ provider, closes }: Peer) => provider.shouldConnect && closes.at(-1) !== 4423;

/** The words of the model that stand in a text; of a decision, those that it holds as decided. */
function wordsIn(text: string): Set<string> {
  const content = text.startsWith('{"') ? decidedPart(text) : text;
  return new Set(content.match(/w\d+x/g) ?? []);
}

function decidedPart(canonical: string): string {
  const { analysis, actions, protected: kept } = JSON.parse(canonical) as DecisionContent;
  return JSON.stringify([analysis, actions, kept.voice]);
}
