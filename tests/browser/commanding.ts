// The command list, by keyboard alone: opened, searched, and a command done by some of its words; and what is said of it.
import { expect, type Page } from '@playwright/test';

export const list = (page: Page) => page.getByRole('dialog', { name: 'Commands' });
export const options = (page: Page) => list(page).getByRole('option');
/** The board's one live region, with what was said last. */
export const said = (page: Page) => page.locator('p[aria-live=polite]');

export async function openList(page: Page): Promise<void> {
  // A page that has only just come takes no key until its scripts run.
  await expect(async () => {
    if (!(await list(page).isVisible())) await page.keyboard.press('Control+k');
    await expect(list(page).getByRole('combobox')).toBeFocused({ timeout: 1000 });
  }).toPass();
}

/** Finds a command by these words and does it. */
export async function command(page: Page, words: string): Promise<void> {
  await openList(page);
  await page.keyboard.type(words);
  await expect(options(page).first(), words).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(list(page)).toHaveCount(0);
}
