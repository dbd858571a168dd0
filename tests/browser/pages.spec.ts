// Every page as each role has it, on the demonstration: axe finds nothing on a desk's screen and on a telephone's, and
// nothing runs out of the side at 320 px (WCAG 1.4.10). Carries PAGES1.
import { expect, test, type Browser, type Page } from '@playwright/test';
import { expectAccessible, startDemonstration, type Demonstration } from './demonstration.ts';

let demo: Demonstration;
test.beforeAll(async () => {
  demo = await startDemonstration();
});
test.afterAll(() => demo.stop());

/** Who has which pages. MEETING and FAMILY stand for ids of the demonstration. */
const everyone = {
  'Joy Okafor': ['/', '/meetings/MEETING', '/meetings/MEETING/minutes'],
  'Carys Bevan': [
    '/',
    '/intake',
    '/intake/new',
    '/families',
    '/families/FAMILY',
    '/people',
    '/settings',
    '/samples',
    '/meetings/new',
    '/actions/chase',
    '/reports/attendance',
    '/meetings/MEETING/outcomes',
    '/meetings/MEETING/agenda',
    '/meetings/MEETING'
  ],
  'Hannah Osei': ['/', '/actions', '/meetings/MEETING', '/nothing'],
  'Dana Kowalska': ['/', '/meetings/MEETING'],
  'Ola Berg': ['/', '/meetings/MEETING'],
  'Ruth Adeyemi': ['/', '/audit', '/reports/attendance'],
  nobody: ['/sign-in', '/invitation/nothing']
} as const;

/** Opens a page of theirs, and sits down where it is the board. */
async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  if (/^\/meetings\/[0-9a-f-]{36}$/.test(path)) {
    await page.getByRole('button', { name: 'I am joining remotely' }).click();
    await expect(page.getByText(/^(Connected|Saved)/)).toBeVisible();
  }
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

async function idsFor(page: Page): Promise<(path: string) => string> {
  const answer = await page.request.get('/api/meetings');
  if (!answer.ok()) return (path) => path;
  const meetings = (await answer.json()) as { id: string }[];
  const family = /families\/([0-9a-f-]{36})/.exec(await (await page.request.get('/families')).text())?.[1];
  return (path) => path.replace('MEETING', meetings[0]?.id ?? '').replace('FAMILY', family ?? '');
}

/** Whoever's page it is: signed in, or nobody. */
async function pageOf(browser: Browser, name: string): Promise<Page> {
  if (name !== 'nobody') return demo.sitDown(browser, name);
  return (await browser.newContext({ baseURL: demo.url })).newPage();
}

for (const [name, paths] of Object.entries(everyone)) {
  test(`PAGES1: axe finds nothing on the pages of ${name}, wide or narrow, and nothing runs out of the side`, async ({
    browser
  }) => {
    const page = await pageOf(browser, name);
    const filled = await idsFor(page);
    for (const path of paths)
      await test.step(path, async () => {
        await page.setViewportSize({ width: 1440, height: 900 });
        await open(page, filled(path));
        await expectAccessible(page);
        await page.setViewportSize({ width: 390, height: 844 });
        await expectAccessible(page);
        await page.setViewportSize({ width: 320, height: 640 });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        expect.soft(wide, `${path}, ${name}`).toBe(320);
      });
    await page.context().close();
  });
}
