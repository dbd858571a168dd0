// The only verbs that write a card's documents from a browser, beside the rich-text editor. Each is one Yjs
// transaction, so one update on the wire, and writes nothing that the schema does not have.
import * as Y from 'yjs';
import type { Section } from '#lib/domain/permission.ts';
import { fragmentAt, wordsAt, type PlannedAction, type Question } from './read.ts';
import { fits, keyOfAction, recordFields, type FieldKind } from './schema.ts';

/** The origin of every transaction made here: an undo manager tracks it, and a provider tells it from its own. */
export const byHand = 'by-hand';

/**
 * A new id for an action or a question: it sorts by the time it was made, and nobody else makes the same.
 * @param now milliseconds since 1970
 */
export function newEntryId(now = Date.now()): string {
  const chance = crypto.getRandomValues(new Uint8Array(9));
  const tail = [...chance].map((byte) => (byte % 36).toString(36)).join('');
  return now.toString(36).padStart(9, '0') + tail;
}

/** Adds an action to the plan and gives its id. */
export function addAction(
  cards: Y.Doc,
  action: { what?: string; memberId?: string | null; agencyId?: string | null; by?: string | null } = {},
  id = newEntryId()
): string {
  addRecord(cards, 'plan', keyOfAction(id), { ...action });
  return id;
}

/** Says for whom an action is, which agency is to do it, or by when. */
export function setActionField(
  cards: Y.Doc,
  actionId: string,
  field: 'memberId' | 'agencyId' | 'by',
  value: string | null
): void {
  setField(cards, 'plan', keyOfAction(actionId), field, value);
}

/** Makes an action's words read as given, changing only what differs, so that others' typing in it stays. */
export function setActionWords(cards: Y.Doc, actionId: string, what: string): void {
  setWords(wordsAt(cards, 'plan', keyOfAction(actionId), 'what'), what);
}

/** Takes an action from the plan. */
export function removeAction(cards: Y.Doc, actionId: string): void {
  cards.transact(() => cards.getMap('plan').delete(keyOfAction(actionId)), byHand);
}

/**
 * Makes an action that was removed anew, as it read then and under its own id, so that an answer to it counts
 * again where it reads the same. Answers whether it did: somebody else may have been first.
 */
export function putBackAction(cards: Y.Doc, action: PlannedAction): boolean {
  if (cards.getMap('plan').has(keyOfAction(action.id))) return false;
  addAction(cards, action, action.id);
  return true;
}

/** Asks a question and gives its id. */
export function addQuestion(
  cards: Y.Doc,
  question: { text?: string; agencyId?: string | null } = {},
  id = newEntryId()
): string {
  addRecord(cards, 'questions', id, { ...question });
  return id;
}

/** Says which agency a question is for. */
export function setQuestionAgency(cards: Y.Doc, questionId: string, agencyId: string | null): void {
  setField(cards, 'questions', questionId, 'agencyId', agencyId);
}

/** Makes a question's text or its answer read as given. */
export function setQuestionWords(
  cards: Y.Doc,
  questionId: string,
  field: 'text' | 'answer',
  words: string
): void {
  setWords(wordsAt(cards, 'questions', questionId, field), words);
}

/** Takes a question back. */
export function removeQuestion(cards: Y.Doc, questionId: string): void {
  cards.transact(() => cards.getMap('questions').delete(questionId), byHand);
}

/** Asks a question that was taken back again, with its answer; answers whether it did. */
export function putBackQuestion(cards: Y.Doc, question: Question): boolean {
  if (cards.getMap('questions').has(question.id)) return false;
  addRecord(cards, 'questions', question.id, { ...question });
  return true;
}

/** Makes a live text read as given, as one change from the first to the last letter that differs. */
export function setWords(words: Y.Text | undefined, wanted: string): void {
  if (!words?.doc) return;
  const current = words.toString();
  if (current === wanted) return;
  const shorter = Math.min(current.length, wanted.length);
  let start = 0;
  while (start < shorter && current[start] === wanted[start]) start++;
  let end = 0;
  while (end < shorter - start && current.at(-1 - end) === wanted.at(-1 - end)) end++;
  // A letter outside the basic plane is two units, and half of one is no letter.
  if (isHighSurrogate(current, start - 1)) start--;
  if (isHighSurrogate(current, current.length - end - 1)) end--;
  words.doc.transact(() => {
    words.delete(start, Math.max(0, current.length - end - start));
    words.insert(start, wanted.slice(start, Math.max(start, wanted.length - end)));
  }, byHand);
}

/** Adds lines as paragraphs at the end of a fragment: words given back to their author become new typing. */
export function appendParagraphs(
  document: Y.Doc,
  section: Section,
  key: string | undefined,
  lines: readonly string[]
): boolean {
  const fragment = fragmentAt(document, section, key);
  if (!fragment) return false;
  const paragraphs = lines.map((line) => {
    const paragraph = new Y.XmlElement('paragraph');
    paragraph.insert(0, [new Y.XmlText(line)]);
    return paragraph;
  });
  document.transact(() => fragment.insert(fragment.length, paragraphs), byHand);
  return true;
}

function addRecord(cards: Y.Doc, section: Section, key: string, given: Record<string, unknown>): void {
  const fields = recordFields(section, key);
  if (!fields) throw new RangeError(`'${key}' can't stand in ${section}`);
  cards.transact(() => {
    const record = new Y.Map<unknown>();
    for (const [field, kind] of Object.entries(fields)) record.set(field, firstValue(kind, given[field]));
    cards.getMap(section).set(key, record);
  }, byHand);
}

function firstValue(kind: FieldKind, given: unknown): Y.Text | string | null {
  if (kind === 'words') return new Y.Text(typeof given === 'string' ? given : '');
  return fits(kind, given) ? given : null;
}

function setField(cards: Y.Doc, section: Section, key: string, field: string, value: string | null): void {
  const kind = recordFields(section, key)?.[field];
  const record = cards.getMap(section).get(key);
  if (!kind || !fits(kind, value) || !(record instanceof Y.Map) || record.get(field) === value) return;
  cards.transact(() => record.set(field, value), byHand);
}

function isHighSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit <= 0xdbff;
}
