// Ease, by keyboard alone: commands found by name, one table of keys, sentences and contrast as one chooses them, the way
// back from a slip, and 320 px as zoomed to 400 %. On the production build, in real browsers.
import { expect, test, type Page } from '@playwright/test';
import { expectAccessible, startDemonstration, type Demonstration } from './demonstration.ts';
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

const list = (page: Page) => page.getByRole('dialog', { name: 'Commands' });
const options = (page: Page) => list(page).getByRole('option');
const sheet = (page: Page) => page.getByRole('dialog', { name: 'Keys' });
const said = (page: Page) => page.locator('p[aria-live=polite]');
const undoLine = (page: Page) => page.locator('.undo');
const widths = [1440, 390, 320];

async function openList(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(list(page).getByRole('combobox')).toBeFocused();
}
/** Finds a command by these words and does it. */
async function command(page: Page, words: string): Promise<void> {
  await openList(page);
  await page.keyboard.type(words);
  await expect(options(page).first(), words).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(list(page)).toHaveCount(0);
}
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

test('EASE6: parked, moved, shown, lowered, left and rated by a slip go back in one act, and it is said', async () => {
  const order = async () => (await agenda(chair).locator('.reference').allInnerTexts()).join(' ');
  const before = await order();
  await command(chair, 'park it');
  await expect(undoLine(chair)).toContainText(/^F-\d+ is parked\./);
  await expect(agenda(chair).last()).toContainText('parked');
  await expectAccessible(chair);
  await chair.locator('[data-region=card]').focus();
  await chair.keyboard.press('Control+z');
  await expect.poll(order).toBe(before);
  await expect(agenda(chair).first()).toContainText('now');
  await expect(said(chair)).toHaveText(/^(F-\d+ is parked\. )?Undone: F-\d+ is parked\.$/);
  await expect(undoLine(chair)).toHaveText('');

  await agenda(chair).nth(2).getByRole('button').focus();
  await chair.keyboard.press('Alt+ArrowUp');
  await expect.poll(order).not.toBe(before);
  await command(chair, 'undo');
  await expect.poll(order).toBe(before);

  await chair.locator('[data-region=card]').focus();
  await chair.keyboard.press('Control+Shift+Period');
  await expect(agenda(chair).nth(1)).toContainText('now');
  await chair.keyboard.press('Control+z');
  await expect(agenda(chair).first()).toContainText('now');

  await police.keyboard.press('F8');
  const lower = chair.getByRole('button', { name: 'Lower the hand of Peter Ashdown' });
  await lower.focus();
  await chair.keyboard.press('Enter');
  await expect(undoLine(chair)).toContainText('Peter Ashdown’s hand is down.');
  await chair.keyboard.press('Control+z');
  await expect(lower).toBeVisible();
  await police.keyboard.press('F8');

  const own = police.getByRole('region', { name: 'Your rating and records: POL' });
  const rows = own.getByRole('radiogroup');
  const rated = own.getByRole('radio', { checked: true });
  const given = await rated.count();
  await rows.first().getByRole('radio').first().focus();
  await police.keyboard.press('Shift+R');
  await expect(rated).toHaveCount(await rows.count());
  await expect(undoLine(police)).toContainText(/^F-\d+: \d+ ratings given\./);
  await expectAccessible(police);
  await police.setViewportSize({ width: 320, height: 640 });
  expect(await police.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await expectAccessible(police);
  await police.setViewportSize({ width: 1440, height: 900 });
  await police.keyboard.press('Control+z');
  await expect(rated).toHaveCount(given);
});

test('EASE6: nothing is left of a slip for whom its family is gone', async () => {
  const second = await agenda(police).nth(1).locator('.reference').innerText();
  await command(police, second.slice(2));
  await police
    .getByRole('region', { name: 'Your rating and records: POL' })
    .getByRole('radio', { name: 'Amber' })
    .first()
    .focus();
  await police.keyboard.press('a');
  await expect(undoLine(police)).toContainText(second);
  await police.getByRole('button', { name: 'I must not see this family' }).focus();
  await police.keyboard.press('Enter');
  await police.getByRole('button', { name: 'Close it for me' }).focus();
  await police.keyboard.press('Enter');
  await expect(agenda(police)).toHaveCount(5);
  await expect(undoLine(police)).toHaveText('');
  expect(await police.content()).not.toContain(second);
});

test('EASE7: a reveal, a withdrawal, a lock and the close ask first, and leave nothing done that was not said', async () => {
  const dialogs = [
    ['reveal', /^Reveal the ratings of F-\d+\?$/],
    ['withdraw', /^Withdraw F-\d+\?$/],
    ['lock f', /^Lock F-\d+$/]
  ] as const;
  for (const [words, title] of dialogs) {
    if (words === 'reveal') {
      await command(chair, 'table at analysis');
      await expect(
        chair.getByRole('list', { name: /^Where the table is/ }).locator('[aria-current=step]')
      ).toHaveText('Analysis');
      await chair.keyboard.press('Control+.');
    } else await command(chair, words);
    const dialog = chair.getByRole('dialog', { name: title });
    await expect(dialog).toBeVisible();
    await expectAccessible(chair);
    await chair.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  }
  await expect(chair.getByText('Hidden till the chair reveals.')).toBeVisible();
  await expect(agenda(chair)).toHaveCount(6);
  await chair.keyboard.press('Control+.');
  await expect(chair.getByRole('dialog', { name: /^Reveal/ })).toContainText('cannot be taken back');
  await chair.keyboard.press('Control+.');
  await expect(
    chair.getByText('Hidden till the chair reveals.'),
    'pressed twice, the key asks once'
  ).toBeVisible();
  await chair.keyboard.press('Enter');
  await expect(chair.getByText('Hidden till the chair reveals.')).toHaveCount(0);
});

/** Whether what has the focus is in the window, with nothing of ours over its middle. */
const focusInSight = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: at } = document;
    if (!at || at === document.body) return true;
    const box = at.getBoundingClientRect();
    const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
    if (right <= left || bottom <= top) return false;
    const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return over !== null && (at.contains(over) || over.contains(at));
  });

