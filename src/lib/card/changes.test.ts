import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { changesBetween, linesChanged } from './changes.ts';
import { addAction, addQuestion, appendParagraphs, removeAction, setActionField } from './edit.ts';
import { proseOf } from './prose.ts';
import { serverMadeKeys } from './schema.ts';

const members = [{ id: 'v', role: 'victim' as const }];

function documents(): { cards: Y.Doc; protected: Y.Doc } {
  const [cards, kept] = [new Y.Doc(), new Y.Doc()];
  for (const section of ['agency/00000000-0000-4000-8000-000000000001', 'analysis', 'plan'] as const)
    for (const key of serverMadeKeys(section, members)) cards.getMap(section).set(key, new Y.XmlFragment());
  for (const key of serverMadeKeys('safety', members)) kept.getMap('safety').set(key, new Y.XmlFragment());
  return { cards, protected: kept };
}
const read = (docs: ReturnType<typeof documents>) =>
  proseOf(docs, members, ['00000000-0000-4000-8000-000000000001']);

test('AMEND2: what changed is told part by part, before and after, and the protected part apart', () => {
  const docs = documents();
  addAction(docs.cards, { what: 'Change the locks', by: '2026-12-01' }, 'locks');
  appendParagraphs(docs.cards, 'analysis', 'worries', ['He has a key']);
  const before = read(docs);
  expect(changesBetween(before, read(docs))).toEqual({ shared: [], protected: [] });
  setActionField(docs.cards, 'locks', 'by', '2026-11-30');
  appendParagraphs(docs.cards, 'analysis', 'worries', ['He was seen']);
  addQuestion(docs.cards, { text: 'Who has a key?' }, 'key');
  appendParagraphs(docs.protected, 'safety', 'v/stay', ['A neighbour knows']);
  const changes = changesBetween(before, read(docs));
  expect(changes.shared).toEqual([
    {
      ...{ section: 'analysis', key: 'worries', field: null },
      ...{ before: 'He has a key', after: 'He has a key\nHe was seen' }
    },
    { section: 'plan', key: 'action/locks', field: 'by', before: '2026-12-01', after: '2026-11-30' },
    { section: 'questions', key: 'key', field: 'text', before: null, after: 'Who has a key?' }
  ]);
  expect(changes.protected).toEqual([
    { section: 'safety', key: 'v/stay', field: null, before: null, after: 'A neighbour knows' }
  ]);
  removeAction(docs.cards, 'locks');
  expect(changesBetween(before, read(docs)).shared).toContainEqual({
    ...{ section: 'plan', key: 'action/locks', field: 'what' },
    ...{ before: 'Change the locks', after: null }
  });
});

test('AMEND2: the lines that went and came, put where they were, make the one text of the other', () => {
  const text = fc.option(
    fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 6 }).map((it) => it.join('\n'))
  );
  fc.assert(
    fc.property(text, text, (before, after) => {
      const { gone, come } = linesChanged({ before, after });
      const [old, now] = [before, after].map((it) => (it === null ? [] : it.split('\n')));
      expect((old?.length ?? 0) - gone.length).toBe((now?.length ?? 0) - come.length);
      if (before === after) expect([...gone, ...come]).toEqual([]);
      else expect(gone.length + come.length).toBeGreaterThan(0);
    })
  );
});
