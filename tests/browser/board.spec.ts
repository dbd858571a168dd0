// The live board in real browsers on the production build: people writing in one card at once, a lost line, and
// a refusal, after which the words come back to their author and never as the old update.
import { expect, test, type Page, type WebSocketRoute } from '@playwright/test';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { expectAccessible, startDemonstration, type Demonstration } from './demonstration.ts';
import { cardAt, command, join, openFamily } from './joining.ts';

let demo: Demonstration;
test.beforeAll(async () => {
  demo = await startDemonstration();
});
test.afterAll(() => demo.stop());

const worries = (page: Page) => page.getByRole('textbox', { name: 'What worries us' });

/** A sync message that carries an update, as y-websocket sends it. */
function updateMessage(update: Uint8Array): Buffer {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 0);
  encoding.writeVarUint(encoder, 2);
  encoding.writeVarUint8Array(encoder, update);
  return Buffer.from(encoding.toUint8Array(encoder));
}

const isUpdate = (message: string | Buffer) =>
  typeof message !== 'string' && message[0] === 0 && message[1] === 2;

test('BOARD2: three people type in one section at once, and each sees what all wrote, and who writes', async ({
  browser
}) => {
  const chair = await join(await demo.sitDown(browser, 'Joy Okafor'), 'in the room', 1);
  const police = await join(await demo.sitDown(browser, 'Peter Ashdown'), 'in the room', 1);
  const housing = await join(await demo.sitDown(browser, 'Priya Nair'), 'remotely', 1);
  const all = [chair, police, housing];
  const said = ['He has a key to the flat. ', 'Two calls in a week. ', 'The tenancy is joint. '];
  await Promise.all(
    all.map(async (page, at) => {
      await worries(page).click();
      await page.keyboard.press('End');
      await page.keyboard.type(said[at] ?? '', { delay: 15 });
    })
  );
  await expect(chair.getByText(/(HOU, POL are|POL is|HOU is) writing here/).first()).toBeVisible();
  await expect(async () => {
    const texts = await Promise.all(all.map((page) => worries(page).innerText()));
    expect(new Set(texts).size).toBe(1);
    const letters = [...said.join('')].sort().join('').trim();
    expect([...(texts[0] ?? '')].sort().join('').trim()).toContain(letters.slice(-20));
  }).toPass();
  for (const page of all) await expect(page.getByText(/^Saved \d\d:\d\d$/)).toBeVisible();
  const people = chair.getByRole('region', { name: /^People/ });
  await expect(people.getByRole('listitem').filter({ hasText: 'Priya Nair' })).toBeVisible();
  await expectAccessible(chair);
  await expectAccessible(housing);
});

test('BOARD3: opening a card with all its editors writes nothing', async ({ browser }) => {
  const page = await demo.sitDown(browser, 'Hannah Osei');
  const updates: number[] = [];
  await page.routeWebSocket(/\/sync\//, (route) => {
    const server = route.connectToServer();
    route.onMessage((message) => {
      if (isUpdate(message)) updates.push(message.length);
      server.send(message);
    });
  });
  await join(page, 'in the room', 0);
  await expect(worries(page)).toBeVisible();
  await worries(page).click();
  await page.keyboard.press('Escape');
  await page.waitForTimeout(1500);
  expect(updates).toEqual([]);
  await expect(page.getByText(/^Connected$/)).toBeVisible();
});

test('BOARD4: offline, writing goes on and is said to be kept; back, it is saved and everyone sees it', async ({
  browser
}) => {
  const housing = await join(await demo.sitDown(browser, 'Priya Nair'), 'remotely', 2);
  const police = await join(await demo.sitDown(browser, 'Peter Ashdown'), 'in the room', 2);
  const facts = housing.getByRole('textbox', { name: 'HOU, facts, the family' });
  await housing.context().setOffline(true);
  await facts.click();
  await housing.keyboard.type('Arrears of three months.');
  await expect(housing.getByRole('alert')).toHaveText(
    /You are offline since \d\d:\d\d\. 1 change is kept on this device\. Rating and hands need a connection\./
  );
  await expectAccessible(housing);
  await housing
    .getByRole('radiogroup', { name: 'Rating of the family, HOU' })
    .getByRole('radio')
    .first()
    .click();
  await expect(housing.getByText('This needs a connection.')).toBeVisible();
  await expect(police.getByText('Arrears of three months.')).toHaveCount(0);
  await housing.context().setOffline(false);
  await expect(housing.getByText('Back. Your 1 change is saved.')).toBeVisible({ timeout: 20_000 });
  await expect(police.getByText('Arrears of three months.')).toBeVisible();
});

