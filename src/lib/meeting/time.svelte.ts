// The time, for what is said of it: whoever reads it is run again twice a second, and nobody else.
import { createSubscriber } from 'svelte/reactivity';

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, 500);
  return () => clearInterval(timer);
});

/** Milliseconds since 1970. */
export function now(): number {
  subscribe();
  return Date.now();
}
