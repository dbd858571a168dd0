// What comes after a lock, in real browsers on the production build: a correction proposed by its author, an
// amendment by the chair, what the minutes say of it, and who wrote what.
import { expect, test, type Page } from '@playwright/test';
import { expectAccessible, startDemonstration, type Demonstration } from './demonstration.ts';
import { conclude, join } from './joining.ts';

let demo: Demonstration;
let chair: Page;
test.describe.configure({ mode: 'serial' });
test.beforeAll(async ({ browser }) => {
  demo = await startDemonstration();
  chair = await join(await demo.sitDown(browser, 'Joy Okafor'), 'in the room', 4);
});
test.afterAll(() => demo.stop());

test('WHO5: chair and coordinator ask who wrote a section, by keyboard, without a word of it moving; a rep is not offered it', async ({
  browser
}) => {
  const police = await join(await demo.sitDown(browser, 'Peter Ashdown'), 'in the room', 4);
  await police.getByRole('textbox', { name: 'What worries us' }).click();
  await police.keyboard.type('He waits at the school.');
  await expect(police.getByText(/^Saved \d\d:\d\d$/)).toBeVisible();
  await expect(police.getByRole('button', { name: /^Who wrote this/ })).toHaveCount(0);
  const worries = chair.getByRole('textbox', { name: 'What worries us' });
  await expect(worries).toContainText('He waits at the school.');
  const before = await worries.boundingBox();
  const ask = chair.getByRole('button', { name: 'Who wrote this: Analysis together' });
  await ask.focus();
  await chair.keyboard.press('Enter');
  const dialog = chair.getByRole('dialog');
  await expect(dialog.getByRole('term').filter({ hasText: 'Peter Ashdown, POL' }).first()).toBeVisible();
  await expect(dialog.getByText('He waits at the school.')).toBeVisible();
  await expectAccessible(chair);
  await chair.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(ask).toBeFocused();
  const after = await worries.boundingBox();
  expect([after?.x, after?.width]).toEqual([before?.x, before?.width]);
  await police.close();
});

test('AMEND12: words from after the lock are proposed by their author, brought in by the chair with a preview and a reason, and stand in the minutes beside the earlier version', async ({
  browser
}) => {
  const housing = await join(await demo.sitDown(browser, 'Priya Nair'), 'remotely', 4);
  const coordinator = await join(await demo.sitDown(browser, 'Carys Bevan'), 'in the room', 4);
  await housing.context().setOffline(true);
  await housing.getByRole('textbox', { name: 'HOU, facts, the family' }).click();
  await housing.keyboard.type('The rent was paid in cash.');
  await expect(housing.getByRole('alert')).toContainText('1 change is kept on this device.');
  await conclude(chair, 'Amber', 'Two reports in two months.');
  await chair.getByRole('button', { name: 'Lock this family' }).click();
  await chair.getByLabel('Why lock all the same?').fill('Time.');
  await chair.getByRole('button', { name: 'Lock all the same' }).click();
  await expect(chair.getByText(/Locked \d\d:\d\d by/).first()).toBeVisible();
  await housing.context().setOffline(false);
  await expect(housing.getByText('Written offline after the lock, so not in the record.')).toBeVisible({
    timeout: 20_000
  });
  await expectAccessible(housing);
  await housing.getByRole('button', { name: 'Propose as a correction' }).click();
  await expect(housing.getByText(/You proposed as a correction, \d\d:\d\d: The rent was paid/)).toBeVisible();
  await expect(housing.getByRole('button', { name: /amend/i })).toHaveCount(0);
  for (const page of [chair, coordinator])
    await expect(page.getByText('Proposed as a correction, and not in the record')).toBeVisible();
  await expect(coordinator.getByRole('button', { name: /amend/i })).toHaveCount(0);
  await expectAccessible(coordinator);

  await chair.getByRole('button', { name: 'Bring in by an amendment…' }).first().click();
  const dialog = chair.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Amend the decision' })).toBeDisabled();
  await dialog.getByRole('checkbox', { name: /^Priya Nair, arrived/ }).check();
  await expect(dialog.getByRole('heading', { name: 'What reads differently then' })).toBeVisible();
  await expect(dialog.locator('ins')).toHaveText('The rent was paid in cash.');
  await dialog.getByLabel('A correction in your words').fill('The tenancy is in her name alone.');
  await dialog.getByLabel('Why is the decision amended?').fill('Written before the lock, on the train.');
  await expectAccessible(chair);
  await dialog.getByRole('button', { name: 'Amend the decision' }).click();
  await expect(dialog).toHaveCount(0);
  for (const page of [chair, housing])
    await expect(page.getByText(/Amended \d\d:\d\d by Joy Okafor: Written before the lock/)).toBeVisible();
  await expect(coordinator.getByText('Late words that were brought in: 1')).toBeVisible();
  await expect(coordinator.getByText('Arrived after the lock, so not in the record')).toHaveCount(0);
  await expectAccessible(chair);

  await housing.getByRole('link', { name: 'the minutes have this version' }).click();
  const article = housing.getByRole('article').filter({ hasText: 'Amended' });
  await expect(article.getByText('Written before the lock, on the train.')).toBeVisible();
  await expect(article.locator('ins')).toHaveText('The rent was paid in cash.');
  await expect(article.getByText('The tenancy is in her name alone.')).toBeVisible();
  await expectAccessible(housing);
  await article.getByRole('link', { name: /^decision \d+, as it was locked/ }).click();
  await expect(housing.getByText('This version was amended')).toBeVisible();
  await expect(housing.getByText('The rent was paid in cash.')).toHaveCount(0);
  await expectAccessible(housing);
  await housing.getByRole('link', { name: /^decision \d+$/ }).click();
  await expect(housing.getByText('The tenancy is in her name alone.')).toBeVisible();
  for (const page of [housing, coordinator]) await page.close();
});
