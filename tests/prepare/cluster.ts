// A private PostgreSQL for one run: its own folder, its own port, an unprivileged user, fsync on.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

export interface Cluster {
  /** A connection address for one of its databases. */
  url(database: string): string;
  readonly pid: number;
  /**
   * Stops and starts it again, with the same data and port; for tests of what happens meanwhile. 'immediate' is
   * without a checkpoint, as after a power cut: it recovers from its log when it starts.
   */
  stop(how?: 'fast' | 'immediate'): Promise<void>;
  start(): Promise<void>;
  /** Stops it for good and removes its data. */
  remove(): Promise<void>;
}

/**
 * Makes and starts a cluster with the server's programs in `pgBin`, on the disk that holds `place`. Its log's files
 * are small, so that a small disk can hold them.
 */
export async function startCluster(pgBin: string, place = os.tmpdir()): Promise<Cluster> {
  const folder = fs.mkdtempSync(path.join(place, 'same-room-pg-'));
  const owner = unprivileged();
  if (owner) fs.chownSync(folder, owner.uid, owner.gid);
  const data = path.join(folder, 'data');
  execFileSync(
    path.join(pgBin, 'initdb'),
    [
      ...['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'],
      ...(place === os.tmpdir() ? [] : ['--wal-segsize=1'])
    ],
    { ...owner, cwd: folder, stdio: 'ignore' }
  );
  const port = await freePort();
  let server = launch();

  function launch() {
    const args = [
      '-D',
      data,
      '-k',
      folder,
      '-h',
      '127.0.0.1',
      '-p',
      String(port),
      '-c',
      'max_connections=200'
    ];
    const log = fs.openSync(path.join(folder, 'log'), 'a');
    const child = spawn(path.join(pgBin, 'postgres'), args, {
      ...owner,
      cwd: folder,
      stdio: ['ignore', log, log]
    });
    fs.closeSync(log);
    return child;
  }
  async function ready(): Promise<void> {
    for (let tries = 0; tries < 200; tries++) {
      if (server.exitCode !== null)
        throw new Error(`PostgreSQL did not start: ${fs.readFileSync(path.join(folder, 'log'), 'utf8')}`);
      const status = path.join(data, 'postmaster.pid');
      if (fs.existsSync(status) && fs.readFileSync(status, 'utf8').includes('ready')) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('PostgreSQL was not ready within ten seconds');
  }
  async function stop(how: 'fast' | 'immediate' = 'fast'): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await ended;
  }
  await ready();
  return {
    url: (database) => `postgres://postgres@127.0.0.1:${port}/${database}`,
    get pid() {
      return server.pid ?? 0;
    },
    stop,
    async start() {
      server = launch();
      await ready();
    },
    async remove() {
      await stop();
      fs.rmSync(folder, { recursive: true, force: true });
    }
  };
}

/** PostgreSQL refuses to run as root; for root it is run as 'nobody'. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = fs
    .readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((each) => each.startsWith('nobody:'));
  const [, , uid = '65534', gid = '65534'] = line?.split(':') ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}

/** A port of the loopback address that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
