// The screen that hangs in the room, over real connections: who may open it, what it is sent, and that it is nobody.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { addAction } from '#lib/card/edit.ts';
import { actionsIn } from '#lib/card/read.ts';
import { auditEvents } from '#server/database/schema/decisions.ts';
import { meetings } from '#server/database/schema/meetings.ts';
import { openBoards, type Boards } from '../actors/boards.ts';
import { sitDown, until } from '../actors/peer.ts';

let boards: Boards;
beforeAll(async () => {
  boards = await openBoards();
});
afterAll(() => boards.close());

test('SCREEN3: chair, deputy and coordinator may put the meeting on the room’s screen; for others there is no such meeting', async () => {
  const { meetingId, people } = boards.table;
  const { db } = boards.database;
  await db.update(meetings).set({ deputyId: people.idva }).where(eq(meetings.id, meetingId));
  const auth = { meetingId, mode: 'room', screen: 'names' };
  for (const who of ['police', 'observer'] as const)
    expect(await boards.refusal(auth, { who })).toMatchObject({ code: 'not-found' });
  for (const who of ['chair', 'idva', 'coordinator'] as const) {
    const screen = await boards.sit(who, 'room', 'names');
    const nobody = { observer: true, chair: false, deputy: false, coordinator: false };
    expect(screen.state().you).toMatchObject(nobody);
    screen.close();
  }
  expect(await boards.refusal({ ...auth, screen: 'all' }, { who: 'chair' })).toMatchObject({
    code: 'not-found'
  });
});

test('SCREEN4: the screen is nobody at the meeting, does nothing, and is in the audit as what it is', async () => {
  const police = await boards.sit('police');
  const screen = await boards.sit('chair', 'room', 'discreet');
  const { people } = boards.table;
  expect(await police.send({ type: 'hand.raise' })).toMatchObject({ ok: true });
  await until('the screen shows the hand', () => screen.state().hands.length === 1);
  expect(police.state().people.some(({ userId, connected }) => userId === people.chair && connected)).toBe(
    false
  );
  for (const act of [{ type: 'hand.raise' }, { type: 'meeting.close' }] as const)
    expect(await screen.send(act)).toMatchObject({ ok: false, error: { code: 'not-allowed' } });
  const rows = await boards.database.db.select().from(auditEvents);
  expect(rows).toContainEqual(
    expect.objectContaining({
      act: 'connected',
      userId: people.chair,
      detail: expect.objectContaining({ screen: 'discreet' }) as object
    })
  );
  screen.close();
});

test('SCREEN5: a screen reads the card’s document and writes nothing in it; the protected one does not exist for it', async () => {
  const screen = { screen: '1' };
  const seen = await sitDown(boards.address('chair'), true, undefined, screen);
  const writer = await sitDown(boards.address('police'), true);
  addAction(writer.doc, { what: 'Ask about the lock' });
  await until('the screen shows it', () => actionsIn(seen.doc).length === 1);
  addAction(seen.doc, { what: 'From the wall' });
  await until('it is sent away', () => seen.closes.includes(4403));
  expect(actionsIn(writer.doc)).toHaveLength(1);
  const statusAt = (kind: 'cards' | 'protected', who: 'chair' | 'police', query = '?screen=1') => {
    const { url, document, cookie } = boards.address(who, kind);
    const socket = new WebSocket(`${url}/${document}${query}`, { headers: { cookie } });
    return new Promise<number | undefined>((resolve) => {
      socket.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode));
      socket.on('open', () => {
        socket.close();
        resolve(101);
      });
    });
  };
  expect(await statusAt('protected', 'chair', '')).toBe(101);
  expect(await statusAt('protected', 'chair')).toBe(404);
  expect(await statusAt('cards', 'chair')).toBe(101);
  expect(await statusAt('cards', 'police')).toBe(404);
  seen.leave();
  writer.leave();
});
