// The coordinator's Monday morning: a week is taken, put right, imported and found again, in a real browser on the
// production build. Whatever has a key is done by it. Carries INTAKE16.
import { expect, test, type Page } from '@playwright/test';
import fs from 'node:fs';
import { expectAccessible, startDemonstration, type Demonstration } from './demonstration.ts';

let demonstration: Demonstration;
test.beforeAll(async () => {
  demonstration = await startDemonstration();
});
test.afterAll(() => demonstration.stop());

/** Both a desk's screen and a phone's: nothing runs out of the side, and axe finds nothing. */
async function expectFine(page: Page) {
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.setViewportSize({ width: 1440, height: 900 });
}

const take = (page: Page, name: string, buffer: Buffer) =>
  page.getByLabel(/choose it|Another file/).setInputFiles({ name, mimeType: 'text/csv', buffer });

test('INTAKE16: a file with faults is mended in place, imported, and found among the families', async ({
  browser
}) => {
  const page = await demonstration.sitDown(browser, 'Carys Bevan');
  await page.goto('/intake');
  await expectFine(page);
  await take(page, 'faults.csv', fs.readFileSync('samples/police-notifications-with-faults.csv'));
  const store = page.getByRole('button', { name: /^Import/ });
  await expect(store).toHaveText('Import 4 incidents, 15 people');
  await expectFine(page);

  // From fault to fault by keyboard: each mend takes the focus to the next one.
  await page.getByRole('textbox', { name: 'Incident date, row 2' }).focus();
  const write = async (text: string) => {
    await page.keyboard.press('Control+A');
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
  };
  await write('14/11/2026');
  await expect(page.getByRole('textbox', { name: 'Date of birth, row 3' })).toBeFocused();
  await write('26/13/1983');
  await expect(page.getByText('Row 3: Date of birth 26/13/1983 is not a date')).toBeVisible();
  await page.getByRole('textbox', { name: 'Date of birth, row 3' }).focus();
  await write('26/11/1983');
  await expect(page.getByRole('combobox', { name: 'Role, row 4' })).toBeFocused();
  await page.keyboard.type('Child');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'It is 4826411544' }).press('Enter');
  await expect(page.getByRole('textbox', { name: 'DASH score, row 6' })).toBeFocused();
  await write('17');
  await write('23/06/1944');
  await expect(store).toHaveText('Import 5 incidents, 21 people');
  await page.getByRole('checkbox', { name: /^Take it as incomplete/ }).press('Space');
  await expect(store).toHaveText('Import 6 incidents, 23 people');
  await expect(page.getByRole('group', { name: /Agnieszka Lewis/ }).first()).toBeVisible();
  await expectFine(page);

  await store.press('Enter');
  await expect(page.getByText('Imported: 23 people')).toBeVisible();
  await expectFine(page);
  await page.getByRole('link', { name: 'See the families' }).press('Enter');
  await page.getByRole('searchbox', { name: 'Reference or name' }).fill('nadia ward');
  await expect(page.getByText('1 found')).toBeVisible();
  await expectFine(page);
  await page.getByRole('link', { name: /^F-\d{4}$/ }).press('Enter');
  await expect(page.getByText('Row 8: Postcode NOT A POSTCODE is not a postcode.')).toBeVisible();
  await expect(page.getByText('Unborn child of Nadia Ward')).toBeVisible();
  await expectFine(page);
  // Title and address say its reference and its id, and nothing of the family.
  expect(await page.title()).toMatch(/^F-\d{4} – Same Room$/);
  expect(page.url()).toMatch(/\/families\/[0-9a-f-]{36}$/);
});

