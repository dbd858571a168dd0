// The minutes as people see and print them, and the export over HTTP, on the demonstration's own process.
import { expect, test, type Page } from '@playwright/test';
import { password } from '#server/demo/people.ts';
import { Actor } from '#server/invented/actor.ts';
import { expectAccessible, startDemonstration, type Demonstration } from './demonstration.ts';

interface Listed {
  readonly id: string;
  readonly state: string;
  readonly cards: readonly { readonly id: string; readonly family: { readonly reference: string } }[];
}

let demonstration: Demonstration;
let meeting: Listed;
let chair: Actor;

test.beforeAll(async () => {
  demonstration = await startDemonstration();
  chair = await Actor.signIn(demonstration.url, 'joy.okafor@demo.example', password);
  const found = (await chair.get<Listed[]>('/api/meetings')).find(({ state }) => state === 'open');
  if (!found) throw new Error('The demonstration has no open meeting');
  meeting = found;
});
test.afterAll(() => demonstration.stop());

const minutes = () => `/meetings/${meeting.id}/minutes`;
const references = () => meeting.cards.slice(0, 2).map(({ family }) => family.reference);

async function lockTwo(): Promise<void> {
  await chair.enter(meeting.id, 'room');
  for (const { id: cardId } of meeting.cards.slice(0, 2)) {
    await chair.does({
      type: 'joint.set',
      cardId,
      memberId: null,
      rating: 'amber',
      reason: 'As the table saw it'
    });
    await chair.does({ type: 'card.lock', cardId, reason: 'The rest by letter' });
  }
  chair.leave();
}

/** How many pages the print has. */
async function printed(page: Page): Promise<number> {
  const pdf = await page.pdf({ preferCSSPageSize: true });
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
}

test('MIN6: the minutes say what to do before a lock, and then hold each decision, on screen and in print', async ({
  browser
}) => {
  const page = await demonstration.sitDown(browser, 'Joy Okafor');
  await page.goto(minutes());
  await expect(page.getByText('Nothing is locked yet')).toBeVisible();
  await expectAccessible(page);
  await lockTwo();
  await page.reload();
  for (const reference of references())
    await expect(page.getByRole('heading', { name: reference, exact: true })).toBeVisible();
  await expect(page.getByText('Joint rating of the family:').first()).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await expectAccessible(page);
  expect(await page.title()).toBe('Minutes – Same Room');
  await page.emulateMedia({ media: 'print' });
  // The running head is for print alone, and each family begins a page after the meeting's own.
  await expect(page.getByText(/^Seal [0-9a-f]{4}-[0-9a-f]{4}$/)).toHaveCount(2);
  await expect(page.getByText(/^Seal [0-9a-f]{4}-[0-9a-f]{4}$/).first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Print' })).toBeHidden();
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeHidden();
  expect(await printed(page)).toBeGreaterThanOrEqual(3);
});

test('EXP5: over HTTP the export is JSON and CSV; 401 without a session, and 404 alike for what is not there or not theirs', async () => {
  const get = (actor: Actor | undefined, path: string) =>
    fetch(new URL(path, demonstration.url), { headers: { cookie: actor?.cookie ?? '' } });
  const path = `/api/meetings/${meeting.id}/decisions`;
  const answer = await get(chair, path);
  expect(answer.status).toBe(200);
  const { decisions } = (await answer.json()) as { decisions: { content: Record<string, unknown> }[] };
  expect(decisions).toHaveLength(2);
  for (const { content } of decisions) expect(content).not.toHaveProperty('protected');
  for (const asked of [`${path}.csv`, `${path}?format=csv`]) {
    const csv = await get(chair, asked);
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect((await csv.text()).split('\r\n')[1]).toContain(references()[0]);
  }
  const rep = await Actor.signIn(demonstration.url, 'priya.nair@demo.example', password);
  const refusals = await Promise.all([
    get(undefined, path),
    get(undefined, `${path}.csv`),
    get(rep, path),
    get(rep, `${path}.csv`),
    get(chair, '/api/meetings/no-meeting/decisions'),
    get(chair, '/api/meetings/00000000-0000-4000-8000-000000000000/decisions')
  ]);
  expect(refusals.map(({ status }) => status)).toEqual([401, 401, 404, 404, 404, 404]);
  for (const refusal of refusals)
    expect(refusal.headers.get('content-type')).toBe('application/problem+json');
  const words = await Promise.all(refusals.slice(2).map((refusal) => refusal.text()));
  expect(new Set(words).size).toBe(1);
});
