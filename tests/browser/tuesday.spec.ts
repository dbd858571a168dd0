// The day after, as its people have it: an agency's actions, the coordinator's list to chase, a family's outcome, and
// what the next meeting opens with, on one demonstration whose meeting was locked and closed.
import { createHash } from 'node:crypto';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { addAction } from '#lib/card/edit.ts';
import { canonicalAction } from '#lib/domain/action.ts';
import { demoId, password } from '#server/demo/people.ts';
import { Actor } from '#server/invented/actor.ts';
import { expectAccessible, startDemonstration, type Demonstration } from './demonstration.ts';

interface Listed {
  readonly id: string;
  readonly state: string;
  readonly cards: readonly { readonly id: string; readonly family: { readonly reference: string } }[];
}

let demonstration: Demonstration;
let meeting: Listed;
const words = 'Put a marker on the address';

test.beforeAll(async () => {
  demonstration = await startDemonstration();
  const { url } = demonstration;
  const chair = await Actor.signIn(url, 'joy.okafor@demo.example', password);
  const found = (await chair.get<Listed[]>('/api/meetings')).find(({ state }) => state === 'open');
  if (!found) throw new Error('The demonstration has no open meeting');
  meeting = found;
  const cardId = meeting.cards[0]?.id ?? '';
  const police = await Actor.signIn(url, 'peter.ashdown@demo.example', password);
  const yesterday = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10);
  const action = { what: words, agencyId: demoId('agency', 'POL'), by: yesterday, memberId: null };
  const actionId = await police.writes(meeting.id, `cards/${cardId}`, (doc) => addAction(doc, action));
  await police.enter(meeting.id, 'room');
  const reading = createHash('sha256').update(canonicalAction(action)).digest('hex');
  await police.does({ type: 'action.accept', cardId, actionId, reading });
  police.leave();
  await chair.enter(meeting.id, 'room');
  await chair.does({
    type: 'joint.set',
    cardId,
    memberId: null,
    rating: 'red',
    reason: 'As the table saw it'
  });
  await chair.does({ type: 'card.lock', cardId, reason: 'The rest by letter' });
  await chair.does({ type: 'meeting.close', reason: 'It is late' });
  chair.leave();
});
test.afterAll(() => demonstration.stop());
test.describe.configure({ mode: 'serial' });

const reference = () => meeting.cards[0]?.family.reference ?? '';
const told = (page: Page) => page.locator('#told');

/** Axe finds nothing, wide and narrow, and nothing runs out of the side at 320 px. */
async function expectWell(page: Page): Promise<void> {
  await expectAccessible(page);
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await expectAccessible(page);
  await page.setViewportSize({ width: 1440, height: 900 });
}

test('TUESDAY12: by keyboard a rep says what became of an action, takes it back, and says why it was not done', async ({
  browser
}) => {
  const page = await demonstration.sitDown(browser, 'Hannah Osei');
  await page.goto('/');
  await page.getByRole('link', { name: 'Your agency: 1 action open' }).press('Enter');
  await expect(page.getByRole('heading', { name: 'To do' })).toBeVisible();
  await page.getByRole('button', { name: /^Done today: Ask the surgery/ }).press('Enter');
  await expect(told(page)).toHaveText(new RegExp(`^${reference()}: done`));
  await expect(told(page)).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(told(page)).toHaveText(new RegExp(`^${reference()}: open`));
  const form = page.getByRole('group').filter({ hasText: 'Say what became of it' });
  await form.locator('summary').press('Enter');
  await form.getByRole('radio', { name: 'Not done' }).press('Space');
  await form.getByRole('button', { name: 'Record it' }).press('Enter');
  await expect(form.getByText('Say why it was not done.')).toBeVisible();
  await expect(form.getByLabel('Note')).toBeFocused();
  await page.keyboard.type('The surgery had no place before Monday');
  await expectWell(page);
  await form.getByRole('button', { name: 'Record it' }).press('Enter');
  await expect(page.getByRole('region', { name: 'Ended' })).toContainText('had no place before Monday');
  await expect(told(page)).toBeFocused();
  await expectWell(page);
  await page.context().close();
});

test('CHASE4: one act copies a reminder and keeps it; the print holds references, agencies and days alone', async ({
  browser
}) => {
  const page = await demonstration.sitDown(browser, 'Carys Bevan');
  await page.goto('/');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('link', { name: /^To chase: 4 actions open, 1 overdue, 2 nobody’s/ }).click();
  await expect(page.getByRole('heading', { level: 2 }).first()).toHaveText('Nobody’s');
  await page.getByRole('button', { name: 'Copy the reminder to Police' }).click();
  await expect(page.getByText(/^Reminded .* by Carys Bevan/)).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^Police: 1 action is due on .*\. Sign in to Same Room to see it\.$/);
  await expectWell(page);
  await page.getByRole('link', { name: 'By date' }).click();
  await expect(page.getByRole('heading', { name: 'By date' })).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('cell', { name: reference() })).toHaveCount(2);
  await expect(page.getByText(words, { exact: true })).toBeHidden();
  await page.context().close();
});

test('OUTCOME5: who had no action reads what became of the others’; no title and no address names a family', async ({
  browser
}) => {
  const page = await demonstration.sitDown(browser, 'Uma Chandra');
  await page.goto('/');
  await page
    .getByRole('link', { name: /^Outcomes of/ })
    .first()
    .click();
  await expectWell(page);
  await page.getByRole('link', { name: reference(), exact: true }).first().click();
  await expect(page.getByRole('heading', { name: reference() })).toBeVisible();
  await expect(page.getByText('The surgery had no place before Monday', { exact: true })).toBeVisible();
  expect(await page.title()).toBe('Outcome – Same Room');
  expect(page.url()).not.toMatch(/F-\d/);
  await expectWell(page);
  const outcome = page.url();
  await page.context().close();
  await tellVictim(browser, outcome);
  const observer = await demonstration.sitDown(browser, 'Ola Berg');
  expect((await observer.goto(outcome))?.status()).toBe(404);
  await observer.context().close();
});

/** The IDVA says that it is not safe to tell her, in place. */
async function tellVictim(browser: Browser, outcome: string): Promise<void> {
  const page = await demonstration.sitDown(browser, 'Ines Duarte');
  await page.goto(outcome);
  await page.getByText('Say that it was told').click();
  await page.getByRole('radio', { name: 'It is not safe to tell' }).check();
  await page.getByLabel('How, or why not').fill('He reads her messages');
  await page.getByRole('button', { name: 'Keep it' }).click();
  await expect(page.getByText('Not safe to tell', { exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.context().close();
}

test('TUESDAY9: the next meeting’s board opens with what was left, by family and agency, and the card has it', async ({
  browser
}) => {
  const page = await demonstration.sitDown(browser, 'Carys Bevan');
  await page.goto('/meetings/new');
  const nextWeek = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel('Day').fill(nextWeek);
  await page.getByRole('button', { name: 'Choose none' }).click();
  await page.getByRole('checkbox', { name: new RegExp(reference()) }).check();
  await page.getByRole('button', { name: 'Schedule it and go to the agenda' }).click();
  await page.getByRole('link', { name: 'Open the board' }).click();
  await page.getByRole('button', { name: 'I am joining remotely' }).click();
  const counts = 'From last time: 2 actions open, 1 overdue, 1 nobody’s';
  const left = page.getByRole('region', { name: counts });
  await left.getByText(counts).click();
  await expect(left).toContainText('Police');
  await expectAccessible(page);
  await left.getByRole('button', { name: reference() }).click();
  await expect(page.getByRole('article').getByText(words, { exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.context().close();
});
