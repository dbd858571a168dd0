// Without a line, in a real browser on the production build: what was typed is there after a reload, comes back
// or is said to be refused or late, waits for its author alone; a page that stands idle goes blank first; and
// what sleeps or drops comes back clean.
import { expect, test, type Page } from '@playwright/test';
import { expectAccessible, startDemonstration, type Demonstration } from './demonstration.ts';
import { cardAt, command, join, meetingPath, openFamily } from './joining.ts';

let demo: Demonstration;
test.beforeAll(async () => {
  demo = await startDemonstration();
});
test.afterAll(() => demo.stop());

const box = (name: string) => (page: Page) => page.getByRole('textbox', { name });
const [worries, facts, opinion] = [
  box('What worries us'),
  box('HOU, facts, the family'),
  box('HOU, professional opinion, the family')
];
const alert = (page: Page) => page.locator('.line[role=alert]');
const offline = (page: Page, on: boolean) => page.context().setOffline(on);
const savedWithin = { timeout: 20_000 };

async function type(page: Page, field: (page: Page) => ReturnType<Page['locator']>, words: string) {
  await field(page).click();
  await page.keyboard.press('End');
  await page.keyboard.type(words);
}

/** Sits down and waits until the shell is on the device, so that a reload needs no server. */
async function sit(page: Page, how: 'in the room' | 'remotely', family: number): Promise<Page> {
  await join(page, how, family);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  // Leaving with words unsent is asked about; here it is meant.
  page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined));
  return page;
}

/** Types without a line, and waits until it is on the device. */
async function typeAway(page: Page, field: (page: Page) => ReturnType<Page['locator']>, words: string) {
  await offline(page, true);
  await type(page, field, words);
  await expect(alert(page)).toContainText('kept on this device.');
  await expect.poll(() => recordsOn(page)).toBeGreaterThan(1);
  await page.waitForTimeout(500);
}

/** How many things lie on the device, whoever's they are. */
function recordsOn(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('same-room');
        opening.onerror = () => reject(opening.error ?? new Error('none'));
        opening.onsuccess = () => {
          const counting = opening.result.transaction('records').objectStore('records').count();
          counting.onsuccess = () => {
            opening.result.close();
            resolve(counting.result);
          };
        };
      })
  );
}

test('OFFLINE6: typed without a line, over a reload, it is there, goes on, and is saved on return', async ({
  browser
}) => {
  const housing = await sit(await demo.sitDown(browser, 'Priya Nair'), 'remotely', 0);
  const police = await join(await demo.sitDown(browser, 'Peter Ashdown'), 'in the room', 0);
  await typeAway(housing, facts, 'Arrears of three months. ');
  await housing.reload();
  await expect(facts(housing)).toContainText('Arrears of three months.');
  await expect(alert(housing)).toHaveText(
    /You are offline since \d\d:\d\d\. 1 change is kept on this device\. Rating and hands need a connection\./
  );
  await expect(housing.getByRole('navigation', { name: /^Agenda/ }).getByRole('listitem')).toHaveCount(6);
  await typeAway(housing, worries, 'She fears the weekend. ');
  await expect(alert(housing)).toContainText('2 changes are kept on this device.');
  await expectAccessible(housing);
  await housing.reload();
  await expect(worries(housing)).toContainText('She fears the weekend.');
  await offline(housing, false);
  await expect(housing.getByText('Back. Your 2 changes are saved.')).toBeVisible(savedWithin);
  await expect(housing.getByRole('link', { name: 'open this page afresh' })).toBeVisible();
  await expect(police.getByText('Arrears of three months.')).toBeVisible();
  await expect(worries(police)).toContainText('She fears the weekend.');
  await housing.reload();
  await expect(housing.getByRole('button', { name: 'Sign out' })).toBeVisible();
  await expect(housing.getByText('kept on this device')).toHaveCount(0);
});

