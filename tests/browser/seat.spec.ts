// The seat of somebody who is not in the room, on the production build: when she is needed, the ring and its answer,
// the door of the video call, and what changed while she was away.
import { expect, test, type Page } from '@playwright/test';
import { expectAccessible, startDemonstration, type Demonstration } from './demonstration.ts';
import { join, reveal } from './joining.ts';

let demo: Demonstration;
let chair: Page;
let coordinator: Page;
let probation: Page;
test.describe.configure({ mode: 'serial' });
test.beforeAll(async ({ browser }) => {
  demo = await startDemonstration();
  chair = await join(await demo.sitDown(browser, 'Joy Okafor'), 'in the room');
  coordinator = await join(await demo.sitDown(browser, 'Carys Bevan'), 'in the room');
  probation = await join(await demo.sitDown(browser, 'Dana Kowalska'), 'remotely');
});
test.afterAll(() => demo.stop());

const entry = (page: Page, reference: string) =>
  page.getByRole('navigation', { name: /^Agenda/ }).getByRole('button', { name: new RegExp(reference) });
const seat = (page: Page) => page.getByRole('region', { name: 'Your place from afar' });
const link = (page: Page) => page.getByRole('link', { name: /^Join the video call/ });
async function show(reference: string): Promise<void> {
  await entry(chair, reference).click();
  if (/now/.test(await entry(chair, reference).innerText())) return;
  await chair.getByRole('button', { name: `Show ${reference} to all` }).click();
  await expect(entry(chair, reference)).toContainText('now');
}
/** The families that probation is called to, in the order of her agenda. */
const own = () =>
  probation
    .getByRole('navigation', { name: /^Agenda/ })
    .locator('.reference')
    .allInnerTexts();

test('REMOTE5: a remote rep sees when she is needed, is told at next and at now, and all the table has one timer', async () => {
  const [first = ''] = await own();
  const others = await chair
    .getByRole('navigation', { name: /^Agenda/ })
    .locator('.reference')
    .allInnerTexts();
  const before = others[others.indexOf(first) - 1] ?? '';
  await show(before);
  await expect(seat(probation)).toContainText(`${first} is next.`);
  await expect(seat(probation)).toContainText(/next, in about \d+ minutes/);
  await expect(probation.getByRole('timer')).toHaveCount(0);
  expect(await probation.content()).not.toContain(before);
  await expectAccessible(probation);
  await show(first);
  await expect(seat(probation)).toContainText(`${first} is at the table now.`);
  for (const page of [chair, coordinator, probation])
    await expect(page.getByRole('timer')).toHaveText(/^1[345]:\d\d left$/);
  await chair.getByRole('button', { name: '+1 min for this family' }).click();
  for (const page of [chair, probation])
    await expect(page.getByRole('timer')).toHaveText(/^1[56]:\d\d left$/);
});

test('CALL7: asked in, her page rings, one act answers it, and the coordinator lets her in and out', async () => {
  await expect(link(probation)).toHaveCount(0);
  await chair.getByRole('button', { name: 'Ask in: Probation' }).click();
  const ringing = probation.getByRole('region', { name: /^Joy Okafor asks you in/ });
  await expect(ringing).toBeVisible();
  await expect(link(probation)).toHaveCount(1);
  await expectAccessible(probation);
  await probation.setViewportSize({ width: 320, height: 700 });
  await expectAccessible(probation);
  expect(
    await probation.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth
    )
  ).toBe(0);
  await probation.setViewportSize({ width: 1280, height: 720 });
  await ringing.getByRole('button', { name: 'I am coming' }).click();
  await expect(ringing).toHaveCount(0);
  await probation.getByRole('button', { name: 'Nobody can overhear me' }).click();
  await expect(coordinator.getByText('remote, alone')).toBeVisible();
  await expectAccessible(coordinator);
  await coordinator.getByRole('button', { name: 'Mark as in the call: Dana Kowalska' }).click();
  await expect(seat(probation)).toContainText('You are in the call for');
  await chair.keyboard.press('Control+Shift+Period');
  await coordinator.getByRole('button', { name: 'Mark as out of the call: Dana Kowalska' }).click();
  await expect(link(probation)).toHaveCount(0);
});

test('CALL8: one person is asked in by name, and is then offered no more', async () => {
  const [first = ''] = await own();
  await show(first);
  await chair.getByLabel('Ask one person in').selectOption('Dana Kowalska');
  await expectAccessible(chair);
  await chair.getByRole('button', { name: 'Ask in: the person chosen' }).click();
  const ringing = probation.getByRole('region', { name: /^Joy Okafor asks you in/ });
  await ringing.getByRole('button', { name: 'I am coming' }).click();
  await expect(chair.getByText(/Dana Kowalska\s+coming, said at/)).toBeVisible();
  await expect(chair.getByLabel('Ask one person in')).toHaveCount(0);
});

test('REMOTE7: whoever comes back is told in plain sentences what changed since they left, and puts it away in one act', async () => {
  const [first = ''] = await own();
  await show(first);
  await probation.close();
  const field = coordinator.getByRole('textbox', { name: 'What worries us' });
  await entry(coordinator, first).click();
  await field.click();
  await coordinator.keyboard.type('He was seen at the school on Friday. ');
  await expect(coordinator.getByText(/^Saved/)).toBeVisible();
  await reveal(chair);
  await expect(chair.getByText(/^(Ask first|Not rated)/).first()).toBeVisible();
  probation = await probation.context().newPage();
  await probation.goto(new URL(chair.url()).pathname);
  // This tab was here five minutes ago; what was done since is what the demonstration's people have just done.
  await probation.evaluate(() => {
    const meetingId = location.pathname.split('/').at(-1) ?? '';
    sessionStorage.setItem(`same-room/seen/${meetingId}`, String(Date.now() - 300_000));
  });
  await probation.getByRole('button', { name: 'I am joining remotely' }).click();
  const away = probation.getByRole('region', {
    name: /^What (changed since you left|happened before you came)/
  });
  await expect(
    away
      .getByRole('listitem')
      .filter({ hasText: /revealed/ })
      .first()
  ).toBeVisible();
  await expect(away.getByRole('listitem').filter({ hasText: 'Carys Bevan' }).first()).toBeVisible();
  await expectAccessible(probation);
  await probation.setViewportSize({ width: 390, height: 844 });
  await expectAccessible(probation);
  await away.getByRole('button', { name: 'Put away' }).click();
  await expect(away).toHaveCount(0);
});
