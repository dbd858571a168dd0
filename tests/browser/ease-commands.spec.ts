// Ease, by keyboard alone: commands found by name, one table of keys, and sentences, contrast and discretion as one
// chooses them. On the production build, in real browsers.
import { expect, test, type Page } from '@playwright/test';
import { command, list, openList, options, said } from './commanding.ts';
import { expectAccessible, startDemonstration, widths, type Demonstration } from './demonstration.ts';
import { agenda, join, meetingPath, openFamily } from './joining.ts';

test.describe.configure({ mode: 'serial' });
let demo: Demonstration;
let chair: Page;
let police: Page;
test.beforeAll(async ({ browser }) => {
  demo = await startDemonstration();
  chair = await join(await demo.sitDown(browser, 'Joy Okafor'), 'in the room', 0);
  police = await join(await demo.sitDown(browser, 'Peter Ashdown'), 'in the room', 0);
});
test.afterAll(() => demo.stop());

const sheet = (page: Page) => page.getByRole('dialog', { name: 'Keys' });
const names = async (page: Page) => (await options(page).allInnerTexts()).map((text) => text.split('\n')[0]);

test('EASE1: the list holds what one may do, finds it by some of its words, and does it', async ({
  browser
}) => {
  const observer = await join(await demo.sitDown(browser, 'Ola Berg'), 'remotely', 0);
  await openList(chair);
  const chairs = await names(chair);
  expect(chairs).toEqual(
    expect.arrayContaining(['Break', 'Park it', 'Add a member', 'Raise my hand', 'My screen'])
  );
  expect(chairs).toEqual(expect.arrayContaining([expect.stringMatching(/^Go on: /), 'Sign out', 'Keys']));
  for (const width of widths) {
    await chair.setViewportSize({ width, height: 844 });
    await expectAccessible(chair);
  }
  await chair.setViewportSize({ width: 1440, height: 900 });
  await chair.keyboard.press('Escape');

  await openList(observer);
  const theirs = await names(observer);
  for (const name of ['Raise my hand', 'Break', 'Park it', 'Add an action'])
    expect(theirs, `${name} is not an observer’s`).not.toContain(name);
  expect(theirs).toContain('Sign out');
  await observer.context().close();

  await openList(police);
  await police.keyboard.type('nothing that is there');
  await expect(list(police).getByRole('status')).toHaveText('No command has these words.');
  await expect(options(police)).toHaveCount(0);
  await expectAccessible(police);
  await police.keyboard.press('Escape');
  const second = await agenda(police).nth(1).locator('.reference').innerText();
  await command(police, second.slice(2));
  await expect(police.locator('#card-heading')).toHaveText(second);
  await command(police, 'table family');
  await expect(police.getByText('Following the chair (Joy Okafor)')).toBeVisible();
});

test('EASE1: up and down choose among the options, and the list is on every page of a signed-in person', async () => {
  await openList(police);
  const field = list(police).getByRole('combobox');
  const chosen = () => list(police).getByRole('option', { selected: true });
  const first = await chosen().innerText();
  await police.keyboard.press('ArrowDown');
  await expect(chosen()).not.toHaveText(first);
  await expect(field).toHaveAttribute('aria-activedescendant', (await chosen().getAttribute('id')) ?? '');
  await police.keyboard.press('ArrowUp');
  await police.keyboard.press('ArrowUp');
  await expect(options(police).last(), 'from the first, up goes to the last').toHaveAttribute(
    'aria-selected',
    'true'
  );
  await police.keyboard.press('Escape');
  const office = await police.context().newPage();
  for (const path of ['/', '/actions', `${await meetingPath(police)}/minutes`]) {
    await office.goto(path);
    await expect(office.getByRole('button', { name: /^Commands/ })).toBeVisible();
    await openList(office);
    await expectAccessible(office);
    await office.keyboard.press('Escape');
  }
  await command(office, 'meetings');
  await expect(office).toHaveURL(/\/$/);
  await office.close();
});

test('EASE2: a key acts where its command is listed; over a dialog and in a field it keeps its hands off', async () => {
  await chair.locator('[data-region=card]').focus();
  await openList(chair);
  const next = await options(chair).filter({ hasText: 'Ctrl+.' }).first().innerText();
  await chair.keyboard.press('Control+.');
  await expect(list(chair), 'a dialog is open').toBeVisible();
  await chair.keyboard.press('Escape');
  await expect(chair.locator('[data-region=card]'), 'the focus is where it was').toBeFocused();
  await openList(chair);
  expect(await options(chair).filter({ hasText: 'Ctrl+.' }).first().innerText()).toBe(next);
  await chair.keyboard.press('Escape');
  await chair.keyboard.press('Control+.');
  const steps = chair.getByRole('list', { name: /^Where the table is/ });
  await expect(steps.locator('[aria-current=step]')).toHaveText('Information');

  const needs = police.getByRole('textbox', { name: 'What the family needs' });
  await needs.focus();
  await police.keyboard.press('Escape');
  await expect(needs).not.toBeFocused();
  await expect(
    police.getByText('Following the chair (Joy Okafor)'),
    'Esc left the field alone'
  ).toBeVisible();
  await police.keyboard.press('F2');
  await expect(needs).toBeFocused();
  await police.keyboard.press('F8');
  await expect(police.getByRole('button', { name: /^Your hand is up/ })).toBeVisible();
  await expect(needs).toBeFocused();
  await police.keyboard.press('F8');
  await command(police, 'go to ratings');
  expect(await police.evaluate(() => document.activeElement?.getAttribute('data-region'))).toBe('ratings');
});

