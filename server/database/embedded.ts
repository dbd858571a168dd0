// Starts and stops the embedded PostgreSQL. It has no lock of its own, and a second process would lose
// data silently, so a lock file with our process id stands beside it.
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { StartError } from '../config.ts';

export interface Embedded {
  /** The folder and port number that a PostgreSQL client is given as host and port. */
  readonly host: string;
  readonly port: number;
  /** Resolves when the database's thread has died without being asked to. */
  readonly died: Promise<void>;
  close(): Promise<void>;
}

const PORT = 5432;

// On globalThis, because a development server loads this module anew at each restart. It tells a lock of
// ours from one left by a killed process that had the same number, as happens in containers.
const held = ((globalThis as Record<symbol, unknown>)[Symbol.for('same-room.embedded')] ??=
  new Set<string>()) as Set<string>;

/**
 * Opens the embedded database kept in `dataDir`, making it where there is none.
 * @throws StartError when another living process has it open.
 */
export async function openEmbedded(dataDir: string, connections: number): Promise<Embedded> {
  fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = path.join(dataDir, 'lock');
  takeLock(lock);
  // A socket's path may have some 100 characters, so it stands in the system's temporary folder.
  const host = fs.mkdtempSync(path.join(os.tmpdir(), 'same-room-'));
  const socket = path.join(host, `.s.PGSQL.${PORT}`);
  const worker = new Worker(new URL('./embedded-worker.ts', import.meta.url), {
    workerData: { directory: path.join(dataDir, 'postgres'), socket, connections }
  });
  const release = () => {
    held.delete(lock);
    fs.rmSync(host, { recursive: true, force: true });
    fs.rmSync(lock, { force: true });
  };
  try {
    await once(worker, 'message');
  } catch (error) {
    release();
    throw error;
  }
  let closing = false;
  const died = new Promise<void>((resolve) => worker.once('exit', () => closing || resolve()));
  worker.on('error', () => undefined); // told by `died`
  return {
    host,
    port: PORT,
    died,
    async close() {
      closing = true;
      const closed = once(worker, 'message');
      worker.postMessage('close');
      await closed;
      await worker.terminate();
      release();
    }
  };
}

function takeLock(lock: string): void {
  for (;;) {
    try {
      fs.writeFileSync(lock, String(process.pid), { flag: 'wx' });
      held.add(lock);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = Number(fs.readFileSync(lock, 'utf8'));
    if (held.has(lock) || (owner > 0 && owner !== process.pid && alive(owner)))
      throw new StartError(
        `${path.dirname(lock)} is in use by process ${owner}. Stop it first, or set DATA_DIR to another folder.`
      );
    fs.rmSync(lock, { force: true }); // its owner was killed
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
