// A rehearsal beside a real area, in this process: what of each is in the other's bytes, who its people are, how they
// play, and how the play ends.
import { and, count, eq, inArray, ne } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addAction, addQuestion } from '#lib/card/edit.ts';
import { fragmentAt, plainText, blocksOf, questionsIn } from '#lib/card/read.ts';
import type { MeetingState } from '#lib/protocol/meeting.ts';
import { accounts, areas, memberships, sessions, users } from '#server/database/schema/identity.ts';
import type { Session } from '#server/identity/session.ts';
import { limits } from '#server/rehearsal/rehearsals.ts';
import type { As } from '#server/rehearsal/laying.ts';
import type { Events, Outsider } from '../actors/outsider.ts';
import { until } from '../actors/peer.ts';
import { openRehearsing, type Rehearsing } from '../actors/rehearsing.ts';
import type { Who } from '../actors/table.ts';

let world: Rehearsing;
beforeAll(async () => {
  world = await openRehearsing();
});
afterAll(() => world.close());

const db = () => world.office.services.database.db;
interface Rehearser {
  readonly person: Outsider;
  /** As it is in the rehearsal. */
  readonly session: Session;
  readonly meetingId: string;
}

/** Somebody signs in and begins a rehearsal. */
async function begin(who: Who, as: As): Promise<Rehearser> {
  const person = await world.signIn(who);
  const begun = await world.rehearsals.begin(await world.session(person), as);
  if ('refused' in begun) throw new Error(begun.refused);
  return { person, session: await world.session(person), meetingId: begun.meetingId };
}
const leave = async ({ person }: Rehearser) => world.rehearsals.end(await world.session(person));

/** The meeting as a board of theirs has it now. */
const seen = (board: Events) => board.state as unknown as MeetingState;
const cardsOf = (board: Events) => Object.values(seen(board).cards).sort((a, b) => a.position - b.position);
const agencyOf = (board: Events, code: string) =>
  seen(board).agencies.find((agency) => agency.code === code)?.id ?? '';
const codesOf = (board: Events, ids: readonly string[]) =>
  seen(board)
    .agencies.filter(({ id }) => ids.includes(id))
    .map(({ code }) => code)
    .sort();
const connected = (board: Events) => seen(board).people.filter((person) => person.connected).length;

async function playersOf(areaId: string, ownId: string) {
  return db()
    .select({ id: users.id, name: users.name, email: users.email })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(memberships.areaId, areaId), ne(memberships.userId, ownId)));
}

test('REHEARSE1: while somebody rehearses nothing of their area is theirs on any wire, and nothing of the rehearsal is anyone else’s', async () => {
  const { office } = world;
  const { table, services } = office;
  const person = await world.signIn('health');
  const other = await world.signIn('police');
  const others = await other.enter(table.meetingId);
  const own = await person.enter(table.meetingId);
  const writer = await person.open(table.meetingId, `cards/${table.cardId}`);
  const before = await world.session(person);
  const begun = await world.rehearsals.begin(before, 'rep');
  if ('refused' in begun) throw new Error(begun.refused);
  const { meetingId } = begun;

  await until('the board of the real meeting ends', () => own.ended);
  await until('the document of the real meeting closes', () => writer.closes.includes(4503));
  writer.provider.destroy();
  const session = await world.session(person);
  expect(session).toMatchObject({
    id: before.id,
    user: before.user,
    area: { name: 'Rehearsal', rehearsal: true },
    memberships: [{ role: 'rep', agency: { code: 'HOU' } }]
  });
  expect((await services.meetings.list(session)).map(({ id }) => id)).toEqual([meetingId]);
  expect(await person.knock(`/sync/${table.meetingId}/cards/${table.cardId}`)).toBe(404);
  const refused = person.events(table.meetingId);
  await until('the real meeting is refused', () => refused.fault !== undefined);
  expect(refused.fault?.message).toBe('There is no such meeting.');

  const board = await person.enter(meetingId);
  const cast = await playersOf(session.area.id, session.user.id);
  await world.clock.until('the players are there', () => connected(board) === cast.length);
  const ofTheArea = [table.areaId, table.meetingId, table.cardId, ...Object.values(table.agencies)];
  const people = Object.values(table.people).filter((id) => id !== session.user.id);
  for (const mark of [...ofTheArea, ...people, 'The police']) expect(board.bytes).not.toContain(mark);

  const coordinator = office.as('coordinator');
  const told = JSON.stringify([
    others.bytes,
    await services.people.list(coordinator),
    await services.meetings.list(coordinator),
    await services.schedule.choices(coordinator),
    await services.schedule.home(coordinator),
    await services.families.listCases(coordinator)
  ]);
  const invented = [session.area.id, meetingId, ...cast.map(({ id }) => id), 'rehearsal.invalid', 'ELLERY'];
  for (const mark of [...invented, 'Ellery', 'Alan Brook']) expect(told).not.toContain(mark);

  await world.rehearsals.end(session);
  await until('the board of the rehearsal ends', () => board.ended);
  expect(await world.session(person)).toEqual(before);
  const listed = await services.meetings.list(before);
  expect(listed.map(({ id }) => id)).toEqual([table.meetingId]);
  const gone = person.events(meetingId);
  await until('the rehearsal is refused', () => gone.fault !== undefined);
  others.close();
});

