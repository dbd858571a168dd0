import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { firstLegend } from '#lib/domain/legend.ts';
import { canonicalForm, withoutProtected, type DecisionContent } from './canonical.ts';
import { addAction, addQuestion, appendParagraphs } from './edit.ts';
import { proseOf } from './prose.ts';
import { serverMadeKeys } from './schema.ts';

const chair = { userId: 'u', name: 'J. Okafor' };
const content: DecisionContent = {
  schemaVersion: 5,
  number: 7,
  version: 1,
  lockedAt: '2026-11-24T11:58:00.000Z',
  chair,
  area: { id: 'a', name: 'North' },
  meeting: {
    id: 'm',
    startsAt: '2026-11-24T10:00:00.000Z',
    place: 'Hall',
    namedChair: chair,
    statement: 'S',
    statementRead: null
  },
  card: { id: 'c', reference: 'F-0001', facts: 3, journal: { cards: 9, protected: 2 } },
  legend: firstLegend,
  responseDue: null,
  members: [{ id: 'v', role: 'victim', name: 'Ruta Begum', born: '1988-02-01', age: 38 }],
  membersChanged: [],
  agencies: [{ id: 'p', code: 'POL', name: 'Police' }],
  present: [],
  conflicts: [chair],
  notifications: [],
  information: [],
  records: [],
  ratings: [],
  joint: [{ memberId: null, rating: 'amber', reason: 'R', by: chair, at: '2026-11-24T11:50:00.000Z' }],
  dissents: [],
  analysis: { worries: [], strengths: [], needs: [] },
  actions: [],
  responses: [],
  questions: [],
  summary: [{ type: 'paragraph', spans: [{ text: 'High', bold: true }] }],
  passed: null,
  protected: { voice: [{ type: 'paragraph', spans: [{ text: 'Afraid' }] }], safety: [] }
};

/** The same, every object's keys put in the order that `turn` decides. */
function shuffled(value: unknown, turn: () => number): unknown {
  if (Array.isArray(value)) return value.map((each) => shuffled(each, turn));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, shuffled(each, turn)] as const);
  return Object.fromEntries(
    entries
      .map((entry) => ({ entry, at: turn() }))
      .sort((a, b) => a.at - b.at)
      .map(({ entry }) => entry)
  );
}

test('DEC11: the same content has one canonical form, whatever order its keys came in', () => {
  const form = canonicalForm(content);
  expect(JSON.parse(form)).toEqual(content);
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat()), (stream) => {
      const turn = () => stream.next().value as number;
      expect(canonicalForm(shuffled(content, turn) as DecisionContent)).toBe(form);
    })
  );
  expect(canonicalForm({ ...content, number: 8 })).not.toBe(form);
});

test('DEC11: half a letter, as concurrent editing can leave it, keeps no card from being locked', () => {
  const broken = { ...content, summary: [{ type: 'paragraph' as const, spans: [{ text: 'a\uD83D' }] }] };
  expect(canonicalForm(broken)).toContain('a\uFFFD');
});

test('DEC12: the protected part and who had a conflict leave with nothing that leaves the card', () => {
  const shared = JSON.stringify(withoutProtected(content));
  expect(shared).not.toContain('Afraid');
  expect(Object.keys(withoutProtected(content))).not.toContain('conflicts');
  expect(shared).toContain('Ruta Begum');
});

test('DEC13: what stands on a card is read by agency and member, and what has no word is left out', () => {
  const members = [
    { id: 'v', role: 'victim' as const },
    { id: 'h', role: 'harming' as const }
  ];
  const agency = '11111111-1111-4111-8111-111111111111';
  const documents = { cards: new Y.Doc(), protected: new Y.Doc() };
  for (const section of [`agency/${agency}`, 'analysis', 'plan'] as const)
    for (const key of serverMadeKeys(section, members))
      documents.cards.getMap(section).set(key, new Y.XmlFragment());
  for (const key of serverMadeKeys('safety', members))
    documents.protected.getMap('safety').set(key, new Y.XmlFragment());
  appendParagraphs(documents.cards, `agency/${agency}`, 'v/opinion', ['She is afraid']);
  appendParagraphs(documents.cards, `agency/${agency}`, 'family/facts', ['Two calls', '']);
  appendParagraphs(documents.cards, 'analysis', 'needs', [' ']);
  appendParagraphs(documents.protected, 'safety', 'v/leave', ['Her sister']);
  addAction(documents.cards, { what: 'Call' }, 'action-1');
  addQuestion(documents.cards, {}, 'question-1');
  const prose = proseOf(documents, members, [agency, 'silent']);
  expect(prose.information).toMatchObject([
    {
      agencyId: agency,
      parts: [
        { memberId: null, part: 'facts' },
        { memberId: 'v', part: 'opinion' }
      ]
    }
  ]);
  expect(prose.analysis.needs).toEqual([]);
  expect(prose.questions).toEqual([]);
  expect(prose.actions).toMatchObject([{ id: 'action-1', what: 'Call' }]);
  expect(prose.protected.safety).toMatchObject([{ memberId: 'v', part: 'leave' }]);
});
