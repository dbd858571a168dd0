// A rehearsal on the production process, over its pages: an area as `create-area` makes it, and what a person of it
// is answered before, during and after.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '#server/config.ts';
import { openDatabase } from '#server/database/database.ts';
import { areas, users } from '#server/database/schema/identity.ts';
import { holdsDemonstration, holdsRealArea } from '#server/demo/area.ts';
import { openServices } from '#server/services.ts';
import { Outsider, signIn, type MeetingListed } from '../actors/outsider.ts';
import { until } from '../actors/peer.ts';
import { freshDatabase, type Place } from '../house.ts';
import { startServer, type RunningServer } from '../prepare/server.ts';

const password = 'four unrelated words';
const email = 'first@area.example';
let place: Place;
let server: RunningServer;
let person: Outsider;
/** The area's own meeting. */
let own = '';

beforeAll(async () => {
  place = await freshDatabase();
  const { services, close } = await openServices(readConfig({ ...place.env, PORT: '0' }));
  const { token } = await services.people.createArea('Northshire', email);
  await services.people.accept(token, password, 'Carys Bevan');
  await close();
  server = await startServer({ ...place.env, LOG_LEVEL: 'warn' });
  person = await signIn(server.url, email, password);
  const { user } = await person.get<{ user: { id: string } }>('/api/session');
  const planned = await person.form('/meetings/new', {
    date: '2027-03-01',
    time: '10:00',
    place: 'Northshire hall',
    chairId: user.id
  });
  expect(planned.status).toBe(303);
  own = (await meetings())[0]?.id ?? '';
}, 120_000);
afterAll(async () => {
  await server.stop();
  await place.remove();
});

const meetings = () => person.get<MeetingListed[]>('/api/meetings');
const status = async (where: string) => (await person.ask(where)).status;
const text = async (where: string) => (await person.ask(where)).text();

test('REHEARSE1: over the pages too, the rehearsal is all there is until it is left', async () => {
  const begun = await person.form('/rehearsal?/begin', { as: 'chair' });
  expect(begun.status).toBe(303);
  const rehearsed = begun.headers.get('location')?.split('/').at(-1) ?? '';
  expect(await meetings()).toMatchObject([{ id: rehearsed, role: 'chair', state: 'planned' }]);
  expect(await status(`/meetings/${rehearsed}`)).toBe(200);
  for (const where of [
    `/meetings/${own}`,
    `/meetings/${own}/agenda`,
    '/families',
    '/people',
    '/settings',
    '/intake'
  ])
    expect(await status(where), where).toBe(404);
  for (const where of ['/', '/rehearsal', '/actions']) {
    const page = await text(where);
    expect(page).toContain('Rehearsal. Everyone here is invented.');
    expect(page).toContain('Leave the rehearsal');
    expect(page).not.toContain('Northshire');
    expect(page).not.toContain(own);
  }
  const board = await person.enter(rehearsed);
  await until('the invented people come', () => (board.state?.people.length ?? 0) > 3, 20_000);
  expect((await person.form('/rehearsal?/end', {})).status).toBe(303);
  await until('the board ends', () => board.ended);
  expect((await meetings()).map(({ id }) => id)).toEqual([own]);
  expect(await status(`/meetings/${rehearsed}`)).toBe(404);
  expect(await text('/')).not.toContain('Everyone here is invented');
  expect(await text('/')).toContain('Rehearse first, with an invented meeting');
});

test('REHEARSE4: production starts on a database that holds rehearsals, and whoever was in one goes on', async () => {
  expect((await person.form('/rehearsal?/begin', { as: 'rep' })).status).toBe(303);
  const [{ id = '' } = {}] = await meetings();
  const { port } = new URL(server.url);
  await server.kill();
  server = await startServer({ ...place.env, LOG_LEVEL: 'warn', PORT: port });
  const board = await person.enter(id);
  expect(board.state?.people).toHaveLength(1);
  const resumed = await person.form('/rehearsal?/resume', {});
  expect(resumed.headers.get('location')).toBe(`/meetings/${id}`);
  await until('the invented people are back', () => (board.state?.people.length ?? 0) > 3, 20_000);
  board.close();
  const again = await signIn(server.url, email, password);
  expect(
    (await again.get<MeetingListed[]>('/api/meetings')).map((each) => each.id),
    'a new sign-in'
  ).toEqual([own]);
});

test('REHEARSE4: a rehearsal is neither a demonstration nor an area of real people, so it stops the start of neither', async () => {
  const other = await freshDatabase();
  const config = readConfig({ ...other.env, PORT: '0' });
  const database = await openDatabase(config);
  const row = { name: 'Grace Whitlock', email: 'grace@area.example' };
  const [user] = await database.db.insert(users).values(row).returning();
  await database.db.insert(areas).values({ name: 'Rehearsal', statement: '', rehearsalOf: user?.id });
  expect([await holdsDemonstration(database), await holdsRealArea(database)]).toEqual([false, false]);
  await database.close();
  await other.remove();
});
