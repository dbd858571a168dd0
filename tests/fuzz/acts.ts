// What people lawfully do to a card: the board's own verbs, and what the editor makes of typing, lists, marks
// and their removal. Everything here is within the card's schema, so that a guard has to accept it.
import * as Y from 'yjs';
import {
  addAction,
  addQuestion,
  byHand,
  removeAction,
  removeQuestion,
  setActionField,
  setActionWords,
  setQuestionAgency,
  setQuestionWords
} from '#lib/card/edit.ts';
import { rootKind, serverClient } from '#lib/card/schema.ts';
import type { Section } from '#lib/domain/permission.ts';
import { defineRoots } from '#server/sync/roots.ts';
import { oneOf, type Dice } from './dice.ts';

const police = '11111111-1111-4111-8111-111111111111';
const housing = '22222222-2222-4222-8222-222222222222';
const member = '33333333-3333-4333-8333-333333333333';

export const sections: readonly Section[] = [
  `agency/${police}`,
  `agency/${housing}`,
  'analysis',
  'plan',
  'questions',
  'summary'
];

const containers: readonly (readonly [Section, string])[] = [
  [`agency/${police}`, 'family/facts'],
  [`agency/${police}`, `${member}/opinion`],
  [`agency/${housing}`, 'family/facts'],
  ['analysis', 'worries'],
  ['analysis', 'needs'],
  ['plan', `response/${member}/support`]
];

const LEVELS = 3; // lists within lists

/** A card as the server makes it, before anybody wrote in it. */
export function emptyCard(gc: boolean): Y.Doc {
  const card = new Y.Doc({ gc, guid: 'card' });
  defineRoots(card, sections);
  card.clientID = serverClient;
  card.transact(() => {
    for (const [section, key] of containers) card.getMap(section).set(key, new Y.XmlFragment());
  });
  return card;
}

/** The same document, from its bytes. */
export function reloaded(document: Y.Doc, gc: boolean): Y.Doc {
  const copy = new Y.Doc({ gc, guid: 'card' });
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(document));
  defineRoots(copy, sections);
  return copy;
}

/** One to three things that a person does somewhere in these sections, as one act. */
export function act(document: Y.Doc, within: readonly Section[], roll: Dice): void {
  document.transact(() => {
    for (let more = roll(4) === 0 ? 2 : roll(2); more >= 0; more--)
      actIn(document, oneOf(roll, within), roll);
  }, byHand);
}

function actIn(document: Y.Doc, section: Section, roll: Dice): void {
  if (section === 'questions') return askIn(document, roll);
  if (section === 'plan' && roll(3) > 0) return planIn(document, roll);
  const root = rootKind(section) === 'xml-fragment' ? document.getXmlFragment(section) : undefined;
  const key = oneOf(roll, [...containers.filter(([of]) => of === section).map(([, it]) => it), '']);
  const fragment = root ?? document.getMap(section).get(key);
  if (fragment instanceof Y.XmlFragment) writeIn(fragment, roll);
}

function planIn(document: Y.Doc, roll: Dice): void {
  const id = `entry-no-${roll(5)}`;
  switch (roll(5)) {
    case 0:
      return void addAction(document, { what: 'Change the locks', by: '2026-12-01' }, id);
    case 1:
      return setActionField(document, id, 'by', oneOf(roll, ['2026-12-01', '2027-01-31', null]));
    case 2:
      return setActionField(document, id, 'agencyId', oneOf(roll, [police, housing, null]));
    case 3:
      return setActionWords(document, id, oneOf(roll, ['Change the locks today', 'Locks', '']));
    default:
      return roll(3) ? undefined : removeAction(document, id);
  }
}

function askIn(document: Y.Doc, roll: Dice): void {
  const id = `entry-no-${roll(5)}`;
  switch (roll(5)) {
    case 0:
      return void addQuestion(document, { text: 'Who has the keys?' }, id);
    case 1:
      return setQuestionAgency(document, id, oneOf(roll, [police, housing, null]));
    case 2:
      return setQuestionWords(document, id, 'answer', oneOf(roll, ['She has', 'He has', 'Nobody']));
    case 3:
      return setQuestionWords(document, id, 'text', oneOf(roll, ['Who has keys?', 'Keys?']));
    default:
      return roll(3) ? undefined : removeQuestion(document, id);
  }
}

interface Holder {
  readonly container: Y.XmlFragment;
  readonly level: number;
}

/** What blocks can be put in, and the lines of text, below a fragment. */
function walk(fragment: Y.XmlFragment): { holders: Holder[]; lists: Holder[]; lines: Y.XmlText[] } {
  const holders: Holder[] = [{ container: fragment, level: 0 }];
  const lists: Holder[] = [];
  const lines: Y.XmlText[] = [];
  const open: Holder[] = [...holders];
  for (let next = open.pop(); next; next = open.pop())
    for (const child of next.container.toArray()) {
      if (child instanceof Y.XmlText) lines.push(child);
      if (!(child instanceof Y.XmlElement)) continue;
      const here = { container: child, level: next.level + (child.nodeName === 'listItem' ? 1 : 0) };
      open.push(here);
      if (child.nodeName === 'listItem') holders.push(here);
      else if (child.nodeName !== 'paragraph') lists.push(here);
    }
  return { holders, lists, lines };
}

function paragraph(words: string): Y.XmlElement {
  const made = new Y.XmlElement('paragraph');
  made.insert(0, [new Y.XmlText(words)]);
  return made;
}

function entry(words: string): Y.XmlElement {
  const made = new Y.XmlElement('listItem');
  made.insert(0, [paragraph(words)]);
  return made;
}

function writeIn(fragment: Y.XmlFragment, roll: Dice): void {
  const { holders, lists, lines } = walk(fragment);
  const { container, level } = oneOf(roll, holders);
  const line = lines.length > 0 ? oneOf(roll, lines) : undefined;
  switch (line ? roll(12) : roll(2)) {
    case 0:
      return container.insert(roll(container.length + 1), [paragraph('words '.repeat(1 + roll(3)))]);
    case 1: {
      if (level >= LEVELS) return;
      const list = new Y.XmlElement(roll(2) ? 'bulletList' : 'orderedList');
      if (list.nodeName === 'orderedList') list.setAttribute('start', (1 + roll(9)) as never);
      list.insert(0, [entry('first'), ...(roll(2) ? [entry('second')] : [])]);
      return container.insert(roll(container.length + 1), [list]);
    }
    case 2:
      return container.length > 1 ? container.delete(roll(container.length), 1) : undefined;
    case 3: {
      if (lists.length === 0) return;
      const list = oneOf(roll, lists).container;
      if (roll(2)) return list.insert(roll(list.length + 1), [entry('another')]);
      return list.length > 1 ? list.delete(roll(list.length), 1) : undefined;
    }
    default:
      return line && typeIn(line, roll);
  }
}

function typeIn(line: Y.XmlText, roll: Dice): void {
  const at = roll(line.length + 1);
  const some = Math.min(1 + roll(4), line.length - at);
  switch (roll(6)) {
    case 0:
      return some > 0 ? line.delete(at, some) : undefined;
    case 1:
    case 2: {
      const mark = roll(2) ? 'bold' : 'italic';
      return some > 0 ? line.format(at, some, { [mark]: roll(3) ? {} : null }) : undefined;
    }
    case 3:
      return line.insert(at, 'été ', { bold: {} });
    default:
      return line.insert(at, 'typed'.slice(roll(4)));
  }
}
