import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { addAction, appendParagraphs, setActionWords } from '#lib/card/edit.ts';
import { placeOf, unsavedWords } from './unsaved.ts';

test('SAVED5: words not yet saved are listed by section, and only one’s own', () => {
  const doc = new Y.Doc();
  doc.clientID = 7;
  const other = new Y.Doc();
  other.clientID = 9;
  appendParagraphs(other, 'summary', undefined, ['Theirs stays theirs']);
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
  appendParagraphs(doc, 'summary', undefined, ['saved already']);
  const from = Y.getState(doc.store, 7);
  appendParagraphs(doc, 'summary', undefined, ['first line', 'second line']);
  const paragraph = doc.getXmlFragment('summary').get(0) as Y.XmlElement;
  (paragraph.get(0) as Y.XmlText).insert(6, ' (hers)');
  const action = addAction(doc, { what: 'Change locks' });
  setActionWords(doc, action, 'Change all locks');
  const words = unsavedWords(doc, [{ client: 7, from, to: Y.getState(doc.store, 7) }]);
  expect(words).toEqual([
    { section: 'summary', key: undefined, field: undefined, lines: [' (hers)', 'first line', 'second line'] },
    { section: 'plan', key: `action/${action}`, field: 'what', lines: ['Change all locks'] }
  ]);
});

test('SAVED6: what its author has struck out again is not listed', () => {
  const doc = new Y.Doc();
  doc.clientID = 7;
  const id = addAction(doc, { what: 'Ring the school tomorrow' });
  setActionWords(doc, id, 'Ring tomorrow');
  const [words] = unsavedWords(doc, [{ client: 7, from: 0, to: Y.getState(doc.store, 7) }]);
  expect(words?.lines).toEqual(['Ring tomorrow']);
  const text = (doc.getMap('plan').get(`action/${id}`) as Y.Map<Y.Text>).get('what');
  expect(text && placeOf(text)).toEqual({ section: 'plan', key: `action/${id}`, field: 'what' });
});
