import { expect, test } from 'vitest';
import type { Present } from '#lib/card/canonical.ts';
import { presentByMode, presentWords } from './words.ts';

const person = (name: string, mode: Present['mode'], change: Partial<Present> = {}): Present => ({
  userId: name,
  name,
  agencies: ['pol'],
  role: 'rep',
  mode,
  openedAt: null,
  leftAt: null,
  agreedAt: null,
  aloneAt: null,
  ...change
});

test('MIN8: the minutes name who was in the room, remote, by papers and with apologies, and who agreed to the statement', () => {
  const present = [
    person('Ann', 'apologies'),
    person('Bob', 'remote', {
      agreedAt: '2026-11-24T10:01:00Z',
      aloneAt: '2026-11-24T10:05:00Z',
      leftAt: '2026-11-24T10:42:00Z'
    }),
    person('Cid', 'room', { role: 'chair', agencies: [] }),
    person('Dee', 'papers'),
    person('Eve', null)
  ];
  expect(
    presentByMode(present).map(({ how, people }) => `${how}: ${people.map(({ name }) => name)}`)
  ).toEqual([
    'In the room: Cid',
    'Remote: Bob',
    'Had the card open: Eve',
    'Sent papers: Dee',
    'Apologies: Ann'
  ]);
  const words = present.map((each) => presentWords(each, (id) => id.toUpperCase()));
  expect(words).toEqual([
    'POL',
    'POL; agreed to the statement 10:01; alone 10:05; left 10:42',
    'chair',
    'POL',
    'POL'
  ]);
});
