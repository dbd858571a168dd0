import { and, count, eq } from 'drizzle-orm';
import fs from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { personMark } from '#lib/domain/family.ts';
import { readTable, type Table } from '#lib/domain/notification-table.ts';
import type { OrderGiven, Summary } from '#lib/protocol/intake.ts';
import { auditEvents } from '#server/database/schema/decisions.ts';
import {
  families,
  familyMembers,
  notificationPeople,
  notifications,
  people
} from '#server/database/schema/families.ts';
import type { Source } from '#server/intake/intake.ts';
import type { Session } from '#server/identity/session.ts';
import { areaWith } from '../area.ts';
import { openTestServices } from '../house.ts';

let open: Awaited<ReturnType<typeof openTestServices>>;
beforeAll(async () => {
  open = await openTestServices();
});
afterAll(() => open.close());

const file = (name: string): Source => ({
  fileName: `police-notifications-${name}.csv`,
  bytes: fs.readFileSync(`samples/police-notifications-${name}.csv`)
});
const coordinator = async () => (await areaWith(open.services.database.db)).session;
const typed = (table: Table, change: (cells: string[], row: number) => string[] | undefined): Source => ({
  typed: [
    table.header,
    ...table.rows.flatMap((row) => {
      const cells = change([...row.cells], row.number);
      return cells ? [cells] : [];
    })
  ]
});
const tableOfFile = (name: string): Table => {
  const table = readTable(fs.readFileSync(`samples/police-notifications-${name}.csv`));
  if ('unreadable' in table) throw new Error(table.unreadable);
  return table;
};

async function imported(session: Session, source: Source, order?: OrderGiven): Promise<Summary> {
  const result = await open.services.intake.importRows(session, source, order);
  if (!result || 'refused' in result) throw new Error(result?.refused ?? 'not a coordinator');
  return result;
}

async function rowsOf(areaId: string) {
  const { db } = open.services.database;
  const counted = async (
    table: typeof families | typeof people | typeof notifications | typeof notificationPeople
  ) => (await db.select({ n: count() }).from(table).where(eq(table.areaId, areaId)))[0]?.n;
  return {
    families: await counted(families),
    people: await counted(people),
    notifications: await counted(notifications),
    rows: await counted(notificationPeople)
  };
}

test('INTAKE10: a week is imported in one transaction, and the same file again adds nothing', async () => {
  const session = await coordinator();
  const first = await imported(session, file('week'));
  expect(first.rows).toEqual({ imported: 82, held: 0, already: 0 });
  expect(first.incidents.map((each) => each.reference)).toEqual(
    Array.from({ length: 24 }, (_, at) => `F-${String(at + 1).padStart(4, '0')}`)
  );
  const before = await rowsOf(session.area.id);
  expect(before).toEqual({ families: 24, people: 82, notifications: 24, rows: 82 });
  const again = await imported(session, file('week'));
  expect(again).toMatchObject({ importId: null, rows: { imported: 0, held: 0, already: 82 }, incidents: [] });
  expect(await rowsOf(session.area.id)).toEqual(before);
});

test('INTAKE10: two coordinators who import the same file at once store it once', async () => {
  const session = await coordinator();
  const both = await Promise.all([imported(session, file('week')), imported(session, file('week'))]);
  expect(both.map((each) => each.rows.imported).toSorted()).toEqual([0, 82]);
  expect(await rowsOf(session.area.id)).toMatchObject({ families: 24, rows: 82 });
});

test('INTAKE10: an import that is stopped late leaves nothing behind, not even a used number', async () => {
  const session = await coordinator();
  const [first] = (await imported(session, file('last-month-windows-1252'))).incidents;
  const before = await rowsOf(session.area.id);
  const elsewhere = (await imported(await coordinator(), file('with-faults'))).incidents[0];
  const refused = await open.services.intake.importRows(session, file('week'), {
    joins: [
      {
        a: { kind: 'incident', occurrence: '4826411544' },
        b: { kind: 'family', familyId: elsewhere?.familyId ?? '' }
      }
    ]
  });
  expect(refused).toEqual({ refused: 'Nothing was imported. There is no such family.' });
  expect(await rowsOf(session.area.id)).toEqual(before);
  const after = await imported(session, file('week'));
  expect(first?.reference).toBe('F-0001');
  expect(after.incidents[0]?.reference).toBe('F-0020');
});

test('INTAKE11: good incidents go in, faulty ones are held back, and a mended file adds only what was missing', async () => {
  const session = await coordinator();
  const first = await imported(session, file('with-faults'));
  expect(first.rows).toEqual({ imported: 15, held: 8, already: 0 });
  expect(first.held).toEqual([
    expect.objectContaining({ id: '4826411544', rows: [2, 3, 4, 6, 7, 5] }),
    expect.objectContaining({ id: '4826411568', rows: [8, 9] })
  ]);
  const second = await imported(session, file('week'));
  expect(second.rows).toEqual({ imported: 82 - 15, held: 0, already: 15 });
  expect(await rowsOf(session.area.id)).toMatchObject({ families: 24, rows: 82 });
});

