// From a proposal to the closed meeting, as its people do it: actions proposed and accepted, questions answered
// in place, the closing view. One demonstration; how much each task costs is counted in the page.
import { expect, test, type Page } from '@playwright/test';
import { password } from '#server/demo/people.ts';
import { Actor } from '#server/invented/actor.ts';
import { countActs } from './counting.ts';
import { expectAccessible, startDemonstration, type Demonstration } from './demonstration.ts';
import { join, openFamily } from './joining.ts';

let demo: Demonstration;
let chair: Page;
let health: Page;
let housing: Page;
test.describe.configure({ mode: 'serial' });
test.beforeAll(async ({ browser }) => {
  demo = await startDemonstration();
  chair = await join(await demo.sitDown(browser, 'Joy Okafor'), 'in the room', 1);
  health = await join(await demo.sitDown(browser, 'Hannah Osei'), 'remotely', 1);
  housing = await join(await demo.sitDown(browser, 'Priya Nair'), 'in the room', 1);
});
test.afterAll(() => demo.stop());

const dialog = () => chair.getByRole('dialog');
const plan = (page: Page) => page.getByRole('region', { name: /^Plan/ });

test('PLAN6: an action is proposed and accepted in four acts and its words, as it was typed', async () => {
  const acts = await countActs(health);
  const lane = plan(health).getByText('Nothing is planned yet for');
  await expect(lane).toBeVisible();
  await plan(health)
    .getByRole('button', { name: /^Add an action for/ })
    .first()
    .click();
  await health.keyboard.type('Ring her at work before Thursday');
  await plan(health).getByRole('button', { name: 'By: In a week' }).click();
  // At once: the last letters may still be on their way.
  await plan(health).getByRole('button', { name: 'Propose and accept for HEA' }).click();
  for (const page of [health, chair, housing])
    await expect(plan(page).getByText(/^Accepted by HEA, Hannah Osei/)).toBeVisible();
  expect(await acts()).toBeLessThanOrEqual(4);
  await expectAccessible(health);
});

test('PLAN2: changed words void the acceptance and say so; others propose, and the agency accepts as it reads now', async () => {
  await expect(
    plan(housing).getByRole('textbox', { name: 'What is to be done' }),
    'an accepted action of another agency is text'
  ).toHaveCount(0);
  await plan(housing)
    .getByRole('button', { name: /^Propose a change to/ })
    .click();
  await expect(plan(housing).getByRole('textbox', { name: 'What is to be done' })).toBeFocused();
  await plan(housing).getByRole('button', { name: 'Remove this action' }).click();
  await plan(chair).getByRole('textbox', { name: 'What is to be done' }).first().fill('Ring her sister');
  await expect(
    plan(health).getByText(/^HEA accepted it at \d\d:\d\d as it read then. It reads differently now.$/)
  ).toBeVisible();
  await expectAccessible(health);
  await plan(health).getByRole('button', { name: 'Accept for HEA as it reads now' }).click();
  await expect(plan(chair).getByText(/^Accepted by HEA/)).toBeVisible();
});

test('PLAN3: what one removed is put back in one act, and its agency’s acceptance with it', async () => {
  await plan(chair).getByRole('button', { name: 'Remove this action' }).click();
  await expect(plan(health).getByText('Ring her sister')).toHaveCount(0);
  const back = plan(chair).getByRole('button', { name: 'Put it back: action, Ring her sister' });
  await expect(back).toBeFocused();
  await expectAccessible(chair);
  await chair.keyboard.press('Enter');
  await expect(plan(chair).getByRole('textbox', { name: 'What is to be done' })).toBeFocused();
  await expect(plan(health).getByText(/^Accepted by HEA/)).toBeVisible();
});

test('ASK3: a question stands at the top of its agency’s board wherever its rep is, and is answered there in place', async () => {
  await openFamily(housing, 0);
  await health.getByRole('button', { name: 'Ask a question' }).click();
  const questions = health.getByRole('region', { name: 'Questions to agencies' });
  await questions.getByLabel('To', { exact: true }).selectOption('HOU');
  await questions.getByRole('textbox', { name: 'Question', exact: true }).fill('Can she stay where she is?');
  const asked = housing.getByRole('region', { name: /^Asked of you/ });
  await expect(asked.getByText('Can she stay where she is?')).toBeVisible();
  await expect(health.getByText('Asked of you')).toHaveCount(0);
  await asked.getByRole('button', { name: 'Answer: Can she stay where she is?' }).click();
  await expect(asked.getByRole('textbox')).toBeFocused();
  await housing.keyboard.type('Until March.');
  await expectAccessible(housing);
  await expect(questions.getByRole('textbox', { name: /^Answer to/ })).toHaveValue('Until March.');
  await housing.keyboard.press('Control+Enter');
  await expect(asked).toHaveCount(0);
});

