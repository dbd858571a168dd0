// The day after: what agencies say of their actions once families are locked, who may say it, and who is reminded; and
// that none of it changes a decision or shows what is not theirs.
import { and, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decisionContents, decisions } from '#server/database/schema/decisions.ts';
import { actionUpdates } from '#server/database/schema/followup.ts';
import { conflicts } from '#server/database/schema/meetings.ts';
import { openDecisions } from '#server/decisions/decisions.ts';
import type { Followup } from '#server/followup/followup.ts';
import { ids, openDayAfter, type Agency, type DayAfter } from '../actors/day-after.ts';
import type { Door } from '../actors/door.ts';
import { sessionFor, type Who } from '../actors/table.ts';

let door: Door;
let follow: Followup;
let shared: string;
let polices: string;
let hidden: string;
let other: string;
let acts: DayAfter['acts'];
let update: DayAfter['update'];
beforeAll(async () => {
  ({ door, follow, shared, polices, hidden, other, acts, update } = await openDayAfter());
});
afterAll(() => door.close());

const as = (who: Who) => sessionFor(door.table, who);
const asOther = () => {
  const { user, ...rest } = as('police');
  return { ...rest, user: { ...user, id: other } };
};
const answer = (who: Who, actionId: string, agency: Agency, given: string, reason?: string) =>
  follow.answer(as(who), {
    ...{ cardId: shared, actionId, answer: given, reason },
    agencyId: door.table.agencies[agency]
  });

test('TUESDAY5: an agency has its own actions of the families that exist for its rep, and the audit has it first', async () => {
  const police = await follow.actions(as('police'));
  expect(ids(police?.open)).toEqual(['visit', 'mark']);
  expect(ids(police?.free)).toEqual(['moon', 'throat'].toSorted(() => -1));
  expect(JSON.stringify(police)).not.toMatch(/secret|F-0003/);
  expect(ids((await follow.actions(asOther()))?.open)).toEqual(['secret', 'visit', 'mark']);
  const health = await follow.actions(as('health'));
  expect([ids(health?.toAnswer), ids(health?.open), ids(health?.free)]).toEqual([['throat'], [], ['moon']]);
  expect(JSON.stringify(health)).not.toMatch(/F-000[23]/);
  const stranger = await follow.actions(as('stranger'));
  expect(stranger).toMatchObject({ toAnswer: [], open: [], free: [], ended: [] });
  for (const who of ['chair', 'coordinator', 'observer'] as const)
    expect(await follow.actions(as(who))).toBeUndefined();
  const { user, detail } = { user: door.table.people.health, detail: { cardIds: [shared] } };
  expect((await acts('actions-opened')).filter(({ userId }) => userId === user)).toMatchObject([{ detail }]);
});

test('TUESDAY5: where the audit can’t be written, no list and no outcome is given', async () => {
  const { db } = door.database;
  await db.execute(sql`alter table audit_events add constraint no_more check (act = 'signed-in') not valid`);
  await expect(follow.actions(as('police'))).rejects.toThrow();
  await expect(follow.csvOf(as('police'))).rejects.toThrow();
  await expect(follow.chase(as('coordinator'))).rejects.toThrow();
  await expect(follow.outcomes(as('chair'), door.table.meetingId)).rejects.toThrow();
  await expect(follow.outcome(as('chair'), shared)).rejects.toThrow();
  await db.execute(sql`alter table audit_events drop constraint no_more`);
});

test('TUESDAY6: not possible and not done want a note, no day is still to come, and the same said twice is one row', async () => {
  expect(await update('police', 'mark', 'not-possible')).toEqual({
    faults: [{ field: 'note', message: 'Say which circumstances changed.' }]
  });
  expect(await update('police', 'mark', 'not-done', '  ')).toMatchObject({ faults: [{ field: 'note' }] });
  expect(await update('police', 'mark', 'done', '', shared, '2026-11-28')).toMatchObject({
    faults: [{ field: 'on' }]
  });
  expect(await update('police', 'mark', 'lost')).toMatchObject({ faults: [{ field: 'state' }] });
  for (let twice = 0; twice < 2; twice++)
    expect(await update('police', 'mark', 'not-possible', 'She has moved away')).toMatchObject({
      done: true
    });
  const rows = await door.database.db.select().from(actionUpdates).where(eq(actionUpdates.actionId, 'mark'));
  expect(rows).toMatchObject([
    { state: 'not-possible', note: 'She has moved away', on: '2026-11-27', noted: false }
  ]);
  expect((await follow.actions(as('police')))?.ended).toMatchObject([
    { actionId: 'mark', state: 'not-possible' }
  ]);
  expect(await update('police', 'mark', 'open')).toMatchObject({ done: true });
  const [, mark] = (await follow.actions(as('police')))?.open ?? [];
  expect(mark?.history.map(({ kind, by }) => [kind, by])).toEqual([
    ['not-possible', 'The police'],
    ['open', 'The police']
  ]);
});

