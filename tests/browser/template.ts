// One demonstration, made before the first browser test and stopped: each file of tests starts from a copy of its
// folder, as somebody would who starts `npm run demo` a second time.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startServer } from '../prepare/server.ts';

export default async function prepare(): Promise<() => void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'same-room-template-'));
  const server = await startServer(
    { DATA_DIR: folder, LOG_LEVEL: 'warn' },
    'server/cli/demo.ts',
    [],
    'Ctrl+C ends'
  );
  await server.stop();
  process.env.DEMONSTRATION = folder;
  return () => fs.rmSync(folder, { recursive: true, force: true });
}
