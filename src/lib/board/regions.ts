// Where the focus goes on the board: from region to region, to one of them, to a heading, into a field. Past the last
// region the browser keeps its own F6.
import { tick } from 'svelte';

/** Moves the focus to the next region in the order of the page; says whether there was one. */
export function toNextRegion(root: HTMLElement, back: boolean): boolean {
  const regions = [...root.querySelectorAll<HTMLElement>('[data-region]')].filter(
    (region) => region.checkVisibility?.() ?? true
  );
  const now = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[now < 0 ? (back ? regions.length - 1 : 0) : now + (back ? -1 : 1)];
  next?.focus();
  return next !== undefined;
}

/** Puts the focus on one region, also where it is folded away on a narrow screen. Says whether it is there. */
export function toRegion(root: HTMLElement, name: string): boolean {
  const region = root.querySelector<HTMLElement>(`[data-region=${name}]`);
  const fold = region?.closest('details');
  if (fold) fold.open = true;
  region?.focus();
  return region !== null;
}

/** Keeps the focus at a region, where what had it is gone with what was done. */
export async function stayAt(name: string): Promise<void> {
  await tick();
  if (document.activeElement === document.body)
    document.querySelector<HTMLElement>(`[data-region=${name}]`)?.focus();
}

/** Puts the focus on a heading, or on another place of the card that has none by itself. */
export function toHeading(id: string): boolean {
  const place = document.getElementById(id);
  if (place) place.tabIndex = -1;
  place?.scrollIntoView({ block: 'center' });
  place?.focus({ preventScroll: true });
  return place !== null;
}

/** Puts the focus into the first field of the innermost part that has the focus and a field at all. */
export function writeHere(): boolean {
  for (let part = document.activeElement; part; part = part.parentElement) {
    const field = part.querySelector<HTMLElement>('[role=textbox], textarea');
    if (field && part.closest('[data-region=card]')) {
      field.focus();
      return true;
    }
  }
  return false;
}

/** How long a place on a card that is just being opened is waited for. Milliseconds. */
const patience = 4000;

/** Scrolls to a place on the card and gives it the focus, as soon as it is there. */
export async function goTo(href: string): Promise<void> {
  // A dialog that is closing and the family that was open before are still there until the page has followed.
  await tick();
  const until = Date.now() + patience;
  let place = document.getElementById(href.slice(1));
  while (!place && Date.now() < until) {
    await new Promise((later) => setTimeout(later, 50));
    place = document.getElementById(href.slice(1));
  }
  if (!place) return;
  const fields = 'textarea, [role=textbox], select, button';
  const field = place.matches(fields) ? place : place.querySelector<HTMLElement>(fields);
  place.scrollIntoView({ block: 'center' });
  field?.focus({ preventScroll: true });
}
