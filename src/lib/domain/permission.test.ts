import fc from 'fast-check';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  mayAmend,
  mayAgree,
  mayAnswerFor,
  mayAsk,
  mayEnd,
  mayExclude,
  mayLead,
  mayPropose,
  mayRead,
  mayReadBeside,
  mayRaiseHand,
  mayReadOutcome,
  mayReadProtected,
  mayReadReports,
  maySayPresent,
  maySee,
  mayShareLaptop,
  mayStateFor,
  mayTell,
  mayTellOutcome,
  mayWrite,
  mayWriteEver,
  type CardFacts,
  type Seat,
  type Section
} from './permission.ts';

const nobody: Seat = {
  userId: 'me',
  agencies: [],
  coordinator: false,
  administrator: false,
  chair: false,
  deputy: false,
  observer: false
};
const open: CardFacts = {
  agencies: ['pol', 'idv', 'hou'],
  idva: ['idv'],
  police: ['pol'],
  hiddenFrom: ['conflicted'],
  meeting: 'open',
  locked: false
};

const seats: Record<string, Seat> = {
  chair: { ...nobody, chair: true },
  deputy: { ...nobody, deputy: true },
  coordinator: { ...nobody, coordinator: true },
  police: { ...nobody, agencies: ['pol'] },
  IDVA: { ...nobody, agencies: ['idv'] },
  'other rep': { ...nobody, agencies: ['hou'] },
  'rep elsewhere': { ...nobody, agencies: ['mht'] },
  observer: { ...nobody, observer: true },
  administrator: { ...nobody, administrator: true },
  'conflicted rep': { ...nobody, userId: 'conflicted', agencies: ['hou'] }
};

/** The agency that a person would speak for: their own, or housing. */
const own = (seat: Seat) => seat.agencies[0] ?? 'hou';
const another = (seat: Seat) => (own(seat) === 'hou' ? 'pol' : 'hou');

const acts: Record<string, (seat: Seat, card: CardFacts) => boolean> = {
  'see the card, sync cards/…': maySee,
  'sync protected/…': (seat, card) => mayRead(seat, card, 'protected'),
  'read narrative, telephone, address': mayReadProtected,
  'read late edits': mayReadBeside,
  'write own agency’s section': (seat, card) => mayWrite(seat, card, `agency/${own(seat)}`),
  'write another’s section': (seat, card) => mayWrite(seat, card, `agency/${another(seat)}`),
  'write analysis, plan, questions, safety': (seat, card) =>
    (['analysis', 'plan', 'questions', 'safety'] as const).every((section) => mayWrite(seat, card, section)),
  'write the summary': (seat, card) => mayWrite(seat, card, 'summary'),
  'write the voice': (seat, card) => mayWrite(seat, card, 'voice'),
  'state for own agency': (seat, card) => mayStateFor(seat, card, own(seat)),
  'state for another': (seat, card) => mayStateFor(seat, card, another(seat)),
  'state for another whose laptop they share': (seat, card) =>
    mayStateFor(seat, card, another(seat), [another(seat)]),
  'answer for own agency': (seat, card) => mayAnswerFor(seat, card, own(seat)),
  'answer for another': (seat, card) => mayAnswerFor(seat, card, another(seat)),
  'let own agency share a laptop': (seat) => mayShareLaptop(seat, own(seat)),
  'let another share a laptop': (seat) => mayShareLaptop(seat, another(seat)),
  'raise own hand': (seat) => mayRaiseHand(seat, seat.userId),
  'raise or lower another’s hand': (seat) => mayRaiseHand(seat, 'them'),
  'make the version for the table': mayTell,
  'declare own conflict': (seat, card) => mayExclude(seat, card, seat.userId),
  'declare another’s conflict': (seat, card) => mayExclude(seat, card, 'them'),
  'open the meeting': (seat) => mayLead(seat, 'open'),
  'take the chair': (seat) => mayLead(seat, 'take'),
  'give the chair, show, reveal, conclude, lock, close, add time': (seat) =>
    (['give', 'show', 'reveal', 'conclude', 'lock', 'close', 'time'] as const).every((act) =>
      mayLead(seat, act)
    ),
  'call a break, read the statement, say the stage, bring everyone': (seat) =>
    (['phase', 'read', 'stage', 'bring'] as const).every((act) => mayLead(seat, act)),
  'ask the chair to hand over': (seat) => mayLead(seat, 'ask'),
  'order, park, link or withdraw families, add or mend a member': (seat) => mayLead(seat, 'arrange'),
  'agree to the statement': mayAgree,
  'ask somebody in, let in and out': mayAsk,
  'say that another is here': (seat) => maySayPresent(seat, 'them'),
  'propose a correction, once it is locked': (seat, card) => mayPropose(seat, { ...card, locked: true }),
  'amend the decision, once it is locked': (seat, card) => mayAmend(seat, { ...card, locked: true })
};

