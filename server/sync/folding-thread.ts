// The thread of folding.ts.
import { parentPort } from 'node:worker_threads';
import * as Y from 'yjs';
import type { Folded } from './folding.ts';
import { documentOf, type StoredBytes } from './stored.ts';

parentPort?.on('message', (stored: StoredBytes) => {
  let folded: Folded;
  try {
    folded = { state: Y.encodeStateAsUpdate(documentOf(stored)) };
  } catch (error) {
    folded = { fault: (error as Error).message };
  }
  parentPort?.postMessage(folded);
});