test('OFFLINE9: what the service worker keeps is the build and one page without a person, and a new tab needs the server', async ({
  browser
}) => {
  const page = await sit(await demo.sitDown(browser, 'Priya Nair'), 'remotely', 0);
  const kept = await page.evaluate(async () => {
    const found: { path: string; text: string; csp: string | null }[] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const response = await cache.match(request);
        const path = new URL(request.url).pathname;
        const text = path === '/offline' ? ((await response?.text()) ?? '') : '';
        found.push({ path, text, csp: response?.headers.get('content-security-policy') ?? null });
      }
    }
    return found;
  });
  expect(kept.filter(({ path }) => !/^\/(_app\/|favicon\.svg$|offline$)/.test(path))).toEqual([]);
  const shell = kept.find(({ path }) => path === '/offline');
  expect(shell?.csp).toContain("default-src 'none'");
  expect(shell?.text).not.toMatch(/Priya|Demo area|priya|F-\d{4}/);
  const path = await meetingPath(page);
  await offline(page, true);
  const tab = await page.context().newPage();
  await tab.goto(path);
  await expect(tab.getByRole('heading', { name: 'You are offline' })).toBeVisible();
  await expectAccessible(tab);
  await expect(tab.getByText(/F-\d{4}/)).toHaveCount(0);
  await page.context().close();
});

test('OFFLINE11: half-typed words of a command stay in their field without a line, and are done with one', async ({
  browser
}) => {
  const police = await join(await demo.sitDown(browser, 'Peter Ashdown'), 'in the room', 1);
  const rating = police.getByRole('radiogroup', { name: 'Rating of the family, POL' });
  await rating.getByRole('radio').nth(1).click();
  await police.getByRole('button', { name: 'Say why' }).click();
  const why = police.getByLabel('Why POL rates so');
  await why.fill('Two calls in');
  await offline(police, true);
  await expect(alert(police)).toBeVisible();
  await why.press('End');
  await police.keyboard.type(' a week');
  await police.getByRole('button', { name: 'Say why' }).click();
  await expect(police.getByText('This needs a connection.')).toBeVisible();
  await expect(why).toHaveValue('Two calls in a week');
  await offline(police, false);
  await expect(alert(police)).toHaveCount(0, savedWithin);
  await expect(why).toHaveValue('Two calls in a week');
  await police.getByRole('button', { name: 'Say why' }).click();
  await expect(police.getByText('Because: Two calls in a week')).toBeVisible();
});

test('OFFLINE7: of a card that was locked or taken away meanwhile, the words come back, and are there after a reload', async ({
  browser
}) => {
  const housing = await sit(await demo.sitDown(browser, 'Grace Whitlock'), 'remotely', 2);
  const chair = await join(await demo.sitDown(browser, 'Joy Okafor'), 'in the room', 2);
  const [locked, hidden] = [await cardAt(chair, 2), await cardAt(chair, 3)];
  await typeAway(housing, facts, 'The rent was paid in cash. ');
  const entry = housing
    .getByRole('navigation', { name: /^Agenda/ })
    .getByRole('listitem')
    .nth(3);
  await entry.getByRole('button').click();
  await expect(housing.getByText('This family was not open on this device')).toBeVisible();
  await command(
    chair,
    { type: 'joint.set', cardId: locked, memberId: null, rating: 'amber', reason: 'Two reports.' },
    { type: 'card.lock', cardId: locked, reason: 'Time.' }
  );
  await housing.reload();
  await offline(housing, false);
  const late = housing.getByText('Written after the lock: HOU, facts on the family');
  await expect(late).toBeVisible(savedWithin);
  await expect(chair.getByText(/Grace Whitlock, arrived/)).toHaveCount(1);
  await entry.getByRole('button').click();
  await expect(facts(housing)).toBeVisible();
  await typeAway(housing, facts, 'He asked for her new address. ');
  await housing.reload();
  await expect(facts(housing)).toContainText('He asked for her new address.');
  const session = (await (await housing.request.get('/api/session')).json()) as { user: { id: string } };
  await command(chair, { type: 'person.exclude', cardId: hidden, userId: session.user.id });
  await offline(housing, false);
  await expect(housing.getByText('This family is no longer yours to see.').first()).toBeVisible(savedWithin);
  await expect(housing.locator('blockquote')).toHaveText([
    'The rent was paid in cash.',
    'He asked for her new address.'
  ]);
  await housing.waitForTimeout(500);
  await housing.reload();
  await expect(housing.locator('blockquote')).toHaveCount(2);
  await expect(chair.getByText(/Grace Whitlock, arrived/)).toHaveCount(1);
  await expectAccessible(housing);
  for (let left = 2; left > 0; left--) await housing.getByRole('button', { name: 'Discard' }).first().click();
  await housing.waitForTimeout(500);
  await housing.reload();
  await expect(housing.getByText(/^(Connected|Saved)/)).toBeVisible();
  await expect(housing.locator('blockquote')).toHaveCount(0);
});