test('REHEARSE1: whose place has ended is kept in by no rehearsal', async () => {
  const { office } = world;
  const rehearser = await begin('stranger', 'rep');
  const { people } = await office.services.people.list(office.as('coordinator'));
  const place = people.find(({ userId }) => userId === rehearser.session.user.id);
  await office.services.people.end(office.as('coordinator'), place?.membershipId ?? '');
  expect(await world.sessionOf(rehearser.person)).toBeNull();
  expect(await world.sessionOf(await world.signIn('stranger'))).toBeNull();
});

test('REHEARSE2: it is laid with three families and a meeting of now, with the person as chair or as a rep', async () => {
  for (const as of ['chair', 'rep'] as const) {
    const rehearser = await begin('idva', as);
    expect(await world.rehearsals.standing(rehearser.session)).toEqual({
      meetingId: rehearser.meetingId,
      as,
      state: 'planned'
    });
    const board = await rehearser.person.enter(rehearser.meetingId);
    expect(seen(board).meeting.rehearsal).toBe(true);
    expect(seen(board).you).toMatchObject({ chair: as === 'chair', coordinator: false });
    expect(codesOf(board, seen(board).you.agencyIds)).toEqual(['HOU']);
    expect(cardsOf(board).map(({ members }) => members.length)).toEqual([4, 2, 2]);
    const [first] = cardsOf(board);
    expect(codesOf(board, first?.agencyIds ?? [])).toEqual(['CSC', 'EDU', 'HEA', 'HOU', 'IDV', 'POL']);
    await leave(rehearser);
  }
  const [coordinator] = await world.office.services.meetings.list(world.office.as('idva'));
  expect(coordinator?.id).toBe(world.office.table.meetingId);
});

test('REHEARSE3: nobody can sign in as one of its people, and their sessions go with the play', async () => {
  const { identity } = world.office.services;
  const rehearser = await begin('chair', 'rep');
  const cast = await playersOf(rehearser.session.area.id, rehearser.session.user.id);
  const ids = cast.map(({ id }) => id);
  expect(await db().select().from(accounts).where(inArray(accounts.userId, ids))).toEqual([]);
  for (const { email } of cast) {
    expect(email).toMatch(/@rehearsal\.invalid$/);
    const answer = await identity.handle(
      new Request('http://localhost/api/auth/sign-in/email', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password: '' })
      }),
      '192.0.2.1'
    );
    expect(answer.status).toBe(401);
  }
  expect(await world.sessionOf(await world.signInAs(ids[0] ?? ''))).toBeNull();
  const areaId = world.office.table.areaId;
  expect(await world.sessionOf(await world.signInAs(ids[0] ?? '', areaId))).toBeNull();
  const left = () => db().select().from(sessions).where(inArray(sessions.userId, ids));
  expect((await left()).length).toBeGreaterThan(2);
  await leave(rehearser);
  await until('their sessions are gone', async () => (await left()).length === 0);
});

test('REHEARSE4: a rehearsal that was left keeps nobody from a new password or another place', async () => {
  const { office } = world;
  await leave(await begin('health', 'rep'));
  const { people } = office.services;
  const coordinator = office.as('coordinator');
  const renewed = await people.renew(coordinator, office.table.people.health);
  if (!('token' in renewed)) throw new Error(renewed.refused);
  expect(await people.accept(renewed.token, 'four unrelated words')).toHaveProperty('email');
  const listed = await people.list(coordinator);
  const email = listed.people.find(({ userId }) => userId === office.table.people.health)?.email ?? '';
  const place = { email, name: 'Health', role: 'administrator', agencyId: null };
  expect(await people.invite(coordinator, place)).toEqual({ token: null });
});

