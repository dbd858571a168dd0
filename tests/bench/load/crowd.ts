// What crowds cost: a card is filled and many join it at once ('fill'); one comes to it after a restart
// ('first'); a thousand are connected and say nothing ('idle').
import { quantiles, sample } from '../measure.ts';
import type { FillJob, FillResult, FirstJob, FirstResult, IdleJob, IdleResult, Room } from './job.ts';
import { connectAll, Person } from './person.ts';
import { history, typist, wordsOf } from './typing.ts';
import { sleep, watch, within } from './watch.ts';

const unheard = () => undefined;

function theRoom({ rooms }: { rooms: readonly Room[] }): Room {
  const [room] = rooms;
  if (!room) throw new Error('The job has no room');
  return room;
}

export async function fill(job: FillJob): Promise<FillResult> {
  const room = theRoom(job);
  const author = new Person(job.protocol, room, 0, unheard);
  let card = await author.synced;
  if (room.card) author.update((card = Buffer.from(room.card, 'base64')));
  for (const update of history(card, room.common, job.bytes)) {
    author.update(update);
    await sleep(5);
  }
  const enough = job.bytes * 0.9;
  const words = await within(60, 'the filling', readBack(job, enough));
  if (job.storm > 0) await sleep(1500);
  const before = sample([job.serverPid]);
  let peak = before.rssMB;
  const look = setInterval(() => (peak = Math.max(peak, sample([job.serverPid]).rssMB)), 25);
  const ended = watch(job);
  const began = performance.now();
  const times: number[] = [];
  const crowd = Array.from(
    { length: job.storm },
    (_, n) => new Person(job.protocol, room, n, unheard, enough)
  );
  const states = await within(
    90,
    'the storm',
    Promise.all(
      crowd.map(async ({ synced }) => {
        const state = await synced;
        times.push(performance.now() - began);
        return state;
      })
    )
  );
  const used = ended();
  clearInterval(look);
  const [one] = states;
  const problems = crowd.flatMap(({ closed }) => (closed ? [closed] : []));
  if (one && wordsOf([one], room.common) !== words.text) problems.push('not the same words');
  for (const person of [author, ...crowd]) person.close();
  return {
    bytes: words.bytes,
    characters: words.text.length,
    allSynced: times.length > 0 ? quantiles(times).max : 0,
    p99: times.length > 0 ? quantiles(times).p99 : 0,
    rssPeakMB: peak,
    serverCpu: used.serverCpu,
    foreignCpu: used.foreignCpu,
    problems
  };
}

/** Waits until a newcomer gets all that was written. */
async function readBack(job: FillJob, enough: number): Promise<{ text: string; bytes: number }> {
  const room = theRoom(job);
  for (;;) {
    const reader = new Person(job.protocol, room, 1, unheard);
    const state = await reader.synced;
    reader.close();
    if (state.byteLength >= enough) return { text: wordsOf([state], room.common), bytes: state.byteLength };
    await sleep(100);
  }
}

export async function first(job: FirstJob): Promise<FirstResult> {
  const room = theRoom(job);
  const began = performance.now();
  const person = new Person(job.protocol, room, 0, unheard);
  const state = await within(30, 'a first sync', person.synced);
  const milliseconds = performance.now() - began;
  person.close();
  return { milliseconds, characters: wordsOf([state], room.common).length };
}

export async function idle(job: IdleJob): Promise<IdleResult> {
  const [warm, ...rooms] = job.rooms;
  if (!warm) throw new Error('The job has no rooms');
  // The paths of the code are loaded before the first look.
  const begun = new Person(job.protocol, warm, 0, unheard);
  await write(begun, warm);
  await sleep(2500);
  const before = sample([job.serverPid]);
  const each = Math.ceil(job.connections / rooms.length);
  const people = await connectAll(
    Array.from({ length: job.connections }, (_, at) => () => {
      const room = rooms[Math.floor(at / each)] ?? warm;
      return new Person(job.protocol, room, at % each, unheard);
    })
  );
  for (const [at, room] of rooms.entries()) {
    const person = people[at * each];
    if (person && job.fill) await write(person, room);
    else if (person && room.card) person.update(Buffer.from(room.card, 'base64'));
  }
  people.forEach((person) => person.here(person.client, null));
  await sleep(6000);
  const after = sample([job.serverPid]);
  const problems = people.flatMap(({ closed }) => (closed ? [closed] : []));
  for (const person of people) person.close();
  return {
    rssBeforeMB: before.rssMB,
    rssAfterMB: after.rssMB,
    kilobytesEach: ((after.rssMB - before.rssMB) * 1024) / job.connections,
    problems
  };
}

/** Writes 2,000 keystrokes into a card, as one update. */
async function write(person: Person, room: Room): Promise<void> {
  let card = await person.synced;
  if (room.card) person.update((card = Buffer.from(room.card, 'base64')));
  person.update(typist(0, card, room.common, 2000, 0).base);
}
