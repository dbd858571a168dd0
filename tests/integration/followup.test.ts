// The day after: what agencies say of their actions once families are locked, who reads it, who is reminded and what
// the next meeting opens with; and that none of it changes a decision or shows what is not theirs.
import { and, eq, sql } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addAction, appendParagraphs } from '#lib/card/edit.ts';
import { auditEvents, decisionContents, decisions } from '#server/database/schema/decisions.ts';
import { actionUpdates } from '#server/database/schema/followup.ts';
import { memberships, users } from '#server/database/schema/identity.ts';
import {
  acceptances,
  cardAgencies,
  cards,
  conflicts,
  jointRatings,
  meetings
} from '#server/database/schema/meetings.ts';
import { openDecisions } from '#server/decisions/decisions.ts';
import { openFollowup, type Followup } from '#server/followup/followup.ts';
import { readingOf } from '#server/meetings/commands/answering.ts';
import { openDoor, type Door } from '../actors/door.ts';
import { sitDown, until } from '../actors/peer.ts';
import { layCard, sessionFor, type Table, type Who } from '../actors/table.ts';

type Agency = keyof Table['agencies'];
interface Planned {
  readonly id: string;
  readonly agency?: Agency;
  readonly by?: string;
  readonly accepted?: boolean;
}

let door: Door;
let follow: Followup;
let shared: string;
let polices: string;
let hidden: string;
/** A second rep of the police, without a conflict. */
const other = randomUUID();
const now = new Date('2026-11-27T09:00:00Z');

const as = (who: Who) => sessionFor(door.table, who);
const asOther = () => {
  const { user, ...rest } = as('police');
  return { ...rest, user: { ...user, id: other } };
};
const ids = (actions: readonly { readonly actionId: string }[] = []) =>
  actions.map(({ actionId }) => actionId);
const acts = (act: string) =>
  door.database.db.select().from(auditEvents).where(eq(auditEvents.act, act)).orderBy(auditEvents.at);

beforeAll(async () => {
  door = await openDoor();
  const { table, database } = door;
  follow = openFollowup({ database, config: { origins: ['https://room.example'] }, now: () => now });
  const { areaId, meetingId } = table;
  await database.db.insert(users).values({ id: other, name: 'Meera Lal', email: 'meera@example.org' });
  await database.db
    .insert(memberships)
    .values({ areaId, userId: other, role: 'rep', agencyId: table.agencies.police });
  const lay = async (position: number, at: Agency[]) => {
    const place = { areaId, meetingId, reference: `F-000${position}`, position };
    return (
      await layCard(
        database.db,
        place,
        at.map((agency) => table.agencies[agency])
      )
    ).cardId;
  };
  [shared, polices, hidden] = [table.cardId, await lay(2, ['police', 'idva']), await lay(3, ['police'])];
  await lock(shared, [
    { id: 'mark', agency: 'police', by: '2026-11-25', accepted: true },
    { id: 'ring', agency: 'idva', by: '2026-11-27', accepted: true },
    { id: 'throat', agency: 'health', by: '2026-12-01' },
    { id: 'moon' }
  ]);
  await lock(polices, [{ id: 'visit', agency: 'police', by: '2026-11-20', accepted: true }]);
  await lock(hidden, [{ id: 'secret', agency: 'police', by: '2026-11-01', accepted: true }]);
  const { police } = table.people;
  await database.db.insert(conflicts).values({ cardId: hidden, userId: police, declaredBy: police });
  await database.db
    .update(meetings)
    .set({ state: 'closed', closedAt: now })
    .where(eq(meetings.id, meetingId));
});
afterAll(() => door.close());

/** Plans, concludes and locks a card as the table would. */
async function lock(cardId: string, planned: readonly Planned[]): Promise<void> {
  const { table, database } = door;
  const peer = await sitDown({ ...door.address('chair'), document: `cards/${cardId}` }, true);
  appendParagraphs(peer.doc, 'summary', undefined, ['High risk, so three things at once']);
  for (const { id, agency, by, accepted } of planned) {
    const terms = {
      what: `=${id} it`,
      agencyId: agency ? table.agencies[agency] : null,
      by: by ?? null,
      memberId: null
    };
    addAction(peer.doc, terms, id);
    if (accepted && agency)
      await database.db.insert(acceptances).values({
        ...{ cardId, actionId: id, agencyId: table.agencies[agency], answer: 'accepted' },
        ...{ by: table.people.chair, reading: readingOf(terms) }
      });
  }
  await until('it is saved', () => peer.saved() === peer.sent());
  peer.leave();
  await database.db
    .insert(jointRatings)
    .values({ cardId, by: table.people.chair, memberId: null, rating: 'red', reason: 'Two reports' });
  const done = await openDecisions(door).lock(as('chair'), cardId, { reason: 'The rest by letter' });
  if (!done.ok) throw new Error(done.error.message);
}

