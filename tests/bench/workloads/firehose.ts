// The 'firehose' load: how fast two people's edits reach each other and 25 readers.
import type { Machine } from '../machine.ts';
import { targets, type Target } from '../targets.ts';
import { on, served, size, tenth, type Found, type Options, type Row } from './point.ts';

export async function firehose(machine: Machine, { rounds }: Options): Promise<Found> {
  const rows: Row[] = [];
  const values: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const speed = new Map<Target, number>();
    for (const target of [targets.yws, targets.hocuspocusPg, targets.sameRoom]) {
      const result = await on(machine, target, async (standing) => {
        const rooms = await standing.rooms({ cards: 1, ...size });
        return served(standing, ({ pid }) =>
          machine.load({
            workload: 'firehose',
            protocol: target.protocol,
            rooms,
            readers: 25,
            serverPid: pid,
            databasePid: standing.databasePid
          })
        );
      });
      speed.set(target, result.updatesPerSecond);
      rows.push({
        server: target.name,
        round,
        'updates/s': Math.round(result.updatesPerSecond),
        'p50 ms': result.p50,
        'p99 ms': result.p99,
        'server %': tenth(result.serverCpu),
        'database %': tenth(result.databaseCpu),
        'MB out': result.megabytesOut,
        converged: result.converged ? 'yes' : 'NO',
        problems: result.problems[0] ?? ''
      });
    }
    values.push((speed.get(targets.sameRoom) ?? NaN) / (speed.get(targets.hocuspocusPg) ?? NaN));
  }
  return {
    title: `'firehose': a recorded conversation of two, as fast as causality allows, before 25 readers`,
    rows,
    ratios: [{ goal: '≥ 1', of: 'updates/s / Hocuspocus on PostgreSQL', values }]
  };
}
