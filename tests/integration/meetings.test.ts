// What each person at a meeting is told, looked for in every byte they were sent.
import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database, Transaction } from '#server/database/database.ts';
import { auditEvents } from '#server/database/schema/decisions.ts';
import { areas } from '#server/database/schema/identity.ts';
import { attendance, cards } from '#server/database/schema/meetings.ts';
import { openBoards, ourOrigin, type Board, type Boards } from '../actors/boards.ts';
import { until } from '../actors/peer.ts';
import { layCard, layTable, sessionFor, type Who } from '../actors/table.ts';

let boards: Boards;
let refusing = false;

/** A database that refuses to write the audit while the test says so. */
function unreliable(database: Database): Database {
  const db = new Proxy(database.db, {
    get(target, name, receiver) {
      const own: unknown = Reflect.get(target, name, receiver);
      if (name !== 'insert') return own;
      return (into: Parameters<Transaction['insert']>[0]) => {
        if (refusing && into === auditEvents) throw new Error('the disk is full');
        return target.insert(into);
      };
    }
  });
  return { ...database, db };
}

beforeAll(async () => {
  boards = await openBoards(unreliable);
});
afterAll(() => boards.close());

const cardOf = (board: Board, cardId = boards.table.cardId) => board.state().cards[cardId];
const { stringify } = JSON;

test('VIEW1: a newcomer gets one state with what is theirs to see, and not a byte of another card', async () => {
  const police = await boards.sit('police');
  const stranger = await boards.sit('stranger', 'remote');
  const coordinator = await boards.sit('coordinator');
  expect(Object.keys(police.state().cards)).toEqual([boards.table.cardId]);
  expect(Object.keys(stranger.state().cards)).toEqual([boards.otherCardId]);
  expect(cardOf(stranger, boards.otherCardId)?.position).toBe(1);
  expect(Object.values(coordinator.state().cards).map(({ position }) => position)).toEqual([1, 2]);
  const chair = await boards.sit('chair');
  await chair.send({ type: 'card.show', cardId: boards.otherCardId });
  await chair.send({
    type: 'joint.set',
    cardId: boards.otherCardId,
    memberId: null,
    rating: 'red',
    reason: 'MARKER-other-joint'
  });
  await until('the change at the agency called for it', () =>
    stranger.received().includes('MARKER-other-joint')
  );
  expect(stranger.state().currentCardId).toBe(boards.otherCardId);
  expect(police.state().currentCardId).toBeNull();
  for (const trace of [boards.otherCardId, 'F-0002', 'MARKER-other-joint'])
    expect(police.received()).not.toContain(trace);
  for (const trace of [boards.table.cardId, 'F-0001']) expect(stranger.received()).not.toContain(trace);
  for (const each of [police, stranger, coordinator, chair]) each.close();
});

test('VIEW2: no session, no place, no such meeting: refused alike, and a foreign Origin before the upgrade', async () => {
  const { meetingId } = boards.table;
  const elsewhere = await layTable(boards.database.db);
  const as = (who: Who, auth: unknown, origin?: string) =>
    boards.refusal(auth, { who, ...(origin ? { origin } : {}) });
  expect(await boards.refusal({ meetingId, mode: 'room' })).toMatchObject({ code: 'signed-out' });
  const unknown = await as('police', { meetingId: randomUUID(), mode: 'room' });
  expect(unknown.code).toBe('not-found');
  expect(await as('police', { meetingId: elsewhere.meetingId, mode: 'room' })).toEqual(unknown);
  expect(await as('police', { meetingId: 'none', mode: 'room' })).toEqual(unknown);
  expect(await as('police', {})).toEqual(unknown);
  const foreign = await as('police', { meetingId, mode: 'room' }, 'https://elsewhere.example');
  expect(foreign.code).toBeUndefined();
  const ours = boards.refusal(
    { meetingId: randomUUID(), mode: 'room' },
    { who: 'police', origin: ourOrigin }
  );
  expect(await ours).toEqual(unknown);
});

test('VIEW3: after a command everyone is sent what is new of it and no more, in order', async () => {
  const [chair, health] = [await boards.sit('chair'), await boards.sit('health')];
  // What was still on its way, of those who came and went before, is there ahead of an answer on the same line.
  await boards.meetings.changed(boards.table.meetingId);
  await health.sendRaw({});
  health.changes.length = 0;
  await chair.send({ type: 'card.show', cardId: boards.table.cardId });
  await until('the card is shown', () => health.state().currentCardId === boards.table.cardId);
  expect(Object.keys(Object.assign({}, ...health.changes)).sort()).toEqual([
    'cards',
    'currentCardId',
    'pace'
  ]);
  const turns = [0, 1, 2, 3, 4].map((turn) =>
    chair.send({
      type: 'joint.set',
      cardId: boards.table.cardId,
      memberId: boards.table.members[0]?.id ?? '',
      rating: 'green',
      reason: `turn ${turn}`
    })
  );
  await Promise.all(turns);
  await until('the last turn', () => stringify(cardOf(health)?.joint).includes('turn 4'));
  const seen = health.changes.flatMap((change) => change.cards?.[boards.table.cardId]?.version ?? []);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  chair.close();
  health.close();
});

