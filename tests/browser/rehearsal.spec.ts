// Somebody who has never seen the board, with nobody to help: from the home page to the minutes as a chair, and one
// family as a rep. The others are played, at a human pace.
import { expect, test, type Page } from '@playwright/test';
import { expectAccessible, startDemonstration, type Demonstration } from './demonstration.ts';
import { agenda, conclude } from './joining.ts';

// Each waits for what others do at a human pace, and neither for the other.
test.describe.configure({ mode: 'parallel' });
let demo: Demonstration;
test.beforeAll(async () => {
  demo = await startDemonstration();
});
test.afterAll(() => demo.stop());

const steps = (page: Page) => page.getByRole('region', { name: /^First steps/ });
const now = (page: Page) => steps(page).locator('p.now');
const done = (page: Page, count: number) =>
  expect(steps(page)).toContainText(new RegExp(`First steps\\s+${count} of`), { timeout: 60_000 });
const plan = (page: Page) => page.getByRole('region', { name: /^Plan/ });

/** Axe finds nothing and nothing runs out of the side, on a desk and on a telephone. */
async function expectGood(page: Page): Promise<void> {
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await expectAccessible(page);
    const cut = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(await cut(), `${page.url()} at ${width} px`).toBeLessThanOrEqual(0);
  }
}

async function rehearse(page: Page, as: 'Rehearse as chair' | 'Rehearse as a rep'): Promise<void> {
  await page.goto('/');
  await page.getByRole('link', { name: 'Rehearse first, with an invented meeting' }).click();
  await expect(page.getByRole('heading', { name: 'Rehearsal', level: 1 })).toBeVisible();
  await expectGood(page);
  await page.getByRole('button', { name: as }).click();
  await expect(page.getByText('Rehearsal. Everyone here is invented.')).toBeVisible();
  await page.getByRole('button', { name: 'I am in the room' }).click();
  await done(page, 1);
}

test('REHEARSE9: a chair who never saw it opens, reveals, concludes, plans, locks and closes, and reads the minutes', async ({
  browser
}) => {
  test.setTimeout(300_000);
  const chair = await demo.sitDown(browser, 'Joy Okafor');
  await rehearse(chair, 'Rehearse as chair');
  await expect(now(chair)).toContainText('Open the meeting');
  await expectGood(chair);
  await chair.getByRole('button', { name: 'Open the meeting' }).click();
  await done(chair, 2);
  await chair.keyboard.press('Control+.');
  await done(chair, 3);
  await expect(agenda(chair).first()).toContainText('now');
  await expect(chair.getByText('That he would not let her pass worries us most.')).toBeVisible({
    timeout: 40_000
  });
  await chair
    .getByRole('radiogroup', { name: 'Rating of the family, HOU' })
    .getByRole('radio')
    .first()
    .focus();
  await chair.keyboard.press('a');
  await done(chair, 4);
  await expect(chair.getByText('Five of six have rated')).toBeVisible({ timeout: 90_000 });
  await expect(now(chair)).toContainText('reveal the ratings');
  for (const stage of ['information', 'analysis']) {
    await expect(chair.getByRole('button', { name: `Go on: ${stage}` })).toBeVisible();
    await chair.keyboard.press('Control+.');
  }
  await expect(chair.getByRole('button', { name: 'Go on: reveal ratings' })).toBeVisible();
  await chair.keyboard.press('Control+.');
  await chair.getByRole('button', { name: 'Reveal to everyone' }).click();
  await done(chair, 5);
  await conclude(chair, 'Red', 'As the highest rating given');
  await done(chair, 6);
  await expect(chair.getByText(/We would have said more about them/).first()).toBeVisible({
    timeout: 40_000
  });
  await plan(chair).getByRole('button', { name: 'Add an action', exact: true }).click();
  await chair.keyboard.type('Ask at school how the children are');
  await plan(chair).getByLabel('Agency').selectOption('HEA');
  await plan(chair).getByRole('button', { name: 'By: In a week' }).click();
  await expect(plan(chair).getByText(/^Accepted by HEA, Ruth Penhale/)).toBeVisible({ timeout: 60_000 });
  await done(chair, 7);
  await steps(chair).getByText('All steps').click();
  await expect(steps(chair).getByRole('listitem').filter({ hasText: 'Done' })).toHaveCount(7);
  await expectGood(chair);
  await steps(chair).getByText('All steps').click();
  await chair.getByRole('button', { name: 'Lock this family' }).click();
  await chair.getByLabel('Why lock all the same?').fill('A first try.');
  await chair.getByRole('button', { name: 'Lock all the same' }).click();
  await done(chair, 8);
  await chair.keyboard.press('Control+Shift+Period');
  await done(chair, 9);
  await expect(now(chair)).toContainText('Close the meeting');
  await chair.getByRole('button', { name: 'Close the meeting' }).click();
  await chair.getByRole('button', { name: 'Close without a record' }).click();
  await chair.getByRole('button', { name: 'Close the meeting now' }).click();
  await done(chair, 10);
  await expect(chair.getByText('That was all of it.')).toBeVisible();
  await expectGood(chair);
  await chair.getByRole('link', { name: 'Read the minutes' }).first().click();
  await expect(chair.getByText('Ask at school how the children are').first()).toBeVisible();
  await expectGood(chair);
  await chair.getByRole('button', { name: 'Leave the rehearsal' }).click();
  await expect(chair.getByText('Rehearsal. Everyone here is invented.')).toHaveCount(0);
  await expect(chair.getByText(/Committee room 2/).first()).toBeVisible();
});

test('REHEARSE10: a rep is led through one family, answers, rates by keyboard and accepts', async ({
  browser
}) => {
  test.setTimeout(360_000);
  const rep = await demo.sitDown(browser, 'Grace Whitlock');
  await rehearse(rep, 'Rehearse as a rep');
  const rating = rep.getByRole('radiogroup', { name: 'Rating of the family, HOU' });
  await expect(rating).toBeVisible({ timeout: 60_000 });
  await expect(now(rep)).toContainText('record of each person');
  await rating.getByRole('radio').first().focus();
  await rep.keyboard.press('a');
  await rep.keyboard.press('n');
  await done(rep, 3);
  await rep.keyboard.press('F8');
  await done(rep, 4);
  await rep.keyboard.press('F8');
  const asked = rep.getByRole('region', { name: /^Asked of you/ });
  await asked.getByRole('button', { name: /^Answer:/ }).click({ timeout: 60_000 });
  await rep.keyboard.type('Nothing since the summer.');
  await asked.getByRole('button', { name: 'Done' }).click();
  await done(rep, 5);
  await expectGood(rep);
  await plan(rep)
    .getByRole('button', { name: /^Accept for HOU/ })
    .click({ timeout: 180_000 });
  await done(rep, 6);
  await expect(rep.getByText('That was all of it.')).toBeVisible();
  await expect(rep.getByText(/^Locked \d\d:\d\d by .*Marlowe/).first()).toBeVisible({ timeout: 60_000 });
  await expectGood(rep);
});
