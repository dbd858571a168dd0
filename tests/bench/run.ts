// `npm run bench`: Same Room beside @y/websocket-server and Hocuspocus in the same run, in turns, each server on
// one core with its database and the load on the other. Same Room runs as in production: PostgreSQL with fsync,
// signed-in reps typing into sections of real cards, the guard and the durable append on. The run fails where fsync
// is off, where the journal lacks what was typed, or where a forged update that is sent in the middle gets in.
import os from 'node:os';
import { parseArgs } from 'node:util';
import { openMachine } from './machine.ts';
import { table } from './measure.ts';
import { browsers } from './workloads/browsers.ts';
import { cold, idle, storm } from './workloads/crowd.ts';
import { firehose } from './workloads/firehose.ts';
import { apart, forty, keystroke, largest } from './workloads/meeting.ts';
import { verdicts } from './workloads/point.ts';

const workloads = { keystroke, apart, forty, largest, firehose, storm, idle, cold, browsers };
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '8' },
    meetings: { type: 'string', default: '40' }
  }
});
const options = {
  rounds: Number(values.rounds),
  seconds: Number(values.seconds),
  meetings: Number(values.meetings)
};
const wanted = positionals.length > 0 ? positionals : Object.keys(workloads);
const unknown = wanted.filter((name) => !Object.hasOwn(workloads, name));
if (unknown.length > 0) {
  console.error(`No workload ${unknown.join(', ')}. There are: ${Object.keys(workloads).join(', ')}`);
  process.exit(2);
}

console.log(
  `${new Date().toISOString().slice(0, 16)} UTC, Node ${process.versions.node}, ${os.cpus().length} cores (${os.cpus()[0]?.model ?? ''}), ${values.rounds} rounds in turns`
);
const machine = await openMachine();
try {
  for (const name of wanted) {
    const found = await workloads[name as keyof typeof workloads](machine, options);
    console.log(`\n### ${found.title}\n\n${table(found.rows)}`);
    if (found.ratios.length > 0) console.log(`\n${table(verdicts(found))}`);
  }
} finally {
  await machine.close();
}
