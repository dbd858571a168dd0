// The 'meeting' load: what a keystroke costs, how many meetings a server holds, and how late forty of them are.
import path from 'node:path';
import type { MeetingResult } from '../load/job.ts';
import { freePort } from '../../prepare/cluster.ts';
import type { Machine, Started } from '../machine.ts';
import { shares } from '../profile.ts';
import { targets, type Standing, type Target } from '../targets.ts';
import { on, served, size, tenth, type Found, type Options, type Row } from './point.ts';

async function meetingPoint(
  machine: Machine,
  target: Target,
  standing: Standing,
  cards: number,
  seconds: number,
  profile?: { readonly port: number; readonly file: string }
): Promise<MeetingResult> {
  const rooms = await standing.rooms({ cards, ...size });
  const act = async ({ pid }: Started) => {
    const result = await machine.load({
      workload: 'meeting',
      protocol: target.protocol,
      rooms,
      people: size.people,
      keysPerSecond: 6,
      warmSeconds: 2.5,
      seconds,
      serverPid: pid,
      databasePid: standing.databasePid,
      forge: target.judges,
      ...(profile ? { profile } : {})
    });
    await standing.prove(result.typed, result.forgeryRefused);
    console.error(
      `${target.name}: ${cards} meetings, p50 ${tenth(result.p50)} p99 ${tenth(result.p99)} ms, server ${tenth(result.serverCpu)} %, generator ${tenth(result.generatorCpu)} %, foreign ${tenth(result.foreignCpu)} %${result.problems.length ? `, ${result.problems[0]}` : ''}`
    );
    return result;
  };
  return served(standing, act, profile?.port);
}

const meetingRow = (target: Target, round: number, cards: number, result: MeetingResult): Row => ({
  server: target.name,
  round,
  meetings: cards,
  'µs/delivery': result.microsPerDelivery,
  'with database': result.withDatabase,
  'p50 ms': result.p50,
  'p99 ms': result.p99,
  'server %': tenth(result.serverCpu),
  'database %': tenth(result.databaseCpu),
  'generator %': tenth(result.generatorCpu),
  'foreign %': tenth(result.foreignCpu),
  lost: result.lost,
  problems: result.problems[0] ?? ''
});

/** CPU for a keystroke that reaches a person, at a size that every server holds with ease. */
export async function keystroke(machine: Machine, { rounds, seconds, meetings }: Options): Promise<Found> {
  const rows: Row[] = [];
  const [alone, withDatabase]: [number[], number[]] = [[], []];
  for (let round = 1; round <= rounds; round++) {
    const cost = new Map<Target, MeetingResult>();
    for (const target of [targets.yws, targets.sameRoom, ...(round === 1 ? [targets.embedded] : [])]) {
      const result = await on(machine, target, (standing) =>
        meetingPoint(machine, target, standing, meetings, seconds)
      );
      cost.set(target, result);
      rows.push(meetingRow(target, round, meetings, result));
    }
    const [theirs, ours] = [cost.get(targets.yws), cost.get(targets.sameRoom)];
    if (!theirs || !ours) continue;
    alone.push(ours.microsPerDelivery / theirs.microsPerDelivery);
    withDatabase.push(ours.withDatabase / theirs.microsPerDelivery);
  }
  return {
    title: `'meeting', what a keystroke costs: ${meetings} meetings of 25, three of them typing 6 keys a second`,
    rows,
    ratios: [
      { goal: '≤ 0.6', of: 'CPU per delivery / @y/websocket-server in memory', values: alone },
      { goal: '', of: 'the same with PostgreSQL’s own CPU', values: withDatabase }
    ]
  };
}

/** A load is held where 99 of 100 keys arrive within this many ms and none is lost. */
const limit = 100;
const holds = (result: MeetingResult) =>
  result.p99 < limit && result.lost === 0 && result.problems.length === 0;
const startingPoint = new Map<Target, number>([
  [targets.yws, 80],
  [targets.hocuspocus, 55],
  [targets.sameRoom, 150]
]);

