// A disk that can be full: a small one of memory where mounting is allowed (root); otherwise a limit on the size of
// the files that a process and its children may write, which refuses writes as truly, if by another name.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface Disk {
  readonly folder: string;
  readonly how: 'small disk' | 'file size limit';
  /** Nothing more can be written by the process `pid` and its children. */
  fill(pid: number): void;
  free(pid: number): void;
  remove(): void;
}

const SIZE = 160; // MB

export function openDisk(): Disk {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'same-room-disk-'));
  const mounted =
    process.getuid?.() === 0 &&
    spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}m,mode=0777`, 'none', folder]).status === 0;
  if (!mounted) {
    fs.chmodSync(folder, 0o777);
    return {
      folder,
      how: 'file size limit',
      fill: (pid) => limitFiles(pid, '65536:'),
      free: (pid) => limitFiles(pid, 'unlimited:'),
      remove: () => fs.rmSync(folder, { recursive: true, force: true })
    };
  }
  const filler = path.join(folder, 'filler');
  return {
    folder,
    how: 'small disk',
    fill: () => fillUp(filler),
    free: () => fs.rmSync(filler, { force: true }),
    remove() {
      spawnSync('umount', [folder]);
      fs.rmdirSync(folder);
    }
  };
}

function fillUp(file: string): void {
  const handle = fs.openSync(file, 'a');
  for (const piece of [1024 * 1024, 4096]) {
    const bytes = Buffer.alloc(piece);
    try {
      for (;;) fs.writeSync(handle, bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
  fs.closeSync(handle);
}

function limitFiles(pid: number, limit: string): void {
  const children = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).stdout.split('\n');
  for (const each of [String(pid), ...children.filter(Boolean)])
    spawnSync('prlimit', ['--pid', each, `--fsize=${limit}`]);
}
