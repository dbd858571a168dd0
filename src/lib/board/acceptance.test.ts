import { expect, test } from 'vitest';
import type { AnswerFact } from '#lib/protocol/meeting.ts';
import { readingOf, standingOf } from './acceptance.ts';

const action = { id: 'a1', what: 'Change the locks', agencyId: 'HOU', by: '2026-12-01' };
const accepted: AnswerFact = {
  actionId: 'a1',
  agencyId: 'HOU',
  answer: 'accepted',
  reading: readingOf(action),
  reason: null,
  by: 'P. Nair',
  at: '2026-11-23T11:00:00Z'
};

test('BOARD1: an acceptance counts only while the action reads as it was accepted', () => {
  expect(readingOf({ what: '', agencyId: null, by: null })).toBe(
    '75a11da44c802486bc6f65640aa48a730f0f684c5c07a42ba3cd1735eb3fb070'
  );
  expect(standingOf(action, []).kind).toBe('open');
  expect(standingOf(action, [accepted]).kind).toBe('accepted');
  expect(standingOf({ ...action, what: 'change  the locks.' }, [accepted]).kind).toBe('accepted');
  expect(standingOf({ ...action, what: 'Change all the locks' }, [accepted]).kind).toBe('voided');
  expect(standingOf({ ...action, by: '2026-12-02' }, [accepted]).kind).toBe('voided');
  expect(standingOf({ ...action, agencyId: 'POL' }, [accepted]).kind).toBe('open');
  const declined: AnswerFact = { ...accepted, answer: 'declined', reading: null, reason: 'Not ours' };
  expect(standingOf(action, [accepted, declined]).kind).toBe('declined');
});
