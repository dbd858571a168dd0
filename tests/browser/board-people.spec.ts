// Who is at the board, who holds the chair, and what each may see: on the production build, in real browsers.
import { expect, test, type Page } from '@playwright/test';
import { expectAccessible, startDemonstration, type Demonstration } from './demonstration.ts';
import { agenda, join } from './joining.ts';

let demo: Demonstration;
let chair: Page;
test.describe.configure({ mode: 'serial' });
test.beforeAll(async ({ browser }) => {
  demo = await startDemonstration();
  chair = await join(await demo.sitDown(browser, 'Joy Okafor'), 'in the room', 2);
});
test.afterAll(() => demo.stop());

interface Listed {
  readonly state: string;
  readonly cards: { id: string; position: number }[];
}
async function cardIds(page: Page): Promise<string[]> {
  const meetings = (await (await page.request.get('/api/meetings')).json()) as Listed[];
  return meetings.find(({ state }) => state === 'open')?.cards.map(({ id }) => id) ?? [];
}
const reference = (page: Page) => page.locator('#card-heading').innerText();
const families = (page: Page) => page.getByRole('heading', { level: 1 });

test('BOARD6: a family with a conflict of interest is gone at once, from card, agenda, counts and address', async ({
  browser
}) => {
  const health = await join(await demo.sitDown(browser, 'Hannah Osei'), 'in the room', 1);
  const police = await join(await demo.sitDown(browser, 'Peter Ashdown'), 'remotely', 2);
  const ids = await cardIds(health);
  expect(ids).toHaveLength(6);
  const own = await reference(health);
  await health.getByRole('button', { name: 'I must not see this family' }).click();
  await expectAccessible(health);
  await health.getByRole('button', { name: 'Close it for me' }).click();
  await expect(agenda(health)).toHaveCount(5);
  await expect(families(health)).toContainText('of 5');
  expect(await health.content()).not.toContain(own);
  expect((await health.request.get(`/api/cards/${ids[1]}`)).status()).toBe(404);
  expect(await cardIds(health)).toHaveLength(5);
  await expectAccessible(health);

  const others = await reference(police);
  expect(await reference(chair)).toBe(others);
  await chair.getByRole('button', { name: 'Somebody must not see this family' }).click();
  await chair.getByLabel('Who has a conflict of interest?').selectOption({ label: 'Peter Ashdown' });
  await expectAccessible(chair);
  await chair.getByRole('button', { name: 'Close it for Peter Ashdown' }).click();
  await expect(agenda(police)).toHaveCount(5);
  await expect(families(police)).toContainText('of 5');
  expect(await police.content()).not.toContain(others);
  expect((await police.request.get(`/api/cards/${ids[2]}`)).status()).toBe(404);
  await expect(agenda(chair)).toHaveCount(6);
  await expectAccessible(police);
});

test('BOARD7: the chair changes hands by the deputy’s act or by the chair’s own, and everyone is told', async ({
  browser
}) => {
  const deputy = await join(await demo.sitDown(browser, 'Sam Malik'), 'in the room', 2);
  await deputy.getByRole('button', { name: 'Take the chair' }).click();
  await expect(chair.locator('p[aria-live=polite]')).toHaveText('Sam Malik has taken the chair.');
  await expect(chair.getByRole('button', { name: 'Lock this family' })).toHaveCount(0);
  await expect(deputy.getByRole('button', { name: 'Lock this family' })).toBeVisible();
  await expect(deputy.getByRole('textbox', { name: 'The chair’s summary' })).toBeVisible();
  await expectAccessible(chair);
  await deputy.getByRole('button', { name: 'Give the chair' }).click();
  await deputy.getByLabel('To', { exact: true }).last().selectOption({ label: 'Joy Okafor' });
  await expectAccessible(deputy);
  await deputy.getByRole('button', { name: 'Give Joy Okafor the chair' }).click();
  await expect(chair.locator('p[aria-live=polite]')).toHaveText(
    'Sam Malik has given the chair to Joy Okafor.'
  );
  await expect(chair.getByRole('button', { name: 'Lock this family' })).toBeVisible();
  await expect(deputy.getByRole('button', { name: 'Lock this family' })).toHaveCount(0);
  await expect(deputy.getByRole('button', { name: 'Take the chair' })).toBeVisible();
});

