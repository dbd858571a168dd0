// Rights that change while people are connected, seen by unmodified y-websocket clients: the connections concerned
// are closed with 4503, the clients come back by themselves, and are judged anew at the door and in the room.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { appendParagraphs } from '#lib/card/edit.ts';
import type { Section } from '#lib/domain/permission.ts';
import { openSchedule } from '#server/schedule/schedule.ts';
import { load } from '#server/sync/documents.ts';
import { openHall, type Boards, type Hall } from '../actors/boards.ts';
import { done } from '../actors/office.ts';
import { knock, sitDown, until, type Peer } from '../actors/peer.ts';
import { sessionFor, type Who } from '../actors/table.ts';

let hall: Hall;
let boards: Boards;
let cardId: string;
const peers: Peer[] = [];
beforeAll(async () => {
  hall = await openHall();
});
afterAll(() => hall.close());
beforeEach(async () => {
  boards = await hall.lay();
  cardId = boards.table.cardId;
});
afterEach(() => {
  for (const peer of peers.splice(0)) peer.leave();
  return boards.close();
});

/** An unmodified client: it asked for nothing beyond the standard protocol. */
async function open(who: Who, kind: 'cards' | 'protected' = 'cards'): Promise<Peer> {
  const peer = await sitDown(boards.address(who, kind));
  peers.push(peer);
  return peer;
}
const otherCard = (who: Who) => ({ ...boards.address(who), document: `cards/${boards.otherCardId}` });
const write = ({ doc }: Peer, section: Section, words: string, key?: string) =>
  appendParagraphs(doc, section, key, [words]);
const reads = ({ doc }: Peer, words: string) =>
  `${JSON.stringify(doc.getMap('analysis'))}${doc.getXmlFragment('summary').toString()}`.includes(words);
const closedOnce = (peer: Peer) => until('the server closes it', () => peer.closes.length > 0);
/** It was sent away to come back, and has come back by itself. */
async function isBack(peer: Peer): Promise<void> {
  await closedOnce(peer);
  expect(peer.closes).toEqual([4503]);
  await until('it has come back', () => peer.provider.wsconnected && peer.provider.synced);
}
/** What it writes now is refused, and 4403 keeps an unmodified client away. */
async function isRefused(peer: Peer, section: Section, words: string, key?: string): Promise<void> {
  write(peer, section, words, key);
  await until('it is refused', () => peer.closes.includes(4403));
  expect(peer.provider.shouldConnect).toBe(false);
  expect(await stored(boards.table.cardId)).not.toContain(words);
}
async function stored(ofCard: string): Promise<string> {
  const found = await load(boards.database.db, `cards/${ofCard}`);
  return JSON.stringify(found?.document.toJSON());
}

test('SYNC13: an agency that is taken off a card is out of its documents at once; the others come back and write on', async () => {
  const { agencies, meetingId } = boards.table;
  const schedule = openSchedule({ database: boards.database, sync: boards.sync });
  const coordinator = sessionFor(boards.table, 'coordinator');
  done(await schedule.call(coordinator, meetingId, cardId, agencies.stranger));
  const [called, police] = [await open('stranger'), await open('police')];
  const calledToo = await open('stranger', 'protected');
  write(police, 'analysis', 'While all may read', 'worries');
  await until('the called agency reads it', () => reads(called, 'While all may read'));
  done(await schedule.takeOff(coordinator, meetingId, cardId, agencies.stranger));
  for (const peer of [called, calledToo]) {
    await closedOnce(peer);
    expect(peer.closes[0]).toBe(4503);
  }
  for (const kind of ['cards', 'protected'] as const)
    await expect(knock(boards.address('stranger', kind))).rejects.toThrow('404');
  await isBack(police);
  write(police, 'analysis', 'Once they had left', 'worries');
  await until('it is stored', async () => (await stored(cardId)).includes('Once they had left'));
  for (const peer of [called, calledToo]) {
    expect(peer.provider.synced).toBe(false);
    expect(reads(peer, 'Once they had left')).toBe(false);
  }
});

test('SYNC13: the chair who hands over comes back to read, and the new one to write the summary; nobody else is closed', async () => {
  const chair = await boards.sit('chair');
  const [before, after, reader] = [await open('chair'), await open('police'), await open('health')];
  write(before, 'summary', 'By the first chair');
  await until('all read it', () => [after, reader].every((peer) => reads(peer, 'By the first chair')));
  expect(await chair.send({ type: 'chair.give', userId: boards.table.people.police })).toMatchObject({
    ok: true
  });
  await isBack(before);
  await isBack(after);
  write(after, 'summary', 'By the second chair');
  await until('all read it', () => [before, reader].every((peer) => reads(peer, 'By the second chair')));
  await isRefused(before, 'summary', 'By who handed over');
  expect(reader.closes).toEqual([]);
});

test('SYNC13: a meeting that closes closes every document of it; who comes back reads, and what they write is late or refused', async () => {
  const chair = await boards.sit('chair');
  const concluded = { cardId, memberId: null, rating: 'red', reason: 'Because' } as const;
  expect(await chair.send({ type: 'joint.set', ...concluded })).toMatchObject({ ok: true });
  const [police, idva, observer] = [
    await open('police'),
    await open('idva', 'protected'),
    await open('observer')
  ];
  const notReached = await sitDown(otherCard('stranger'));
  peers.push(notReached);
  write(police, 'analysis', 'Before the close', 'worries');
  await until('it is shown', () => reads(observer, 'Before the close'));
  expect(await chair.send({ type: 'meeting.close', reason: 'The plan follows' })).toMatchObject({ ok: true });
  for (const peer of [police, idva, notReached]) await isBack(peer);
  await closedOnce(observer);
  expect(observer.closes[0]).toBe(4503);
  await expect(knock(boards.address('observer'))).rejects.toThrow('404');
  expect(reads(police, 'Before the close')).toBe(true);
  write(police, 'analysis', 'After the close', 'worries');
  await until('it is too late', () => police.closes.includes(4423));
  const late = await boards.sync.lateEdits(cardId);
  expect(late.map(({ text }) => text)).toEqual(['After the close']);
  expect(await stored(cardId)).not.toContain('After the close');
  write(notReached, 'analysis', 'After the close', 'worries');
  await until('it is refused', () => notReached.closes.includes(4403));
  expect(await stored(boards.otherCardId)).not.toContain('After the close');
});
