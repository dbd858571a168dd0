// How the pages reach the services: through one promise that the process keeps. This is the only server
// file that SvelteKit's own code imports as a value; it is bundled, so it holds nothing itself.
import type { Services } from './services.ts';

const key = Symbol.for('same-room.services');
const place = globalThis as { [key]?: Promise<Services> };

/** Puts the services where the pages find them. */
export function lend(services: Promise<Services>): void {
  services.catch(() => undefined); // told by whoever opened them
  place[key] = services;
}

/** The process's services. */
export async function services(): Promise<Services> {
  const lent = place[key];
  if (!lent)
    throw new Error('Nothing serves these pages: start with npm start, npm run demo or npm run dev.');
  return lent;
}
