// The course of a meeting on the board: one key for the chair, following that says what it does, a call to one place,
// a break, and a chair whose connection drops. One demonstration for the whole file.
import { expect, test, type Page } from '@playwright/test';
import { countActs } from './counting.ts';
import { expectAccessible, startDemonstration, type Demonstration } from './demonstration.ts';
import { agenda, join } from './joining.ts';

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

const steps = (page: Page) => page.getByRole('list', { name: /^Where the table is/ });
const at = (page: Page) => steps(page).locator('[aria-current=step]');
const opened = (page: Page, family: number) =>
  expect(agenda(page).nth(family).getByRole('button')).toHaveAttribute('aria-current', 'true');
const worries = (page: Page) => page.getByRole('textbox', { name: 'What worries us' });

test('FOLLOW3: following is said, stops by Esc, and waits while one writes; a stage comes into sight or is offered', async () => {
  await expect(police.getByText('Following the chair (Joy Okafor)')).toBeVisible();
  await expectAccessible(police);
  await expect(at(police)).toHaveText('What is new');
  for (const stage of ['Information', 'Analysis']) {
    await chair.keyboard.press('Control+.');
    await expect(at(chair)).toHaveText(stage);
  }
  await expect(at(police)).toHaveText('Analysis');
  const heading = police.getByRole('heading', { name: 'Analysis together' });
  await expect(heading).toBeInViewport();

  await worries(police).click();
  await police.keyboard.type('Nobody has seen the youngest. ');
  await chair.keyboard.press('Control+,');
  await expect(police.getByText('The table is at information.').first()).toBeVisible();
  await expect(worries(police)).toBeInViewport();
  await chair.keyboard.press('Control+Shift+Period');
  await expect(
    police.getByText(/The table has gone on to F-\d+\.\s+Waiting while you write\./)
  ).toBeVisible();
  await opened(police, 0);
  await expectAccessible(police);
  await police.keyboard.press('Escape');
  await expect(police.getByText(/gone on to F-\d+\.\s+You were writing here\./)).toBeVisible();
  await police.getByRole('button', { name: 'Go to the table’s family' }).click();
  await opened(police, 1);

  await police.keyboard.press('Escape');
  await expect(police.getByText('Not following the chair.')).toBeVisible();
  await chair.keyboard.press('Control+,');
  await expect(police.getByText(/The table is at F-\d+\. You are looking at another family\./)).toBeVisible();
  await opened(police, 1);
  await police.getByRole('button', { name: 'Go to the table’s family' }).click();
  await opened(police, 0);
  await expect(police.getByText('Following the chair (Joy Okafor)')).toBeVisible();
});

test('FOLLOW4: a call to one place is a banner with two answers, and moves nobody who stays', async () => {
  await agenda(police).nth(2).getByRole('button').click();
  await chair.getByRole('button', { name: 'Bring everyone here' }).click();
  const call = police.locator('.called');
  await expect(call).toContainText(/The chair asks everyone to F-\d+, information\./);
  await expectAccessible(police);
  await police.getByRole('button', { name: 'Stay', exact: true }).click();
  await expect(call).toHaveCount(0);
  await opened(police, 2);
  await chair.getByRole('button', { name: 'Bring everyone here' }).click();
  await police.getByRole('button', { name: 'Go there' }).click();
  await opened(police, 0);
  await expect(police.getByText('Following the chair (Joy Okafor)')).toBeVisible();
});

test('COURSE12: the strip names the next step, and to reveal, conclude and go on takes five acts and the words', async () => {
  await expect(at(chair)).toHaveText('Information');
  await chair.keyboard.press('Control+.');
  const main = chair.getByRole('button', { name: 'Go on: reveal ratings' });
  await expect(main).toBeVisible();
  await chair.locator('[data-region=card]').focus();
  const acts = await countActs(chair, 'once');
  await chair.keyboard.press('Control+.');
  await expect(chair.getByRole('dialog', { name: /^Reveal the ratings of F-\d+\?$/ })).toBeVisible();
  await chair.keyboard.press('Enter');
  await expect(at(police)).toHaveText('Ratings');
  const joint = chair.getByRole('radiogroup', { name: 'Joint rating of the family' });
  await joint.getByRole('radio', { name: 'Red' }).click();
  await chair.getByLabel(/^Why\?/).fill('Strangulation, and it grows.');
  await chair.getByRole('button', { name: 'Record the joint rating' }).click();
  await expect(police.getByText('Strangulation, and it grows.')).toBeVisible();
  await chair.keyboard.press('Control+Shift+Period');
  await opened(police, 1);
  expect(await acts()).toBeLessThanOrEqual(5);
  await expect(chair.getByRole('button', { name: /^Go on: information/ })).toBeVisible();
  await expectAccessible(chair);
});

