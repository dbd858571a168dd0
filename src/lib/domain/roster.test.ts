import { expect, test } from 'vitest';
import { absences } from './roster.ts';

const person = (mode: Parameters<typeof absences>[0][number]['mode'], ...agencyIds: string[]) => ({
  mode,
  agencyIds
});

test('RATE6: an agency is absent with papers or apologies only while nobody of it is here', () => {
  const absent = absences([
    person('apologies', 'sub'),
    person('apologies', 'mht'),
    person('papers', 'mht'),
    person('apologies', 'pol'),
    person('remote', 'pol'),
    person('left', 'hou'),
    person(null, 'edu')
  ]);
  expect([...absent]).toEqual([
    ['sub', 'apologies'],
    ['mht', 'papers']
  ]);
});
