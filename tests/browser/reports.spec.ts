// How meetings were attended, as coordinator and administrator read it on the demonstration's earlier meetings, and the
// two questions that are asked once today's is closed.
import { expect, test, type Page } from '@playwright/test';
import { password } from '#server/demo/people.ts';
import { Actor } from '#server/invented/actor.ts';
import { countActs } from './counting.ts';
import { expectAccessible, startDemonstration, type Demonstration } from './demonstration.ts';
import { meetingPath } from './joining.ts';

let demonstration: Demonstration;
test.beforeAll(async () => {
  demonstration = await startDemonstration();
});
test.afterAll(() => demonstration.stop());
test.describe.configure({ mode: 'serial' });

/** Axe finds nothing at a desk's, a telephone's and the narrowest width, and nothing runs out of the side. */
async function expectWell(page: Page): Promise<void> {
  for (const width of [1440, 390, 320]) {
    await page.setViewportSize({ width, height: 900 });
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), `${width} px`).toBe(width);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

test('REPORT9: the coordinator compares room, remote and papers; the picture says what the table says', async ({
  browser
}) => {
  const page = await demonstration.sitDown(browser, 'Carys Bevan');
  await page.goto('/');
  await page.getByRole('link', { name: 'Reports', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Attendance', exact: true })).toBeVisible();
  await expect(page.getByText(/: 3 closed meetings, in the room/)).toBeVisible();
  const bar = page.getByRole('figure').first().getByRole('listitem').filter({ hasText: 'Remote:' });
  const [, connected, own, waiting] =
    /(\d+) minutes, (\d+) at own families, (\d+) waiting/.exec(await bar.innerText()) ?? [];
  expect(Number(own) + Number(waiting)).toBe(Number(connected));
  const table = page.getByRole('table', { name: 'Figures side by side' });
  /** What the table says of remote attendance, by the figure's name. */
  const remote = (name: string) =>
    table
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name, exact: true }) })
      .getByRole('cell')
      .nth(1);
  await expect(remote('Minutes connected')).toHaveText(connected ?? '');
  await expect(remote('At own families')).toHaveText(own ?? '');
  await expect(remote('Waiting')).toHaveText(waiting ?? '');
  await expect(remote('Drops in all')).toHaveText('3');
  await expect(page.getByText(/^Attending remotely saved \d+ min each time/)).toBeVisible();
  for (const name of ['Dana', 'Kowalska', 'Probation', 'PRO'])
    await expect(page.getByRole('main').getByText(name)).toHaveCount(0);
  await expectWell(page);

  // The first month alone has too few remote people; the form is a plain one, and the address holds what was chosen.
  const months = page.getByRole('combobox', { name: 'First month' });
  const oldest = (await months.locator('option').last().getAttribute('value')) ?? '';
  await page.getByRole('combobox', { name: 'Time' }).selectOption('From one month to another');
  await months.selectOption(oldest);
  await page.getByRole('combobox', { name: 'Last month' }).selectOption(oldest);
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(remote('Months counted')).toHaveText('fewer than 3 people');
  expect(new URL(page.url()).search).toBe(`?last=chosen&from=${oldest}&to=${oldest}`);
  await expectWell(page);
  const answer = await page.request.get(
    (await page.getByRole('link', { name: 'Export as CSV' }).getAttribute('href')) ?? ''
  );
  expect(await answer.text()).toMatch(/"In all","","","Remote","fewer than 3"/);
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('button', { name: 'Show', exact: true })).toBeHidden();
  await expect(table).toBeVisible();
  await page.context().close();
});

test('REPORT9: the administrator reads it too; for a chair or a rep there is no such page', async ({
  browser
}) => {
  const ruth = await demonstration.sitDown(browser, 'Ruth Adeyemi');
  await ruth.goto('/');
  await ruth.getByRole('link', { name: 'How meetings are attended' }).click();
  await expect(ruth.getByRole('heading', { name: 'Attendance', exact: true })).toBeVisible();
  await ruth.context().close();
  for (const name of ['Joy Okafor', 'Hannah Osei']) {
    const page = await demonstration.sitDown(browser, name);
    await page.goto('/');
    await expect(page.getByRole('link', { name: 'Reports', exact: true })).toHaveCount(0);
    expect((await page.goto('/reports/attendance'))?.status()).toBe(404);
    expect((await page.request.get('/api/reports/attendance.csv')).status()).toBe(404);
    await page.context().close();
  }
});

const heading = (page: Page) => page.getByRole('heading', { name: 'Two questions about this meeting' });
const question = (page: Page, name: string) => page.getByRole('group', { name });

test('PULSE4: once the meeting is closed the board asks, without taking the focus, and two keys answer', async ({
  browser
}) => {
  const page = await demonstration.sitDown(browser, 'Hannah Osei');
  await page.goto(await meetingPath(page));
  await page.getByRole('button', { name: 'I am in the room' }).click();
  await expect(page.getByText(/^(Connected|Saved)/)).toBeVisible();
  const remote = await demonstration.sitDown(browser, 'Dana Kowalska');
  const board = await meetingPath(remote);
  await remote.goto(board);
  await remote.getByRole('button', { name: 'I am joining remotely' }).click();
  await expect(remote.getByText(/^(Connected|Saved)/)).toBeVisible();
  await expect(heading(page)).toHaveCount(0);

  const chair = await Actor.signIn(demonstration.url, 'joy.okafor@demo.example', password);
  await chair.enter(board.split('/').at(-1) ?? '', 'room');
  const entry = page
    .getByRole('navigation', { name: /^Agenda/ })
    .getByRole('button')
    .first();
  await entry.focus();
  await chair.does({ type: 'meeting.close', reason: 'It is late' });
  chair.leave();
  await expect(heading(page)).toBeVisible();
  await expect(entry).toBeFocused();
  await expectWell(page);

  await question(page, 'Could you follow?').getByRole('button', { name: 'Yes' }).focus();
  const acts = await countActs(page);
  await page.keyboard.press('y');
  await expect(question(page, 'Were you heard?').getByRole('button', { name: 'Yes' })).toBeFocused();
  await page.keyboard.press('p');
  await expect(page.getByText('Thank you. Your answers are counted, without your name.')).toBeFocused();
  expect(await acts()).toBe(2);
  await expectAccessible(page);
  for (const again of [() => page.reload(), () => page.goto(`${board}/minutes`)]) {
    const [told] = await Promise.all([page.waitForResponse(/\/pulse$/), again()]);
    expect(await told.json()).toMatchObject({ asked: false });
  }
  await expect(heading(page)).toHaveCount(0);
  await page.context().close();

  // Put off on the board, they are asked again with the minutes, where two presses answer.
  await remote.getByRole('button', { name: 'Not now' }).click();
  await expect(remote.getByText(/^You can answer with the minutes until/)).toBeFocused();
  await remote.goto(`${board}/minutes`);
  await expect(heading(remote)).toBeVisible();
  await expectWell(remote);
  await question(remote, 'Could you follow?').getByRole('button', { name: 'Partly' }).click();
  await question(remote, 'Were you heard?').getByRole('button', { name: 'No' }).click();
  await expect(remote.getByText('Thank you.')).toBeVisible();
  await remote.context().close();
});
