// When a page comes back to life: it is seen again, the network is back, the browser thawed it or took it out
// of its cache of pages, or the device slept with the page in sight, which nothing tells but the clock.

/** How often the clock is looked at, and by how much it must have jumped. Milliseconds. */
const glance = 5000;
const jump = 20_000;

/** Calls `listener` at each of these moments, until the function that it gives back is called. */
export function onWake(listener: () => void): () => void {
  const ends = new AbortController();
  const { signal } = ends;
  addEventListener('online', listener, { signal });
  document.addEventListener('resume', listener, { signal });
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && listener(), {
    signal
  });
  addEventListener('pageshow', (event) => event.persisted && listener(), { signal });
  let looked = Date.now();
  const timer = setInterval(() => {
    const slept = Date.now() - looked > glance + jump;
    looked = Date.now();
    if (slept) listener();
  }, glance);
  return () => {
    ends.abort();
    clearInterval(timer);
  };
}
