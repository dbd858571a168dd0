// How a browser test's people come to the board: by the front door, at one family of the open meeting.
import { randomUUID } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import { io } from 'socket.io-client';

export async function meetingPath(page: Page): Promise<string> {
  const answer = await page.request.get('/api/meetings');
  const meetings = (await answer.json()) as { id: string; state: string }[];
  return `/meetings/${meetings.find(({ state }) => state === 'open')?.id}`;
}

/** The entries of somebody's agenda. */
export const agenda = (page: Page) => page.getByRole('navigation', { name: /^Agenda/ }).getByRole('listitem');

/** Opens the family that stands at this place of the agenda, from 0. */
export async function openFamily(page: Page, family: number): Promise<void> {
  const entry = agenda(page).nth(family).getByRole('button');
  await entry.click();
  await expect(entry).toHaveAttribute('aria-current', 'true');
  await expect(page.getByText(/^(Connected|Saved)/)).toBeVisible();
}

/** Sits somebody down at the open meeting's board, at the family that stands at this place of the agenda. */
export async function join(page: Page, how: 'in the room' | 'remotely', family = 0): Promise<Page> {
  await page.goto(await meetingPath(page));
  const button = how === 'remotely' ? 'I am joining remotely' : 'I am in the room';
  await page.getByRole('button', { name: button }).click();
  await openFamily(page, family);
  return page;
}

/** The chair reveals the ratings of the family at the table, and is asked first. */
export async function reveal(chair: Page): Promise<void> {
  await chair.getByRole('button', { name: 'Reveal ratings', exact: true }).click();
  await chair.getByRole('button', { name: 'Reveal to everyone' }).click();
  await expect(chair.getByRole('dialog', { name: /^Reveal the ratings/ })).toHaveCount(0);
}

/** The chair records the family's joint rating. */
export async function conclude(chair: Page, rating: string, why: string): Promise<void> {
  const joint = chair.getByRole('radiogroup', { name: 'Joint rating of the family' });
  await joint.getByRole('radio', { name: rating }).click();
  await chair.getByLabel(/^Why\?/).fill(why);
  await chair.getByRole('button', { name: 'Record the joint rating' }).click();
  await expect(chair.getByRole('button', { name: 'Change the joint rating' })).toBeVisible();
}

/** Commands in a signed-in person's name, from beside their page. */
export async function command(page: Page, ...acts: object[]): Promise<void> {
  const cookies = await page.context().cookies();
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const meetingId = (await meetingPath(page)).split('/').at(-1);
  const socket = io(new URL(page.url()).origin, {
    path: '/events',
    transports: ['websocket'],
    forceNew: true,
    extraHeaders: { cookie },
    auth: { meetingId, mode: 'room' }
  });
  await new Promise<void>((resolve) => socket.once('state', () => resolve()));
  for (const act of acts) {
    const answer: unknown = await socket.emitWithAck('command', { id: randomUUID(), ...act });
    expect(answer).toMatchObject({ ok: true });
  }
  socket.disconnect();
}

/** The card at a place of this person's agenda, from 0. */
export async function cardAt(page: Page, family: number): Promise<string> {
  const answer = await page.request.get('/api/meetings');
  const meetings = (await answer.json()) as { state: string; cards: { id: string }[] }[];
  return meetings.find(({ state }) => state === 'open')?.cards[family]?.id ?? '';
}
