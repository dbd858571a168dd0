import { expect, test } from 'vitest';
import {
  chairSteps,
  repSteps,
  walkBegins,
  walkOn,
  walkSteps,
  type WalkCard,
  type WalkSight
} from './walk.ts';

const untouched: WalkCard = {
  state: 'waiting',
  revealedAt: null,
  ratedAgencyIds: [],
  records: [],
  joint: [],
  answers: [],
  asked: [],
  lock: null
};
const at = '2026-11-24T10:00:00.000Z';
const you = { userId: 'ann', agencyIds: ['hou'], chair: true, agreedAt: null };
const begins: WalkSight = {
  you,
  meeting: { state: 'planned' },
  hands: [],
  cards: { one: untouched, two: untouched }
};
const open = { ...begins, you: { ...you, agreedAt: at }, meeting: { state: 'open' as const } };
const first = (card: Partial<WalkCard>): WalkSight => ({
  ...open,
  cards: { ...open.cards, one: { ...untouched, state: 'shown', ...card } }
});

/** Which step comes to be done with each of these sights, in order. */
function ticked(sights: readonly WalkSight[]): string[][] {
  let walk = walkBegins;
  return sights.map((sight) => {
    const before = walk.done;
    walk = walkOn(walk, sight);
    return [...walk.done.difference(before)];
  });
}

test('REHEARSE8: a chair’s steps are told one by one by what the meeting says', () => {
  const rated = first({ ratedAgencyIds: ['hou'] });
  const revealed = first({ ratedAgencyIds: ['hou'], revealedAt: at });
  const concluded = first({ revealedAt: at, joint: [{ memberId: null }] });
  const accepted = first({ revealedAt: at, answers: [{ agencyId: 'pol', answer: 'accepted' }] });
  const locked = first({ state: 'locked', lock: {} });
  const next = { ...locked, cards: { ...locked.cards, two: { ...untouched, state: 'shown' as const } } };
  const closed = { ...next, meeting: { state: 'closed' as const } };
  const sights = [begins, { ...begins, you: { ...you, agreedAt: at } }, open, first({})];
  expect(ticked([...sights, rated, revealed, concluded, accepted, locked, next, closed])).toEqual([
    [],
    ...chairSteps.map((step) => [step])
  ]);
});

test('REHEARSE8: a rep’s steps are their own agency’s, and a lowered hand was raised', () => {
  const rep = (card: Partial<WalkCard>, hands: WalkSight['hands'] = []): WalkSight => ({
    ...first(card),
    you: { ...you, chair: false, agreedAt: at },
    hands
  });
  const asked = { asked: [{ questionId: 'q' }] };
  const others = {
    ratedAgencyIds: ['pol'],
    records: [{ agencyId: 'pol', record: 'known' }],
    answers: [{ agencyId: 'pol', answer: 'accepted' as const }]
  };
  expect(
    ticked([
      rep(others, [{ userId: 'bob' }]),
      rep({ records: [{ agencyId: 'hou', record: 'none' }] }),
      rep({ ratedAgencyIds: ['hou'] }),
      rep(asked, [{ userId: 'ann' }]),
      rep({}),
      rep({ answers: [{ agencyId: 'hou', answer: 'accepted' }] })
    ])
  ).toEqual([['agree'], ['record'], ['rate'], ['hand'], ['answer'], ['accept']]);
});

test('REHEARSE8: a question that the lock ended was not answered', () => {
  const rep = { ...you, chair: false, agreedAt: at };
  const asked = { ...first({ asked: [{ questionId: 'q' }] }), you: rep };
  const locked = { ...first({ state: 'locked', lock: {} }), you: rep };
  expect(ticked([asked, locked]).flat()).toEqual(['agree']);
});

test('REHEARSE8: the first step that is not done is the one to take now, and what is done stays so', () => {
  const walk = walkOn(walkOn(walkBegins, first({ ratedAgencyIds: ['hou'] })), first({}));
  const stands = walkSteps(walk, open).map(({ stands }) => stands);
  expect(stands).toEqual([
    'done',
    'done',
    'done',
    'done',
    'now',
    'later',
    'later',
    'later',
    'later',
    'later'
  ]);
  expect(walkSteps(walkBegins, { you: { ...you, chair: false } }).map(({ step }) => step)).toEqual(repSteps);
});
