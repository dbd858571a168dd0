// The long-lived process: pages, meetings and sync on one port. It listens before it is ready, so that
// whoever waits for it is told 'not yet' and not 'nobody here'.
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse
} from 'node:http';
import { readConfig, StartError, type Config } from './config.ts';
import { starting } from './health.ts';
import { openHouse, type House } from './house.ts';
import { mayReadMetrics } from './metrics/reader.ts';

export interface Serving {
  readonly house: House;
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Listens, opens the house and serves until closed.
 * @param prepare is run on the open house before anything is served.
 * @throws StartError where the environment, the port or the database does not allow it.
 */
export async function serve(
  env: Record<string, string | undefined>,
  prepare: (house: House) => Promise<void> = async () => undefined
): Promise<Serving> {
  const config = readConfig(env);
  let house: House | undefined;
  let pages: RequestListener = (_request, response) => answer(response, 503, { ready: false });
  const server = createServer((request, response) => {
    if (request.url === '/healthz') void healthz(house, response);
    else if (request.url === '/metrics' && house) void metrics(house, config, request, response);
    else if (!isOurs(config, request))
      answer(response, 421, {
        message: 'This address is not served here. Set ORIGIN to the address people type.'
      });
    else pages(request, response);
  });
  await listen(server, config);
  try {
    const opening = await openHouse(env);
    await prepare(opening);
    pages = await openPages(config);
    opening.attach(server);
    house = opening;
  } catch (error) {
    server.close();
    throw error;
  }
  const open = house;
  return {
    house: open,
    address: config.origins[0] ?? '',
    async close() {
      house = undefined;
      pages = (_request, response) => answer(response, 503, { ready: false });
      server.close();
      await open.close();
      server.closeAllConnections();
    }
  };
}

async function openPages(config: Config): Promise<RequestListener> {
  // Read by the adapter when it is imported.
  process.env.PROTOCOL_HEADER = 'x-forwarded-proto';
  process.env.HOST_HEADER = 'host';
  // A file of notifications has 5 MB at most, and what was decided in its preview comes with it.
  process.env.BODY_SIZE_LIMIT ??= '8M';
  if (config.trustProxy) process.env.ADDRESS_HEADER = 'x-forwarded-for';
  const built = new URL('../build/handler.js', import.meta.url).href;
  const { handler } = (await import(built)) as {
    handler: (request: IncomingMessage, response: ServerResponse, next: () => void) => void;
  };
  return (request, response) => {
    // What a client says of itself is never taken for what a proxy of ours says; a request that came past the
    // proxy has its connection's own address.
    if (!config.trustProxy) delete request.headers['x-forwarded-for'];
    else request.headers['x-forwarded-for'] ??= request.socket.remoteAddress ?? 'unknown';
    request.headers['x-forwarded-proto'] = config.secure ? 'https' : 'http';
    handler(request, response, () => answer(response, 404, { message: 'Not found' }));
  };
}

async function healthz(house: House | undefined, response: ServerResponse): Promise<void> {
  const health = house ? await house.health() : starting;
  answer(response, health.ready ? 200 : 503, health);
}

async function metrics(
  house: House,
  config: Config,
  request: IncomingMessage,
  response: ServerResponse
): Promise<void> {
  if (!mayReadMetrics(config, request)) return answer(response, 404, { message: 'Not found' });
  const text = await house.metrics();
  const type = house.services.metrics.contentType;
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(text);
}

/** A name that is not ours may point here all the same (DNS rebinding), and its pages would share our cookies' host. */
function isOurs(config: Config, request: IncomingMessage): boolean {
  return config.origins.some((origin) => new URL(origin).host === request.headers.host);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function listen(server: Server, config: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => {
      const why = { EADDRINUSE: 'something else listens there', EACCES: 'this user may not' }[
        error.code ?? ''
      ];
      reject(
        why
          ? new StartError(
              `PORT ${config.port} of ${config.host} can’t be listened on: ${why}. Choose another.`
            )
          : error
      );
    };
    server.once('error', refuse);
    server.listen(config.port, config.host, () => {
      server.off('error', refuse);
      resolve();
    });
  });
}
