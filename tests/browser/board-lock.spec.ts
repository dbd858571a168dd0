// The end of a family's card and of the meeting, in real browsers on the production build: what is locked, what
// comes too late, what changed before, who does not agree, and what closing makes of the rest.
import { expect, test, type Page } from '@playwright/test';
import { expectAccessible, startDemonstration, type Demonstration } from './demonstration.ts';
import { conclude, join, openFamily } from './joining.ts';

let demo: Demonstration;
let chair: Page;
test.describe.configure({ mode: 'serial' });
test.beforeAll(async ({ browser }) => {
  demo = await startDemonstration();
  chair = await join(await demo.sitDown(browser, 'Joy Okafor'), 'in the room', 4);
});
test.afterAll(() => demo.stop());

const openLock = (page: Page) => page.getByRole('button', { name: 'Lock this family' }).click();

test('BOARD11: words from offline after the lock come back to their author, and stand beside the card with their times', async ({
  browser
}) => {
  const housing = await join(await demo.sitDown(browser, 'Priya Nair'), 'remotely', 4);
  const coordinator = await join(await demo.sitDown(browser, 'Carys Bevan'), 'in the room', 4);
  const police = await join(await demo.sitDown(browser, 'Peter Ashdown'), 'in the room', 4);
  await housing.context().setOffline(true);
  await housing.getByRole('textbox', { name: 'HOU, facts, the family' }).click();
  await housing.keyboard.type('The rent was paid in cash.');
  await expect(housing.getByRole('alert')).toContainText('1 change is kept on this device.');
  await conclude(chair, 'Amber', 'Two reports in two months.');
  await openLock(chair);
  await expect(chair.getByText('Still missing:')).toBeVisible();
  await expect(chair.getByRole('list', { name: 'What will be locked' })).toContainText('Two reports');
  await expectAccessible(chair);
  await chair.getByLabel('Why lock all the same?').fill('Time.');
  await chair.getByRole('button', { name: 'Lock all the same' }).click();
  await expect(chair.getByText(/Locked \d\d:\d\d by/).first()).toBeVisible();
  await housing.context().setOffline(false);
  await expect(housing.getByText('Written after the lock: HOU, facts on the family')).toBeVisible({
    timeout: 20_000
  });
  await expect(housing.locator('blockquote')).toHaveText('The rent was paid in cash.');
  await expect(housing.getByText(/Locked \d\d:\d\d by/).first()).toBeVisible();
  await expect(housing.getByRole('button', { name: 'Put back' })).toHaveCount(0);
  await expectAccessible(housing);
  for (const page of [chair, coordinator]) {
    await expect(page.getByText('Arrived after the lock, so not in the record')).toBeVisible();
    await expect(page.getByText(/Priya Nair, arrived \d\d:\d\d, written \d\d:\d\d by their/)).toBeVisible();
    await expect(page.locator('blockquote')).toHaveText('The rent was paid in cash.');
    await expectAccessible(page);
  }
  await expect(police.getByText('The rent was paid in cash.')).toHaveCount(0);
  await expect(police.getByText('Arrived after the lock')).toHaveCount(0);
  for (const page of [housing, coordinator, police]) await page.close();
});

test('BOARD12: a card that changed since the chair read it says who changed what, and is locked when it was read again', async ({
  browser
}) => {
  const police = await join(await demo.sitDown(browser, 'Peter Ashdown'), 'in the room', 3);
  await openFamily(chair, 3);
  await conclude(chair, 'Red', 'He broke the order.');
  await openLock(chair);
  await expect(chair.getByText('Still missing:')).toBeVisible();
  // The dialog asks for the version it shows: an edit before that answer is no change.
  await chair.waitForLoadState('networkidle');
  await police.getByRole('textbox', { name: 'What worries us' }).click();
  await police.keyboard.type('He knows the school.');
  await expect(police.getByText(/^Saved \d\d:\d\d$/)).toBeVisible();
  await chair.getByLabel('Why lock all the same?').fill('Time.');
  await chair.getByRole('button', { name: 'Lock all the same' }).click();
  await expect(chair.getByRole('list', { name: 'What changed' })).toContainText('Peter Ashdown');
  await expect(chair.getByRole('button', { name: 'Lock all the same' })).toHaveCount(0);
  await expectAccessible(chair);
  await chair.getByRole('button', { name: 'Look again' }).click();
  await expect(chair.getByRole('dialog')).toHaveCount(0);
  await expect(chair.getByRole('textbox', { name: 'What worries us' })).toContainText('He knows the school.');
  await openLock(chair);
  await chair.getByLabel('Why lock all the same?').fill('Time.');
  await chair.waitForLoadState('networkidle');
  await chair.getByRole('button', { name: 'Lock all the same' }).click();
  await expect(police.getByText(/Locked \d\d:\d\d by/).first()).toBeVisible();
  await police.close();
});

