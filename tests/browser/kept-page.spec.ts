// A board that the browser put away whole, sockets and all, and takes out again at the back button.
import { chromium, expect, test, type Browser, type Page } from '@playwright/test';
import { startDemonstration, type Demonstration } from './demonstration.ts';
import { join } from './joining.ts';
import { openKeepingLine, type KeepingLine } from './keeping.ts';

let line: KeepingLine;
let demo: Demonstration;
let keeping: Browser;
test.beforeAll(async ({ launchOptions }) => {
  line = await openKeepingLine();
  demo = await startDemonstration(line.origin);
  line.leadTo(Number(new URL(demo.url).port));
  // Playwright's own browser is told to keep no page.
  keeping = await chromium.launch({ ...launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache'] });
});
test.afterAll(async () => {
  await keeping.close();
  await demo.stop();
  line.close();
});

const needs = (page: Page) => page.getByRole('textbox', { name: 'What the family needs' });
async function type(page: Page, words: string): Promise<void> {
  await needs(page).click();
  await page.keyboard.press('End');
  await page.keyboard.type(words);
}
/** The very page that was left; it was not loaded again. */
const isTheSame = (page: Page) => page.evaluate(() => document.documentElement.dataset.kept === 'yes');

async function leave(page: Page): Promise<void> {
  await page.evaluate(() => (document.documentElement.dataset.kept = 'yes'));
  await page.goto('/favicon.svg');
}
/** Playwright's goBack waits for a load, which a page that was kept does not have. */
async function comeBack(page: Page): Promise<void> {
  await page.evaluate(() => history.back());
  await expect.poll(() => isTheSame(page).catch(() => false)).toBe(true);
}

test('WAKE4: a board that the browser kept whole comes back with what others wrote meanwhile, and goes on', async ({
  browser
}) => {
  const page = await join(await demo.sitDown(keeping, 'Priya Nair'), 'remotely', 1);
  const other = await join(await demo.sitDown(browser, 'Peter Ashdown'), 'in the room', 1);
  await type(page, 'Before. ');
  await expect(page.getByText(/^Saved/)).toBeVisible();
  await leave(page);
  await type(other, 'Meanwhile. ');
  await expect(other.getByText(/^Saved/)).toBeVisible();
  await comeBack(page);
  await expect(needs(page)).toContainText('Meanwhile.');
  await type(page, 'After. ');
  await expect(needs(other)).toContainText('After.');
  await expect(page.getByText(/^Saved/)).toBeVisible();
  for (const at of [page, other])
    for (const words of ['Before.', 'Meanwhile.', 'After.'])
      await expect.poll(async () => (await needs(at).innerText()).split(words).length - 1).toBe(1);
});

test('WAKE5: a board that the browser kept whole shows nothing once its person has signed out meanwhile', async () => {
  const page = await join(await demo.sitDown(keeping, 'Hannah Osei'), 'remotely', 2);
  await expect(page.getByText(/F-\d{4}/).first()).toBeVisible();
  await leave(page);
  await page.request.post('/api/auth/sign-out');
  await comeBack(page);
  await expect(page.getByText('You were signed out.')).toBeVisible();
  await expect(page.getByText(/F-\d{4}/)).toHaveCount(0);
  await expect(page.getByRole('textbox')).toHaveCount(0);
});
