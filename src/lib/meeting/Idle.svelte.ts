// Watches whether anybody moves at this browser: typing, pointing, scrolling, in any tab of it. A page that stands
// idle for too long signs its person out; words that are unsent are kept first. Carries IDLE2 and IDLE3.
import { idleness, type Idleness } from './idle.ts';

const place = 'same-room/moved';
/** How often is looked, how often a movement is written down, and how often the server is told. Milliseconds. */
const [look, write, tell] = [1000, 2000, 60_000];
/** How long the words that are unsent may take to be kept before the page goes blank all the same. Milliseconds. */
const patience = 1000;

const listeners = new Set<() => Promise<number>>();

/** `keep` is called when the page is about to go blank, and says how many changes are unsent. Gives what ends that. */
export function whenIdle(keep: () => Promise<number>): () => void {
  listeners.add(keep);
  return () => void listeners.delete(keep);
}

const presences = new Set<() => boolean>();

/** While `here` says so, somebody is at this page without touching it, as before a screen on the wall. Gives what ends that. */
export function countAsHere(here: () => boolean): () => void {
  presences.add(here);
  return () => void presences.delete(here);
}

export class Idle {
  readonly minutes: number;
  #state = $state.raw<Idleness>({ kind: 'awake' });
  #unsent = $state<number | null>(null);
  #movedAt = Date.now();
  #wroteAt = 0;
  #toldAt = 0;
  #ending = false;
  readonly #ends = new AbortController();

  /** @param signOut ends the session, as far as there is a line to do it by */
  constructor(minutes: number, signOut: () => void) {
    this.minutes = minutes;
    const { signal } = this.#ends;
    for (const name of ['keydown', 'input', 'click', 'wheel'])
      addEventListener(name, () => this.moved(), { signal, passive: true, capture: true });
    // Whoever is warned and goes for the button must find it there.
    const pointed = () => this.#state.kind === 'awake' && this.moved();
    for (const name of ['pointermove', 'pointerdown', 'touchstart'])
      addEventListener(name, pointed, { signal, passive: true, capture: true });
    const timer = setInterval(() => this.#look(signOut), look);
    signal.addEventListener('abort', () => clearInterval(timer));
    // A page that was opened was asked for; one that was reloaded after too long was not looked at meanwhile.
    const before = this.#elsewhere();
    if (before > 0 && reloaded()) this.#movedAt = before;
    else this.moved();
    this.#look(signOut);
  }

  /** What the page is to say. */
  get state(): Idleness {
    return this.#state;
  }
  /** How many changes are unsent, once the person was signed out; null before. */
  get unsent(): number | null {
    return this.#unsent;
  }

  /** Somebody is here. */
  moved(): void {
    const now = Date.now();
    // A movement that wakes the page comes before its timers: what was too long before stays too long.
    if (
      this.#ending ||
      idleness(Math.max(this.#movedAt, this.#elsewhere()), now, this.minutes).kind === 'out'
    )
      return;
    this.#movedAt = now;
    if (this.#state.kind === 'warned') this.#state = { kind: 'awake' };
    if (now - this.#wroteAt >= write) {
      this.#wroteAt = now;
      localStorage.setItem(place, String(now));
    }
    if (now - this.#toldAt >= tell) {
      this.#toldAt = now;
      // Without a line the page still watches by itself.
      void fetch('/api/session/moved', { method: 'POST' }).catch(() => undefined);
    }
  }

  close(): void {
    this.#ends.abort();
  }

  #look(signOut: () => void): void {
    if (this.#ending) return;
    if ([...presences].some((here) => here())) this.moved();
    const state = idleness(Math.max(this.#movedAt, this.#elsewhere()), Date.now(), this.minutes);
    if (state.kind !== 'awake' || this.#state.kind !== 'awake') this.#state = state;
    if (state.kind === 'out') void this.#end(signOut);
  }

  async #end(signOut: () => void): Promise<void> {
    this.#ending = true;
    const late = new Promise<number>((resolve) => setTimeout(() => resolve(0), patience));
    const counts = await Promise.all([...listeners].map((keep) => Promise.race([keep(), late])));
    this.#unsent = counts.reduce((sum, count) => sum + count, 0);
    this.close();
    signOut();
  }

  #elsewhere(): number {
    const moved = Number(localStorage.getItem(place));
    // A clock that was set back would keep the page awake for ever.
    return moved <= Date.now() ? moved : 0;
  }
}

function reloaded(): boolean {
  const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return entry?.type === 'reload';
}
