// Rating a family without the mouse, what the chair sees meanwhile, concluding, hands, and one laptop for two: in
// real browsers on the production build.
import { expect, test } from '@playwright/test';
import { countActs } from './counting.ts';
import { expectAccessible, startDemonstration, type Demonstration } from './demonstration.ts';
import { join, reveal } from './joining.ts';

let demo: Demonstration;
test.beforeAll(async () => {
  demo = await startDemonstration();
});
test.afterAll(() => demo.stop());

test('RATE12: a family of five is rated in five keys, the chair sees who is missing, reveals, concludes in one choice and one act, and reads how a rating came about', async ({
  browser
}) => {
  const chair = await join(await demo.sitDown(browser, 'Joy Okafor'), 'in the room', 5);
  const edu = await join(await demo.sitDown(browser, 'Uma Chandra'), 'in the room', 5);
  const own = edu.getByRole('region', { name: 'Your rating and records: EDU' });
  const rows = own.getByRole('radiogroup');
  await expect(rows, 'the family and five people').toHaveCount(6);
  await rows.first().getByRole('radio').first().focus();
  const keys = await countActs(edu);
  for (const key of ['r', 'a', 'n', 'Shift+G']) await edu.keyboard.press(key);
  expect(await keys(), 'Shift is a key of its own').toBe(5);
  for (const [row, rating] of ['Red', 'Amber', undefined, 'Green', 'Green', 'Green'].entries())
    if (rating) await expect(rows.nth(row).getByRole('radio', { name: rating })).toBeChecked();
    else await expect(rows.nth(row).getByRole('radio', { checked: true })).toHaveCount(0);
  await expect(own.getByRole('combobox', { name: /^Record of/ }).nth(1)).toHaveValue('none');
  await edu.keyboard.press('?');
  await expect(edu.getByRole('dialog', { name: 'What the colours mean' })).toContainText('4 working hours');
  await expectAccessible(edu);
  await edu.keyboard.press('Escape');
  await expect(chair.getByText('One of ten has rated')).toBeVisible();
  await chair.getByRole('button', { name: /^Show F-\d+ to all/ }).click();
  await reveal(chair);
  await expect(chair.getByRole('button', { name: 'Reveal ratings' })).toHaveCount(0);
  await chair
    .getByRole('radiogroup', { name: 'Joint rating of the family' })
    .getByRole('radio', { name: 'Green' })
    .click();
  await chair.getByRole('button', { name: 'Record the joint rating' }).click();
  await expect(chair.getByText('Say why it is below Red.')).toBeVisible();
  const acts = await countActs(chair);
  await chair
    .getByRole('radiogroup', { name: 'Joint rating of the family' })
    .getByRole('radio', { name: 'Red' })
    .click();
  await expect(chair.getByLabel(/^Why\?/)).toHaveValue('As the highest rating given');
  await chair.getByRole('button', { name: 'Record the joint rating' }).click();
  await expect(chair.getByText(/Response due by/)).toBeVisible();
  expect(await acts()).toBe(2);
  const given = chair.getByRole('button', { name: 'EDU, the family: Red. How it came about' });
  await given.focus();
  await expect(chair.getByText(/\d\d:\d\d Red\. Uma Chandra\./)).toBeVisible();
  await expectAccessible(chair);
  await chair.keyboard.press('Escape');
  await expect(chair.getByText(/\d\d:\d\d Red\. Uma Chandra\./)).toBeHidden();
  await expect(given).toBeFocused();
  for (const page of [chair, edu]) await page.close();
});

test('HAND5: F8 raises one’s hand wherever one is, the queue is on every board, and a telephone shows who is here', async ({
  browser
}) => {
  const far = await join(await demo.sitDown(browser, 'Hannah Osei'), 'remotely', 4);
  const near = await join(await demo.sitDown(browser, 'Priya Nair'), 'in the room', 4);
  await far.keyboard.press('F8');
  await expect(far.getByRole('button', { name: /Your hand is up, 1 in the queue/ })).toBeVisible();
  await near.keyboard.press('F8');
  const hands = near.getByRole('region', { name: /^Hands/ }).getByRole('listitem');
  await expect(hands).toHaveCount(2);
  await expect(hands.first()).toContainText('Hannah Osei (remote)');
  await expectAccessible(near);
  await far.setViewportSize({ width: 390, height: 844 });
  await far.getByRole('button', { name: /\d+ here/ }).click();
  const table = far.getByRole('dialog', { name: 'At the table' });
  await expect(table.getByText('Priya Nair').first()).toBeVisible();
  await expectAccessible(far);
  await far.keyboard.press('Escape');
  await far.keyboard.press('F8');
  await expect(hands).toHaveCount(1);
});

test('TWO4: a laptop that is shared rates for the neighbour in the room, and every board says at whose', async ({
  browser
}) => {
  const chair = await join(await demo.sitDown(browser, 'Joy Okafor'), 'in the room', 4);
  const near = await join(await demo.sitDown(browser, 'Uma Chandra'), 'in the room', 4);
  await chair.getByText('One laptop for two agencies').click();
  await chair.getByLabel('Whose laptop').selectOption({ label: 'Uma Chandra' });
  await chair.getByLabel('Speaks too for').selectOption({ label: 'POL Police' });
  await expectAccessible(chair);
  await chair.getByRole('button', { name: 'Let it speak for both' }).click();
  const proxy = near.getByRole('region', { name: 'Your rating and records: POL, at your laptop' });
  await proxy.getByRole('radiogroup').first().getByRole('radio', { name: 'Amber' }).click();
  await expect(proxy.getByText('Given, sealed till the reveal')).toBeVisible();
  await expect(proxy.getByRole('radio', { checked: true })).toHaveCount(0);
  await expectAccessible(near);
  await chair.getByRole('button', { name: /^Show F-\d+ to all/ }).click();
  await reveal(chair);
  await expect(
    chair.getByRole('region', { name: 'Ratings and records by agency' }).getByText('by Uma Chandra, EDU')
  ).toBeVisible();
});