function grid(): string[] {
  const columns = Object.keys(seats);
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const rows = Object.entries(acts).map(([name, may]) =>
    line([name, ...Object.values(seats).map((seat) => (may(seat, open) ? 'yes' : '-'))])
  );
  return [line(['', ...columns]), line(['', ...columns].map(() => '---')), ...rows];
}

/** A table's lines without what a formatter may change. */
const plain = (lines: readonly string[]) =>
  lines.map((line) => line.replace(/-{3,}/g, '---').replace(/\s+/g, ' ').trim());

test('PERM1: who may do what is the grid of SPEC.md', () => {
  const spec = fs.readFileSync(path.join(import.meta.dirname, '../../../tests/SPEC.md'), 'utf8');
  const [, section = ''] = spec.split('## Permissions\n');
  const written = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('|'));
  expect(plain(written)).toEqual(plain(grid()));
});

const agencies = ['pol', 'idv', 'hou', 'mht'];
const anySeat: fc.Arbitrary<Seat> = fc.record({
  userId: fc.constantFrom('me', 'them'),
  agencies: fc.subarray(agencies),
  coordinator: fc.boolean(),
  administrator: fc.boolean(),
  chair: fc.boolean(),
  deputy: fc.boolean(),
  observer: fc.boolean()
});
const anyCard: fc.Arbitrary<CardFacts> = fc.record({
  agencies: fc.subarray(agencies),
  idva: fc.constant(['idv']),
  police: fc.constant(['pol']),
  hiddenFrom: fc.subarray(['me', 'them']),
  meeting: fc.constantFrom('planned', 'open', 'closed'),
  locked: fc.boolean()
});
const anySection: fc.Arbitrary<Section> = fc.constantFrom<Section>(
  'analysis',
  'plan',
  'questions',
  'summary',
  'voice',
  'safety',
  ...agencies.map((id): Section => `agency/${id}`)
);
const onCard = (seat: Seat, card: CardFacts) => [
  mayReadOutcome(seat, card),
  mayTellOutcome(seat, card, 'victim'),
  mayTellOutcome(seat, card, 'referrer'),
  ...[null, ...agencies].map((owner) => mayEnd(seat, card, owner, 'not-done')),
  maySee(seat, card),
  mayRead(seat, card, 'cards'),
  mayRead(seat, card, 'protected'),
  mayReadProtected(seat, card),
  mayReadBeside(seat, card),
  mayAmend(seat, card),
  mayPropose(seat, card),
  mayTell(seat, card),
  mayExclude(seat, card, seat.userId),
  mayExclude(seat, card, 'them'),
  ...agencies.flatMap((id) => [mayStateFor(seat, card, id), mayAnswerFor(seat, card, id)])
];

test('PERM2: on a locked card, and after the meeting, nobody writes anything', () => {
  fc.assert(
    fc.property(anySeat, anyCard, anySection, (seat, card, section) => {
      if (card.locked || card.meeting === 'closed') expect(mayWrite(seat, card, section)).toBe(false);
      else expect(mayWrite(seat, card, section)).toBe(mayWriteEver(seat, card, section));
    })
  );
});