test('EASE3: the sheet has the keys of the page, of the chair for the chair alone, and prints by itself', async () => {
  await openList(police);
  await police.keyboard.press('?');
  await expect(list(police)).toHaveCount(0);
  for (const key of ['Ctrl+K', 'F6', 'Shift+F6', 'F2', 'F8', 'Up, Down, Home, End', 'R, A, G, B', 'Delete'])
    await expect(
      sheet(police).locator('dt', { hasText: new RegExp(`^${key.replace('+', '\\+')}$`) })
    ).toHaveCount(1);
  await expect(sheet(police)).not.toContainText('Ctrl+.');
  for (const width of widths) {
    await police.setViewportSize({ width, height: 844 });
    await expectAccessible(police);
  }
  await police.setViewportSize({ width: 1440, height: 900 });
  await police.emulateMedia({ media: 'print' });
  await expect(police.locator('main')).toBeHidden();
  await expect(sheet(police).getByText('Raise or lower my hand')).toBeVisible();
  await police.emulateMedia({ media: 'screen' });
  await police.keyboard.press('Escape');
  await command(chair, 'keys');
  for (const key of ['Ctrl+.', 'Ctrl+,', 'Ctrl+Shift+.', 'Alt+Up, Alt+Down'])
    await expect(sheet(chair).getByText(key, { exact: true })).toBeVisible();
  await chair.keyboard.press('Escape');
});

test('EASE4: what others do is said at the rate that one chooses, and one’s own acts are always answered', async ({
  browser
}) => {
  const housing = await join(await demo.sitDown(browser, 'Priya Nair'), 'in the room', 0);
  await command(police, 'sentences all');
  const worries = housing.getByRole('textbox', { name: 'What worries us' });
  await worries.focus();
  await housing.keyboard.type('The lock is broken. ');
  await expect(said(police)).toContainText('HOU is writing: Analysis: worries.');
  await housing.keyboard.press('Escape');
  await housing.keyboard.press('F8');
  await expect(said(police)).toContainText('Priya Nair has a hand up.');
  await expect(said(housing)).toHaveText('Your hand is up.');
  await housing.keyboard.press('F8');
  await expect(said(housing)).toHaveText('Your hand is down.');

  await command(police, 'sentences off');
  await police.reload();
  await expect(police.getByText('Following the chair (Joy Okafor)')).toBeVisible();
  await command(chair, 'bring everyone');
  await expect(police.locator('.called')).toBeVisible();
  await police.getByRole('button', { name: 'Stay', exact: true }).press('Enter');
  await police.keyboard.press('F8');
  await expect(said(police)).toHaveText('Your hand is up.');
  await police.keyboard.press('F8');
  await expect(said(police)).toHaveText('Your hand is down.');
  await command(police, 'my screen');
  const choices = police.getByRole('dialog', { name: 'My screen' });
  await expect(choices.getByRole('radio', { name: 'Off' })).toBeChecked();
  for (const width of widths) {
    await police.setViewportSize({ width, height: 844 });
    await expectAccessible(police);
  }
  await police.setViewportSize({ width: 1440, height: 900 });
  await choices.getByRole('radio', { name: 'Off' }).focus();
  await police.keyboard.press('ArrowDown');
  await expect(choices.getByRole('radio', { name: 'Important' })).toBeChecked();
  await police.keyboard.press('Escape');
  await command(chair, 'bring everyone');
  await expect(said(police)).toContainText('The chair asks everyone to');
  await housing.context().close();
});

test('EASE5: high contrast is chosen by keyboard, is there on the next page’s first paint, and on the device’s word', async () => {
  const wash = () =>
    chair.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--wash'));
  const light = await wash();
  await command(chair, 'contrast high');
  expect(await wash()).not.toBe(light);
  const served = await (await chair.request.get('/')).text();
  expect(served).toContain('<html lang="en-GB" data-contrast="high">');
  for (const width of widths) {
    await chair.setViewportSize({ width, height: 844 });
    await expectAccessible(chair);
  }
  await chair.setViewportSize({ width: 1440, height: 900 });
  await command(chair, 'contrast device');
  expect(await wash()).toBe(light);
  await chair.emulateMedia({ contrast: 'more' });
  expect(await wash()).not.toBe(light);
  await expectAccessible(chair);
  await command(chair, 'contrast light');
  expect(await wash()).toBe(light);
  await chair.emulateMedia({ contrast: null });
  await command(chair, 'contrast device');
});

test('DISCREET1: where others see the screen, members stand by their role; a name is mended from what it is', async () => {
  await chair.goto(await meetingPath(chair));
  await openFamily(chair, 5); // one that nothing was locked of
  const members = chair.locator('.family b');
  await expect(members.first()).toBeVisible();
  const before = await members.allInnerTexts();
  await command(chair, 'discreet on');
  await expect(members.first()).toHaveText('Victim');
  const text = await chair.locator('.board').innerText();
  for (const name of before) expect(text).not.toContain(name);
  await expectAccessible(chair);
  await chair
    .getByRole('button', { name: /^Mend / })
    .first()
    .click();
  await expect(chair.getByLabel('Name, surname last')).toHaveValue(before[0] ?? '');
  await chair.keyboard.press('Escape');
  await chair.reload();
  await openFamily(chair, 5);
  await expect(members.first()).toHaveText('Victim');
  await command(chair, 'discreet off');
  await expect(members.first()).toHaveText(before[0] ?? '');
});
