// What processes cost (Linux /proc) and how times are spread.
import fs from 'node:fs';

const ticksPerSecond = 100;

export interface Sample {
  readonly at: number;
  /** Seconds of CPU used so far. */
  readonly cpu: number;
  readonly rssMB: number;
}

/** What these processes have used together so far. */
export function sample(pids: readonly number[]): Sample {
  let cpu = 0;
  let rssMB = 0;
  for (const pid of pids) {
    const stat = read(`/proc/${pid}/stat`);
    if (!stat) continue;
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    cpu += (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
    rssMB += Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
  }
  return { at: performance.now(), cpu, rssMB };
}

/** A process and its children, as a PostgreSQL's are. */
export function family(pid: number): number[] {
  const children = fs.readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    const stat = read(`/proc/${name}/stat`);
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid;
  });
  return [pid, ...children.map(Number)];
}

/** Per cent of one core used between two samples. */
export function cpuBetween(from: Sample, to: Sample): number {
  return (100_000 * (to.cpu - from.cpu)) / (to.at - from.at);
}

/** Per cent of one core that processes other than these used meanwhile: what spoils a measurement. */
export function foreignWatch(own: () => number): () => number {
  const all = () => {
    const [user = 0, nice = 0, system = 0, , , , , steal = 0] =
      read('/proc/stat').split('\n')[0]?.split(/\s+/).slice(1).map(Number) ?? [];
    return (user + nice + system + steal) / ticksPerSecond;
  };
  const from = { at: performance.now(), all: all(), own: own() };
  return () =>
    Math.max(0, (100_000 * (all() - from.all - (own() - from.own))) / (performance.now() - from.at));
}

function read(file: string): string {
  try {
    return fs.readFileSync(file, 'latin1');
  } catch {
    return ''; // the process ended meanwhile
  }
}

/** Quantiles of times; what never arrived counts as infinitely late. */
export function quantiles(
  times: readonly number[],
  lost = 0
): { p50: number; p95: number; p99: number; max: number } {
  const sorted = Float64Array.from(times).sort();
  const count = sorted.length + lost;
  const at = (share: number) => sorted[Math.min(count - 1, Math.ceil(share * count) - 1)] ?? Infinity;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** Least, middle and greatest. */
export function spread(values: readonly number[]): { min: number; median: number; max: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return {
    min: sorted[0] ?? NaN,
    median: ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2,
    max: sorted.at(-1) ?? NaN
  };
}

/** Rows as a Markdown table. */
export function table(rows: readonly Record<string, string | number>[]): string {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (value: string | number | undefined) =>
    typeof value === 'number' ? (Number.isInteger(value) ? String(value) : value.toFixed(2)) : (value ?? '');
  const widths = keys.map((key) => Math.max(key.length, ...rows.map((row) => cell(row[key]).length)));
  const line = (cells: string[]) =>
    `| ${cells.map((each, at) => each.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [
    line(keys),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows.map((row) => line(keys.map((key) => cell(row[key]))))
  ].join('\n');
}
