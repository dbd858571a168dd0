// What agencies state, what the coordinator notes for them, and the board by keyboard alone and on a telephone: in
// real browsers on the production build.
import { expect, test, type Page } from '@playwright/test';
import { expectAccessible, startDemonstration, type Demonstration } from './demonstration.ts';
import { agenda, join } from './joining.ts';

let demo: Demonstration;
test.beforeAll(async () => {
  demo = await startDemonstration();
});
test.afterAll(() => demo.stop());

test('BOARD15: a rep says what was searched and why it rates so, and takes an answer back', async ({
  browser
}) => {
  const page = await join(await demo.sitDown(browser, 'Uma Chandra'), 'in the room', 5);
  const own = page.getByRole('region', { name: 'Your rating and records: EDU' });
  await own.getByRole('radiogroup', { name: 'Rating of the family, EDU' }).getByRole('radio').nth(1).click();
  await own.getByRole('button', { name: 'Say why' }).click();
  await own.getByLabel('Why EDU rates so').fill('Two absences.');
  await expectAccessible(page);
  await own.getByRole('button', { name: 'Say why' }).click();
  await expect(own.getByText('Because: Two absences.')).toBeVisible();
  await own.getByLabel('It rests on').selectOption({ label: 'what was heard at the table' });
  await expect(page.getByRole('region', { name: 'Ratings and records by agency' })).toContainText('heard');
  await expect(own.getByText('Because: Two absences.')).toBeVisible();
  await own
    .getByRole('combobox', { name: /^Record of/ })
    .first()
    .selectOption({ label: 'No record found' });
  await own.getByRole('button', { name: /^Say what was searched for/ }).click();
  await own.getByLabel('Systems that were searched').fill('SIMS');
  await own.getByLabel('From', { exact: true }).fill('2020-09-01');
  await expectAccessible(page);
  await own.getByRole('button', { name: 'Say what was searched', exact: true }).click();
  await expect(own.getByText(/^Searched: SIMS, 1 Sept? 2020 to/)).toBeVisible();
  await own.getByRole('button', { name: 'Take it back: rating of the family, EDU' }).click();
  await expect(own.getByText('Because: Two absences.')).toHaveCount(0);
  await expect(own.getByRole('radio', { checked: true })).toHaveCount(0);
  await own
    .getByRole('combobox', { name: /^Record of/ })
    .first()
    .selectOption({ label: 'Nothing said yet' });
  await expect(own.getByText(/^Searched/)).toHaveCount(0);
  await expectAccessible(page);
});

test('BOARD16: what the coordinator writes for an agency is said to be noted until that agency confirms it', async ({
  browser
}) => {
  const coordinator = await join(await demo.sitDown(browser, 'Carys Bevan'), 'in the room', 5);
  const early = await join(await demo.sitDown(browser, 'Efua Mensah'), 'remotely', 5);
  await coordinator.getByRole('button', { name: /^Write for EHE/ }).click();
  await expect(coordinator.getByRole('textbox', { name: 'EHE, facts, the family' })).toBeFocused();
  await coordinator.keyboard.type('A family worker has been twice.');
  await expect(early.getByText('Noted by the coordinator for Early help, not yet confirmed.')).toBeVisible();
  await expect(early.getByText('A family worker has been twice.')).toBeVisible();
  await expect(coordinator.getByText(/^Noted by .* not yet confirmed/)).toBeVisible();
  await expect(coordinator.getByRole('button', { name: 'Confirm: this is what we said' })).toHaveCount(0);
  await expectAccessible(coordinator);
  await expectAccessible(early);
  await early.getByRole('button', { name: 'Confirm: this is what we said' }).click();
  for (const page of [coordinator, early])
    await expect(page.getByText(/^Noted by .* not yet confirmed/)).toHaveCount(0);
});

test('BOARD17: the board goes by keyboard: regions, families, agenda, and in and out of an editor', async ({
  browser
}) => {
  const chair = await join(await demo.sitDown(browser, 'Joy Okafor'), 'in the room', 0);
  const region = (page: Page) =>
    page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-region]')?.dataset.region);
  await chair.locator('[data-region=agenda]').focus();
  const passed = [];
  for (let at = 0; at < 5; at++) {
    await chair.keyboard.press('F6');
    passed.push(await region(chair));
  }
  expect(passed).toEqual(['card', 'ratings', 'asking', 'people', 'chair']);
  await chair.keyboard.press('Shift+F6');
  expect(await region(chair)).toBe('people');
  const now = (family: number) => expect(agenda(chair).nth(family)).toContainText('now');
  await now(0);
  await chair.keyboard.press('Control+Shift+Period');
  await now(1);
  await chair.keyboard.press('Control+,');
  await now(0);
  await agenda(chair).first().getByRole('button').focus();
  await chair.keyboard.press('ArrowDown');
  await chair.keyboard.press('End');
  await expect(agenda(chair).nth(5).getByRole('button')).toBeFocused();
  await chair.keyboard.press('Home');
  await chair.keyboard.press('ArrowDown');
  await chair.keyboard.press('Enter');
  await expect(chair.getByRole('heading', { level: 1 })).toContainText('Family 2 of 6');
  const needs = chair.getByRole('textbox', { name: 'What the family needs' });
  await needs.focus();
  await chair.keyboard.type('A safe lift home.');
  await chair.keyboard.press('Escape');
  await expect(needs).not.toBeFocused();
  await expect(needs).toHaveText('A safe lift home.');
  await chair.keyboard.press('F2');
  await expect(needs).toBeFocused();
  await chair.keyboard.press('Control+Shift+Period');
  await now(1);
});

test('BOARD18: on a telephone the text styles are there while one writes, and nothing is cut off', async ({
  browser
}) => {
  const page = await join(await demo.sitDown(browser, 'Liam Doyle'), 'remotely', 3);
  await page.setViewportSize({ width: 390, height: 844 });
  const opinion = page.getByRole('textbox', { name: 'HEA, professional opinion, the family' });
  await opinion.click();
  const tools = page.getByRole('toolbar', { name: /^HEA, professional opinion/ });
  await tools.getByRole('button', { name: 'Bold' }).click();
  await page.keyboard.type('Not safe.');
  await expect(opinion.locator('strong')).toHaveText('Not safe.');
  await expectAccessible(page);
  const cut = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(cut).toBe(0);
});