test('EASE9: at 320 px and at 400 % nothing runs out of the side, no bar stays over the page, and the focus is in sight', async ({
  browser
}) => {
  const coordinator = await join(await demo.sitDown(browser, 'Carys Bevan'), 'in the room', 0);
  const board = await meetingPath(coordinator);
  const office = await coordinator.context().newPage();
  const pages: [Page, string | null][] = [
    [coordinator, null],
    [chair, null],
    [office, '/'],
    [office, `${board}/agenda`],
    [office, `${board}/minutes`],
    [office, '/people'],
    [office, '/actions/chase']
  ];
  for (const [page, path] of pages) {
    // 1280 by 900, zoomed to 400 %.
    await page.setViewportSize({ width: 320, height: 225 });
    if (path) await page.goto(path);
    await page.evaluate(() => {
      (document.activeElement as HTMLElement | null)?.blur();
      scrollTo(0, 0);
    });
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth), { message: path ?? 'the board' })
      .toBe(320);
    const bars = await page.evaluate(
      () =>
        [...document.querySelectorAll('body *')].filter(
          (each) => getComputedStyle(each).position === 'sticky'
        ).length
    );
    expect(bars, `${path ?? 'the board'}: bars that stay`).toBe(0);
    for (let at = 0; at < 60; at++) {
      await page.keyboard.press('Tab');
      expect
        .soft(
          await focusInSight(page),
          `${path ?? 'the board'}: ${await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 90))}`
        )
        .toBe(true);
    }
    await expectAccessible(page);
    await page.setViewportSize({ width: 1440, height: 900 });
  }
  await coordinator.context().close();
});

test('EASE10: under forced colours marks are outline and letter, and under reduced motion nothing moves', async () => {
  await chair.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  for (const width of widths) {
    await chair.setViewportSize({ width, height: 844 });
    await expectAccessible(chair);
  }
  await chair.setViewportSize({ width: 1440, height: 900 });
  const mark = chair.locator('svg.red path').first();
  const look = await mark.evaluate((each) => {
    const { fill, stroke, strokeWidth } = getComputedStyle(each);
    return { fill, drawn: stroke !== 'none' && parseFloat(strokeWidth) >= 2 };
  });
  expect(look).toEqual({ fill: 'none', drawn: true });
  await openList(chair);
  const edge = (option: 'first' | 'last') =>
    options(chair)
      [option]()
      .evaluate((each) => getComputedStyle(each).borderTopColor);
  expect(await edge('first'), 'the chosen one is outlined').not.toBe(await edge('last'));
  await expectAccessible(chair);
  const moving = await chair.evaluate(() => ({
    animations: document.getAnimations().length,
    transitions: [...document.querySelectorAll('*')].filter(
      (each) => parseFloat(getComputedStyle(each).transitionDuration) > 0
    ).length
  }));
  expect(moving).toEqual({ animations: 0, transitions: 0 });
  await chair.keyboard.press('Escape');
  await chair.emulateMedia({ forcedColors: null, reducedMotion: null });
});

test('EASE4: only whoever is taken out of a field is interrupted', async ({ browser }) => {
  const housing = await join(await demo.sitDown(browser, 'Priya Nair'), 'in the room', 0);
  await housing.getByRole('textbox', { name: 'What worries us' }).focus();
  await chair
    .getByRole('radiogroup', { name: 'Joint rating of the family' })
    .getByRole('radio', { name: 'Red' })
    .focus();
  await chair.keyboard.press('Enter');
  await chair.getByLabel(/^Why\?/).fill('The threats are growing.');
  await chair.getByRole('button', { name: 'Record the joint rating' }).press('Enter');
  await expect(chair.getByRole('button', { name: 'Change the joint rating' })).toBeVisible();
  await command(chair, 'lock f');
  await chair
    .getByRole('dialog')
    .getByLabel(/reason|why/i)
    .fill('The plan follows.');
  await chair.getByRole('dialog').getByRole('button', { name: /^Lock/ }).press('Enter');
  await expect(housing.locator('.taken-out')).toHaveText(/^F-\d+ is locked\. Writing has stopped\.$/);
  await expect(chair.locator('.taken-out')).toHaveCount(0);
  await expectAccessible(housing);
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