test('VIEW4: people are here once however many windows they have, room or remote, and gone with the last', async () => {
  const chair = await boards.sit('chair');
  const [one, two] = [await boards.sit('idva', 'remote'), await boards.sit('idva', 'remote')];
  const idva = () => chair.state().people.find(({ userId }) => userId === boards.table.people.idva);
  await until('the IDVA is here', () => idva()?.connected === true);
  expect(idva()).toMatchObject({
    mode: 'remote',
    role: 'rep',
    agencyIds: [boards.table.agencies.idva],
    name: 'The idva'
  });
  one.close();
  await boards.meetings.changed(boards.table.meetingId);
  expect(idva()?.connected).toBe(true);
  two.close();
  await until('the IDVA is gone', () => idva()?.connected === false);
  expect(idva()?.mode).toBe('remote');
  const said = await boards.database.db
    .select()
    .from(attendance)
    .where(eq(attendance.userId, boards.table.people.idva));
  expect(said).toHaveLength(1);
  chair.close();
});

test('VIEW5: what somebody is about to see is in the audit first, and where it can not be, nothing is sent', async () => {
  const { db } = boards.database;
  const opened = () =>
    db
      .select()
      .from(auditEvents)
      .where(
        and(
          eq(auditEvents.userId, boards.table.people.observer),
          eq(auditEvents.cardId, boards.table.cardId),
          eq(auditEvents.act, 'card-opened')
        )
      );
  refusing = true;
  const { meetingId } = boards.table;
  const refused = await boards.refusal({ meetingId, mode: 'room' }, { who: 'observer' });
  expect(refused.code).toBe('unavailable');
  refusing = false;
  expect(await opened()).toHaveLength(0);
  const observer = await boards.sit('observer');
  const [row] = await opened();
  expect(row).toMatchObject({ meetingId, purpose: 'the meeting' });
  expect(row?.familyId).toBeTruthy();
  const connected = await db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.userId, boards.table.people.observer), eq(auditEvents.act, 'connected')));
  expect(connected).toHaveLength(1);
  observer.close();
});

test('VIEW6: a card that is newly on the agenda is recorded before it is sent; one that cannot be is not sent', async () => {
  const health = await boards.sit('health');
  const { areaId, meetingId, agencies } = boards.table;
  const added = await layCard(boards.database.db, { areaId, meetingId, reference: 'F-0003', position: 3 }, [
    agencies.health
  ]);
  refusing = true;
  await boards.meetings.changed(meetingId).catch(() => undefined);
  await health.send({ type: 'chair.take' }); // refused, and answered after whatever was sent before it
  refusing = false;
  expect(health.received()).not.toContain('F-0003');
  await boards.meetings.changed(meetingId);
  await until('the new card', () => health.received().includes('F-0003'));
  expect(cardOf(health, added.cardId)?.position).toBe(2);
  await boards.database.db.update(cards).set({ withdrawnAt: new Date() }).where(eq(cards.id, added.cardId));
  await boards.meetings.changed(meetingId);
  await until('it is withdrawn', () => cardOf(health, added.cardId) === undefined);
  health.close();
});

test('SEAL1: before the reveal, not a byte of a rating or record leaves for anyone outside its agency', async () => {
  const { cardId, members } = boards.table;
  const [victim] = members;
  const police = await boards.sit('police');
  const others = [
    await boards.sit('chair'),
    await boards.sit('coordinator'),
    await boards.sit('idva'),
    await boards.sit('observer')
  ];
  const given = [
    await police.send({
      type: 'rating.set',
      cardId,
      memberId: null,
      rating: 'amber',
      basis: 'own-record',
      reason: 'MARKER-sealed-rating'
    }),
    await police.send({
      type: 'record.set',
      cardId,
      memberId: victim?.id ?? '',
      record: 'known',
      reason: 'MARKER-sealed-record',
      searched: { systems: 'MARKER-sealed-systems', from: '2024-01-01', to: '2026-11-01' }
    })
  ];
  expect(given).toMatchObject([{ ok: true }, { ok: true }]);
  await until('that police rated', () =>
    others.every((other) => cardOf(other)?.ratedAgencyIds.includes(boards.table.agencies.police))
  );
  for (const other of [...others, await boards.sit('chair', 'remote')]) {
    expect(other.received()).not.toContain('MARKER-sealed');
    expect(cardOf(other)?.ratings).toEqual([]);
    expect(cardOf(other)?.records).toEqual([]);
  }
  expect(cardOf(police)?.ratings).toMatchObject([{ rating: 'amber', afterReveal: false, by: 'The police' }]);
  const [chair] = others;
  expect(await chair?.send({ type: 'ratings.reveal', cardId })).toMatchObject({ ok: true });
  await until('everyone sees them', () =>
    others.every((other) => other.received().includes('MARKER-sealed-rating'))
  );
  for (const other of others) expect(other.received()).toContain('MARKER-sealed-systems');
  await police.send({ type: 'rating.set', cardId, memberId: null, rating: 'red' });
  await until('the change after the reveal', () => cardOf(others[3] as Board)?.ratings[0]?.rating === 'red');
  expect(cardOf(others[3] as Board)?.ratings[0]).toMatchObject({ afterReveal: true });
  for (const each of [police, ...others]) each.close();
});

