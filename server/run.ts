// How a process of ours begins and ends: a start that can't go on says why in one sentence, and a signal
// closes in order.
import { StartError } from './config.ts';

/** Runs `start`, prints why it could not, and closes what it opened at SIGINT or SIGTERM. */
export async function run(start: () => Promise<{ close(): Promise<void> } | void>): Promise<void> {
  requireNode();
  // The pages' files are opened as they are asked for: one that is gone, as when the build is replaced under a running
  // process, ends no meeting.
  process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
    console.error(error);
    if (error.code !== 'ENOENT' || error.syscall !== 'open') process.exit(1);
  });
  try {
    const open = await start();
    if (!open) return;
    let closing = false;
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.on(signal, () => {
        if (closing) return;
        closing = true;
        open.close().then(
          () => process.exit(0),
          (error: unknown) => {
            console.error(error);
            process.exit(1);
          }
        );
      });
  } catch (error) {
    console.error(error instanceof StartError ? error.message : error);
    process.exit(1);
  }
}

function requireNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return;
  console.error(
    `Same Room needs Node 22.18 or later, and this is ${process.versions.node}. 'npm ci' brings the right one: start through npm.`
  );
  process.exit(1);
}