test('CLOSE6: in the closing view a family is mended in place', async () => {
  const actor = await Actor.signIn(demo.url, 'joy.okafor@demo.example', password);
  const meetings = await actor.get<{ id: string; state: string; cards: { id: string }[] }[]>('/api/meetings');
  const meeting = meetings.find(({ state }) => state === 'open');
  await actor.enter(meeting?.id ?? '', 'room');
  for (const [at, { id: cardId }] of (meeting?.cards ?? []).entries()) {
    await actor.does({ type: 'card.show', cardId });
    const reason = 'As the table saw it';
    if (at !== 1) await actor.does({ type: 'joint.set', cardId, memberId: null, rating: 'amber', reason });
  }
  actor.leave();
  await chair.getByRole('button', { name: 'Close the meeting' }).click();
  await expect(dialog().getByText('5 need you')).toBeVisible();
  await dialog().getByRole('button', { name: /^Mend/ }).nth(1).click();
  await dialog()
    .getByRole('button', { name: /^Add an action for/ })
    .first()
    .click();
  await chair.keyboard.type('Ask the school');
  await dialog().getByLabel('Agency').selectOption('EDU');
  await dialog()
    .getByRole('button', { name: 'By: Tomorrow' })
    .or(dialog().getByRole('button', { name: 'By: Monday' }))
    .click();
  await expect(dialog().getByText('Waiting for EDU.')).toBeVisible();
  await expectAccessible(chair);
  await dialog().getByRole('radio', { name: 'Red' }).click();
  await dialog().getByLabel('Why?').fill('Two reports in a month.');
  await dialog()
    .getByRole('button', { name: /^Record the joint rating of/ })
    .click();
  await expect(dialog().getByText('6 need you')).toBeVisible();
  await dialog().getByRole('button', { name: 'Not yet' }).click();
  await expect(plan(health).getByText('Waiting for EDU.')).toBeVisible();
});

test('CLOSE8: a family that changed while the chair looked says who and when, and is locked once it was seen so', async () => {
  await chair.getByRole('button', { name: 'Close the meeting' }).click();
  await dialog().getByLabel('Why close all the same?').fill('The rest by letter.');
  await expect(dialog().getByRole('button', { name: 'Lock the record' })).toBeEnabled();
  await health.getByRole('textbox', { name: 'What worries us' }).click();
  await health.keyboard.type('He knows the school.');
  await expect(dialog().getByText(/^People still typing:\s+HEA in F-/)).toBeVisible();
  await dialog().getByRole('button', { name: 'Lock the record' }).click();
  await dialog().getByRole('button', { name: 'Lock 6 families and close' }).click();
  await expect(dialog().getByRole('list', { name: /^What changed on/ })).toContainText('Hannah Osei');
  await expect(chair.getByText('This meeting is closed.')).toHaveCount(0);
  await expectAccessible(chair);
  await dialog().getByRole('button', { name: 'Back to the list' }).click();
  await dialog().getByRole('button', { name: 'Not yet' }).click();
});

test('CLOSE7: six concluded families are offered to be closed, in six acts and the words, and are all locked', async () => {
  const acts = await countActs(chair);
  await expect(chair.getByText('All families are concluded. Close the meeting?')).toBeVisible();
  await chair.getByRole('button', { name: 'Look through and close' }).click();
  await expect(housing.getByText(/Finish what you are writing/)).toBeVisible();
  await dialog().getByLabel('Why close all the same?').fill('The rest by letter.');
  await dialog().getByRole('button', { name: 'Lock the record' }).click();
  await expect(dialog().getByRole('group', { name: 'Once more' })).toContainText(/F-\d+ \(Red\)/);
  await chair.keyboard.press('Enter');
  await expect(chair.getByText('This meeting is closed.')).toBeVisible({ timeout: 30_000 });
  expect(await acts()).toBeLessThanOrEqual(6);
  await chair.getByRole('link', { name: 'Read the minutes' }).click();
  await expect(chair.getByRole('heading', { name: /^F-/ })).toHaveCount(6);
  await chair.getByRole('link', { name: 'What became of it' }).click();
  await expect(chair).toHaveURL(/\/outcomes$/);
});