test('OFFLINE8: signed out meanwhile, the words wait for their author alone; a day later they are gone', async ({
  browser
}) => {
  const page = await sit(await demo.sitDown(browser, 'Priya Nair'), 'remotely', 4);
  const words = 'She has moved to her sister’s. ';
  await typeAway(page, opinion, words);
  await page.request.post('/api/auth/sign-out');
  await offline(page, false);
  const unsent = page.getByText('You were signed out. 1 change is unsent.');
  await expect(unsent).toBeVisible(savedWithin);
  await expect(page.getByText(words)).toHaveCount(0);
  await expectAccessible(page);
  await page.waitForTimeout(1500);
  await expect(unsent, 'it goes on being said').toBeVisible();
  const sitDown = async (name: string) => {
    await page.goto('/sign-in');
    await page.getByRole('button', { name: new RegExp(`^${name}`) }).click();
    await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
  };
  await sitDown('Peter Ashdown');
  await join(page, 'remotely', 4);
  await expect(page.getByText(words)).toHaveCount(0);
  await expect(page.getByText('kept on this device')).toHaveCount(0);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await sitDown('Priya Nair');
  await join(page, 'remotely', 4);
  await expect(opinion(page)).toContainText(words.trim());
  await expect(page.getByText('Saved', { exact: false }).first()).toBeVisible(savedWithin);
  const reader = await join(await demo.sitDown(browser, 'Peter Ashdown'), 'in the room', 4);
  await expect(reader.getByText(words.trim())).toBeVisible();

  await typeAway(page, opinion, 'Never sent. ');
  await page.request.post('/api/auth/sign-out');
  await offline(page, false);
  await expect(page.getByText('1 change is unsent.')).toBeVisible(savedWithin);
  expect(await recordsOn(page)).toBeGreaterThan(0);
  const now = Date.now();
  await page.clock.setFixedTime(now + 25 * 3_600_000);
  await page.goto('/sign-in');
  await expect.poll(() => recordsOn(page)).toBe(0);
});

test('IDLE3: a page that nobody moves at warns without taking the focus, then goes blank, and costs no word', async ({
  browser
}) => {
  const page = await demo.sitDown(browser, 'Hannah Osei');
  await page.clock.install();
  await join(page, 'remotely', 1);
  const field = page.getByRole('textbox', { name: 'HEA, facts, the family' });
  await field.click();
  await page.clock.fastForward('13:10');
  const warning = page.getByText('You will be signed out in two minutes.');
  await expect(warning).toBeVisible();
  await expect(field).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.type('S');
  await expect(warning).toHaveCount(0);
  await expect(page.getByText(/^Saved/)).toBeVisible();
  await page.clock.fastForward('13:30');
  await page.getByRole('button', { name: 'Stay signed in' }).click();
  await expect(page.getByText('You will be signed out')).toHaveCount(0);
  await offline(page, true);
  await field.click();
  await page.keyboard.type('een in May. ');
  await page.clock.fastForward('16:00');
  await expect(page.getByText('You were signed out after 15 minutes. 1 change is unsent.')).toBeVisible();
  await expect(page.getByText('een in May')).toHaveCount(0);
  await expect(page.getByText(/F-\d{4}/)).toHaveCount(0);
  await expectAccessible(page);
  await page.context().close();
});

