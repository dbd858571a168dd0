import { expect, test } from 'vitest';
import { isExposed, readConfig, StartError } from './config.ts';

test('CONF1: with nothing set, the process listens on loopback and keeps its data beside it', () => {
  const config = readConfig({});
  expect(config).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    databaseUrl: undefined,
    secure: false,
    trustProxy: false
  });
  expect(config.origins).toEqual(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000']);
});

test.each([
  ['PORT', 'eighty'],
  ['PORT', '70000'],
  ['DATABASE_URL', 'mysql://here'],
  ['ORIGIN', 'same-room.example'],
  ['AUTH_SECRET', 'short'],
  ['TRUST_PROXY', 'perhaps'],
  ['LOG_LEVEL', 'loud']
])('CONF2: %s=%s stops the start with a message that names it', (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(StartError);
  expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`  ${name}: `));
});

test('CONF2: every wrong value is named at once, and an empty one counts as not set', () => {
  expect(() => readConfig({ PORT: 'x', LOG_LEVEL: 'y' })).toThrow(/PORT: [^]*LOG_LEVEL: /);
  expect(readConfig({ PORT: '', DATABASE_URL: '' }).port).toBe(3000);
});

test('CONF3: an https origin makes cookies Secure, and plain http to another machine is known as exposed', () => {
  expect(readConfig({ ORIGIN: 'https://same-room.example/' })).toMatchObject({
    secure: true,
    origins: ['https://same-room.example']
  });
  expect(isExposed('http://same-room.example')).toBe(true);
  expect(
    ['https://same-room.example', 'http://localhost:3000', 'http://127.0.0.1', 'http://[::1]:1'].some(
      isExposed
    )
  ).toBe(false);
});
