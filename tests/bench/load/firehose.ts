// 'firehose': a recorded conversation of two people typing at once, replayed as fast as causality allows: each
// sends what it has, in bursts, and waits for what its next key stands on. 25 readers look on.
import { quantiles } from '../measure.ts';
import type { FirehoseJob, FirehoseResult } from './job.ts';
import { connectAll, Person } from './person.ts';
import { conversation, recogniser, wordsOf } from './typing.ts';
import { sleep, watch, within } from './watch.ts';

/** Readers whose copies are compared with the recorded text. */
const compared = 2;
const burst = 50;
const patience = 120;

interface Peer {
  /** Which author it is; -1 for a reader. */
  readonly author: number;
  readonly marks: Uint8Array;
  readonly kept: Uint8Array[] | undefined;
  /** Of each author: how many turns in a row have arrived. */
  readonly upTo: number[];
  person: Person | undefined;
  left: number;
  next: number;
  resting: boolean;
}

export async function firehose(job: FirehoseJob): Promise<FirehoseResult> {
  const [room] = job.rooms;
  if (!room) throw new Error('The job has no room');
  const [opener] = await connectAll([() => new Person(job.protocol, room, 0, () => undefined)]);
  let card = (await opener?.synced) ?? new Uint8Array();
  if (room.card) opener?.update((card = Buffer.from(room.card, 'base64')));
  const { base, turns, authors, end } = conversation(card, room.common);
  const recognise = recogniser(turns.map(({ update }) => update));
  const needed = turns.map(
    ({ update }, at) => update !== undefined && recognise(Buffer.from(update)).includes(at)
  );
  const byAuthor = Array.from({ length: authors }, (_, author) =>
    turns.flatMap((turn, at) => (turn.author === author ? [at] : []))
  );
  const sentAt = new Float64Array(turns.length);
  const latencies: number[] = [];
  let going = false;
  let finish: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (finish = resolve));
  let waiting = 0;
  const peers: Peer[] = [];

  const peer = (author: number, keep: boolean) => (): Person => {
    const marks = Uint8Array.from(needed, (is) => (is ? 0 : 1));
    const left = turns.filter((turn, at) => needed[at] && turn.author !== author).length;
    const upTo = Array.from({ length: authors }, () => 0);
    const kept = keep ? [card, base] : undefined;
    const it: Peer = { author, marks, kept, upTo, person: undefined, left, next: 0, resting: false };
    peers.push(it);
    waiting++;
    it.person = new Person(job.protocol, room, author < 0 ? peers.length : author, (bytes) =>
      arrive(it, bytes)
    );
    return it.person;
  };

  function arrive(it: Peer, bytes: Buffer): void {
    const at = performance.now();
    it.kept?.push(Uint8Array.from(bytes));
    for (const turn of recognise(bytes)) {
      if (it.marks[turn] || turns[turn]?.author === it.author) continue;
      it.marks[turn] = 1;
      it.left--;
      latencies.push(at - (sentAt[turn] ?? 0));
    }
    if (it.left === 0) {
      it.left = -1;
      if (--waiting === 0) finish();
    }
    if (it.author >= 0) say(it);
  }

  function has(it: Peer, author: number, count: number): boolean {
    const all = byAuthor[author] ?? [];
    let at = it.upTo[author] ?? 0;
    while (at < all.length && it.marks[all[at] ?? 0]) at++;
    it.upTo[author] = at;
    return at >= count;
  }

  function say(it: Peer): void {
    if (!going || it.resting) return;
    const mine = byAuthor[it.author] ?? [];
    for (let said = 0; it.next < mine.length; said++) {
      const at = mine[it.next] ?? 0;
      const turn = turns[at];
      if (!turn?.needs.every(([author, count]) => has(it, author, count))) return;
      if (said === burst) {
        it.resting = true;
        setImmediate(() => {
          it.resting = false;
          say(it);
        });
        return;
      }
      sentAt[at] = performance.now();
      if (turn.update) it.person?.update(turn.update);
      it.next++;
    }
  }

  await connectAll(byAuthor.map((_, author) => peer(author, false)));
  const [first] = peers;
  first?.person?.update(base);
  await sleep(300);
  await connectAll(Array.from({ length: job.readers }, (_, n) => peer(-1, n < compared)));
  await sleep(500);
  const bytesBefore = peers.reduce((sum, { person }) => sum + (person?.bytesIn ?? 0), 0);
  const ended = watch(job);
  const began = performance.now();
  going = true;
  for (const it of peers) if (it.author >= 0) say(it);
  const problems: string[] = [];
  await within(patience, 'the conversation', done).catch((error: unknown) => problems.push(String(error)));
  const seconds = (performance.now() - began) / 1000;
  const used = ended();
  const bytesOut = peers.reduce((sum, { person }) => sum + (person?.bytesIn ?? 0), 0) - bytesBefore;
  const late = new Person(job.protocol, room, 2, () => undefined);
  const state = await within(20, 'a late comer’s sync', late.synced);
  const copies = [[state], ...peers.flatMap(({ kept }) => (kept ? [kept] : []))];
  for (const { person } of peers) if (person?.closed) problems.push(person.closed);
  return {
    updates: turns.length,
    updatesPerSecond: problems.length > 0 ? 0 : turns.length / seconds,
    p50: quantiles(latencies).p50,
    p99: quantiles(latencies).p99,
    serverCpu: used.serverCpu,
    databaseCpu: used.databaseCpu,
    foreignCpu: used.foreignCpu,
    megabytesOut: bytesOut / 1e6,
    converged: copies.every((copy) => wordsOf(copy, room.common) === end),
    problems
  };
}