test('WAKE2: a page that was frozen comes back clean', async ({ browser }) => {
  const page = await join(await demo.sitDown(browser, 'Priya Nair'), 'remotely', 5);
  const other = await join(await demo.sitDown(browser, 'Peter Ashdown'), 'in the room', 5);
  const wire = await page.context().newCDPSession(page);
  await type(page, worries, 'Before. ');
  await wire.send('Page.setWebLifecycleState', { state: 'frozen' });
  await type(other, worries, 'Meanwhile. ');
  await other.waitForTimeout(2000);
  await wire.send('Page.setWebLifecycleState', { state: 'active' });
  await expect(worries(page)).toContainText('Meanwhile.');
  await type(page, worries, 'After. ');
  await expect(worries(other)).toContainText('After.');
  await expect(page.getByText(/^Saved/)).toBeVisible(savedWithin);
  await page.close();
  await other.close();
});

test('WAKE4: who leaves the board and comes back by the back button finds what others wrote meanwhile, and writes on', async ({
  browser
}) => {
  const page = await join(await demo.sitDown(browser, 'Priya Nair'), 'remotely', 1);
  const other = await join(await demo.sitDown(browser, 'Peter Ashdown'), 'in the room', 1);
  page.on('dialog', (dialog) => void dialog.accept());
  const needs = box('What the family needs');
  const ways = [
    () => page.getByRole('link', { name: 'Meetings', exact: true }).first().click(),
    () => page.goto('/favicon.svg')
  ];
  for (const [way, leave] of ways.entries()) {
    await type(page, needs, `Before ${way}. `);
    await leave();
    await expect(page.getByRole('textbox')).toHaveCount(0);
    await type(other, needs, `Meanwhile ${way}. `);
    await expect(other.getByText(/^Saved/)).toBeVisible();
    await page.goBack();
    await openFamily(page, 1);
    await expect(needs(page)).toContainText(`Meanwhile ${way}.`);
    await type(page, needs, `After ${way}. `);
    await expect(page.getByText(/^Saved/)).toBeVisible(savedWithin);
    for (const at of [page, other])
      for (const words of [`Before ${way}.`, `Meanwhile ${way}.`, `After ${way}.`])
        await expect.poll(async () => (await needs(at).innerText()).split(words).length - 1).toBe(1);
  }
  await page.close();
  await other.close();
});

test('WAKE3: on a Wi-Fi that drops again and again two people type, and no letter is lost or doubled', async ({
  browser
}) => {
  const pages = [
    await join(await demo.sitDown(browser, 'Priya Nair'), 'remotely', 5),
    await join(await demo.sitDown(browser, 'Callum Reid'), 'remotely', 5)
  ] as const;
  const needs = box('What the family needs');
  const said = pages.map((_, at) => Array.from({ length: 24 }, (_, word) => `${'pc'[at]}${word}`));
  let typing = true;
  const weather = (async () => {
    while (typing) {
      await Promise.all(pages.map((page) => offline(page, false)));
      await pages[0].waitForTimeout(3000);
      await Promise.all(pages.map((page) => offline(page, typing)));
      await pages[0].waitForTimeout(typing ? 2000 : 0);
    }
    await Promise.all(pages.map((page) => offline(page, false)));
  })();
  await Promise.all(
    pages.map(async (page, at) => {
      await needs(page).click();
      for (const word of said[at] ?? []) await page.keyboard.type(`${word} `, { delay: 60 });
    })
  );
  typing = false;
  await weather;
  await expect(async () => {
    const [one = '', two = ''] = await Promise.all(pages.map((page) => needs(page).innerText()));
    expect(one).toBe(two);
    const letters = [...one.replace(/\s/g, '')].sort().join('');
    expect(letters).toBe([...said.flat().join('')].sort().join(''));
  }).toPass(savedWithin);
  for (const page of pages) await expect(page.getByText(/^Saved/)).toBeVisible(savedWithin);
});