const update = (who: Who, actionId: string, state: string, note?: string, cardId = shared, on?: string) =>
  follow.update(as(who), { cardId, actionId, state, note, on });
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

test('OUTCOME1: everyone who sat at a card reads its outcome, with an action or without; nobody else does', async () => {
  const references = async (who: Who) =>
    (await follow.outcomes(as(who), door.table.meetingId))?.cards.map(({ reference }) => reference);
  expect(await references('chair')).toEqual(['F-0001', 'F-0002', 'F-0003']);
  expect(await references('police')).toEqual(['F-0001', 'F-0002']);
  expect(await references('health')).toEqual(['F-0001']);
  for (const who of ['observer', 'stranger'] as const) {
    expect(await references(who)).toBeUndefined();
    expect(await follow.outcome(as(who), shared)).toBeUndefined();
  }
  const health = await follow.outcome(as('health'), shared);
  expect(health?.content).toMatchObject({
    number: 1,
    reference: 'F-0001',
    joint: [{ rating: 'red', reason: 'Two reports' }]
  });
  expect(JSON.stringify(health?.content.summary)).toContain('three things at once');
  expect(ids(health?.actions).toSorted()).toEqual(['mark', 'moon', 'ring', 'throat']);
  expect(JSON.stringify(health)).not.toMatch(/"protected"|"conflicts"/);
  expect(await follow.outcome(as('health'), polices)).toBeUndefined();
  expect(await follow.outcome(as('police'), hidden)).toBeUndefined();
  expect(await follow.outcome(as('chair'), 'nothing')).toBeUndefined();
  expect(await follow.outcomes(as('chair'), shared)).toBeUndefined();
});

test('OUTCOME2: each opening of an outcome is in the audit, by person and card', async () => {
  await follow.outcome(as('idva'), polices);
  expect((await acts('outcome-opened')).at(-1)).toMatchObject({
    ...{ userId: door.table.people.idva, cardId: polices, meetingId: door.table.meetingId },
    purpose: 'the outcome of the meeting of 2026-11-24'
  });
  const before = (await acts('outcome-opened')).length;
  await follow.outcome(as('police'), hidden);
  expect(await acts('outcome-opened')).toHaveLength(before);
});

test('OUTCOME3: the IDVA’s agency says whether the victim was told and the coordinator for the referrer; how is protected', async () => {
  const victim = door.table.members.find(({ role }) => role === 'victim')?.id;
  const child = door.table.members.find(({ role }) => role === 'child')?.id;
  const tell = (who: Who, said: object) => follow.tell(as(who), { cardId: shared, ...said });
  const her = { whom: 'victim', memberId: victim };
  for (const who of ['police', 'coordinator', 'chair'] as const)
    expect(await tell(who, { ...her, told: 'told', how: 'By letter' })).toMatchObject({
      faults: [{ field: null }]
    });
  expect(await tell('idva', { ...her, told: 'told' })).toMatchObject({ faults: [{ field: 'how' }] });
  expect(await tell('idva', { ...her, memberId: child, told: 'not-safe' })).toEqual({ missing: true });
  expect(await tell('idva', { whom: 'referrer', told: 'not-safe' })).toMatchObject({
    faults: [{ field: null }]
  });
  expect(await tell('observer', { ...her, told: 'not-safe' })).toEqual({ missing: true });
  expect(await tell('idva', { ...her, told: 'not-safe', how: 'He reads her post' })).toMatchObject({
    done: true
  });
  expect(
    await tell('idva', { ...her, told: 'told', how: 'At her mother’s', on: '2026-11-26' })
  ).toMatchObject({ done: true });
  expect(
    await tell('coordinator', { whom: 'referrer', told: 'told', how: 'Rang the surgery' })
  ).toMatchObject({ done: true });
  const heard = (await follow.outcome(as('health'), shared))?.toTell;
  expect(heard).toMatchObject([
    {
      whom: 'victim',
      mayTell: false,
      said: [{ told: 'not-safe' }, { told: 'told', on: '2026-11-26', how: 'At her mother’s' }]
    },
    { whom: 'referrer', name: null, said: [{ told: 'told', how: 'Rang the surgery', by: 'The coordinator' }] }
  ]);
  // A deputy has the card, and not the protected class.
  const { stranger } = door.table.people;
  await door.database.db
    .update(meetings)
    .set({ deputyId: stranger })
    .where(eq(meetings.id, door.table.meetingId));
  const deputys = JSON.stringify(await follow.outcome(as('stranger'), shared));
  expect(deputys).toContain('not-safe');
  expect(deputys).not.toMatch(/her mother|her post|the surgery/);
  await door.database.db
    .update(meetings)
    .set({ deputyId: null })
    .where(eq(meetings.id, door.table.meetingId));
});