test('BOARD13: who does not agree says so on the record, also of one member rated apart', async ({
  browser
}) => {
  const health = await join(await demo.sitDown(browser, 'Hannah Osei'), 'in the room', 2);
  await openFamily(chair, 2);
  await expect(health.getByRole('button', { name: 'We do not agree' })).toHaveCount(0);
  await conclude(chair, 'Green', 'One argument, and support is in place.');
  await chair.getByText('Another joint rating for one member').click();
  const member = await chair.getByLabel('For whom?').locator('option').nth(1).innerText();
  await chair.getByLabel('For whom?').selectOption({ index: 1 });
  await chair
    .getByRole('radiogroup', { name: `Joint rating of ${member}` })
    .getByRole('radio', { name: 'Red' })
    .click();
  await chair.getByLabel(`Why is ${member} rated apart?`).fill('She is afraid of going home.');
  await expectAccessible(chair);
  await chair.getByRole('button', { name: `Record it for ${member}` }).click();
  await expect(health.getByText('She is afraid of going home.')).toBeVisible();
  await health.getByRole('button', { name: 'We do not agree' }).click();
  await health.getByLabel('Why does HEA not agree?').fill('Nobody asked the child.');
  await expectAccessible(health);
  await health.getByRole('button', { name: 'Put it on the record' }).click();
  await expect(chair.getByText('HEA does not agree:')).toBeVisible();
  await health.getByRole('button', { name: 'We do not agree' }).click();
  await health.getByLabel('With the joint rating of').selectOption({ label: member });
  await health.getByLabel('Why does HEA not agree?').fill('It is worse than that.');
  await health.getByRole('button', { name: 'Put it on the record' }).click();
  await expect(chair.getByText(`HEA does not agree, of ${member}:`)).toBeVisible();
  await health.getByRole('button', { name: 'HEA agrees by now' }).first().click();
  await expect(chair.getByText('HEA does not agree:')).toHaveCount(0);
  await health.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(chair.getByText('HEA does not agree:')).toBeVisible();
  await expectAccessible(chair);
  await health.close();
});

test('BOARD14: closing names each family and what it lacks; concluded ones are locked, the rest is text and back on the list', async ({
  browser
}) => {
  const health = await join(await demo.sitDown(browser, 'Hannah Osei'), 'in the room', 0);
  await openFamily(chair, 0);
  await chair.getByRole('button', { name: 'Close the meeting' }).click();
  const dialog = chair.getByRole('dialog');
  await expect(dialog.getByText('Locked.', { exact: true })).toHaveCount(2);
  await expect(dialog.getByText(/^Not concluded/)).toHaveCount(3);
  await expect(dialog.getByRole('list', { name: /^Missing on/ })).toHaveCount(1);
  await expect(dialog.getByRole('button', { name: 'Lock the record' })).toBeDisabled();
  await expectAccessible(chair);
  await dialog.getByLabel('Why close all the same?').fill('The room is needed.');
  await dialog.getByRole('button', { name: 'Lock the record' }).click();
  await expect(dialog.getByRole('group', { name: 'Once more' })).toContainText('(Green)');
  await dialog.getByRole('button', { name: 'Lock 1 family and close' }).click();
  await expect(dialog).toHaveCount(0);
  for (const page of [chair, health]) {
    await expect(page.getByText('This meeting is closed.')).toBeVisible();
    await expect(page.getByRole('textbox')).toHaveCount(0);
    await expect(page.getByRole('radio')).toHaveCount(0);
    await expectAccessible(page);
  }
  await expect(health.getByText('Not reached at this meeting.')).toBeVisible();
  await openFamily(chair, 2);
  await expect(chair.getByText(/Locked \d\d:\d\d by/).first()).toBeVisible();
  await chair.getByRole('link', { name: 'Read the minutes' }).click();
  await expect(chair.getByText('Nobody asked the child.').first()).toBeVisible();
});