test('BOARD5: words that the server refused come back by section, and are put back as new typing', async ({
  browser
}) => {
  const page = await demo.sitDown(browser, 'Priya Nair');
  const other = await join(await demo.sitDown(browser, 'Peter Ashdown'), 'in the room', 3);
  let forging = false;
  const forged = new Y.Doc();
  forged.getMap('agency/00000000-0000-4000-8000-000000000000').set('family/facts', 'forged');
  await page.routeWebSocket(/\/sync\/.*cards\//, (route: WebSocketRoute) => {
    const server = route.connectToServer();
    // While it forges, the person's own update never leaves, and one to a section that is not theirs does.
    route.onMessage((message) => {
      if (!forging || !isUpdate(message)) server.send(message);
      else server.send(updateMessage(Y.encodeStateAsUpdate(forged)));
    });
  });
  await join(page, 'remotely', 3);
  await worries(page).click();
  await page.keyboard.press('End');
  forging = true;
  await page.keyboard.insertText('She is not safe at her mother’s. ');
  await expect(page.getByText('Not saved: Analysis: worries')).toBeVisible();
  forging = false;
  await expect(page.locator('blockquote')).toContainText('She is not safe at her mother’s.');
  await expect(other.getByText('She is not safe at her mother’s.')).toHaveCount(0);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Put back' }).click();
  await expect(page.getByText('Not saved: Analysis: worries')).toHaveCount(0);
  await expect(worries(other)).toContainText('She is not safe at her mother’s.');
  await expect(page.getByText(/^Saved \d\d:\d\d$/)).toBeVisible();
});

test('BOARD19: all words that came back are put back in one act, of every family; what is locked meanwhile stays to be copied', async ({
  browser
}) => {
  const page = await demo.sitDown(browser, 'Priya Nair');
  const chair = await join(await demo.sitDown(browser, 'Joy Okafor'), 'in the room', 2);
  let line: 'open' | 'held' | 'forging' = 'open';
  const forged = new Y.Doc();
  forged.getMap('agency/00000000-0000-4000-8000-000000000000').set('family/facts', 'forged');
  await page.routeWebSocket(/\/sync\/.*cards\//, (route: WebSocketRoute) => {
    const server = route.connectToServer();
    // While it is held nothing that is typed leaves; then one forged update does in place of the next.
    route.onMessage((message) => {
      if (line === 'open' || !isUpdate(message)) server.send(message);
      else if (line === 'forging') server.send(updateMessage(Y.encodeStateAsUpdate(forged)));
    });
  });
  await join(page, 'remotely', 2);
  const field = (name: string) => page.getByRole('textbox', { name });
  /** Types in several places of a family at once, and is refused. */
  async function refusedAt(family: number, words: Record<string, string>): Promise<void> {
    await openFamily(page, family);
    const places = Object.entries(words);
    line = 'held';
    for (const [at, [name, said]] of places.entries()) {
      await field(name).click();
      await page.keyboard.press('End');
      if (at === places.length - 1) line = 'forging';
      await page.keyboard.insertText(said);
    }
    for (const said of Object.values(words))
      await expect(page.locator('blockquote', { hasText: said })).toBeVisible();
    line = 'open';
  }
  const [fears, needs, facts] = ['What worries us', 'What the family needs', 'HOU, facts, the family'];
  await refusedAt(2, { [facts]: 'Arrears since May.' });
  await refusedAt(4, { [needs]: 'A new lock.' });
  await refusedAt(5, {
    [fears]: 'He has a key.',
    [needs]: 'A safe place.',
    [facts]: 'The tenancy is joint.'
  });
  const locked = await cardAt(chair, 4);
  await command(
    chair,
    { type: 'joint.set', cardId: locked, memberId: null, rating: 'amber', reason: 'Two reports.' },
    { type: 'card.lock', cardId: locked, reason: 'Time.' }
  );
  await expect(page.getByText('4 passages that you wrote came back to you')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Put all back' }).press('Enter');
  await expect(page.locator('blockquote')).toHaveText(['A new lock.']);
  await expect(page.getByRole('button', { name: /^Put (all )?back/ })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Copy' })).toBeVisible();
  await expect(page.getByText(/^Saved \d\d:\d\d$/)).toBeVisible();
  await expect(chair.getByText('Arrears since May.')).toHaveCount(1);
  await openFamily(chair, 5);
  await expect(worries(chair)).toContainText('He has a key.');
  await expect(chair.getByRole('textbox', { name: needs })).toContainText('A safe place.');
  await expect(chair.getByText('The tenancy is joint.')).toHaveCount(1);
  await openFamily(chair, 4);
  await expect(chair.getByText('A new lock.')).toHaveCount(0);
});
