import { expect, test, type Page } from '@playwright/test';
import { expectAccessible, startDemonstration, type Demonstration } from './demonstration.ts';

let demo: Demonstration;
test.beforeAll(async () => {
  demo = await startDemonstration();
});
test.afterAll(() => demo.stop());

/** Axe finds nothing and nothing is cut off, on a desk and on a telephone. */
async function expectGood(page: Page): Promise<void> {
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await expectAccessible(page);
    const cut = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth
    );
    expect(cut, `${page.url()} at ${width} px`).toBe(0);
  }
}

test('ID6: a person is invited, chooses a password, comes in, and is out at once when the place ends', async ({
  browser
}) => {
  const carys = await demo.sitDown(browser, 'Carys Bevan');
  await carys.goto('/');
  await carys.getByRole('link', { name: 'People', exact: true }).click();
  await carys.getByLabel('Name', { exact: true }).fill('Nia Pritchard');
  await carys.getByLabel('Work email').fill('nia@housing.example');
  await carys.getByLabel('Place', { exact: true }).selectOption({ label: 'Rep of Housing' });
  await carys.getByRole('button', { name: 'Make a link' }).click();
  const link = (await carys.locator('code').textContent()) ?? '';
  await expectGood(carys);

  const nia = await (await browser.newContext({ baseURL: demo.url })).newPage();
  await nia.goto(link);
  await expectGood(nia);
  await nia.getByLabel('Password', { exact: true }).fill('four unrelated words');
  await nia.getByLabel('The same again').fill('four unrelated words');
  await nia.getByRole('button', { name: 'Keep this password' }).click();
  await expect(nia.getByText('Your password is kept')).toBeVisible();
  await expectGood(nia);
  await nia.getByLabel('Email', { exact: true }).fill('nia@housing.example');
  await nia.getByLabel('Password', { exact: true }).fill('four unrelated words');
  await nia.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(nia.getByText('HOU, Portavon')).toBeVisible();
  await expect(nia.getByText('Every person and family here is invented')).toBeVisible();

  await carys.goto('/people');
  await carys.getByRole('button', { name: 'End Nia Pritchard’s place' }).click();
  await carys.getByRole('button', { name: 'End the place' }).click();
  await expect(carys.getByText('Nia Pritchard no longer has this place')).toBeVisible();
  await nia.goto('/');
  await expect(nia.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});

test('AREA1: a coordinator adds an agency in the settings', async ({ browser }) => {
  const carys = await demo.sitDown(browser, 'Carys Bevan');
  await carys.goto('/');
  await carys.getByRole('link', { name: 'Settings', exact: true }).click();
  await carys.getByLabel('Code', { exact: true }).fill('vol');
  await carys.getByLabel('Name', { exact: true }).fill('Voluntary sector');
  await carys.getByRole('button', { name: 'Add the agency' }).click();
  await expect(carys.getByRole('row', { name: /VOL Voluntary sector When called/ })).toBeVisible();
  await expectGood(carys);
});

test('AUDIT1: an administrator reads who looked at what', async ({ browser }) => {
  const ruth = await demo.sitDown(browser, 'Ruth Adeyemi');
  await ruth.goto('/');
  await ruth.getByRole('link', { name: 'Audit', exact: true }).click();
  await expect(ruth.getByRole('row', { name: /Ruth Adeyemi Read the audit/ })).toBeVisible();
  await expectGood(ruth);
  await ruth.getByLabel('Act', { exact: true }).selectOption({ label: 'Opened a card' });
  await ruth.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(ruth.getByRole('row', { name: /Opened a card F-\d{4} .*meeting of/ }).first()).toBeVisible();
  await ruth.goto('/people');
  await expect(ruth.getByRole('heading', { name: 'There is nothing here for you' })).toBeVisible();
  await expectGood(ruth);
});

test('ID2: a wrong password says no more than that the two don’t go together', async ({ page }) => {
  await page.goto(`${demo.url}/sign-in?to=%2Fpeople`);
  await expectGood(page);
  await page.getByLabel('Email', { exact: true }).fill('carys.bevan@demo.example');
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('alert')).toHaveText('That email and password don’t go together.');
  await expect(page.getByLabel('Email', { exact: true })).toHaveValue('carys.bevan@demo.example');
  await expectGood(page);
  await page.getByLabel('Password', { exact: true }).fill('same-room-demo');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'People', exact: true })).toBeVisible();
});