/** The most meetings that a server holds, by bisection; what failed once is tried again where others used the machine. */
export async function largest(machine: Machine, { rounds, seconds }: Options): Promise<Found> {
  const rows: Row[] = [];
  const ratios = { yws: [] as number[], hocuspocus: [] as number[] };
  for (let round = 1; round <= rounds; round++) {
    const held = new Map<Target, number>();
    for (const target of [targets.yws, targets.hocuspocus, targets.sameRoom]) {
      const { most, at, failed, bound } = await on(machine, target, (standing) =>
        bisect(machine, target, standing, seconds)
      );
      startingPoint.set(target, most);
      held.set(target, most);
      rows.push({
        server: target.name,
        round,
        'most meetings': most,
        people: most * size.people,
        ...(at ? { 'p50 ms': at.p50, 'p99 ms': at.p99, 'server %': tenth(at.serverCpu) } : {}),
        'failed at': failed,
        'bound by': bound
      });
    }
    const ours = held.get(targets.sameRoom) ?? NaN;
    ratios.yws.push(ours / (held.get(targets.yws) ?? NaN));
    ratios.hocuspocus.push(ours / (held.get(targets.hocuspocus) ?? NaN));
  }
  return {
    title: `'meeting', the most that are held at p99 < ${limit} ms`,
    rows,
    ratios: [
      { goal: '≥ 1.8', of: 'meetings held / @y/websocket-server', values: ratios.yws },
      { goal: '≥ 2.5', of: 'meetings held / Hocuspocus', values: ratios.hocuspocus }
    ]
  };
}

async function bisect(machine: Machine, target: Target, standing: Standing, seconds: number) {
  let most = 0;
  let at: MeetingResult | undefined;
  let failed = Infinity;
  let bound = '';
  let cards = startingPoint.get(target) ?? 40;
  while (failed / Math.max(most, 1) > 1.08 && failed - most > 1) {
    let result = await meetingPoint(machine, target, standing, cards, seconds);
    // Neither side was busy, or others were: a hiccup of the machine.
    for (
      let again = 0;
      again < 2 && !holds(result) && (result.serverCpu < 80 || result.foreignCpu > 15);
      again++
    )
      result = await meetingPoint(machine, target, standing, cards, seconds);
    if (holds(result)) {
      most = cards;
      at = result;
    } else {
      failed = cards;
      bound = result.generatorCpu > 88 || result.generatorLag > 25 ? 'the generator' : 'the server';
    }
    if (most === 0) cards = Math.max(1, Math.floor(cards / 1.3));
    else cards = failed === Infinity ? Math.ceil(cards * 1.3) : Math.round((most + failed) / 2);
  }
  return { most, at, failed, bound };
}

/** p99 of forty meetings of 25. */
export async function forty(machine: Machine, { rounds, seconds }: Options): Promise<Found> {
  const rows: Row[] = [];
  const late: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const target = targets.sameRoom;
    const result = await on(machine, target, (standing) =>
      meetingPoint(machine, target, standing, 40, seconds)
    );
    rows.push(meetingRow(target, round, 40, result));
    late.push(result.p99);
  }
  return {
    title: `'meeting', forty meetings of 25`,
    rows,
    ratios: [{ goal: '< 50', of: 'p99 in ms', values: late }]
  };
}

/** Where our server's time goes at that size: the guard, the append and the others apart. */
export async function apart(machine: Machine, { seconds, meetings }: Options): Promise<Found> {
  const target = targets.sameRoom;
  const profile = { port: await freePort(), file: path.join(machine.scratch, 'typing.cpuprofile') };
  const result = await on(machine, target, (standing) =>
    meetingPoint(machine, target, standing, meetings, seconds, profile)
  );
  const perKey = (result.microsPerDelivery * result.delivered) / result.typed;
  return {
    title: `Where Same Room's time goes at ${meetings} meetings, by CPU profile (which itself costs some)`,
    rows: shares(profile.file).map(({ part, share }) => ({
      part,
      'share %': tenth(100 * share),
      'µs/key': tenth(share * perKey),
      'µs/delivery': share * result.microsPerDelivery
    })),
    ratios: []
  };
}
