import { expect, test } from 'vitest';
import { Saving } from './Saving.ts';
import { savedWords, type Connection } from './saved-words.ts';

const at = Date.parse('2026-11-23T10:42:00Z');
const up: Connection = { up: true, been: true, lostAt: null, back: null };
const change = (from: number, to: number, when = at, place = 'summary') => ({
  place,
  client: 1,
  from,
  to,
  at: when
});
const say = (saving: Saving, line: Connection, now: number) =>
  savedWords(
    line,
    {
      count: saving.count,
      oldest: saving.unsaved[0]?.at ?? null,
      lastWrite: saving.lastWrite,
      savedAt: saving.savedAt
    },
    now
  );

test('SAVED1: Saved is said only once the server has acknowledged everything that was sent', () => {
  const saving = new Saving();
  expect(say(saving, up, at).kind).toBe('connected');
  saving.wrote(change(0, 1));
  saving.sentUpdate();
  saving.wrote(change(1, 2, at + 10));
  saving.sentUpdate();
  expect(say(saving, up, at + 20).kind).toBe('saving');
  saving.saved(1, new Date(at).toISOString());
  expect(say(saving, up, at + 2000)).toMatchObject({ kind: 'sending', short: 'Sending 1 change' });
  saving.saved(2, new Date(at).toISOString());
  expect(say(saving, up, at + 2000).short).toMatch(/^Saved \d\d:\d\d$/);
});

test('SAVED2: what was sent on a lost connection counts as unsaved until it is acknowledged on the next', () => {
  const saving = new Saving();
  saving.wrote(change(0, 1));
  saving.sentUpdate();
  saving.dropped();
  saving.saved(5, new Date(at).toISOString());
  expect(saving.unsaved).toHaveLength(1);
  saving.wrote(change(1, 2, at + 9000));
  saving.sentReply();
  saving.saved(1, new Date(at).toISOString());
  expect(saving.unsaved).toHaveLength(0);
});

test('SAVED3: an update that overtakes the reply does not carry what was written before it', () => {
  const saving = new Saving();
  saving.wrote(change(0, 1));
  saving.wrote(change(1, 2, at + 5));
  saving.sentUpdate();
  saving.saved(1, new Date(at).toISOString());
  expect(saving.unsaved).toEqual([expect.objectContaining({ from: 0, to: 1 })]);
});

test('SAVED4: being offline is said with its time and what is kept, and coming back with what was saved', () => {
  const saving = new Saving();
  for (const [clock, when, place] of [
    [0, at, 'summary'],
    [1, at + 500, 'summary'],
    [2, at + 600, 'plan'],
    [3, at + 9000, 'plan']
  ] as const)
    saving.wrote(change(clock, clock + 1, when, place));
  const lost: Connection = { up: false, been: true, lostAt: at, back: null };
  expect(say(saving, lost, at + 9000).long).toMatch(
    /^You are offline since \d\d:\d\d\. 3 changes are kept on this device\. Rating and hands need a connection\.$/
  );
  saving.sentReply();
  saving.saved(1, new Date(at).toISOString());
  const back: Connection = { ...up, back: { at: at + 10_000, kept: 3 } };
  expect(say(saving, back, at + 11_000).long).toBe('Back. Your 3 changes are saved.');
  expect(say(saving, back, at + 16_000).kind).toBe('saved');
});