test('SEAL2: what the coordinator noted for an agency is sealed from the coordinator too, and marked', async () => {
  const own = await openBoards();
  const { cardId, agencies } = own.table;
  const [coordinator, health] = [await own.sit('coordinator'), await own.sit('health')];
  const noted = await coordinator.send({
    type: 'rating.set',
    cardId,
    memberId: null,
    rating: 'green',
    agencyId: agencies.health,
    reason: 'MARKER-noted'
  });
  expect(noted).toMatchObject({ ok: true });
  await until('health sees it', () => health.received().includes('MARKER-noted'));
  expect(health.state().cards[cardId]?.ratings).toMatchObject([{ noted: true, by: 'The coordinator' }]);
  expect(coordinator.received()).not.toContain('MARKER-noted');
  expect(coordinator.state().cards[cardId]?.ratedAgencyIds).toEqual([agencies.health]);
  await own.close();
});

test('SEAL3: a lock reveals what was sealed; where the area seals nothing, all is shown at once', async () => {
  const own = await openBoards();
  const { cardId } = own.table;
  const [chair, idva] = [await own.sit('chair'), await own.sit('idva')];
  await idva.send({ type: 'rating.set', cardId, memberId: null, rating: 'red', reason: 'MARKER-until-lock' });
  expect(chair.received()).not.toContain('MARKER-until-lock');
  const concluded = { type: 'joint.set', cardId, memberId: null, rating: 'red', reason: 'Because' } as const;
  expect(await chair.send(concluded)).toMatchObject({ ok: true });
  expect(await chair.send({ type: 'card.lock', cardId, reason: 'No plan yet' })).toMatchObject({ ok: true });
  await until('the lock', () => chair.received().includes('MARKER-until-lock'));
  const { db } = own.database;
  await db.update(areas).set({ sealed: false }).where(eq(areas.id, own.table.areaId));
  const stranger = await own.sit('stranger');
  await stranger.send({
    type: 'rating.set',
    cardId: own.otherCardId,
    memberId: null,
    rating: 'blue',
    reason: 'MARKER-open'
  });
  await until('it is open', () => chair.received().includes('MARKER-open'));
  await own.close();
});

test('SEAT1: a person’s meetings count the cards they may see, and name their role', async () => {
  const list = async (who: Parameters<typeof sessionFor>[1]) => {
    const [meeting] = await boards.meetings.list(sessionFor(boards.table, who));
    return (
      meeting && {
        role: meeting.role,
        cards: meeting.cards.map(({ position, family }) => [position, family.reference])
      }
    );
  };
  expect(await list('chair')).toEqual({
    role: 'chair',
    cards: [
      [1, 'F-0001'],
      [2, 'F-0002']
    ]
  });
  expect(await list('coordinator')).toMatchObject({ role: 'coordinator' });
  expect(await list('stranger')).toEqual({ role: 'rep', cards: [[1, 'F-0002']] });
  expect(await list('observer')).toMatchObject({ role: 'observer' });
});

test('SEAT2: a card is told with its documents and what may be written; another’s is answered as one that is not', async () => {
  const { cardId } = boards.table;
  const police = await boards.meetings.card(sessionFor(boards.table, 'police'), cardId);
  expect(police?.documents.map(({ name }) => name)).toEqual([`cards/${cardId}`, `protected/${cardId}`]);
  const writes = police?.documents.flatMap(({ sections }) => sections.filter(({ mayWrite }) => mayWrite));
  expect(writes?.map(({ name }) => name)).toEqual([
    `agency/${boards.table.agencies.police}`,
    'analysis',
    'plan',
    'questions',
    'safety'
  ]);
  const observer = await boards.meetings.card(sessionFor(boards.table, 'observer'), cardId);
  expect(observer?.documents.map(({ name }) => name)).toEqual([`cards/${cardId}`]);
  expect(observer?.documents[0]?.sections.some(({ mayWrite }) => mayWrite)).toBe(false);
  const stranger = sessionFor(boards.table, 'stranger');
  expect(await boards.meetings.card(stranger, cardId)).toBeUndefined();
  expect(await boards.meetings.card(stranger, randomUUID())).toBeUndefined();
  expect(await boards.meetings.card(stranger, 'not an id')).toBeUndefined();
});

test('SEAT3: a card’s version moves with every fact', async () => {
  const { cardId, members } = boards.table;
  const version = async () =>
    (await boards.meetings.card(sessionFor(boards.table, 'health'), cardId))?.version;
  const before = await version();
  expect(await version()).toBe(before);
  const health = await boards.sit('health');
  await health.send({ type: 'record.set', cardId, memberId: members[0]?.id ?? '', record: 'none' });
  expect(await version()).not.toBe(before);
  health.close();
});
