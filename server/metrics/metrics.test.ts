import fs from 'node:fs';
import { expect, test } from 'vitest';
import type { Health } from '../health.ts';
import { openMetrics } from './metrics.ts';
import { mayReadMetrics } from './reader.ts';

const present = {
  rooms: 3,
  syncConnections: 5,
  meetingConnections: 4,
  people: 4,
  waiting: 0,
  behind: 1500
};

test('HEALTH4: metrics are read with the token, or without one by this machine alone, past every proxy', () => {
  const from = (remoteAddress: string, headers: Record<string, string>) => ({
    headers,
    socket: { remoteAddress }
  });
  const token = 'a-token-of-thirty-two-characters!';
  const may = (metricsToken: string | undefined, ...request: Parameters<typeof from>) =>
    mayReadMetrics({ metricsToken }, from(...request));
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
    for (const host of ['localhost:3000', '127.0.0.1:3000', '[::1]:3000'])
      expect(may(undefined, address, { host }), `${address} ${host}`).toBe(true);
  expect(may(undefined, '10.0.0.7', { host: 'localhost:3000' })).toBe(false);
  expect(may(undefined, '127.0.0.1', { host: 'room.example' })).toBe(false);
  expect(may(undefined, '127.0.0.1', { host: 'localhost', 'x-forwarded-for': '10.0.0.7' })).toBe(false);
  expect(may(undefined, '127.0.0.1', { host: 'localhost', forwarded: 'for=10.0.0.7' })).toBe(false);
  expect(may(token, '127.0.0.1', { host: 'localhost' })).toBe(false);
  expect(may(token, '10.0.0.7', { host: 'room.example', authorization: `Bearer ${token}` })).toBe(true);
  expect(may(token, '10.0.0.7', { host: 'room.example', authorization: `Bearer ${token}x` })).toBe(false);
});

test('HEALTH5: what is told is counted, and every label is a word of ours', async () => {
  const { measure, text, close } = openMetrics();
  measure.stored(7, 40, 3);
  measure.commitFailed();
  measure.roomDropped();
  measure.refused('overlap');
  measure.readerDropped();
  measure.upgraded(404);
  measure.commanded('rating.set', 'done');
  const told = await text(present);
  for (const line of [
    'same_room_journal_rows_total 7',
    'same_room_append_delay_seconds_count 1',
    'same_room_commit_failures_total 1',
    'same_room_rooms_dropped_total 1',
    'same_room_updates_refused_total{reason="overlap"} 1',
    'same_room_readers_dropped_total 1',
    'same_room_sync_upgrades_total{status="404"} 1',
    'same_room_commands_total{type="rating.set",result="done"} 1',
    'same_room_rooms 3',
    'same_room_people 4',
    'same_room_journal_behind_seconds 1.5'
  ])
    expect(told).toContain(`\n${line}\n`);
  expect(told).toContain('nodejs_eventloop_lag_p99_seconds');
  expect(told).toContain('process_resident_memory_bytes');
  close();
});

test('HEALTH6: the operator’s page says of each state and each metric of ours what it means', async () => {
  const page = fs.readFileSync('docs/operating.md', 'utf8');
  const { text, close } = openMetrics();
  const names = [...(await text(present)).matchAll(/^# TYPE (same_room_\w+)/gm)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) expect(page).toMatch(new RegExp(`^\\|.*\`${name}[\`{].*\\|.*\\|`, 'm'));
  const states: Health['status'][] = ['starting', 'ready', 'degraded', 'unavailable'];
  for (const state of states) expect(page).toMatch(new RegExp(`^\\| \`${state}\` \\(`, 'm'));
  close();
});
