// Keeps the empty shell on this device, so that a reload without a line shows the board and not the browser's
// dinosaur: the page at /offline, asked for without cookies, and the build's own files. It keeps no data, no
// answer of the API and no page that was made for somebody; each build has a cache of its own. Carries OFFLINE9.
import { build, files, version } from '$service-worker';

/** A worker's own events; TypeScript's library of them would change what every page's globals are. */
interface Lasting extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface Asked extends Event {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  readonly location: Location;
  addEventListener(name: 'install' | 'activate', listener: (event: Lasting) => void): void;
  addEventListener(name: 'fetch', listener: (event: Asked) => void): void;
}
const worker = globalThis as unknown as Worker;
const cacheName = `same-room-${version}`;
const shell = '/offline';
const parts = new Set([...build, ...files]);
const board = /^\/meetings\/[0-9a-f-]{36}\/?$/;
/** How long a board's page may take on a line that is there and carries nothing, in milliseconds. */
const patience = 8000;

worker.addEventListener('install', (event) => event.waitUntil(fill()));
worker.addEventListener('activate', (event) => event.waitUntil(clear()));

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== worker.location.origin) return;
  if (parts.has(pathname)) event.respondWith(kept(pathname, request));
  else if (request.mode === 'navigate') event.respondWith(page(request, pathname));
});

async function fill(): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.addAll([...parts]);
  await cache.add(new Request(shell, { credentials: 'omit', cache: 'reload' }));
}

async function clear(): Promise<void> {
  for (const name of await caches.keys()) if (name !== cacheName) await caches.delete(name);
}

async function kept(pathname: string, request: Request): Promise<Response> {
  return (await caches.match(pathname, { cacheName })) ?? fetch(request);
}

/** From the server; the shell where it does not answer. */
async function page(request: Request, pathname: string): Promise<Response> {
  try {
    if (!board.test(pathname)) return await fetch(request);
    const late = new Promise<never>((_, reject) => setTimeout(reject, patience));
    return await Promise.race([fetch(request), late]);
  } catch {
    return (await caches.match(shell, { cacheName })) ?? Response.error();
  }
}
