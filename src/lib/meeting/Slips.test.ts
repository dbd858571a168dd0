import { expect, test } from 'vitest';
import type { CommandAnswer } from '#lib/protocol/command.ts';
import { Slips } from './Slips.svelte.ts';

const done: CommandAnswer = { ok: true, result: {} };
const refused: CommandAnswer = { ok: false, error: { code: 'state', message: 'This meeting is closed.' } };
const offline: CommandAnswer = {
  ok: false,
  error: { code: 'unavailable', message: 'This needs a connection.' }
};

test('EASE6: the last act by slip is offered until it is undone, put away or followed by another', async () => {
  const slips = new Slips(() => true);
  expect(slips.last).toBeNull();
  expect(await slips.undo()).toBeNull();
  slips.did('F-1 is parked.', ['1'], async () => done);
  slips.did('F-2 is parked.', ['2'], async () => done);
  expect(slips.last?.said).toBe('F-2 is parked.');
  expect((await slips.undo())?.said).toBe('F-2 is parked.');
  expect(slips.last).toBeNull();
  slips.did('F-3 is parked.', ['3'], async () => done);
  slips.putAway();
  expect(slips.last).toBeNull();
});

test('EASE6: a way back that is refused says why and is over; without a line it stays', async () => {
  const slips = new Slips(() => true);
  slips.did('F-1 is parked.', ['1'], async () => offline);
  expect(await slips.undo()).toBeNull();
  expect(slips.fault).toBe('This needs a connection.');
  expect(slips.last?.said).toBe('F-1 is parked.');
  slips.did('F-1 is parked.', ['1'], async () => refused);
  expect(await slips.undo()).toBeNull();
  expect(slips.fault).toBe('This meeting is closed.');
  expect(slips.last).toBeNull();
});

test('EASE6: it is offered only as long as there is something to go back from', () => {
  let stage = 'new';
  const slips = new Slips(() => true);
  slips.did(
    'F-2 is at the table.',
    ['2'],
    async () => done,
    () => stage === 'new'
  );
  expect(slips.last).not.toBeNull();
  stage = 'information';
  expect(slips.last).toBeNull();
});

test('EASE6: of a family that is no longer there for this person, nothing is said', async () => {
  const there = new Set(['1', '2']);
  const slips = new Slips((cardId) => there.has(cardId));
  slips.did('F-2 is at the table, in place of F-1.', ['1', '2'], async () => done);
  there.delete('1');
  expect(slips.last).toBeNull();
  expect(await slips.undo()).toBeNull();
});
