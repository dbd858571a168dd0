import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPassable, missingOn, type Answer, type CardToLock, type ReadAction } from './decision.ts';

const action = (change: Partial<ReadAction> = {}): ReadAction => ({
  id: 'action-1',
  what: 'Change the locks',
  memberId: 'mother',
  agencyId: 'housing',
  by: '2026-12-01',
  reading: 'as it reads',
  ...change
});
const accepted = (change: Partial<Answer> = {}): Answer => ({
  actionId: 'action-1',
  agencyId: 'housing',
  answer: 'accepted',
  reading: 'as it reads',
  ...change
});
const ready: CardToLock = {
  members: [{ id: 'mother', role: 'victim' }],
  agencies: ['housing', 'health'],
  joint: [{ memberId: null, reason: 'Two reports in a month' }],
  actions: [action()],
  answers: [accepted()],
  answered: [],
  questions: []
};
const kinds = (card: Partial<CardToLock>) => missingOn({ ...ready, ...card }).map(({ kind }) => kind);

test('READY1: a card with its rating, and an accepted action for everyone, lacks nothing', () => {
  expect(missingOn(ready)).toEqual([]);
});

test("READY2: the family's joint rating with its reason is missing until it stands, and can't be passed", () => {
  expect(kinds({ joint: [] })).toEqual(['joint-rating']);
  expect(kinds({ joint: [{ memberId: 'mother', reason: 'Afraid' }] })).toEqual(['joint-rating']);
  expect(kinds({ joint: [{ memberId: null, reason: '  ' }] })).toEqual(['joint-rating']);
  expect(isPassable({ kind: 'joint-rating' })).toBe(false);
});

test('READY3: every member needs an action that names them; for who causes harm a response in words will do', () => {
  const members = [...ready.members, { id: 'father', role: 'harming' }];
  expect(missingOn({ ...ready, members })).toEqual([{ kind: 'no-response', memberId: 'father' }]);
  expect(kinds({ members, answered: ['father'] })).toEqual([]);
  expect(kinds({ answered: ['mother'], actions: [] })).toEqual(['no-response']);
  expect(kinds({ actions: [action({ what: ' ' })] })).toEqual(['no-response']);
});

test('READY4: an acceptance counts only while the action reads as it was accepted, and from its owner', () => {
  expect(kinds({ answers: [] })).toEqual(['action-not-accepted']);
  expect(kinds({ actions: [action({ reading: 'another' })] })).toEqual(['action-not-accepted']);
  expect(kinds({ answers: [accepted({ agencyId: 'health' })] })).toEqual(['action-not-accepted']);
  expect(kinds({ answers: [accepted(), accepted({ answer: 'declined', reading: null })] })).toEqual([
    'action-not-accepted'
  ]);
  expect(kinds({ answers: [accepted({ answer: 'declined', reading: null }), accepted()] })).toEqual([]);
});

test('READY5: an action needs an owner at the card and a day that the calendar has', () => {
  expect(kinds({ actions: [action({ agencyId: null })] })).toEqual(['action-without-owner']);
  expect(kinds({ actions: [action({ agencyId: 'nobody-here' })] })).toEqual(['action-without-owner']);
  for (const by of [null, '2026-02-31'])
    expect(kinds({ actions: [action({ by })] })).toEqual(['action-without-date']);
});

test('READY6: a question is missing its answer until it has one; one without words is none', () => {
  const question = { id: 'question-1', text: 'Who lives there?', answer: '' };
  expect(kinds({ questions: [question] })).toEqual(['unanswered-question']);
  expect(kinds({ questions: [{ ...question, answer: 'Her sister' }] })).toEqual([]);
  expect(kinds({ questions: [{ ...question, text: '' }] })).toEqual([]);
});

const words = fc.constantFrom('', ' ', 'Change the locks');
const who = fc.constantFrom('mother', 'father', 'child');
const agency = fc.option(fc.constantFrom('housing', 'health', 'elsewhere'));
const anyCard: fc.Arbitrary<CardToLock> = fc.record({
  members: fc.uniqueArray(fc.record({ id: who, role: fc.constantFrom('victim', 'harming', 'child') }), {
    selector: ({ id }) => id
  }),
  agencies: fc.constant(['housing', 'health']),
  joint: fc.array(fc.record({ memberId: fc.option(who), reason: words })),
  actions: fc.array(
    fc.record({
      id: fc.constantFrom('action-1', 'action-2'),
      what: words,
      memberId: fc.option(who),
      agencyId: agency,
      by: fc.option(fc.constantFrom('2026-12-01', '2026-02-30')),
      reading: fc.constantFrom('one', 'two')
    })
  ),
  answers: fc.array(
    fc.record({
      actionId: fc.constantFrom('action-1', 'action-2'),
      agencyId: fc.constantFrom('housing', 'health'),
      answer: fc.constantFrom('accepted', 'declined'),
      reading: fc.option(fc.constantFrom('one', 'two'))
    })
  ),
  answered: fc.array(who),
  questions: fc.array(fc.record({ id: fc.constant('question-1'), text: words, answer: words }))
});

test('READY7: over any card, only the rating is not passable, and mending all leaves nothing missing', () => {
  fc.assert(
    fc.property(anyCard, (card) => {
      const missing = missingOn(card);
      const rated = card.joint.some(({ memberId, reason }) => memberId === null && reason.trim() !== '');
      expect(missing.some((each) => !isPassable(each))).toBe(!rated);
      const mended: CardToLock = {
        ...card,
        joint: [{ memberId: null, reason: 'A reason' }],
        actions: card.members.map(({ id }) => action({ id: `for-${id}`, memberId: id })),
        answers: card.members.map(({ id }) => accepted({ actionId: `for-${id}` })),
        questions: card.questions.map((question) => ({ ...question, answer: 'Yes' }))
      };
      expect(missingOn(mended)).toEqual([]);
    })
  );
});
