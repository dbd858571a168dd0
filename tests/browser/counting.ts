// What a task costs its user: trusted clicks, drops and file choices, and keys outside text fields. Counted in
// the page before anything else hears them, so that neither the page nor a test can pass the counter by.
import type { Page } from '@playwright/test';

/**
 * Begins to count on this page; answers a function that gives the count so far.
 * @param chords whether a key that is held down for another counts by itself
 */
export async function countActs(
  page: Page,
  chords: 'each key' | 'once' = 'each key'
): Promise<() => Promise<number>> {
  await page.evaluate((chords) => {
    const counted = window as unknown as { acts: number };
    counted.acts = 0;
    const isText = (target: EventTarget | null) =>
      target instanceof HTMLElement &&
      target.matches('textarea, [role=textbox], input:not([type=radio], [type=checkbox], [type=button])');
    const count = (event: Event) => event.isTrusted && counted.acts++;
    // A button pressed by a key makes a click as well: that is the key's, and counted once.
    window.addEventListener('click', (event) => event.detail > 0 && count(event), true);
    window.addEventListener('drop', count, true);
    window.addEventListener(
      'change',
      (event) => event.target instanceof HTMLInputElement && event.target.type === 'file' && count(event),
      true
    );
    const isHeld = ({ key }: KeyboardEvent) => chords === 'once' && ['Control', 'Shift', 'Alt'].includes(key);
    window.addEventListener(
      'keydown',
      (event) => !isText(event.target) && !isHeld(event) && count(event),
      true
    );
  }, chords);
  return () => page.evaluate(() => (window as unknown as { acts: number }).acts);
}
