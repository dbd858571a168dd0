// The load: one process, pinned to a core of its own. Reads its job from a file and writes what it measured to another.
import fs from 'node:fs';
import { fill, first, idle } from './crowd.ts';
import { firehose } from './firehose.ts';
import type { Job, Results } from './job.ts';
import { meeting } from './meeting.ts';

const [ask = '', tell = ''] = process.argv.slice(2);
const job = JSON.parse(fs.readFileSync(ask, 'utf8')) as Job;

function run(): Promise<Results[Job['workload']]> {
  switch (job.workload) {
    case 'meeting':
      return meeting(job);
    case 'firehose':
      return firehose(job);
    case 'fill':
      return fill(job);
    case 'first':
      return first(job);
    case 'idle':
      return idle(job);
  }
}

fs.writeFileSync(tell, JSON.stringify(await run()));
process.exit(0);