test('TUESDAY4: only the agency that has an action says what became of it, or the coordinator for it, marked so', async () => {
  const refused = { faults: [{ message: expect.stringContaining('idva’s') }] };
  for (const who of ['police', 'health', 'chair'] as const)
    expect(await update(who, 'ring', 'done')).toMatchObject(refused);
  expect(await update('stranger', 'ring', 'done')).toEqual({ missing: true });
  expect(await update('observer', 'ring', 'done')).toEqual({ missing: true });
  expect(await update('health', 'visit', 'done', undefined, polices)).toEqual({ missing: true });
  expect(await update('police', 'secret', 'done', undefined, hidden)).toEqual({ missing: true });
  expect(await update('idva', 'nothing', 'done')).toEqual({ missing: true });
  expect(await update('idva', 'ring', 'done', undefined, 'no card')).toEqual({ missing: true });
  expect(await update('coordinator', 'ring', 'done', 'By telephone')).toMatchObject({ done: true });
  const [ring] = (await follow.actions(as('idva')))?.ended ?? [];
  expect(ring?.history).toMatchObject([{ kind: 'done', noted: true, agency: 'idva', by: 'The coordinator' }]);
  expect(await update('idva', 'ring', 'open')).toMatchObject({ done: true });
});

test('TUESDAY4: what is nobody’s is done by nobody; the coordinator alone ends it', async () => {
  expect(await update('police', 'moon', 'not-done', 'Nobody did')).toMatchObject({
    faults: [{ field: null }]
  });
  expect(await update('coordinator', 'moon', 'done')).toMatchObject({ faults: [{ field: null }] });
  expect(await update('coordinator', 'moon', 'not-possible', 'There is one moon')).toMatchObject({
    done: true
  });
  expect(await answer('police', 'moon', 'police', 'accepted')).toMatchObject({
    faults: [{ message: 'This action has ended already.' }]
  });
  expect(await update('coordinator', 'moon', 'open')).toMatchObject({ done: true });
});

test('TUESDAY7: after the lock the named agency answers for itself, another volunteers, and the decision stays as it was', async () => {
  const { db } = door.database;
  const hashes = () =>
    db.select().from(decisions).innerJoin(decisionContents, eq(decisionContents.decisionId, decisions.id));
  const before = JSON.stringify(await hashes());
  expect(await answer('police', 'throat', 'health', 'accepted')).toMatchObject({ faults: [{ field: null }] });
  expect(await answer('coordinator', 'throat', 'health', 'accepted')).toMatchObject({
    faults: [{ field: null }]
  });
  expect(await answer('health', 'throat', 'health', 'declined')).toMatchObject({
    faults: [{ field: 'reason' }]
  });
  expect(await answer('health', 'mark', 'health', 'declined', 'No')).toMatchObject({
    faults: [{ field: null }]
  });
  expect(await answer('police', 'mark', 'police', 'declined', 'No')).toMatchObject({
    faults: [{ field: null }]
  });
  expect(await answer('health', 'throat', 'health', 'declined', 'Not our surgery')).toMatchObject({
    done: true
  });
  expect((await follow.actions(as('health')))?.toAnswer).toEqual([]);
  expect(await answer('idva', 'throat', 'idva', 'accepted')).toMatchObject({ done: true });
  expect(ids((await follow.actions(as('idva')))?.open)).toEqual(['ring', 'throat']);
  expect(await answer('idva', 'throat', 'idva', 'declined', 'Given back')).toMatchObject({ done: true });
  expect(await answer('stranger', 'throat', 'stranger', 'accepted')).toEqual({ missing: true });
  expect(JSON.stringify(await hashes())).toBe(before);
  expect(await openDecisions(door).verify()).toMatchObject([{ broken: null }]);
  await expect(db.update(actionUpdates).set({ note: 'Something else' })).rejects.toThrow();
  await expect(db.delete(actionUpdates).where(eq(actionUpdates.actionId, 'mark'))).rejects.toThrow();
  for (const table of ['action_updates', 'action_answers', 'outcome_tellings', 'reminders'])
    await expect(db.execute(sql.raw(`truncate ${table}`))).rejects.toThrow();
});

