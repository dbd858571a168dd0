import { expect, test } from 'vitest';
import * as Y from 'yjs';
import {
  addAction,
  addQuestion,
  appendParagraphs,
  newEntryId,
  putBackAction,
  putBackQuestion,
  removeAction,
  removeQuestion,
  setActionField,
  setActionWords,
  setQuestionWords
} from './edit.ts';
import { actionsIn, blocksOf, plainText, questionsIn } from './read.ts';

const agency = '0b8f7a52-5d0e-4e0f-9a53-3a3b1c1d2e3f';

test('CARD1: an action is made, changed and removed by verbs, each one update on the wire', () => {
  const doc = new Y.Doc();
  let updates = 0;
  doc.on('update', () => updates++);
  const id = addAction(doc, { what: 'Change the locks' });
  expect(updates).toBe(1);
  setActionField(doc, id, 'agencyId', agency);
  setActionField(doc, id, 'by', '2026-12-01');
  setActionField(doc, id, 'by', 'soon');
  setActionWords(doc, id, 'Change all the locks');
  expect(actionsIn(doc)).toEqual([
    { id, what: 'Change all the locks', memberId: null, agencyId: agency, by: '2026-12-01' }
  ]);
  expect(updates).toBe(4);
  removeAction(doc, id);
  expect(actionsIn(doc)).toEqual([]);
});

test('CARD2: two people who write the same words at once lose nothing of what either wrote', () => {
  const [a, b] = [new Y.Doc(), new Y.Doc()];
  const id = addQuestion(a, { text: 'Is she safe at work? 🙂' });
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a));
  setQuestionWords(a, id, 'text', 'Is she safe at work and at home? 🙂');
  setQuestionWords(b, id, 'text', 'Is she safe at work? 🙃');
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a));
  expect(questionsIn(b)[0]?.text).toBe('Is she safe at work and at home? 🙃');
});

test('CARD3: rich text is read as paragraphs and lists with their marks', () => {
  const doc = new Y.Doc();
  const summary = doc.getXmlFragment('summary');
  appendParagraphs(doc, 'summary', undefined, ['Moved twice', 'since spring']);
  const [first] = summary.toArray();
  if (first instanceof Y.XmlElement) (first.get(0) as Y.XmlText).format(0, 5, { bold: {} });
  const list = new Y.XmlElement('orderedList');
  list.setAttribute('start', 3 as never);
  const line = new Y.XmlElement('paragraph');
  line.insert(0, [new Y.XmlText('third')]);
  const item = new Y.XmlElement('listItem');
  item.insert(0, [line]);
  list.insert(0, [item]);
  summary.push([list, new Y.XmlElement('script')]);
  const blocks = blocksOf(summary);
  expect(blocks[0]).toEqual({
    type: 'paragraph',
    spans: [{ text: 'Moved', bold: true }, { text: ' twice' }]
  });
  expect(plainText(blocks)).toBe('Moved twice\nsince spring\n3. third');
});

test('CARD4: ids of actions and questions sort by the time they were made', () => {
  const made = [1, 10 ** 12, 1.7 * 10 ** 12, 2 * 10 ** 12].map((now) => newEntryId(now));
  expect([...made].sort()).toEqual(made);
});

test('PLAN3: what was removed is put back once, as it read, under its own id, as one update that others receive', () => {
  const [a, b] = [new Y.Doc(), new Y.Doc()];
  a.on('update', (update: Uint8Array) => Y.applyUpdate(b, update));
  const id = addAction(a, { what: 'Change the locks', agencyId: agency, by: '2026-12-01' });
  const question = addQuestion(a, { text: 'Is she safe at work?', agencyId: agency });
  setQuestionWords(a, question, 'answer', 'Yes');
  const [action] = actionsIn(a);
  const [asked] = questionsIn(a);
  if (!action || !asked) throw new Error('nothing was made');
  removeAction(a, id);
  removeQuestion(a, question);
  expect([...actionsIn(b), ...questionsIn(b)]).toEqual([]);
  let updates = 0;
  a.on('update', () => updates++);
  expect(putBackAction(a, action)).toBe(true);
  expect(putBackQuestion(a, asked)).toBe(true);
  expect(updates).toBe(2);
  expect(actionsIn(b)).toEqual([action]);
  expect(questionsIn(b)).toEqual([asked]);
  setActionWords(b, id, 'Change all the locks');
  expect(putBackAction(b, action)).toBe(false);
  expect(putBackQuestion(b, asked)).toBe(false);
  expect(actionsIn(b)[0]?.what).toBe('Change all the locks');
});
