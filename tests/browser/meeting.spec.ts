// The thread, from end to end, on the production build: a week imported from its file, a meeting scheduled,
// three browsers at one card, the reveal, the lock, and the minutes.
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { expectAccessible, startDemonstration, type Demonstration } from './demonstration.ts';
import { reveal } from './joining.ts';

let demonstration: Demonstration;
test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  demonstration = await startDemonstration();
});
test.afterAll(() => demonstration.stop());

const week = path.join(import.meta.dirname, '../../samples/police-notifications-week.csv');
let coordinator: Page;
let chair: Page;
let inRoom: Page;
let remote: Page;
let board = '';

const facts = (page: Page, code: string) => page.getByRole('textbox', { name: `${code}, facts, the family` });

test('THREAD1: the coordinator imports the week from its file, once', async ({ browser }) => {
  coordinator = await (await browser.newContext({ baseURL: demonstration.url })).newPage();
  await coordinator.goto('/');
  await coordinator.getByRole('button', { name: /^Carys Bevan/ }).click();
  await coordinator.getByRole('link', { name: 'Intake' }).click();
  await coordinator.setInputFiles('input[type=file]', week);
  await expect(
    coordinator.getByText('24 incidents, 82 people: 82 ready, 0 held back, 0 here already.')
  ).toBeVisible();
  await expectAccessible(coordinator);
  await coordinator.getByRole('button', { name: /^Import 24 incidents/ }).click();
  await expect(coordinator.getByText(/24/).first()).toBeVisible();
  await expectAccessible(coordinator);
  await coordinator.goto('/intake');
  await coordinator.setInputFiles('input[type=file]', week);
  await expect(coordinator.getByText(/82 here already/)).toBeVisible();
});

test('THREAD2: and schedules a meeting with two of its families, probation called to one', async () => {
  await coordinator.goto('/');
  await expectAccessible(coordinator);
  await coordinator.getByRole('link', { name: 'Schedule a meeting' }).click();
  await coordinator.getByRole('button', { name: 'Choose none' }).click();
  for (const name of ['Nadia Ward', 'Siobhán Morris'])
    await coordinator
      .getByRole('checkbox', { name: new RegExp(name) })
      .first()
      .check();
  await expectAccessible(coordinator);
  await coordinator.getByRole('button', { name: 'Schedule it and go to the agenda' }).click();
  await expect(coordinator.getByRole('heading', { name: '2 families' })).toBeVisible();
  await coordinator
    .getByRole('checkbox', { name: /Probation/ })
    .first()
    .check();
  await expect(coordinator.getByRole('checkbox', { name: /Probation/ }).first()).toBeChecked();
  await expectAccessible(coordinator);
  board = new URL(coordinator.url()).pathname.replace(/\/agenda$/, '');
});

test('COURSE11: before it is opened all are in the lobby, with the statement, who is here and who is missing', async ({
  browser
}) => {
  chair = await demonstration.sitDown(browser, 'Joy Okafor');
  inRoom = await demonstration.sitDown(browser, 'Priya Nair');
  remote = await demonstration.sitDown(browser, 'Hannah Osei');
  for (const page of [chair, inRoom, remote]) {
    await page.goto(board);
    await page
      .getByRole('button', { name: page === remote ? 'I am joining remotely' : 'I am in the room' })
      .click();
  }
  const lobby = (page: Page) => page.getByRole('article', { name: 'Before the meeting' });
  for (const page of [chair, inRoom, remote]) {
    await expect(lobby(page)).toContainText('3 here, 3 have agreed');
    await expect(lobby(page)).toContainText(/You agreed to it at \d\d:\d\d/);
  }
  await expect(lobby(chair)).toContainText(/Nobody here yet from .*POL/);
  await chair.getByRole('button', { name: 'The statement was read aloud' }).click();
  await expect(lobby(remote)).toContainText(/Read aloud at \d\d:\d\d/);
  await expectAccessible(chair);
});

test('THREAD3: three browsers edit one card and see each other', async () => {
  await chair.getByRole('button', { name: 'Open the meeting' }).click();
  await chair.getByRole('button', { name: /^First family/ }).click();
  await facts(inRoom, 'HOU').click();
  await inRoom.keyboard.type('Asked to move twice this year.');
  await facts(remote, 'HEA').click();
  await remote.keyboard.type('Seen at the walk-in centre.');
  for (const page of [chair, inRoom, remote]) {
    await expect(page.getByText('Asked to move twice this year.')).toBeVisible();
    await expect(page.getByText('Seen at the walk-in centre.')).toBeVisible();
  }
  await expect(inRoom.getByText(/Saved \d\d:\d\d/)).toBeVisible();
  await expect(chair.getByRole('listitem').filter({ hasText: 'Hannah Osei' })).toBeVisible();
  await expect(facts(inRoom, 'HEA'), 'what one may not write is text').toHaveCount(0);
  for (const page of [chair, inRoom, remote]) await expectAccessible(page);
});