test('OUTCOME4: an outcome is followed until every action has ended, and then says that it is closed', async () => {
  expect((await follow.outcome(as('chair'), polices))?.closed).toBe(false);
  expect(await update('police', 'visit', 'done', undefined, polices)).toMatchObject({ done: true });
  expect((await follow.outcome(as('chair'), polices))?.closed).toBe(true);
  const [, second] = (await follow.outcomes(as('idva'), door.table.meetingId))?.cards ?? [];
  expect(second).toMatchObject({ reference: 'F-0002', closed: true, tally: { open: 0 }, rating: 'red' });
  await update('police', 'visit', 'open', undefined, polices);
});

test('TUESDAY9: the next meeting opens with what the last left open, of families that exist for the person at both tables', async () => {
  const { table, database } = door;
  const { db } = database;
  const meetingId = randomUUID();
  const { chair, coordinator } = table.people;
  await db.insert(meetings).values({
    ...{
      id: meetingId,
      areaId: table.areaId,
      startsAt: new Date('2026-12-01T10:00:00Z'),
      place: 'Town hall'
    },
    ...{ chairId: chair, heldBy: chair, state: 'open', createdBy: coordinator }
  });
  const again = new Map<string, string>();
  for (const [position, cardId] of [shared, polices, hidden].entries()) {
    const [before] = await db.select().from(cards).where(eq(cards.id, cardId));
    if (!before) throw new Error('There is no such card');
    const { areaId, caseId, familyId } = before;
    const id = randomUUID();
    await db.insert(cards).values({ id, areaId, caseId, familyId, meetingId, position });
    for (const agencyId of Object.values(table.agencies).filter(
      (id) => cardId !== polices || id !== table.agencies.idva
    ))
      await db.insert(cardAgencies).values({ cardId: id, agencyId });
    again.set(cardId, id);
  }
  const left = async (who: Who) => {
    const found = await follow.lastTime(as(who), meetingId);
    return Object.fromEntries(
      Object.entries(found?.cards ?? {}).map(([id, actions]) => [id, ids(actions).toSorted()])
    );
  };
  const all = ['mark', 'moon', 'ring', 'throat'];
  expect(await left('chair')).toEqual({
    [again.get(shared) ?? '']: all,
    [again.get(polices) ?? '']: ['visit'],
    [again.get(hidden) ?? '']: ['secret']
  });
  // The police's rep has a conflict of interest with one family, declared at its first card.
  expect(await left('police')).toEqual({
    [again.get(shared) ?? '']: all,
    [again.get(polices) ?? '']: ['visit']
  });
  expect(await left('health')).toEqual({ [again.get(shared) ?? '']: all });
  // At the earlier table of the second family, and not called to the new one.
  expect(await left('idva')).toEqual({ [again.get(shared) ?? '']: all });
  // Called to the new card only: what was said at the earlier table is not theirs.
  expect(await left('stranger')).toEqual({});
  expect(await follow.lastTime(as('observer'), meetingId)).toBeUndefined();
  expect((await acts('actions-opened')).at(-1)).toMatchObject({
    meetingId,
    purpose: 'the meeting of 2026-12-01'
  });
});
