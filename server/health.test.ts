import { expect, test } from 'vitest';
import { judgeHealth, openHealth, type Condition } from './health.ts';

const well: Condition = { away: null, behind: 0, failing: false, meetings: true };

test('HEALTH1: a database that is away, and a journal that falls behind, are told as degraded while people can be served', () => {
  expect(judgeHealth(well)).toEqual({
    status: 'ready',
    ready: true,
    parts: { database: true, sync: true, meetings: true },
    why: []
  });
  expect(judgeHealth({ ...well, behind: 1999 }).status).toBe('ready');
  expect(judgeHealth({ ...well, behind: 4000 })).toEqual({
    status: 'degraded',
    ready: true,
    parts: { database: true, sync: false, meetings: true },
    why: ['What is typed has been waiting to be stored for 4 s.']
  });
  expect(judgeHealth({ ...well, away: 12_000 })).toMatchObject({
    status: 'degraded',
    ready: true,
    why: ['The database has not answered for 12 s.']
  });
  expect(judgeHealth({ ...well, failing: true }).status).toBe('degraded');
});

test('HEALTH2: what stays away for half a minute is told as unavailable', () => {
  for (const lost of [{ away: 30_000 }, { behind: 30_000 }, { meetings: false }])
    expect(judgeHealth({ ...well, ...lost })).toMatchObject({ status: 'unavailable', ready: false });
  expect(judgeHealth({ ...well, away: 29_999, behind: 29_999 }).ready).toBe(true);
});

test('HEALTH3: it is known since when the database has been away, however often anybody asks', async () => {
  let answers = true;
  let asked = 0;
  const alive = async () => {
    asked++;
    return answers;
  };
  const health = openHealth({ alive, look: () => ({ behind: 0, failing: false, meetings: true }) });
  expect((await health.read()).status).toBe('ready');
  answers = false;
  const first = await health.read();
  expect(first.why).toEqual(['The database has not answered for 1 s.']);
  await Promise.all(Array.from({ length: 50 }, () => health.read()));
  expect(asked).toBeLessThan(10);
  answers = true;
  expect((await health.read()).status).toBe('ready');
  health.close();
});
