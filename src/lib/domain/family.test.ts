import { expect, test } from 'vitest';
import { ageOn, personMark, shownName, unite, type MemberRecord } from './family.ts';

const record = (id: string, more: Partial<MemberRecord> = {}): MemberRecord => ({
  id,
  role: 'victim',
  surname: 'BEGUM',
  forenames: 'Ruta',
  born: '1976-07-04',
  aka: null,
  sex: 'F',
  parentId: null,
  personId: id,
  basis: `Police notification ${id}`,
  ...more
});

test('FAMILY1: one person in several records is one member, with the first one’s id and every role', () => {
  const [member, ...others] = unite([
    record('1'),
    record('2', { role: 'harming', surname: 'Begum', sex: 'U' }),
    record('3', { forenames: 'RUTA', aka: 'Ru' })
  ]);
  expect(others).toEqual([]);
  expect(member).toMatchObject({
    id: '1',
    alsoIds: ['2', '3'],
    role: 'victim',
    roles: ['victim', 'harming'],
    aka: 'Ru'
  });
});

test('FAMILY1: a name without a birth, or another birth, is nobody else’s', () => {
  expect(unite([record('1'), record('2', { born: null }), record('3', { born: '1976-04-07' })])).toHaveLength(
    3
  );
  expect(personMark(record('1', { born: null }))).toBeUndefined();
  expect(personMark(record('1', { surname: 'Cooper', forenames: 'Łukasz' }))).toBe(
    personMark(record('2', { surname: 'COOPER', forenames: 'Lukasz' }))
  );
});

test('FAMILY1: one pregnancy told twice is one unborn child, of the member who stands for both', () => {
  const unborn = {
    role: 'unborn',
    surname: '',
    forenames: '',
    born: null,
    personId: null,
    sex: 'U'
  } as const;
  const members = unite([
    record('1'),
    record('2'),
    record('3', { ...unborn, parentId: '1' }),
    record('4', { ...unborn, parentId: '2' })
  ]);
  expect(members.map(({ name, parentId }) => [name, parentId])).toEqual([
    ['Ruta Begum', null],
    ['Unborn child of Ruta Begum', '1']
  ]);
});

test('FAMILY2: names are shown as people write them, and age in whole years on a day', () => {
  expect(
    [
      ['RYAN', 'OKAFOR'],
      ['Niamh', "O'BRIEN"],
      ['ANNE-MARIE', 'MCDONALD'],
      ['Jan', 'van der Berg'],
      ['', ' ']
    ].map(([forenames = '', surname = '']) => shownName(forenames, surname))
  ).toEqual(['Ryan Okafor', "Niamh O'Brien", 'Anne-Marie McDonald', 'Jan van der Berg', 'Name not given']);
  expect([
    ageOn('2020-11-14', '2026-11-13'),
    ageOn('2020-11-14', '2026-11-14'),
    ageOn('2027-01-01', '2026-11-14')
  ]).toEqual([5, 6, undefined]);
});
