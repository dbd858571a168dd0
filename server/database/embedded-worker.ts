// The embedded PostgreSQL, in a thread of its own: it blocks its event loop for every statement.
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { parentPort, workerData } from 'node:worker_threads';

const { directory, socket, connections } = workerData as {
  directory: string;
  socket: string;
  connections: number;
};
const database = await PGlite.create(directory);
const server = new PGLiteSocketServer({ db: database, path: socket, maxConnections: connections });
await server.start();
parentPort?.postMessage('ready');
parentPort?.once('message', async () => {
  await server.stop();
  await database.close();
  parentPort?.postMessage('closed');
});
