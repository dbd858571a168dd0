// Ease, by keyboard alone: the way back from a slip, what asks first, 320 px as zoomed to 400 %, forced colours, and who
// alone is interrupted. On the production build, in real browsers.
import { expect, test, type Page } from '@playwright/test';
import { command, openList, options, said } from './commanding.ts';
import { expectAccessible, startDemonstration, widths, type Demonstration } from './demonstration.ts';
import { agenda, join, meetingPath } from './joining.ts';

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

const undoLine = (page: Page) => page.locator('.undo');

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

test('EASE6: a minute, a member added and a family withdrawn go back in one act too', async () => {
  const order = async () => (await agenda(chair).locator('.reference').allInnerTexts()).join(' ');
  const before = await order();
  const undo = async (what: RegExp) => {
    await expect(undoLine(chair)).toContainText(what);
    await chair.locator('[data-region=card]').focus();
    await chair.keyboard.press('Control+z');
    await expect(undoLine(chair)).toHaveText('');
  };
  await command(chair, 'one minute more');
  await undo(/^F-\d+ has a minute more\./);

  await command(chair, 'add a member');
  await chair.getByLabel('Name, surname last').fill('Ruta Example');
  const dialog = chair.getByRole('dialog');
  await dialog.getByLabel('Why?').fill('Named at the table');
  await dialog.getByRole('button', { name: 'Add', exact: true }).press('Enter');
  await expect(police.getByText('Ruta Example').first()).toBeVisible();
  await undo(/^A member of F-\d+ is added\./);
  await expect(police.getByText('Ruta Example')).toHaveCount(0);

  await command(chair, 'withdraw');
  await dialog.getByLabel('Why?').fill('Not ready');
  await dialog.getByRole('button', { name: 'Withdraw it', exact: true }).press('Enter');
  await expect(agenda(police)).toHaveCount(5);
  await undo(/^F-\d+ is withdrawn\./);
  await expect.poll(order).toBe(before);
  await expect(agenda(police)).toHaveCount(6);
  await expect(agenda(chair).first()).toContainText('now');
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
