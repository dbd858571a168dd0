// A whole meeting in one run: six families, eight people. The chair leads by keys alone, three reps are in the room, two are
// remote, one of them called in and dropped on the way; an observer watches; the chair's line is lost and the deputy takes
// over, closes, by keys too, and everyone has their own minutes and their own list.
import { expect, test, type Page } from '@playwright/test';
import { concludeByKeys, tabTo } from './by-keys.ts';
import { command } from './commanding.ts';
import { expectAccessible, startDemonstration, type Demonstration } from './demonstration.ts';
import { agenda, join } from './joining.ts';

const names = {
  chair: 'Joy Okafor',
  deputy: 'Sam Malik',
  police: 'Peter Ashdown',
  idva: 'Ines Duarte',
  housing: 'Priya Nair',
  health: 'Hannah Osei',
  probation: 'Dana Kowalska',
  observer: 'Ola Berg'
} as const;
type Who = keyof typeof names;
const remote: readonly Who[] = ['health', 'probation'];

let demo: Demonstration;
const pages = new Map<Who, Page>();
const of = (who: Who): Page => {
  const page = pages.get(who);
  if (!page) throw new Error(`${who} has no page`);
  return page;
};
test.describe.configure({ mode: 'serial' });
test.beforeAll(async ({ browser }) => {
  test.setTimeout(240_000); // eight browsers
  demo = await startDemonstration();
  for (const [who, name] of Object.entries(names) as [Who, string][])
    pages.set(
      who,
      await join(await demo.sitDown(browser, name), remote.includes(who) ? 'remotely' : 'in the room')
    );
});
test.afterAll(() => demo.stop());

const steps = (page: Page) =>
  page.getByRole('list', { name: /^Where the table is/ }).locator('[aria-current=step]');
/** Whoever leads from now on touches neither mouse nor screen. */
const onKeysAlone = (page: Page) =>
  page.evaluate(() => addEventListener('pointerdown', () => (document.title = 'touched'), true));
const expectUntouched = (page: Page) => expect(page).not.toHaveTitle('touched');
/** All at once: what is said aloud stands for a moment only. */
const everyone = (see: (page: Page) => Promise<void>, but: readonly Who[] = []) =>
  Promise.all([...pages].flatMap(([who, page]) => (but.includes(who) ? [] : [see(page)])));
/** The chair's one key, until the table stands there. */
async function goTo(leader: Page, stage: string): Promise<void> {
  for (let most = 6; most > 0 && (await steps(leader).innerText()) !== stage; most--) {
    const before = await steps(leader).innerText();
    await leader.keyboard.press('Control+.');
    // A reveal asks first.
    const asked = leader.getByRole('button', { name: 'Reveal to everyone' });
    await expect
      .poll(async () => (await asked.isVisible()) || (await steps(leader).innerText()) !== before)
      .toBe(true);
    if (await asked.isVisible()) await asked.press('Enter');
    await expect(steps(leader)).not.toHaveText(before);
  }
  await expect(steps(leader)).toHaveText(stage);
}

