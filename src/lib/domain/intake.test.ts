import fc from 'fast-check';
import fs from 'node:fs';
import { expect, test } from 'vitest';
import { nothingKnown, planIntake, pregnancyOf, type Known, type Plan } from './intake.ts';
import { columns, fields } from './notification-columns.ts';
import { readTable, tableOf, type Table } from './notification-table.ts';
import { readNotifications, type Reading } from './notification.ts';

function read(name: string): Reading {
  const table = readTable(new Uint8Array(fs.readFileSync(`samples/police-notifications-${name}.csv`)));
  if ('unreadable' in table) throw new Error(table.unreadable);
  return readNotifications(table);
}
/** What would be here after the plan was carried out. */
const after = (plan: Plan, before: Known = nothingKnown): Known => ({
  here: new Map([
    ...before.here,
    ...plan.incidents
      .filter((planned) => planned.imported.length > 0)
      .map((planned) => {
        const id = planned.incident.id;
        const rows = planned.imported.map(({ key, findings }) => ({
          key,
          left: findings.flatMap((each) => (each.kind === 'fault' && each.field ? [each.field] : []))
        }));
        const completed = new Set(planned.completes.values());
        const kept = (before.here.get(id)?.rows ?? []).filter((row) => !completed.has(row.key));
        return [id, { familyId: id, reference: id, rows: [...kept, ...rows] }] as const;
      })
  ]),
  people: []
});

test('INTAKE5: one faulty row holds its whole incident back, and the others go on', () => {
  const plan = planIntake(read('with-faults'), nothingKnown, new Set());
  expect(plan.counts).toEqual({ incidents: 4, imported: 15, held: 8, already: 0 });
  const taken = planIntake(read('with-faults'), nothingKnown, new Set(['4826411544', '4826411568']));
  expect(taken.counts).toEqual({ incidents: 6, imported: 22, held: 1, already: 0 });
  expect(taken.incidents[0]?.incomplete).toMatch(/^Row 2: Incident date .*Row 7: .* Row 5 is left out\.$/);
});

test('INTAKE5: what has no number or no date of report can’t be taken as incomplete', () => {
  const table = tableOf([
    ['Occurrence No', 'Reported', 'Role', 'Surname', 'Forenames'],
    ['', '14/11/2026', 'VICTIM', 'Ward', 'Nadia'],
    ['2', '', 'VICTIM', 'Price', 'Ana']
  ]);
  if ('unreadable' in table) throw new Error(table.unreadable);
  const plan = planIntake(readNotifications(table), nothingKnown, new Set(['row 2', '2']));
  expect(plan.incidents.map((planned) => [planned.state, planned.notTakeable !== undefined])).toEqual([
    ['held', true],
    ['held', true]
  ]);
});

test('INTAKE12: the victim whose row says so is proposed first, and nobody recorded as male', () => {
  const said = read('week').incidents.flatMap((incident) => {
    const may = pregnancyOf(incident);
    return may.length > 0 ? [[incident.id, ...may.map(({ name }) => name)]] : [];
  });
  expect(said).toEqual([
    ['4826411568', 'Nadia Ward', 'Sarah Ward'],
    ['4826411560', 'Emma Ward']
  ]);
});

test('INTAKE15: families that share a person of the same name and birth are named, in the file and in the area', () => {
  const reading = read('week');
  const person = reading.incidents[0]?.rows[0];
  const known: Known = {
    here: new Map(),
    people: [{ familyId: 'f', reference: 'F-0001', mark: 'begum|ruta|1976-07-04', onOpenMeeting: true }]
  };
  expect(person?.values.surname).toBe('BEGUM');
  expect(
    planIntake(reading, known, new Set()).shared.map((pair) => [
      pair.a,
      pair.b,
      pair.people.map(({ name }) => name)
    ])
  ).toEqual([
    [{ kind: 'incident', occurrence: '4826411544' }, { kind: 'family', familyId: 'f' }, ['Ruta Begum']],
    [
      { kind: 'incident', occurrence: '4826411551' },
      { kind: 'incident', occurrence: '4826411608' },
      ['Łukasz Cooper']
    ],
    [
      { kind: 'incident', occurrence: '4826411571' },
      { kind: 'incident', occurrence: '4826411549' },
      ['Liam Begum']
    ]
  ]);
});

/** Tables of any few rows, right and wrong. */
const someTable = fc
  .array(
    fc.record({
      occurrence: fc.constantFrom('1', '1', '2', '3', ''),
      reported: fc.constantFrom('14/11/2026', '14/11/2026', '15/11/2026', 'soon', ''),
      role: fc.constantFrom('VICTIM', 'SUSPECT', 'CHILD', 'OTHER', 'VICTM', ''),
      surname: fc.constantFrom('Ward', 'WARD', 'Price', ''),
      forenames: fc.constantFrom('Ana', 'Nadia', ''),
      born: fc.constantFrom('01/02/1990', '31/02/1990', '01/01/2031', ''),
      grade: fc.constantFrom('High', 'Medium', 'Purple', ''),
      pregnant: fc.constantFrom('Y', 'N', ''),
      narrative: fc.constantFrom('', 'The same long story of one and the same evening, told once.')
    }),
    { minLength: 1, maxLength: 14 }
  )
  .map((rows): Table => {
    const table = tableOf([
      fields.map((field) => columns[field].heading),
      ...rows.map((row) => fields.map((field) => (row as Partial<Record<string, string>>)[field] ?? ''))
    ]);
    return 'unreadable' in table ? { header: [], rows: [] } : table;
  });

test('INTAKE6: every row is in exactly one of imported, held back and already here', () => {
  let imported = 0;
  let held = 0;
  fc.assert(
    fc.property(
      someTable,
      fc.subarray(['1', '2', '3']),
      fc.subarray(['1', '2', '3']),
      (table, first, second) => {
        const reading = readNotifications(table);
        const numbers = table.rows.map((row) => row.number);
        let known = nothingKnown;
        for (const taken of [first, second, second]) {
          const plan = planIntake(reading, known, new Set(taken));
          const told = plan.incidents.flatMap((planned) =>
            [...planned.imported, ...planned.held, ...planned.already].map((row) => row.number)
          );
          expect(told.toSorted((a, b) => a - b)).toEqual(numbers);
          expect(plan.counts.imported + plan.counts.held + plan.counts.already).toBe(numbers.length);
          imported += plan.counts.imported;
          held += plan.counts.held;
          known = after(plan, known);
        }
        // What was imported is never imported again, and nothing is stored under the same key twice.
        expect(planIntake(reading, known, new Set(second)).counts.imported).toBe(0);
        for (const { rows } of known.here.values())
          expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
      }
    ),
    { numRuns: 300 }
  );
  expect(imported).toBeGreaterThan(100);
  expect(held).toBeGreaterThan(100);
});