test('THREAD4: ratings stay with their agency until the chair reveals them, then all appear', async () => {
  await inRoom
    .getByRole('radiogroup', { name: 'Rating of the family, HOU' })
    .getByRole('radio', { name: 'Amber' })
    .click();
  const own = remote.getByRole('radiogroup', { name: 'Rating of the family, HEA' });
  await own.getByRole('radio').first().focus();
  await remote.keyboard.press('r');
  await expect(own.getByRole('radio', { name: 'Red' })).toBeChecked();
  await expect(chair.getByText('Two of eleven have rated')).toBeVisible();
  await expect(chair.getByText('Ask first')).toHaveCount(0);
  await reveal(chair);
  for (const page of [chair, inRoom, remote]) await expect(page.getByText(/Ask first: HEA/)).toBeVisible();
  await expectAccessible(chair);
});

test('THREAD5: an action binds nobody until its agency accepts it as it reads', async () => {
  await remote.getByRole('button', { name: 'Add an action', exact: true }).click();
  await remote.keyboard.type('Change the locks');
  const plan = remote.getByRole('region', { name: /Plan/ }).last();
  await plan.getByLabel('Agency').selectOption('HOU');
  await plan.getByLabel('By', { exact: true }).fill('2030-01-31');
  await inRoom.getByRole('button', { name: /^Accept/ }).click();
  for (const page of [chair, inRoom, remote])
    await expect(page.getByText(/Accepted by HOU, Priya Nair/)).toBeVisible();
});

test('THREAD6: the chair concludes and locks, and all three see it', async () => {
  const joint = chair.getByRole('radiogroup', { name: 'Joint rating of the family' });
  await joint.getByRole('radio', { name: 'Red' }).click();
  await chair.getByLabel(/^Why\?/).fill('The threats are growing, and she has nowhere to go.');
  await chair.getByRole('button', { name: 'Record the joint rating' }).click();
  await expect(chair.getByRole('button', { name: 'Change the joint rating' })).toBeVisible();
  await chair.getByRole('button', { name: 'Lock this family' }).click();
  await expect(chair.getByText('Still missing:'), 'said before the act').toBeVisible();
  await expect(chair.getByRole('list', { name: 'What will be locked' })).toContainText(
    '1 action, 1 accepted by the agency that is to do it'
  );
  await expectAccessible(chair);
  await chair.getByLabel('Why lock all the same?').fill('The rest is for the next meeting.');
  await chair.getByRole('button', { name: 'Lock all the same' }).click();
  for (const page of [chair, inRoom, remote]) {
    await expect(page.getByText(/Locked \d\d:\d\d by (J\. |Joy )Okafor/).first()).toBeVisible();
    await expect(page.getByRole('textbox', { name: /facts/ })).toHaveCount(0);
    await expectAccessible(page);
  }
});

test('THREAD7: the minutes are there at once, and print', async () => {
  await chair.goto(`${board}/minutes`);
  await expect(chair.getByText('Change the locks').first()).toBeVisible();
  await expect(chair.getByText('The threats are growing, and she has nowhere to go.').first()).toBeVisible();
  await expectAccessible(chair);
  const printed = await chair.pdf({ format: 'A4' });
  expect(printed.subarray(0, 5).toString()).toBe('%PDF-');
  expect(printed.length).toBeGreaterThan(10_000);
});

test('THREAD8: a called agency opens its own card, and another’s is as if it did not exist', async ({
  browser
}) => {
  const probation = await demonstration.sitDown(browser, 'Dana Kowalska');
  const meetingId = board.split('/').at(-1) ?? '';
  const seen = async (page: Page) => {
    const meetings = (await (await page.request.get('/api/meetings')).json()) as {
      id: string;
      cards: { id: string; position: number }[];
    }[];
    return meetings.find((meeting) => meeting.id === meetingId)?.cards ?? [];
  };
  const [own] = await seen(probation);
  const all = await seen(chair);
  expect(all).toHaveLength(2);
  expect(await seen(probation)).toEqual([expect.objectContaining({ id: own?.id, position: 1 })]);
  const others = all.find((card) => card.id !== own?.id);
  const ask = async (id: string) => {
    const answer = await probation.request.get(`/api/cards/${id}`);
    return { status: answer.status(), body: await answer.text() };
  };
  const none = await ask('00000000-0000-4000-8000-000000000000');
  expect(await ask(others?.id ?? '')).toEqual(none);
  expect(none.status).toBe(404);
  await probation.goto(board);
  await probation.getByRole('button', { name: 'I am joining remotely' }).click();
  await expect(probation.getByRole('navigation', { name: /^Agenda/ }).getByRole('button')).toHaveCount(1);
  await expectAccessible(probation);
});

test('THREAD9: nobody without a place sees a meeting, and the administrator reads who looked', async ({
  browser
}) => {
  const administrator = await demonstration.sitDown(browser, 'Ruth Adeyemi');
  expect((await administrator.goto(board))?.status()).toBe(404);
  expect((await administrator.goto('/intake'))?.status()).toBe(404);
  await administrator.goto('/audit');
  await expect(administrator.getByRole('cell', { name: 'Opened minutes' }).first()).toBeVisible();
  await expectAccessible(administrator);
  expect((await inRoom.goto('/people'))?.status()).toBe(404);
  await coordinator.goto('/people');
  await expectAccessible(coordinator);
  const stranger = await (await browser.newContext({ baseURL: demonstration.url })).newPage();
  await stranger.goto(board);
  await expect(stranger).toHaveURL(/\/sign-in\?to=/);
  await expectAccessible(stranger);
});