test('WHOLE1: eight people go through a family: what each brings, ratings, reveal, conclusion, plan, lock', async () => {
  const chair = of('chair');
  await onKeysAlone(chair);
  const people = of('observer').getByRole('region', { name: /^People/ });
  for (const [who, name] of Object.entries(names))
    if (who !== 'probation') await expect(people).toContainText(name);
  await goTo(chair, 'Information');
  for (const [who, code, words] of [
    ['housing', 'HOU', 'The locks were last changed in 2023. '],
    ['health', 'HEA', 'A second visit is booked for Monday. ']
  ] as const) {
    await of(who)
      .getByRole('textbox', { name: `${code}, facts, the family` })
      .click();
    await of(who).keyboard.type(words);
    await expect(of('observer').getByText(words.trim())).toBeVisible();
  }
  await of('health').keyboard.press('F8');
  await expect(chair.getByRole('region', { name: /^Hands/ })).toContainText(names.health);
  await command(chair, `Lower the hand of ${names.health}`);
  await expect(chair.getByText('No hand is up.')).toBeVisible();
  await goTo(chair, 'Ratings');
  await everyone(async (page) => expect(page.getByText(/^Ask first:/)).toBeVisible(), ['probation']);
  for (const width of [1440, 390, 320])
    for (const forcedColors of ['active', 'none'] as const) {
      await chair.emulateMedia({ forcedColors });
      await chair.setViewportSize({ width, height: 900 });
      await expectAccessible(chair);
      expect(await chair.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
  await chair.setViewportSize({ width: 1440, height: 900 });
  await concludeByKeys(chair, 'Red', 'Strangulation, and he has a key.');
  const accept = of('housing')
    .getByRole('button', { name: /^Accept/ })
    .first();
  await accept.click();
  const accepted = of('observer').getByText(/Accepted by HOU, Priya Nair/);
  await expect(accepted).toBeVisible();
  await of('housing').getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(accepted).toHaveCount(0);
  await accept.click();
  await expect(accepted).toBeVisible();
  await command(chair, 'Lock');
  await tabTo(chair, chair.getByLabel('Why lock all the same?'));
  await chair.keyboard.type('The rest by letter.');
  await tabTo(chair, chair.getByRole('button', { name: 'Lock all the same' }));
  await chair.keyboard.press('Enter');
  await everyone(
    async (page) => expect(page.getByText(/Locked \d\d:\d\d by Joy Okafor/).first()).toBeVisible(),
    ['probation']
  );
});

test('WHOLE2: a remote rep is called in, drops on the way, comes back and is told what changed', async () => {
  const [chair, probation] = [of('chair'), of('probation')];
  const reference = await agenda(probation).first().locator('.reference').innerText();
  await command(chair, `${reference},`);
  await command(chair, `Show ${reference} to all`);
  await command(chair, 'Ask in: Probation');
  await probation.getByRole('button', { name: 'I am coming' }).click();
  await probation.getByRole('button', { name: 'Nobody can overhear me' }).click();
  await expect(chair.getByText('remote, alone')).toBeVisible();
  // What lies a minute back is told of; the drop itself is as real as a browser makes it.
  await probation.evaluate(() => {
    for (const key of Object.keys(sessionStorage))
      if (key.startsWith('same-room/seen/')) sessionStorage.setItem(key, String(Date.now() - 300_000));
  });
  await probation.context().setOffline(true);
  await expect(probation.getByRole('alert').getByText(/You are offline since/)).toBeVisible();
  await of('police').getByRole('textbox', { name: 'What worries us' }).click();
  await of('police').keyboard.type('He was seen at the school on Friday. ');
  await expect(chair.getByText('He was seen at the school on Friday.')).toBeVisible();
  await probation.getByRole('textbox', { name: 'PRO, facts, the family' }).click();
  await probation.keyboard.type('He missed two appointments. ');
  await probation.context().setOffline(false);
  await expect(chair.getByText('He missed two appointments.')).toBeVisible();
  await expect(probation.getByText('He was seen at the school on Friday.')).toBeVisible();
  // The meeting's own line comes back in its own time, and what was said without it is not said again.
  await expect(probation.getByText(/^Saved/)).toBeVisible();
  await expectAccessible(probation);
  await expectUntouched(chair);
});

test('WHOLE3: the chair is lost, the deputy takes over by an act of theirs and goes on', async () => {
  const deputy = of('deputy');
  await of('chair').close();
  pages.delete('chair');
  await deputy.getByRole('button', { name: 'Take the chair' }).click();
  await everyone(async (page) =>
    expect(page.locator('p[aria-live=polite]')).toHaveText(`${names.deputy} has taken the chair.`)
  );
  await onKeysAlone(deputy);
  await goTo(deputy, 'Analysis');
  await goTo(deputy, 'Ratings');
  await expect(steps(of('police'))).toHaveText('Ratings');
  await concludeByKeys(deputy, 'Amber', 'As the table saw it.');
  await expect(of('probation').getByText('As the table saw it.')).toBeVisible();
});

test('WHOLE4: closed, what was concluded is locked, what was not reached goes back, each has their own minutes and list, and the report waits for the month’s end', async ({
  browser
}) => {
  const deputy = of('deputy');
  await command(deputy, 'Close the meeting');
  const dialog = deputy.getByRole('dialog');
  await tabTo(deputy, dialog.getByLabel('Why close all the same?'));
  await deputy.keyboard.type('The rest by letter.');
  await expectAccessible(deputy);
  await tabTo(deputy, dialog.getByRole('button', { name: 'Lock the record' }));
  await deputy.keyboard.press('Enter');
  await expect(dialog.getByRole('group', { name: 'Once more' })).toContainText(
    'back on the coordinator’s list'
  );
  await deputy.keyboard.press('Enter');
  await expectUntouched(deputy);
  await everyone(
    async (page) => expect(page.getByText('This meeting is closed.').first()).toBeVisible(),
    ['observer']
  );
  await deputy.getByRole('link', { name: 'Read the minutes' }).click();
  await expect(deputy.getByRole('heading', { name: /^F-\d+$/ })).toHaveCount(2);
  await expect(deputy.getByText('Strangulation, and he has a key.')).toBeVisible();
  const probation = of('probation');
  await probation.getByRole('link', { name: 'Read the minutes' }).click();
  await expect(probation.getByRole('heading', { name: /^F-\d+$/ })).toHaveCount(1);
  await expect(probation.getByText('Strangulation, and he has a key.')).toHaveCount(0);
  const report = await demo.sitDown(browser, 'Carys Bevan');
  await report.goto('/reports/attendance');
  await expect(report.getByText(/: 3 closed meetings, in the room/)).toBeVisible();
  const housing = of('housing');
  await housing.goto('/actions');
  await expect(housing.getByText('Offer a change of locks while bail lasts', { exact: true })).toBeVisible();
  await expectAccessible(housing);
  const observer = of('observer');
  await observer.goto(`${new URL(deputy.url()).pathname}`);
  await expect(observer.getByText('Strangulation, and he has a key.')).toHaveCount(0);
});