test('LINK5: the focused family moves by Alt and the arrows; park, link and mend are on the card, for chair and coordinator alone', async () => {
  const order = async () => (await agenda(chair).locator('.reference').allInnerTexts()).join(' ');
  const [first = '', next = '', third = ''] = (await order()).split(' ');
  await agenda(chair).nth(2).getByRole('button').focus();
  await chair.keyboard.press('Alt+ArrowUp');
  await expect.poll(order).toMatch(new RegExp(`^${first} ${third} ${next}`));
  await expect(agenda(chair).nth(1).getByRole('button')).toBeFocused();
  await chair.keyboard.press('Alt+ArrowDown');
  await expect.poll(order).toMatch(new RegExp(`^${first} ${next} ${third}`));
  await agenda(chair).nth(2).getByRole('button').click();
  await chair.getByText('Change this family or its place on the agenda').click();
  await expectAccessible(chair);
  await chair.getByRole('button', { name: 'Park it' }).click();
  await expect(agenda(police).last()).toContainText('parked');
  await chair.getByRole('button', { name: 'Take it back' }).click();
  await expect(agenda(police).nth(2)).toContainText(third);
  await chair.getByRole('button', { name: 'Link with another family' }).click();
  await chair.getByRole('dialog').getByLabel('Why?').fill('The same address.');
  await expectAccessible(chair);
  await chair.getByRole('button', { name: 'Link them' }).click();
  await expect(chair.getByText(/Linked with F-\d+, taken together: The same address\./)).toBeVisible();
  await chair
    .getByRole('button', { name: /^Mend / })
    .first()
    .click();
  await chair.getByLabel('Name, surname last').fill('Robin Field');
  await chair.getByRole('dialog').getByLabel('Why?').fill('Misheard.');
  await expectAccessible(chair);
  await chair.getByRole('button', { name: 'Mend it' }).click();
  await agenda(police).nth(2).getByRole('button').click();
  await expect(police.getByText('Robin Field').first()).toBeVisible();
  await expect(police.getByRole('button', { name: /^Mend / })).toHaveCount(0);
  await expect(police.getByText('Change this family or its place on the agenda')).toHaveCount(0);
  await police.getByRole('button', { name: /Go to the table’s family|Follow the chair/ }).click();
});

test('COURSE13: a break and a chair who is gone are said to everyone, and the deputy takes the chair by an act of theirs', async ({
  browser
}) => {
  await chair.getByRole('button', { name: 'Break', exact: true }).click();
  await expect(police.getByText(/^Break since \d\d:\d\d\. You can go on writing\.$/)).toBeVisible();
  await expectAccessible(chair);
  await chair.getByRole('button', { name: 'Go on after the break' }).click();
  await expect(police.getByText(/^Break since/)).toHaveCount(0);
  const deputy = await join(await demo.sitDown(browser, 'Sam Malik'), 'in the room', 1);
  await chair.close();
  await expect(police.getByText(/The chair’s connection dropped \d:\d\d ago\./)).toBeVisible();
  await expect(police.getByText('Deputy Sam Malik may take the chair.')).toBeVisible();
  await expect(police.getByRole('button', { name: 'Take the chair' })).toHaveCount(0);
  await expectAccessible(police);
  await deputy.getByRole('button', { name: 'Take the chair' }).click();
  await expect(police.locator('p[aria-live=polite]')).toHaveText('Sam Malik has taken the chair.');
  await expect(police.getByText('Following the chair (Sam Malik)')).toBeVisible();
  for (const width of [1440, 390, 320]) {
    await deputy.setViewportSize({ width, height: 844 });
    await expectAccessible(deputy);
    expect(await deputy.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  }
});