test('INTAKE16: the demonstration’s week is imported, its families joined and taken apart, and nothing goes in twice', async ({
  browser
}) => {
  const page = await demonstration.sitDown(browser, 'Carys Bevan');
  await page.goto('/samples');
  await expectFine(page);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'police-notifications-week.csv' }).click();
  const week = fs.readFileSync(await (await download).path());
  await page.goto('/intake');
  await take(page, 'week.csv', week);
  const shared = page.getByRole('group', { name: 'Łukasz Cooper, born 26/11/1981' }).last();
  const store = page.getByRole('button', { name: /^Import/ });
  await expect(store, 'what is here already is known').toBeEnabled();
  const join = shared.getByRole('radio', { name: 'Join' });
  await join.press('Space');
  await expect(join).toBeChecked();
  // A key pressed on a button that waits does nothing.
  await expect(store).toBeEnabled();
  await store.press('Enter');
  await expect(page.getByText(/^F-\d{4} and F-\d{4} are joined\.$/)).toBeVisible();

  await page.goto('/families');
  await page.getByRole('searchbox', { name: 'Reference or name' }).fill('Hannah Cooper');
  await page.getByRole('link', { name: /^F-\d{4}$/ }).press('Enter');
  await expect(page.getByText(/^Joined with F-\d{4}$/)).toBeVisible();
  await expectFine(page);
  await page.getByRole('button', { name: /^Undo the join/ }).press('Enter');
  await expect(page.getByText('The join is undone.')).toBeVisible();

  await page.goto('/intake');
  await take(page, 'week.csv', week);
  await expect(page.getByRole('button', { name: 'Nothing to import' })).toBeDisabled();
});

test('INTAKE16: a file may be dropped anywhere, with other columns and semicolons; one of no use is told', async ({
  browser
}) => {
  const page = await demonstration.sitDown(browser, 'Carys Bevan');
  await page.goto('/intake');
  const drop = async (name: string, text: string) => {
    const data = await page.evaluateHandle(
      ([name, text]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([text ?? ''], name ?? '', { type: 'text/csv' }));
        return transfer;
      },
      [name, text]
    );
    await page.dispatchEvent('body', 'drop', { dataTransfer: data });
  };
  // A page that has only just come takes nothing yet; whoever drops a file drops it again.
  await expect(async () => {
    await drop('empty.csv', ' ');
    await expect(page.getByRole('alert')).toHaveText('empty.csv: The file is empty.', { timeout: 2000 });
  }).toPass();
  await drop(
    'other.csv',
    'Ref of police;Date reported;Role;Last name;First name\n77;14/11/2026;Victim;Ward;Ina\n'
  );
  await page.getByRole('combobox', { name: 'Occurrence number' }).selectOption('Ref of police');
  await expect(page.getByRole('button', { name: 'Import 1 incident, 1 person' })).toBeEnabled();
  await expectFine(page);
});

test('INTAKE16: a notification is typed in, judged like a file’s, and stored', async ({ browser }) => {
  const page = await demonstration.sitDown(browser, 'Carys Bevan');
  await page.goto('/intake/new');
  await expectFine(page);
  await page.getByRole('textbox', { name: 'Occurrence number' }).fill('77001');
  await page.getByRole('textbox', { name: 'Reported' }).fill('14/11/2026');
  const first = page.getByRole('group', { name: /^Person 1/ });
  await first.getByRole('textbox', { name: 'Surname' }).fill('Hartley');
  await first.getByRole('textbox', { name: 'Forenames' }).fill('Ann');
  await first.getByRole('textbox', { name: 'Date of birth' }).fill('31/02/1988');
  await page.getByRole('button', { name: 'Remove person 2' }).click();
  await page.getByRole('button', { name: 'Check' }).press('Enter');
  await expect(first.getByRole('textbox', { name: 'Date of birth' })).toBeFocused();
  await expect(
    page.getByText('Person 1: Date of birth 31/02/1988 is not a date (day/month/year).')
  ).toBeVisible();
  await expectFine(page);
  await first.getByRole('textbox', { name: 'Date of birth' }).fill('28/02/1988');
  await page.getByRole('button', { name: 'Check' }).press('Enter');
  const store = page.getByRole('button', { name: 'Store the notification' });
  await expect(store).toBeEnabled();
  await store.press('Enter');
  await expect(page.getByText('Imported: 1 person')).toBeVisible();
});

test('INTAKE16: for anyone but a coordinator there is nothing here', async ({ browser }) => {
  const page = await demonstration.sitDown(browser, 'Peter Ashdown');
  for (const path of [
    '/intake',
    '/intake/new',
    '/families',
    '/samples',
    '/samples/police-notifications-week.csv'
  ])
    expect((await page.request.get(path)).status(), path).toBe(404);
  const post = (path: string, body: object) =>
    page.request.post(path, { ...body, headers: { origin: demonstration.url } });
  expect((await post('/intake/look', { data: { occurrences: [], marks: [] } })).status()).toBe(404);
  expect(
    (await post('/intake/import', { multipart: { typed: '[["a","b"],["1","2"]]', order: '{}' } })).status()
  ).toBe(404);
});
