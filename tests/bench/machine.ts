// What a run stands on: a scratch folder, a PostgreSQL with fsync, the peers' packages, and processes on the cores
// that are theirs: whoever is measured and its database on core 0, the load on core 1.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { startCluster, type Cluster } from '../prepare/cluster.ts';
import { findPrograms } from '../prepare/find.ts';
import type { Job, Results } from './load/job.ts';

export const root = path.join(import.meta.dirname, '../..');
export const peersFolder = path.join(import.meta.dirname, 'peers');

export interface Started {
  readonly pid: number;
  /** From its start until it answers, in ms. */
  readonly bootMs: number;
  stop(): Promise<void>;
}

export interface Machine {
  readonly scratch: string;
  readonly cluster: Cluster;
  /** A new database; its address. */
  database(name: string): Promise<string>;
  dropDatabase(name: string): Promise<void>;
  /** Starts a server on the measured core and waits until `path` answers. */
  start(args: readonly string[], env: Record<string, string>, port: number, ready: string): Promise<Started>;
  /** Runs the load; what it measured. */
  load<J extends Job>(job: J): Promise<Results[J['workload']]>;
  close(): Promise<void>;
}

export async function openMachine(): Promise<Machine> {
  if (!fs.existsSync(path.join(peersFolder, 'node_modules')))
    execFileSync('npm', ['ci'], { cwd: peersFolder, stdio: 'inherit' });
  if (!fs.existsSync(path.join(root, 'build/handler.js')))
    execFileSync('npm', ['run', 'build'], { cwd: root, stdio: 'inherit' });
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'same-room-bench-'));
  const cluster = await startCluster(findPrograms().pgBin);
  execFileSync('taskset', ['-a', '-cp', '0', String(cluster.pid)], { stdio: 'ignore' });
  const sql = postgres(cluster.url('postgres'), { max: 1, onnotice: () => undefined });
  const running = new Set<ChildProcess>();

  async function start(
    args: readonly string[],
    env: Record<string, string>,
    port: number,
    ready: string
  ): Promise<Started> {
    const file = path.join(scratch, 'server.log');
    const log = fs.openSync(file, 'a');
    const began = performance.now();
    const child = spawn('taskset', ['-c', '0', process.execPath, ...args], {
      cwd: root,
      env: { PATH: process.env.PATH, ...env, PORT: String(port) },
      stdio: ['ignore', log, log]
    });
    fs.closeSync(log);
    running.add(child);
    for (;;) {
      if (child.exitCode !== null) throw new Error(`The server ended: ${fs.readFileSync(file, 'utf8')}`);
      if (performance.now() - began > 60_000) throw new Error('The server was not ready within a minute');
      const up = await fetch(`http://localhost:${port}${ready}`).then(
        (answer) => answer.ok,
        () => false // not listening yet
      );
      if (up) break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return { pid: child.pid ?? 0, bootMs: performance.now() - began, stop: () => end(child) };
  }

  async function end(child: ChildProcess): Promise<void> {
    running.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(timer);
  }

  return {
    scratch,
    cluster,
    async database(name) {
      await sql`create database ${sql(name)}`;
      return cluster.url(name);
    },
    dropDatabase: async (name) => void (await sql`drop database if exists ${sql(name)} with (force)`),
    start,
    async load(job) {
      const [ask, tell] = [path.join(scratch, 'job.json'), path.join(scratch, 'result.json')];
      fs.writeFileSync(ask, JSON.stringify(job));
      fs.rmSync(tell, { force: true });
      const generator = path.join(import.meta.dirname, 'load/generator.ts');
      const args = ['-c', '1', process.execPath, '--max-old-space-size=6000', generator, ask, tell];
      const child = spawn('taskset', args, { stdio: 'inherit' });
      running.add(child);
      const timer = setTimeout(() => child.kill('SIGKILL'), 300_000);
      await once(child, 'exit');
      clearTimeout(timer);
      running.delete(child);
      if (!fs.existsSync(tell)) throw new Error('The load gave no result');
      return JSON.parse(fs.readFileSync(tell, 'utf8')) as never;
    },
    async close() {
      for (const child of running) await end(child);
      await sql.end();
      await cluster.remove();
      fs.rmSync(scratch, { recursive: true, force: true });
    }
  };
}
