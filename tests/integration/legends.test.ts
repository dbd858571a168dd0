// What the colours mean: by the day, at a meeting, in its decisions.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DecisionContent } from '#lib/card/canonical.ts';
import { dueAt, firstLegend } from '#lib/domain/legend.ts';
import { inLondon } from '#lib/domain/london.ts';
import { decisionContents, decisions } from '#server/database/schema/decisions.ts';
import { legends } from '#server/database/schema/legends.ts';
import { meetings } from '#server/database/schema/meetings.ts';
import { openLegends } from '#server/identity/legends.ts';
import { openBoards, type Boards } from '../actors/boards.ts';
import { sessionFor } from '../actors/table.ts';

let boards: Boards;
beforeAll(async () => {
  boards = await openBoards();
});
afterAll(() => boards.close());

const day = (ahead: number) => inLondon(new Date(Date.now() + ahead * 86_400_000)).date;
const worded = (word: string) => ({
  meanings: { ...firstLegend.meanings, red: { ...firstLegend.meanings.red, word } },
  opens: '08:00',
  closes: '18:00',
  closed: []
});

test('RATE9: a meeting shows the legend of its day, its decisions keep it, and its rows are never changed', async () => {
  const { areaId, people, cardId } = boards.table;
  const { db } = boards.database;
  const version = (number: number, validFrom: string, word: string) =>
    ({ areaId, version: number, validFrom, content: worded(word), by: people.coordinator }) as const;
  // The meeting is on 24 November 2026.
  await db.insert(legends).values([version(1, '2026-11-20', 'Serious'), version(2, '2026-11-25', 'Severe')]);
  const chair = await boards.sit('chair');
  expect(chair.state().meeting.legend).toEqual({ ...worded('Serious'), version: 1, validFrom: '2026-11-20' });
  await chair.send({ type: 'joint.set', cardId, rating: 'red', reason: 'As the highest rating given' });
  expect(await chair.send({ type: 'card.lock', cardId, reason: 'No plan yet' })).toMatchObject({ ok: true });
  const [row] = await db
    .select({ canonical: decisionContents.canonical })
    .from(decisions)
    .innerJoin(decisionContents, eq(decisionContents.decisionId, decisions.id))
    .where(eq(decisions.cardId, cardId));
  const content = JSON.parse(row?.canonical ?? '') as DecisionContent;
  expect(content.legend).toEqual(chair.state().meeting.legend);
  const [joint] = content.joint;
  const due = joint && dueAt(content.legend, joint.rating, new Date(joint.at));
  expect(content.responseDue).toBe(due?.toISOString());
  await expect(db.update(legends).set({ validFrom: '2026-01-01' })).rejects.toThrow();
});

test('RATE9: a coordinator adds a version from today on, and none for a day on which a meeting was opened', async () => {
  const { db } = boards.database;
  const service = openLegends(boards.database);
  const session = sessionFor(boards.table, 'coordinator');
  const ask = (validFrom: string, word = 'Urgent') => ({ ...worded(word), validFrom });
  expect(await service.set(session, ask(day(-1)))).toHaveProperty('refused');
  expect(await service.set(session, { ...ask(day(1)), closes: '07:00' })).toEqual({
    refused: 'Closing is later than opening.'
  });
  expect(await service.set(session, ask(day(1), 'Blue'))).toEqual({
    refused: 'Give each colour a word of its own.'
  });
  expect(await service.set(session, ask(day(1)))).toHaveProperty('from');
  expect(await service.set(session, ask(day(1)))).toHaveProperty('refused');
  const { today, coming, tomorrow } = await service.read(session);
  expect(today.meanings.red.word).not.toBe('Urgent');
  expect(coming).toMatchObject([{ version: 3, validFrom: tomorrow }]);
  await db.update(meetings).set({ openedAt: new Date() }).where(eq(meetings.id, boards.table.meetingId));
  expect(await service.set(session, ask(day(0), 'Now'))).toHaveProperty('refused');
});