test('REHEARSE5: each agency brings, states and rates, one late and one not at all; hand, answer, acceptance and dissent come of themselves', async () => {
  const { clock } = world;
  const rehearser = await begin('police', 'chair');
  const board = await rehearser.person.enter(rehearser.meetingId);
  await clock.until(
    'five have agreed',
    () => seen(board).people.filter((each) => each.agreedAt).length === 5
  );
  await board.does('meeting.open');
  const cardId = cardsOf(board)[0]?.id ?? '';
  const card = () => seen(board).cards[cardId] as MeetingState['cards'][string];
  await board.does('card.show', { cardId });
  const document = await rehearser.person.open(rehearser.meetingId, `cards/${cardId}`);
  const linesOf = (code: string) =>
    plainText(blocksOf(fragmentAt(document.doc, `agency/${agencyOf(board, code)}`, 'family/facts')));

  await clock.until('three have rated', () => card().ratedAgencyIds.length >= 3, 0.25);
  expect(codesOf(board, card().ratedAgencyIds)).toEqual(['HEA', 'IDV', 'POL']);
  expect(card().ratings, 'the seal holds for played people too').toEqual([]);
  expect(linesOf('POL')).toContain('Second call to this address');
  await clock.until('a hand is up', () => seen(board).hands.length === 1);
  expect(codesOf(board, seen(board).hands[0]?.agencyIds ?? [])).toEqual(['HEA']);
  await clock.until('the last has rated', () => card().ratedAgencyIds.length === 4);
  expect(codesOf(board, card().ratedAgencyIds)).toContain('CSC');
  await clock.until('the hand is down', () => seen(board).hands.length === 0);

  const [agencyId, victim] = [agencyOf(board, 'HEA'), card().members[0]?.id ?? null];
  addQuestion(document.doc, { text: 'Was she seen since?', agencyId });
  await clock.until('the answer', () => questionsIn(document.doc).some(({ answer }) => answer !== ''));
  addAction(document.doc, { what: 'See her this week', agencyId, memberId: victim, by: '2030-01-31' });
  await clock.until('the action is accepted', () => card().answers.length === 1);
  expect(card().answers[0]).toMatchObject({ agencyId, answer: 'accepted', by: 'Ruth Penhale' });

  await board.does('ratings.reveal', { cardId });
  await until('all is revealed', () => card().ratings.length === 4);
  expect(
    codesOf(
      board,
      card().records.map((record) => record.agencyId)
    )
  ).toEqual(['CSC', 'EDU', 'HEA', 'IDV', 'POL']);
  const notSearched = card().records.find((record) => record.agencyId === agencyOf(board, 'EDU'));
  expect(notSearched?.record).toBe('not-searched');
  await board.does('joint.set', {
    cardId,
    memberId: null,
    rating: 'red',
    reason: 'As the highest rating given'
  });
  await clock.until('one dissents', () => card().dissents.length === 1);
  expect(codesOf(board, [card().dissents[0]?.agencyId ?? ''])).toEqual(['CSC']);
  const then = clock.at;
  await clock.until('minutes more', () => clock.at > then + 180, 4);
  expect([card().dissents.length, seen(board).hands.length, card().ratedAgencyIds.length]).toEqual([1, 0, 4]);
  document.provider.destroy();
  await leave(rehearser);
}, 120_000);

test('REHEARSE6: an invented chair leads, waits a minute for the person’s part, and closes the meeting', async () => {
  const { clock } = world;
  const rehearser = await begin('police', 'rep');
  const begun = clock.at;
  await clock.until('a minute without the person', () => clock.at > begun + 60, 4);
  expect((await world.rehearsals.standing(rehearser.session))?.state, 'nothing is opened').toBe('planned');
  const board = await rehearser.person.enter(rehearser.meetingId);
  await board.does('statement.agree');
  await clock.until('the meeting is open', () => seen(board).meeting.state === 'open');
  await clock.until('the statement is read', () => seen(board).meeting.statementRead !== null);
  const atTable = () => seen(board).cards[seen(board).currentCardId ?? ''];
  await clock.until('a family is shown', () => atTable() !== undefined);
  const first = atTable()?.id ?? '';
  const card = (id: string) => seen(board).cards[id] as MeetingState['cards'][string];
  const stage = (id: string, wanted: string) =>
    clock.until(`${wanted} of a family`, () => card(id).stage === wanted, 0.5);

  // The first family: the person does their part.
  const document = await rehearser.person.open(rehearser.meetingId, `cards/${first}`);
  await clock.until('the agency is asked', () => card(first).asked.length === 1);
  const { questionId = '' } = card(first).asked[0] ?? {};
  const answer = document.doc.getMap('questions').get(questionId) as { get(field: string): unknown };
  (answer.get('answer') as { insert(at: number, words: string): void }).insert(
    0,
    'Nothing since the summer.'
  );
  await stage(first, 'analysis');
  await board.does('rating.set', { cardId: first, memberId: null, rating: 'green', basis: 'heard' });
  const rated = clock.at;
  await clock.until('the reveal', () => card(first).revealedAt !== null);
  expect(clock.at - rated).toBeLessThan(50);
  await clock.until('the conclusion', () => card(first).joint.length === 1);
  expect(card(first).joint[0]).toMatchObject({ rating: 'red', by: 'Helen Marlowe' });
  await clock.until('the lock', () => card(first).lock !== null);
  document.provider.destroy();

  // The second: the person does nothing.
  await clock.until('the next family', () => seen(board).currentCardId !== first);
  const second = atTable()?.id ?? '';
  await stage(second, 'information');
  const informed = clock.at;
  await stage(second, 'analysis');
  const analysed = clock.at;
  expect(analysed - informed, 'the answer was waited for').toBeGreaterThan(40);
  await clock.until('the reveal', () => card(second).revealedAt !== null);
  expect(clock.at - analysed, 'the rating was waited for').toBeGreaterThan(40);
  await clock.until('the close', () => seen(board).meeting.state === 'closed');
  expect(cardsOf(board).map(({ state }) => state)).toEqual(['locked', 'locked', 'locked']);
  await clock.until('the players have left', () => connected(board) === 1);
  await leave(rehearser);
}, 180_000);

