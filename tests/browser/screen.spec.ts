// The screen that hangs in the room, on the production build: it follows the chair, has no control, and is discreet
// unless names were asked for.
import { expect, test, type Page } from '@playwright/test';
import { expectAccessible, startDemonstration, type Demonstration } from './demonstration.ts';
import { agenda, conclude, join, meetingPath, reveal } from './joining.ts';

let demo: Demonstration;
let chair: Page;
let screen: Page;
test.describe.configure({ mode: 'serial' });
test.beforeAll(async ({ browser }) => {
  demo = await startDemonstration();
  chair = await join(await demo.sitDown(browser, 'Joy Okafor'), 'in the room');
});
test.afterAll(() => demo.stop());

const smallest = (page: Page) =>
  page.evaluate(() => {
    const texts = document.createTreeWalker(
      document.querySelector('.screen') as Element,
      NodeFilter.SHOW_TEXT
    );
    const sizes: number[] = [];
    while (texts.nextNode()) {
      const element = texts.currentNode.parentElement as HTMLElement;
      // Within a mark the letter is drawn, not set: its own size is the drawing's.
      if (!texts.currentNode.textContent?.trim() || element.closest('.visually-hidden, svg')) continue;
      sizes.push(parseFloat(getComputedStyle(element).fontSize));
    }
    return Math.min(...sizes);
  });
async function openScreen(kind: 'discreet' | 'with names', width = 1920, height = 1080): Promise<Page> {
  const opening = chair.waitForEvent('popup');
  await chair.getByRole('link', { name: kind, exact: true }).click();
  const page = await opening;
  await page.setViewportSize({ width, height });
  return page;
}

test('SCREEN6: it goes where the chair goes, without a control, in letters of 28 px and more, and without a name', async () => {
  const members = await chair.locator('article li b').allInnerTexts();
  expect(members.length).toBeGreaterThan(1);
  screen = await openScreen('discreet');
  const reference = await agenda(chair).nth(0).locator('.reference').innerText();
  await expect(screen.getByRole('heading', { name: reference })).toBeVisible();
  await expect(screen.getByRole('timer')).toHaveText(/left$|over$/);
  await expect(screen.locator('button, a, input, select, textarea, [tabindex="0"]')).toHaveCount(0);
  await expect(screen.getByText(/^Waiting for:/)).toBeVisible();
  expect(await smallest(screen)).toBeGreaterThanOrEqual(28);
  for (const name of members) expect(await screen.content()).not.toContain(name);
  await expectAccessible(screen);
  // Where nobody can see whether ratings are in, the chair reveals and concludes; the wall shows it.
  await reveal(chair);
  await expect(screen.getByText('Ask first:')).toBeVisible();
  await conclude(chair, 'Red', 'She is afraid and he has a key');
  await expect(screen.getByText('Joint rating:')).toBeVisible();
  expect(await screen.content()).not.toContain('he has a key');
  await chair.getByRole('button', { name: 'Break', exact: true }).click();
  await expect(screen.getByText('Break', { exact: true })).toBeVisible();
  await screen.close();
});

test('SCREEN6: with names it shows who and what is planned, stays while the meeting is open, and shows nothing protected', async ({
  browser
}) => {
  const narrative = await chair.locator('details .words').first().textContent();
  expect(narrative?.length).toBeGreaterThan(20);
  const members = await chair.locator('article li b').allInnerTexts();
  const named = await demo.sitDown(browser, 'Carys Bevan');
  await named.setViewportSize({ width: 1920, height: 1080 });
  await named.clock.install();
  await named.goto(`${await meetingPath(named)}/room?names`);
  await chair.getByRole('button', { name: 'Go on after the break' }).click();
  for (const name of members) await expect(named.getByText(name).first()).toBeVisible();
  await expect(named.getByRole('heading', { name: 'Actions' })).toBeVisible();
  expect(await named.content()).not.toContain((narrative ?? '').slice(0, 40));
  expect(await smallest(named)).toBeGreaterThanOrEqual(28);
  await expectAccessible(named);
  for (let minutes = 0; minutes < 30; minutes += 10) await named.clock.fastForward('10:00');
  await expect(named.getByText('You will be signed out')).toHaveCount(0);
  const next = agenda(chair).nth(1);
  const reference = await next.locator('.reference').innerText();
  await next.getByRole('button').click();
  await chair.getByRole('button', { name: `Show ${reference} to all` }).click();
  await expect(named.getByRole('heading', { name: reference })).toBeVisible();
  for (const width of [1440, 390]) {
    await named.setViewportSize({ width, height: 900 });
    await expectAccessible(named);
  }
  await named.context().close();
});

test('SCREEN6: a rep is told what somebody is told who asks for a page that is not there', async ({
  browser
}) => {
  const rep = await demo.sitDown(browser, 'Peter Ashdown');
  const answer = await rep.goto(`${await meetingPath(rep)}/room`);
  expect(answer?.status()).toBe(404);
  await rep.context().close();
});
