// 'meeting': in every room some 25 people are connected and three of them type six keys a second; each key is
// one Yjs update and one awareness message, as an editor sends them.
import * as Y from 'yjs';
import { quantiles } from '../measure.ts';
import type { MeetingJob, MeetingResult, Room } from './job.ts';
import { profileOf } from './inspect.ts';
import { connectAll, Person } from './person.ts';
import { recogniser, typist, wordsOf, type Typist } from './typing.ts';
import { sleep, watch, within, type Used } from './watch.ts';

const skip = 2000;
/** Of this many rooms a late comer's copy is compared with what was typed. */
const compared = 3;

interface Live {
  readonly room: Room;
  readonly people: Person[];
  readonly typists: Typist[];
  readonly sent: Float64Array[];
  readonly next: number[];
  readonly due: number[];
  card: Uint8Array;
}

export async function meeting(job: MeetingJob): Promise<MeetingResult> {
  const keys = Math.ceil((job.warmSeconds + job.seconds) * job.keysPerSecond * 1.6) + 20;
  const latencies: number[] = [];
  let [from, to] = [Infinity, -Infinity];
  const rooms: Live[] = [];
  for (const room of job.rooms) rooms.push(await enter(room));
  await sleep(700);
  const { used, forger } = await type();
  const typed = rooms.reduce((sum, room) => sum + typedIn(room), 0);
  // The forger of the first room is closed for it, and gets nothing more.
  const forged = forger && rooms[0] ? typedIn(rooms[0]) : 0;
  const expected = typed * (job.people - 1) - forged;
  for (let waited = 0; waited < 50 && latencies.length < expected; waited++) await sleep(100);
  const lost = Math.max(0, expected - latencies.length);
  const problems = rooms.flatMap(({ people }) =>
    people.flatMap(({ closed }) => (closed && !closed.includes('4403') ? [closed] : []))
  );
  for (const live of rooms.slice(0, compared)) if (!(await agrees(live))) problems.push('not converged');
  for (const { people } of rooms) for (const person of people) person.close();
  const perSecond = latencies.length / job.seconds;
  return {
    ...used,
    ...quantiles(latencies, lost),
    typed,
    delivered: latencies.length,
    lost,
    microsPerDelivery: (used.serverCpu * 1e4) / perSecond,
    withDatabase: ((used.serverCpu + used.databaseCpu) * 1e4) / perSecond,
    forgeryRefused: forger ? forger.closed.includes('4403') : null,
    problems
  };

  async function enter(room: Room): Promise<Live> {
    const live: Live = { room, people: [], typists: [], sent: [], next: [], due: [], card: new Uint8Array() };
    let recognise: (received: Buffer) => readonly number[] = () => [];
    const join = (n: number) => () => {
      const seen = new Set<number>();
      const person = new Person(job.protocol, room, n, (bytes) => {
        const at = performance.now();
        for (const index of recognise(bytes)) {
          const author = Math.floor(index / keys);
          const sent = live.sent[author]?.[index % keys] ?? 0;
          if (author === n || sent === 0 || seen.has(index)) continue;
          seen.add(index);
          if (sent >= from && sent < to) latencies.push(at - sent);
        }
      });
      live.people.push(person);
      return person;
    };
    const [first] = await connectAll([join(0)]);
    if (!first) throw new Error('Nobody is there');
    live.card = await first.synced;
    if (room.card) first.update((live.card = Buffer.from(room.card, 'base64')));
    await connectAll(Array.from({ length: job.people - 1 }, (_, n) => join(n + 1)));
    room.places.forEach((place, n) => {
      live.typists.push(typist(n, live.card, place, skip, keys));
      live.sent.push(new Float64Array(keys));
      live.next.push(0);
    });
    recognise = recogniser(
      live.typists.flatMap(({ updates }) => Array.from({ length: keys }, (_, at) => updates[at]))
    );
    live.typists.forEach(({ base }, n) => live.people[n]?.update(base));
    live.people.forEach((person, n) => person.here(live.typists[n]?.client ?? person.client, null));
    return live;
  }

  function key(live: Live, n: number): void {
    const { client, updates } = live.typists[n] ?? {};
    const at = live.next[n] ?? 0;
    const update = updates?.[at];
    const person = live.people[n];
    const sent = live.sent[n];
    if (!update || !person || !sent || client === undefined) return;
    sent[at] = performance.now();
    live.next[n] = at + 1;
    person.update(update);
    const cursor = { type: null, tname: null, item: { client, clock: skip + at }, assoc: 0 };
    person.here(client, { anchor: cursor, head: cursor });
  }

  async function type(): Promise<{ used: Used; forger: Person | undefined }> {
    const gap = 1000 / job.keysPerSecond;
    const start = performance.now() + 50;
    for (const room of rooms) room.typists.forEach((_, n) => (room.due[n] = start + Math.random() * gap));
    const end = start + (job.warmSeconds + job.seconds) * 1000;
    let ended: (() => Used) | undefined;
    let forger: Person | undefined;
    let profiled: Promise<() => Promise<void>> | undefined;
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        const at = performance.now();
        if (at >= end) {
          clearInterval(timer);
          return resolve();
        }
        if (!ended && at >= start + job.warmSeconds * 1000) {
          [from, to] = [at, end];
          ended = watch(job);
          if (job.profile) profiled = profileOf(job.profile);
          if (job.forge) forger = forge(rooms[0]);
        }
        for (const room of rooms)
          room.due.forEach((due, n) => {
            if (at < due) return;
            key(room, n);
            room.due[n] = Math.max(due + gap * (0.4 + 1.2 * Math.random()), at - 200);
          });
      }, 2);
    });
    if (!ended) throw new Error('The measured time never began');
    const used = ended();
    const stop = await profiled;
    await stop?.();
    return { used, forger };
  }

  function typedIn({ sent }: Live): number {
    return sent.reduce(
      (count, times) => count + times.reduce((n, at) => n + (at >= from && at < to ? 1 : 0), 0),
      0
    );
  }

  /** A late comer holds what the typists typed, in each of their places. */
  async function agrees({ room, typists, next, card }: Live): Promise<boolean> {
    const late = new Person(job.protocol, room, 1, () => undefined);
    const state = await within(10, 'a late comer’s sync', late.synced);
    late.close();
    return typists.every(({ base, updates }, n) => {
      const place = room.places[n];
      const all = [card, base, ...updates.slice(0, next[n])];
      return place !== undefined && wordsOf(all, place) === wordsOf([state], place);
    });
  }
}

/** A reader of the room writes into a section that is the first typist's agency's alone. */
function forge(live: Live | undefined): Person | undefined {
  const [place] = live?.room.places ?? [];
  const person = live?.people.at(-1);
  if (!place || !person) return undefined;
  const doc = new Y.Doc();
  doc.getMap(place.section).set('forged', 'by another agency');
  person.update(Y.encodeStateAsUpdate(doc));
  return person;
}