test('BOARD8: someone without a board is put on the list by hand, and leaves it; apologies stand apart', async () => {
  const people = chair.getByRole('region', { name: /^People/ });
  const put = async (name: string, how: string) => {
    await people.getByRole('button', { name: 'Someone without a board, or apologies' }).click();
    await people.getByLabel('Name of the person without a board').fill(name);
    await people.getByLabel('Agency').selectOption({ label: "EDU Schools' lead" });
    await people.getByLabel('How').selectOption(how);
    await expectAccessible(chair);
    await people.getByRole('button', { name: 'Put on the list' }).click();
    await expect(people.getByLabel('Name of the person without a board')).toHaveCount(0);
  };
  await put('Rhys Parry', 'in the room');
  await expect(people.getByRole('button', { name: 'Mark as left: Rhys Parry' })).toBeVisible();
  await put('Mair Lewis', 'apologies');
  await put('Owen Hughes', 'by papers');
  await people.getByText(/^Not here/).click();
  await expect(people.getByRole('listitem').filter({ hasText: 'Mair Lewis' })).toContainText('apologies');
  await expect(people.getByRole('listitem').filter({ hasText: 'Owen Hughes' })).toContainText('by papers');
  await people.getByRole('button', { name: 'Mark as left: Rhys Parry' }).click();
  await expect(people.getByRole('listitem').filter({ hasText: 'Rhys Parry' })).toContainText(
    /has left \d\d:\d\d/
  );
  await expectAccessible(chair);
  await people.getByRole('button', { name: 'Rhys Parry is in the room' }).click();
  await expect(people.getByRole('button', { name: 'Mark as left: Rhys Parry' })).toBeVisible();
});

test('BOARD9: the police make a version for the table; of the narrative and the protected part nothing reaches an observer', async ({
  browser
}) => {
  const police = await join(await demo.sitDown(browser, 'Meera Lal'), 'in the room', 3);
  const happened = police.getByRole('region', { name: 'What happened' });
  const narrative = await happened.locator('details .words').first().innerText();
  expect(narrative.length).toBeGreaterThan(20);
  const observer = await demo.sitDown(browser, 'Ola Berg');
  const received: string[] = [];
  const lines: string[] = [];
  observer.on('websocket', (socket) => {
    lines.push(socket.url());
    socket.on('framereceived', ({ payload }) => received.push(payload.toString('utf8')));
  });
  await join(observer, 'remotely', 3);
  await expect(
    observer.getByText('The police have not yet made a version for the table.').first()
  ).toBeVisible();
  await happened.getByRole('button', { name: 'Make a version for the table' }).first().click();
  await police.getByLabel(/^Version for the table/).fill('A breach of an order, with an arrest.');
  await expectAccessible(police);
  await police.getByRole('button', { name: 'Give it to the table' }).click();
  await expect(observer.getByText('A breach of an order, with an arrest.')).toBeVisible();
  await expect(observer.getByRole('heading', { name: /^Protected/ })).toHaveCount(0);
  await expect(observer.getByRole('textbox')).toHaveCount(0);
  const words = narrative.slice(0, 40);
  expect(await observer.content()).not.toContain(words);
  expect(received.length).toBeGreaterThan(2);
  expect(received.filter((frame) => frame.includes(words))).toEqual([]);
  expect(lines.filter((url) => url.includes('/protected/'))).toEqual([]);
  await expectAccessible(observer);
});

test('BOARD10: a board whose person signed out elsewhere, or whose place ended, shows nothing any more', async ({
  browser
}) => {
  const housing = await join(await demo.sitDown(browser, 'Priya Nair'), 'in the room', 0);
  const shown = await reference(housing);
  const elsewhere = await housing.context().newPage();
  await elsewhere.goto('/');
  await elsewhere.getByRole('button', { name: 'Sign out' }).click();
  await expect(housing.getByRole('heading', { name: 'You were signed out' })).toBeVisible();
  await expect(housing.getByText('0 changes are unsent.')).toBeVisible();
  expect(await housing.content()).not.toContain(shown);
  await expectAccessible(housing);

  const grace = await join(await demo.sitDown(browser, 'Grace Whitlock'), 'in the room', 0);
  const carys = await demo.sitDown(browser, 'Carys Bevan');
  await carys.goto('/people');
  await carys.getByRole('button', { name: 'End Grace Whitlock’s place' }).click();
  await carys.getByRole('button', { name: 'End the place' }).click();
  await expect(
    grace.getByRole('heading', { name: /^(You were signed out|There is nothing here for you)$/ })
  ).toBeVisible();
  expect(await grace.content()).not.toContain(shown);
  await expectAccessible(grace);
});
