import { expect, test } from 'vitest';
import { openLog } from './log.ts';

test('ATTACK1: a log holds an error’s kind and place, not its message nor what was to be stored', () => {
  let written = '';
  const log = openLog({ logLevel: 'debug' }, { write: (line) => void (written += line) });
  const failed = Object.assign(new Error('Failed query: insert … params: Rebecca Williams'), {
    query: 'insert',
    params: ['Rebecca Williams', new TextEncoder().encode('Rebecca Williams')],
    cause: Object.assign(new Error('Key (name)=(Rebecca Williams) exists'), { code: '23505' })
  });
  log.error({ error: failed, document: 'cards/1' }, 'what waited was not stored');
  log.error({ err: failed }, 'also under this name');
  expect(written).toContain('23505');
  expect(written).toContain('cards/1');
  expect(written).not.toContain('Rebecca');
  expect(written).not.toContain('82,101,98'); // as bytes
  expect(written).not.toContain('"0":82');
});