test('TUESDAY8: of two agencies that take one action on at once, one has it and the other is told', async () => {
  const answers = await Promise.all([
    answer('police', 'moon', 'police', 'accepted'),
    answer('health', 'moon', 'health', 'accepted')
  ]);
  expect(answers.filter((each) => 'done' in each)).toHaveLength(1);
  expect(JSON.stringify(answers)).toMatch(/(police|health) has taken this on already/);
  const taken = 'done' in (answers[0] ?? {}) ? ('police' as const) : ('health' as const);
  expect(await answer(taken, 'moon', taken, 'declined', 'By mistake')).toMatchObject({ done: true });
});

test('TUESDAY10: the agency’s actions as CSV are the same ones, and no cell is a formula', async () => {
  const csv = (await follow.csvOf(as('police'))) ?? '';
  const [head, first, second, end] = csv.split('\r\n');
  expect(head).toMatch(/^\uFEFF"Family","Action","For","Agency","By"/);
  expect(first).toContain(`"F-0002","'=visit it","","police","2026-11-20","Open"`);
  expect(second).toContain('"F-0001"');
  expect(end).toBe('');
  expect(await follow.csvOf(as('chair'))).toBeUndefined();
  expect((await acts('export-made')).at(-1)).toMatchObject({ userId: door.table.people.police });
});

test('TUESDAY11: the home page counts what is open and names the next day, of what this person may see', async () => {
  expect(await follow.head(as('police'))).toEqual({
    today: '2026-11-27',
    mine: { open: 2, overdue: 2, nobodys: 0, firstDue: '2026-11-20', toAnswer: 0 },
    everyones: null
  });
  expect(await follow.head(as('coordinator'))).toMatchObject({
    mine: null,
    everyones: { open: 6, overdue: 3, nobodys: 2, firstDue: '2026-11-01' }
  });
  expect(await follow.head(as('chair'))).toMatchObject({ mine: null, everyones: null });
});

test('CHASE1: the list to chase has nobody’s first, then agencies by what has waited longest, each by its day', async () => {
  const chase = await follow.chase(as('coordinator'));
  expect(ids(chase?.nobodys).toSorted()).toEqual(['moon', 'throat']);
  expect(chase?.agencies.map(({ agency, actions }) => [agency.code, ids(actions)])).toEqual([
    ['police', ['secret', 'visit', 'mark']],
    ['idva', ['ring']]
  ]);
  for (const who of ['police', 'chair', 'observer'] as const)
    expect(await follow.chase(as(who))).toBeUndefined();
});

test('CHASE2: a letter counts only what each of its readers may see, names no family, and that it was made is kept', async () => {
  const letters = async () => (await follow.chase(as('coordinator')))?.agencies[0]?.letters ?? [];
  expect((await letters()).map(({ to, text }) => [to, text]).toSorted()).toEqual([
    [['Meera Lal'], 'police: 3 actions are due, the first on 1 November. Sign in to Same Room to see them.'],
    [['The police'], 'police: 2 actions are due, the first on 20 November. Sign in to Same Room to see them.']
  ]);
  expect(JSON.stringify(await letters())).not.toMatch(/F-000|=mark|=visit/);
  expect((await letters())[0]?.mailto).toMatch(
    /^mailto:[^?]+@example\.org\?subject=Same%20Room%3A%20actions&body=/
  );
  const agencyId = door.table.agencies.police;
  expect(await follow.remind(as('police'), { agencyId, way: 'mail' })).toEqual({ missing: true });
  expect(await follow.remind(as('coordinator'), { agencyId, way: 'mail' })).toMatchObject({
    done: true,
    agency: 'police'
  });
  expect((await follow.chase(as('coordinator')))?.agencies[0]?.reminded).toMatchObject([
    { by: 'The coordinator', way: 'mail' }
  ]);
});

test('CHASE3: a coordinator with a conflict of interest has no trace of the family on the list, nor in its counts', async () => {
  const { coordinator } = door.table.people;
  await door.database.db
    .insert(conflicts)
    .values({ cardId: polices, userId: coordinator, declaredBy: coordinator });
  const chase = await follow.chase(as('coordinator'));
  expect(chase?.tally).toEqual({ open: 5, overdue: 2, nobodys: 2, firstDue: '2026-11-01' });
  expect(JSON.stringify(chase)).not.toMatch(/visit|F-0002/);
  expect(await follow.outcome(as('coordinator'), polices)).toBeUndefined();
  await door.database.db
    .delete(conflicts)
    .where(and(eq(conflicts.cardId, polices), eq(conflicts.userId, coordinator)));
});
