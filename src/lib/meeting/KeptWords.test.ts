import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { addAction, addQuestion } from '#lib/card/edit.ts';
import { actionsIn, questionsIn, wordsAt } from '#lib/card/read.ts';
import { KeptWords, type Lend } from './KeptWords.svelte.ts';
import type { UnsavedWords } from './unsaved.ts';

/** A family's document with the containers that the server makes. */
function family(): Y.Doc {
  const document = new Y.Doc();
  for (const key of ['worries', 'needs']) document.getMap('analysis').set(key, new Y.XmlFragment());
  return document;
}
const analysis = (document: Y.Doc, key: string) => String(document.getMap('analysis').get(key));

test('SAVED7: words that came back are put back together, each where it stood and once; the rest stays listed', async () => {
  const [first, second, locked] = [family(), family(), family()];
  const action = addAction(first, { what: 'Change the locks' });
  const asked = addQuestion(first, { text: 'Has she a car?' });
  const documents: Record<string, Y.Doc> = { first, second };
  let arrive: () => void = () => undefined;
  const arriving = new Promise<void>((resolve) => (arrive = resolve));
  const lent: string[] = [];
  const lend: Lend = (cardId) => {
    const document = documents[cardId];
    if (!document) return undefined;
    lent.push(cardId);
    return {
      card: {
        documentOf: () => document,
        comes: async () => {
          if (cardId === 'second') await arriving;
          return true;
        }
      },
      giveBack: () => void lent.splice(lent.indexOf(cardId), 1)
    };
  };
  const kept = new KeptWords();
  const lost = (cardId: string, ...words: UnsavedWords[]) =>
    kept.keep(cardId, '', { why: 'refused', message: '', words });
  lost(
    'first',
    { section: 'analysis', key: 'worries', field: undefined, lines: ['He has a key', 'He drinks'] },
    { section: 'plan', key: `action/${action}`, field: 'what', lines: ['this week'] },
    { section: 'plan', key: 'action/gone', field: 'what', lines: ['Ring the school'] },
    { section: 'questions', key: asked, field: 'answer', lines: ['Yes'] },
    { section: 'questions', key: 'gone', field: 'answer', lines: ['No'] }
  );
  lost('second', { section: 'analysis', key: 'needs', field: undefined, lines: ['A safe place'] });
  lost('locked', { section: 'analysis', key: 'needs', field: undefined, lines: ['Too late'] });
  const [once, twice] = [kept.putBack(kept.all, lend), kept.putBack(kept.all, lend)];
  arrive();
  expect((await once) + (await twice)).toBe(5);
  expect(analysis(first, 'worries')).toBe(
    '<paragraph>He has a key</paragraph><paragraph>He drinks</paragraph>'
  );
  expect(
    actionsIn(first)
      .map(({ what }) => what)
      .sort()
  ).toEqual(['Change the locks this week', 'Ring the school']);
  expect(questionsIn(first)).toHaveLength(1);
  expect(String(wordsAt(first, 'questions', asked, 'answer'))).toBe('Yes');
  expect(analysis(second, 'needs')).toBe('<paragraph>A safe place</paragraph>');
  expect(analysis(locked, 'needs')).toBe('');
  expect(kept.all.map(({ lines }) => lines)).toEqual([['No'], ['Too late']]);
  expect(lent).toEqual([]);
});
