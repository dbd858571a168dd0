import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { beginning, hashOf } from './chain.ts';

const salt = 'a1'.repeat(32);
const previous = 'b2'.repeat(32);

test('CHAIN6: the hash is over the bytes that the decision record lays down, and each of them counts', () => {
  const canonical = '{"words":"Zoë 🏠"}';
  const bytes = Buffer.concat([
    Buffer.from('same-room decision 1\n'),
    Buffer.alloc(32, 0xa1),
    Buffer.alloc(32, 0xb2),
    Buffer.from(canonical, 'utf8')
  ]);
  const hash = hashOf(salt, previous, canonical);
  expect(hash).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(hashOf('a2'.repeat(32), previous, canonical)).not.toBe(hash);
  expect(hashOf(salt, beginning, canonical)).not.toBe(hash);
  expect(hashOf(salt, previous, `${canonical} `)).not.toBe(hash);
});
