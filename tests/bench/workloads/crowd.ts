// Crowds and beginnings: many join a large card at once, many are there and silent, one comes after a restart.
import type { FillResult } from '../load/job.ts';
import type { Machine } from '../machine.ts';
import { targets, type Target } from '../targets.ts';
import { on, served, size, tenth, type Found, type Options, type Row } from './point.ts';

const mega = 1024 * 1024;

export async function storm(machine: Machine, { rounds }: Options): Promise<Found> {
  const rows: Row[] = [];
  const values: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const times = new Map<Target, number>();
    for (const target of [targets.yws, targets.hocuspocusPg, targets.sameRoom]) {
      const result: FillResult = await on(machine, target, async (standing) => {
        const rooms = await standing.rooms({ cards: 1, people: 250, typists: 1 });
        return served(standing, ({ pid }) =>
          machine.load({
            workload: 'fill',
            protocol: target.protocol,
            rooms,
            bytes: mega,
            storm: 250,
            serverPid: pid,
            databasePid: standing.databasePid
          })
        );
      });
      times.set(target, result.allSynced);
      rows.push({
        server: target.name,
        round,
        'all synced ms': Math.round(result.allSynced),
        'p99 ms': Math.round(result.p99),
        'server %': tenth(result.serverCpu),
        'RSS peak MB': Math.round(result.rssPeakMB),
        problems: result.problems[0] ?? ''
      });
    }
    values.push((times.get(targets.sameRoom) ?? NaN) / (times.get(targets.yws) ?? NaN));
  }
  return {
    title: `'join storm': 250 people, each with a session of their own, join a card of 1 MB at once`,
    rows,
    ratios: [{ goal: '≤ 0.2', of: 'time / @y/websocket-server', values }]
  };
}

export async function idle(machine: Machine, { rounds }: Options): Promise<Found> {
  const rows: Row[] = [];
  const [connection, card]: [number[], number[]] = [[], []];
  for (let round = 1; round <= rounds; round++) {
    const each = new Map<Target, { connection: number; card: number }>();
    for (const target of [targets.yws, targets.sameRoom]) {
      const quiet = await idlePoint(machine, target, 40, false);
      const filled = await idlePoint(machine, target, 1000, true);
      const found = { connection: quiet.kilobytesEach, card: filled.kilobytesEach - quiet.kilobytesEach };
      each.set(target, found);
      rows.push({
        server: target.name,
        round,
        'at start MB': Math.round(quiet.rssBeforeMB),
        'KB/connection': found.connection,
        'KB/open card': found.card,
        '1,000 cards MB': Math.round(filled.rssAfterMB),
        problems: quiet.problems[0] ?? filled.problems[0] ?? ''
      });
    }
    const [ours, theirs] = [each.get(targets.sameRoom), each.get(targets.yws)];
    connection.push((ours?.connection ?? NaN) / (theirs?.connection ?? NaN));
    card.push((ours?.card ?? NaN) / (theirs?.card ?? NaN));
  }
  return {
    title: `'idle': 1,000 connections that say nothing, on 40 cards; then on 1,000 cards of 2,000 keystrokes`,
    rows,
    ratios: [
      { goal: '≤ 0.6', of: 'memory per connection / @y/websocket-server', values: connection },
      { goal: '≤ 1', of: 'memory per open card / @y/websocket-server', values: card }
    ]
  };
}

function idlePoint(machine: Machine, target: Target, cards: number, fill: boolean) {
  return on(machine, target, async (standing) => {
    // One more, which is opened before the first look.
    const people = Math.ceil(1000 / cards);
    const rooms = await standing.rooms({ cards: cards + 1, people, typists: 1 });
    return served(standing, ({ pid }) =>
      machine.load({
        workload: 'idle',
        protocol: target.protocol,
        rooms,
        connections: 1000,
        fill,
        serverPid: pid,
        databasePid: standing.databasePid
      })
    );
  });
}

export async function cold(machine: Machine, { rounds }: Options): Promise<Found> {
  const rows: Row[] = [];
  const values: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const times = new Map<Target, number>();
    for (const target of [targets.hocuspocusPg, targets.sameRoom]) {
      const { boot, first, whole } = await on(machine, target, async (standing) => {
        const rooms = await standing.rooms({ cards: 1, ...size });
        const place = { protocol: target.protocol, databasePid: standing.databasePid };
        const filled = await served(standing, async ({ pid }) => {
          const result = await machine.load({
            ...place,
            workload: 'fill',
            rooms,
            bytes: mega,
            storm: 0,
            serverPid: pid
          });
          await new Promise((resolve) => setTimeout(resolve, 4000)); // a store that waits has stored
          return result;
        });
        return served(standing, async ({ pid, bootMs }) => {
          const result = await machine.load({ ...place, workload: 'first', rooms, serverPid: pid });
          return { boot: bootMs, first: result.milliseconds, whole: result.characters === filled.characters };
        });
      });
      times.set(target, first);
      rows.push({
        server: target.name,
        round,
        'boot ms': Math.round(boot),
        'first sync ms': Math.round(first),
        whole: whole ? 'yes' : 'NO'
      });
    }
    values.push((times.get(targets.sameRoom) ?? NaN) / (times.get(targets.hocuspocusPg) ?? NaN));
  }
  return {
    title: `'cold start': the first sync of a card of 1 MB after a restart`,
    rows,
    ratios: [{ goal: '≤ 1', of: 'first sync / Hocuspocus on PostgreSQL', values }]
  };
}