test('INTAKE11: a person missing from a notification that is here is added to its family', async () => {
  const session = await coordinator();
  const table = tableOfFile('week');
  await imported(
    session,
    typed(table, (cells, row) => (row === 6 ? undefined : cells))
  );
  const result = await imported(session, file('week'));
  expect(result.rows).toEqual({ imported: 1, held: 0, already: 81 });
  expect(result.incidents).toEqual([
    expect.objectContaining({ occurrence: '4826411544', made: false, added: 1 })
  ]);
  const members = (
    await open.services.families.familyOf(session, result.incidents[0]?.familyId ?? '', 'a test')
  )?.members;
  expect(members?.map((member) => member.name)).toContain('Archie Begum');
});

test('INTAKE5: an incident taken as incomplete says so, leaves out what is faulty, and is completed by a mended file', async () => {
  const session = await coordinator();
  const first = await imported(session, file('with-faults'), { taken: ['4826411544', '4826411568'] });
  expect(first.rows).toEqual({ imported: 22, held: 1, already: 0 });
  const { db } = open.services.database;
  const own = () =>
    db
      .select()
      .from(notifications)
      .where(and(eq(notifications.areaId, session.area.id), eq(notifications.occurrence, '4826411544')));
  const [marked] = await own();
  expect(marked).toMatchObject({ incidentDate: '2026-11-14', dash: 17 });
  for (const words of [
    'Row 2: Incident date 31/02/2026',
    'Row 3: Date of birth 13/25/1990',
    'Row 4: Role VICTM',
    'Row 5 is left out'
  ])
    expect(marked?.incomplete).toContain(words);
  const gary = async () =>
    await db
      .select({ born: people.born, written: notificationPeople.written })
      .from(people)
      .innerJoin(familyMembers, eq(familyMembers.personId, people.id))
      .innerJoin(notificationPeople, eq(notificationPeople.memberId, familyMembers.id))
      .where(
        and(eq(people.areaId, session.area.id), eq(people.forenames, 'Gary'), eq(people.surname, 'BEGUM'))
      );
  expect(await gary()).toEqual([
    { born: null, written: expect.objectContaining({ DOB: '13/25/1990' }) as unknown }
  ]);

  const same = await imported(session, file('with-faults'));
  expect(same.rows).toEqual({ imported: 0, held: 1, already: 22 });
  await imported(session, file('week'));
  expect(await gary()).toEqual([{ born: '1983-11-26', written: expect.anything() as unknown }]);
  expect((await own())[0]?.incomplete).toBeNull();
  expect(await rowsOf(session.area.id)).toMatchObject({ families: 24, rows: 82, people: 82 });
});

test('INTAKE12: a pregnancy makes an unborn child of whom the coordinator names, or none', async () => {
  const session = await coordinator();
  const result = await imported(session, file('week'), {
    pregnancies: [{ occurrence: '4826411560', row: null }]
  });
  expect(result.unborn).toBe(1);
  const id = result.incidents.find((each) => each.occurrence === '4826411568')?.familyId ?? '';
  const family = await open.services.families.familyOf(session, id, 'a test');
  expect(family?.members.map((member) => [member.role, member.name])).toEqual([
    ['victim', 'Nadia Ward'],
    ['harming', 'Sarah Ward'],
    ['unborn', 'Unborn child of Nadia Ward']
  ]);
});

test('INTAKE13: only a coordinator imports or looks, and sees the own area only', async () => {
  const { db } = open.services.database;
  const rep = (await areaWith(db, 'rep')).session;
  expect(await open.services.intake.importRows(rep, file('week'))).toBeUndefined();
  expect(await open.services.intake.look(rep, { occurrences: [], marks: [] })).toBeUndefined();
  expect(await rowsOf(rep.area.id)).toMatchObject({ families: 0 });
  const mine = await coordinator();
  await imported(mine, file('week'));
  const mark = personMark({ surname: 'Ward', forenames: 'Nadia', born: '2006-07-24' }) ?? '';
  const wanted = { occurrences: ['4826411568'], marks: [mark] };
  expect(await open.services.intake.look(mine, wanted)).toMatchObject({
    here: [{ reference: 'F-0002' }],
    people: [{ reference: 'F-0002', onOpenMeeting: false }]
  });
  expect(await open.services.intake.look(await coordinator(), wanted)).toEqual({ here: [], people: [] });
  const [event] = await db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.areaId, mine.area.id), eq(auditEvents.act, 'imported')));
  expect(event).toMatchObject({ userId: mine.user.id, detail: { rows: 82, incidents: 24 } });
});