test('PERM3: for a person with a conflict, whatever else they are, nothing of the card exists', () => {
  fc.assert(
    fc.property(anySeat, anyCard, anySection, (seat, card, section) => {
      const hidden = { ...card, hiddenFrom: [seat.userId] };
      expect(onCard(seat, hidden)).not.toContain(true);
      expect(mayWriteEver(seat, hidden, section)).toBe(false);
    })
  );
});

test('PERM4: administration alone gives nothing at a meeting', () => {
  fc.assert(
    fc.property(anySeat, anyCard, anySection, (seat, card, section) => {
      const given = { ...seat, administrator: true };
      const without = { ...seat, administrator: false };
      expect(onCard(given, card)).toEqual(onCard(without, card));
      expect(mayWriteEver(given, card, section)).toBe(mayWriteEver(without, card, section));
    })
  );
});

test('PERM5: whoever may write a section may read its document, and speaks only for agencies at the card', () => {
  fc.assert(
    fc.property(anySeat, anyCard, anySection, (seat, card, section) => {
      const kind = section === 'voice' || section === 'safety' ? 'protected' : 'cards';
      if (mayWriteEver(seat, card, section)) expect(mayRead(seat, card, kind)).toBe(true);
      for (const id of agencies)
        if (!card.agencies.includes(id)) {
          expect(mayStateFor(seat, card, id) || mayAnswerFor(seat, card, id)).toBe(false);
          expect(mayWriteEver(seat, card, `agency/${id}`)).toBe(false);
        }
    })
  );
});

const closed: CardFacts = { ...open, meeting: 'closed', locked: true };
const after: Record<string, (seat: Seat) => boolean> = {
  'read the outcome': (seat) => mayReadOutcome(seat, closed),
  'answer or volunteer for own agency': (seat) => mayAnswerFor(seat, closed, own(seat)),
  'end own agency’s action': (seat) => mayEnd(seat, closed, own(seat), 'done'),
  'end another’s action': (seat) => mayEnd(seat, closed, another(seat), 'done'),
  'end what is nobody’s, as not possible or not done': (seat) => mayEnd(seat, closed, null, 'not-done'),
  'end what is nobody’s, as done': (seat) => mayEnd(seat, closed, null, 'done'),
  'say that the victim was told': (seat) => mayTellOutcome(seat, closed, 'victim'),
  'say that the referrer was told': (seat) => mayTellOutcome(seat, closed, 'referrer'),
  'read how they were told': (seat) => mayReadProtected(seat, closed)
};

test('TUESDAY4: who may do what after the meeting is the grid of SPEC.md, and nothing of it before a lock', () => {
  const spec = fs.readFileSync(path.join(import.meta.dirname, '../../../tests/SPEC.md'), 'utf8');
  const [, section = ''] = spec.split('- **TUESDAY4**');
  const written = (section.split('\n- **')[0] ?? '').split('\n').filter((line) => line.startsWith('|'));
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const rows = Object.entries(after).map(([name, may]) =>
    line([name, ...Object.values(seats).map((seat) => (may(seat) ? 'yes' : '-'))])
  );
  const heads = Object.keys(seats);
  expect(plain(written)).toEqual(
    plain([line(['', ...heads]), line(['', ...heads].map(() => '---')), ...rows])
  );
  for (const seat of Object.values(seats)) {
    expect(mayReadOutcome(seat, open)).toBe(false);
    expect(mayEnd(seat, open, own(seat), 'done')).toBe(false);
    expect(mayTellOutcome(seat, open, 'victim')).toBe(false);
  }
});

test('REPORT6: how meetings are attended is for coordinators and administrators, whatever else they are', () => {
  const readers = Object.entries(seats).filter(([, seat]) => mayReadReports(seat));
  expect(readers.map(([name]) => name)).toEqual(['coordinator', 'administrator']);
});
