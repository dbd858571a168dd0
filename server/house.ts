// The open house: the services, and what answers on a web server's upgrade requests. Production
// (serve.ts) and development (vite.config.ts) stand on this same one.
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { readConfig } from './config.ts';
import { openHealth, type Health } from './health.ts';
import { lend } from './locals.ts';
import { openServices, type Services } from './services.ts';

export interface House {
  readonly services: Services;
  /** Answers the sync and meeting connections that arrive at this web server. */
  attach(server: HttpServer): void;
  /** Whether everything is ready to serve, part by part. */
  health(): Promise<Health>;
  /** What is counted, as Prometheus text. */
  metrics(): Promise<string>;
  close(): Promise<void>;
}

/**
 * Opens the services by the environment and lends them to the pages.
 * @throws StartError where the environment or the database does not allow it.
 */
export async function openHouse(env: Record<string, string | undefined>): Promise<House> {
  const opening = openServices(readConfig(env));
  lend(opening.then((open) => open.services));
  const { services, close } = await opening;
  const { database, sync, meetings, metrics } = services;
  const health = openHealth({
    alive: (ms) => database.alive(ms),
    look: () => ({ ...sync.journalState(), meetings: meetings.healthy() })
  });
  return {
    services,
    attach(server) {
      services.rehearsals.reachedAt(() => ownAddress(server));
      server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        const path = request.url ?? ''; // as it came: not every address that can be asked for can be parsed
        if (path.startsWith('/sync/')) services.sync.upgrade(request, socket, head);
        else if (path.startsWith('/events')) services.meetings.upgrade(request, socket, head);
        // In development Vite has connections of its own here; otherwise nobody else will ever answer.
        else if (server.listenerCount('upgrade') === 1) socket.destroy();
      });
    },
    health: () => health.read(),
    metrics() {
      const [atDocuments, atMeetings] = [sync.present(), meetings.present()];
      return metrics.text({
        rooms: sync.openDocuments(),
        syncConnections: atDocuments.connections,
        meetingConnections: atMeetings.connections,
        people: new Set([...atDocuments.people, ...atMeetings.people]).size,
        waiting: atDocuments.waiting + atMeetings.waiting,
        behind: sync.journalState().behind
      });
    },
    async close() {
      health.close();
      await close();
    }
  };
}

/** Where this process reaches its own web server. */
function ownAddress(server: HttpServer): string {
  const { address, family, port } = server.address() as AddressInfo;
  const anywhere = address === '0.0.0.0' || address === '::';
  const host = anywhere ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${host}:${port}`;
}
