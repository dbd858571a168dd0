import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dueInWords, reminderText, shortDay, tallyInWords } from './followup-words.ts';
import {
  byDue,
  endings,
  followed,
  isClosed,
  isFree,
  isOverdue,
  mayRefuse,
  tally,
  waitsFor,
  type Became,
  type LateAnswer,
  type LockedAction
} from './followup.ts';

const today = '2026-11-27';
const locked: LockedAction = { agencyId: 'hou', accepted: false, due: '2026-12-01' };
const accepts = (agencyId: string, due: string | null = null): LateAnswer => ({
  agencyId,
  answer: 'accepted',
  due
});
const declines = (agencyId: string): LateAnswer => ({ agencyId, answer: 'declined', due: null });
const became = (...states: Became[]) => states.map((state) => ({ state }));

const agencies = ['pol', 'hou', 'idv'];
const anyAnswers = fc.array(
  fc.record({
    agencyId: fc.constantFrom(...agencies),
    answer: fc.constantFrom<LateAnswer['answer']>('accepted', 'declined'),
    due: fc.constantFrom(null, '2026-12-24')
  })
);
const anyAction: fc.Arbitrary<LockedAction> = fc
  .record({
    agencyId: fc.constantFrom(null, ...agencies),
    accepted: fc.boolean(),
    due: fc.constantFrom(null, '2026-11-25', '2026-12-01')
  })
  .map((action) => ({ ...action, accepted: action.accepted && action.agencyId !== null }));

test('TUESDAY1: the newest word says what became of an action, and back to open is a word too', () => {
  expect(followed(locked, [], []).state).toBe('open');
  for (const ending of endings) {
    expect(followed(locked, [], became(ending)).state).toBe(ending);
    expect(followed(locked, [], became(ending, 'open')).state).toBe('open');
    expect(isClosed([followed(locked, [], became(ending))])).toBe(true);
  }
  expect(isClosed([followed(locked, [], became('done')), followed(locked, [], [])])).toBe(false);
});

test('TUESDAY2: what nobody accepted at the lock is nobody’s until an agency takes it on, with the day that it says', () => {
  expect(followed(locked, [], [])).toMatchObject({ ownerId: null, due: '2026-12-01' });
  expect(followed(locked, [accepts('hou')], [])).toMatchObject({ ownerId: 'hou', due: '2026-12-01' });
  expect(followed(locked, [declines('hou'), accepts('pol', '2026-12-09')], [])).toMatchObject({
    ownerId: 'pol',
    due: '2026-12-09',
    declinedIds: ['hou']
  });
  const back = followed(locked, [accepts('pol', '2026-12-09'), declines('pol')], []);
  expect(back).toMatchObject({ ownerId: null, due: '2026-12-01', declinedIds: ['pol'] });
  expect(isFree(back)).toBe(true);
});

test('TUESDAY2: who accepted at the lock stays bound whatever is answered later, and the first to take one on has it', () => {
  fc.assert(
    fc.property(anyAction, anyAnswers, (action, answers) => {
      const now = followed(action, answers, []);
      if (action.accepted) expect(now).toMatchObject({ ownerId: action.agencyId, due: action.due });
      // Nobody is given an action by another's answer.
      if (!action.accepted && now.ownerId)
        expect(answers.some((each) => each.agencyId === now.ownerId && each.answer === 'accepted')).toBe(
          true
        );
    })
  );
  expect(followed(locked, [accepts('pol'), accepts('idv')], []).ownerId).toBe('pol');
});

test('TUESDAY2: an agency declines what asks it or what it took on, and nothing else', () => {
  const free = followed(locked, [], []);
  expect(mayRefuse(locked, free, 'hou')).toBe(true);
  expect(waitsFor(locked, free, 'hou')).toBe(true);
  expect(mayRefuse(locked, free, 'pol')).toBe(false);
  const refused = followed(locked, [declines('hou')], []);
  expect(waitsFor(locked, refused, 'hou')).toBe(false);
  const taken = followed(locked, [accepts('pol')], []);
  expect(mayRefuse(locked, taken, 'pol')).toBe(true);
  expect(mayRefuse(locked, taken, 'hou')).toBe(false);
  const bound = { ...locked, accepted: true };
  expect(mayRefuse(bound, followed(bound, [], []), 'hou')).toBe(false);
  expect(mayRefuse(locked, followed(locked, [accepts('pol')], became('done')), 'pol')).toBe(false);
});

test('TUESDAY3: an action is overdue from the day after its own, and never once it has ended', () => {
  expect(isOverdue({ state: 'open', due: '2026-11-26' }, today)).toBe(true);
  expect(isOverdue({ state: 'open', due: today }, today)).toBe(false);
  expect(isOverdue({ state: 'open', due: null }, today)).toBe(false);
  expect(isOverdue({ state: 'not-done', due: '2026-11-01' }, today)).toBe(false);
});

test('TUESDAY3: by when is said in words', () => {
  const words = (due: string | null, state: Became = 'open') => dueInWords({ state, due }, today);
  expect(words('2026-11-25')).toBe('Overdue by 2 days. It was due on 25 November.');
  expect(words('2026-11-26')).toBe('Overdue by 1 day. It was due on 26 November.');
  expect(words('2026-11-27')).toBe('Due today, 27 November.');
  expect(words('2026-11-28')).toBe('Due tomorrow, 28 November.');
  expect(words('2027-01-04')).toBe('Due in 38 days, on 4 January 2027.');
  expect(words('2026-11-25', 'done')).toBe('Was due on 25 November.');
  expect(words(null)).toBe('No date was set.');
  expect(shortDay('2026-03-29', today)).toBe('29 March');
});

test('TUESDAY3: counts are of what is open, and the earliest day comes first', () => {
  const actions = [
    followed({ ...locked, due: '2026-11-25', accepted: true }, [], []),
    followed({ ...locked, due: null }, [], []),
    followed({ ...locked, due: '2026-11-01', accepted: true }, [], became('done'))
  ];
  expect(tally(actions, today)).toEqual({ open: 2, overdue: 1, nobodys: 1, firstDue: '2026-11-25' });
  expect(tallyInWords(tally(actions, today))).toBe('2 actions open, 1 overdue, 1 nobody’s');
  expect(tallyInWords(tally([], today))).toBe('no action open');
  expect(actions.toSorted(byDue).map(({ due }) => due)).toEqual(['2026-11-01', '2026-11-25', null]);
});

test('CHASE2: a reminder says how many, from when and where to look, and nothing else', () => {
  const mine = (open: number, firstDue: string | null) => ({ open, firstDue });
  expect(reminderText('Police', mine(3, '2026-11-25'), 0, today)).toBe(
    'Police: 3 actions are due, the first on 25 November. Sign in to Same Room to see them.'
  );
  expect(reminderText('Police', mine(1, '2026-11-25'), 0, today)).toBe(
    'Police: 1 action is due on 25 November. Sign in to Same Room to see it.'
  );
  expect(reminderText('Police', mine(2, null), 1, today)).toBe(
    'Police: 2 actions are open; 1 waits for your answer. Sign in to Same Room to see them.'
  );
  expect(reminderText('Housing', mine(0, null), 2, today)).toBe(
    'Housing: 2 actions wait for your answer. Sign in to Same Room to see them.'
  );
});
