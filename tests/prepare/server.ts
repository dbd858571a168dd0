// The real server as a process of its own, for tests that talk to it from outside or end it at once.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { freePort } from './cluster.ts';

export interface RunningServer {
  readonly url: string;
  readonly process: ChildProcess;
  /** Everything it printed. */
  output(): string;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
  /** Asks it to end, and waits until it has. */
  stop(): Promise<number | null>;
}

/** Starts the real server (`server/main.ts`, or another entry) on a place, and waits until it is ready. */
export async function startServer(
  env: Record<string, string>,
  entry = 'server/main.ts',
  args: string[] = [],
  /** What it prints when it is ready beyond /healthz. */
  printed = ''
): Promise<RunningServer> {
  const root = path.join(import.meta.dirname, '../..');
  if (!fs.existsSync(path.join(root, 'build/handler.js')))
    throw new Error("The pages aren't built: npm run build first.");
  const port = env.PORT ?? String(await freePort());
  const child = spawn(process.execPath, [path.join(root, entry), ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env, PORT: port },
    stdio: ['ignore', 'pipe', 'pipe']
  });
  let output = '';
  child.stdout.on('data', (bytes) => (output += bytes));
  child.stderr.on('data', (bytes) => (output += bytes));
  const url = `http://localhost:${port}`;
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  for (const start = Date.now(); ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    if (ended()) throw new Error(`The server ended: ${output}`);
    if (Date.now() - start > 90_000) {
      child.kill('SIGKILL');
      throw new Error(`The server was not ready within 90 seconds: ${output}`);
    }
    const ready = await fetch(`${url}/healthz`).then(
      (response) => response.ok,
      () => false // not listening yet
    );
    if (ready && output.includes(printed)) break;
  }
  const end = async (signal: NodeJS.Signals) => {
    if (ended()) return child.exitCode;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
    return child.exitCode;
  };
  return {
    url,
    process: child,
    output: () => output,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM')
  };
}