test('REHEARSE7: the play ends when the person leaves, and when nobody was there for ten minutes; going on begins it where the meeting stands', async () => {
  const { clock } = world;
  const rehearser = await begin('observer', 'chair');
  const { person, session, meetingId } = rehearser;
  const sessionsOfPlayers = async () => {
    const rows = await db()
      .select({ times: count() })
      .from(sessions)
      .where(and(eq(sessions.rehearsalAreaId, session.area.id), ne(sessions.userId, session.user.id)));
    return rows[0]?.times ?? 0;
  };
  let board = await person.enter(meetingId);
  await clock.until('the players are there', () => connected(board) === 6);
  await board.does('meeting.open');
  const cardId = cardsOf(board)[0]?.id ?? '';
  await board.does('card.show', { cardId });
  const card = () => seen(board).cards[cardId] as MeetingState['cards'][string];
  await clock.until('all have rated that do', () => card().ratedAgencyIds.length === 4);
  board.close();
  const left = clock.at;
  await clock.until('the players have left', async () => (await sessionsOfPlayers()) === 0, 10);
  expect(clock.at - left).toBeGreaterThan(580);

  await world.again();
  expect(await world.rehearsals.resume(session)).toMatchObject({ meetingId });
  board = await person.enter(meetingId);
  await clock.until('they are back', () => connected(board) === 6);
  await clock.until('a minute more', () => clock.at > left + 900, 4);
  const document = await person.open(meetingId, `cards/${cardId}`);
  const facts = fragmentAt(document.doc, `agency/${agencyOf(board, 'POL')}`, 'family/facts');
  expect(blocksOf(facts), 'nothing is brought twice').toHaveLength(2);
  document.provider.destroy();
  await leave(rehearser);
  await until('the players are gone', async () => (await sessionsOfPlayers()) === 0);
  expect(await world.rehearsals.resume(await world.session(person))).toHaveProperty('refused');
}, 120_000);

test('REHEARSE7: a server plays for so many at once, for one person so often a day, and a button pressed twice begins one', async () => {
  const person = await world.signIn('chair');
  const session = await world.session(person);
  const twice = await Promise.all([
    world.rehearsals.begin(session, 'rep'),
    world.rehearsals.begin(session, 'rep')
  ]);
  expect(twice[0]).toEqual(twice[1]);
  expect(twice[0]).toHaveProperty('meetingId');
  const begun = [person];
  const people: Who[] = ['police', 'idva', 'coordinator'];
  while (begun.length < limits.atOnce) {
    const next = await world.signIn(people[begun.length % people.length] ?? 'police');
    const answer = await world.rehearsals.begin(await world.session(next), 'rep');
    expect(answer).toHaveProperty('meetingId');
    begun.push(next);
  }
  const late = await world.session(await world.signIn('health'));
  expect(await world.rehearsals.begin(late, 'rep')).toMatchObject({
    refused: expect.stringMatching(/^As many/)
  });
  for (const each of begun) await world.rehearsals.end(await world.session(each));
  const rows = Array.from({ length: limits.aDay }, () => ({
    name: 'Rehearsal',
    statement: '',
    rehearsalOf: late.user.id
  }));
  await db().insert(areas).values(rows);
  expect(await world.rehearsals.begin(late, 'rep')).toMatchObject({
    refused: expect.stringMatching(/today/)
  });
}, 120_000);
