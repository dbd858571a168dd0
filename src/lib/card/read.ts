// Typed readers of the card's documents, for the board, decisions and late edits. They take whatever stands
// in a document and give only what the schema knows: a reader never throws and never writes.
import * as Y from 'yjs';
import type { Section } from '#lib/domain/permission.ts';
import {
  actionIdOf,
  fits,
  responseKinds,
  recordFields,
  rootKind,
  type FieldKind,
  type ResponseKind
} from './schema.ts';

/** An action as it is proposed in the plan. */
export interface PlannedAction {
  readonly id: string;
  readonly what: string;
  /** For whom; null where nobody is named yet. */
  readonly memberId: string | null;
  readonly agencyId: string | null;
  /** YYYY-MM-DD */
  readonly by: string | null;
}

/** What the table still wants to know, and from which agency. */
export interface Question {
  readonly id: string;
  readonly text: string;
  readonly agencyId: string | null;
  readonly answer: string;
}

/** A run of text with the same marks. */
export interface Span {
  readonly text: string;
  readonly bold?: true;
  readonly italic?: true;
}

export type Block =
  | { readonly type: 'paragraph'; readonly spans: readonly Span[] }
  | {
      readonly type: 'list';
      /** The first number of an ordered list; null: a list of bullets. */
      readonly start: number | null;
      readonly items: readonly (readonly Block[])[];
    };

/** The plan's actions, in the order they were added. */
export function actionsIn(cards: Y.Doc): PlannedAction[] {
  const actions: PlannedAction[] = [];
  for (const [key, value] of cards.getMap('plan')) {
    const id = actionIdOf(key);
    if (id === undefined || !(value instanceof Y.Map)) continue;
    const memberId = plainIn(value, 'memberId', 'id');
    const agencyId = plainIn(value, 'agencyId', 'id');
    actions.push({ id, what: wordsIn(value, 'what'), memberId, agencyId, by: plainIn(value, 'by', 'date') });
  }
  return actions.sort(byId);
}

/** The questions, in the order they were asked. */
export function questionsIn(cards: Y.Doc): Question[] {
  const questions: Question[] = [];
  for (const [id, value] of cards.getMap('questions')) {
    if (!recordFields('questions', id) || !(value instanceof Y.Map)) continue;
    const agencyId = plainIn(value, 'agencyId', 'id');
    questions.push({ id, text: wordsIn(value, 'text'), agencyId, answer: wordsIn(value, 'answer') });
  }
  return questions.sort(byId);
}

/** The live words of an action's or a question's field, to bind an input to; undefined once it was removed. */
export function wordsAt(cards: Y.Doc, section: Section, key: string, field: string): Y.Text | undefined {
  const record = cards.getMap(section).get(key);
  const words = record instanceof Y.Map ? (record.get(field) as unknown) : undefined;
  return words instanceof Y.Text ? words : undefined;
}

/** The fragment of a section, or under a key of it; undefined until the server's containers have arrived. */
export function fragmentAt(document: Y.Doc, section: Section, key?: string): Y.XmlFragment | undefined {
  if (rootKind(section) === 'xml-fragment') return document.getXmlFragment(section);
  const value = key === undefined ? undefined : document.getMap(section).get(key);
  return value instanceof Y.XmlFragment ? value : undefined;
}

/** The keys of a section under which a fragment stands, in no order. */
export function fragmentKeys(document: Y.Doc, section: Section): string[] {
  if (rootKind(section) === 'xml-fragment') return [];
  return [...document.getMap(section)].flatMap(([key, value]) =>
    value instanceof Y.XmlFragment ? [key] : []
  );
}

/** The kinds of response that have words, for a person causing harm. */
export function responsesTo(cards: Y.Doc, memberId: string): { kind: ResponseKind; blocks: Block[] }[] {
  return responseKinds.flatMap((kind) => {
    const blocks = blocksOf(fragmentAt(cards, 'plan', `response/${memberId}/${kind}`));
    return isBlank(blocks) ? [] : [{ kind, blocks }];
  });
}

/** Whether anything is written of a member in a document: words of theirs, or an action for them. */
export function isWrittenOf(document: Y.Doc, memberId: string): boolean {
  const sections = [...document.share.keys()] as Section[];
  const isFilled = (section: Section, key: string) =>
    key.split('/').includes(memberId) && !isBlank(blocksOf(fragmentAt(document, section, key)));
  return (
    sections.some((section) => fragmentKeys(document, section).some((key) => isFilled(section, key))) ||
    (document.share.has('plan') && actionsIn(document).some((action) => action.memberId === memberId))
  );
}

/** A fragment as paragraphs and lists. */
export function blocksOf(fragment: Y.XmlFragment | undefined): Block[] {
  return fragment ? fragment.toArray().flatMap(blockOf) : [];
}

/** Blocks as plain text: a line for each paragraph, list items with their mark. */
export function plainText(blocks: readonly Block[]): string {
  return linesOf(blocks).join('\n');
}

/** Whether blocks hold no word. */
export function isBlank(blocks: readonly Block[]): boolean {
  return blocks.every((block) =>
    block.type === 'list' ? block.items.every(isBlank) : block.spans.every((span) => !span.text.trim())
  );
}

function blockOf(node: Y.XmlElement | Y.XmlText | Y.XmlHook | Y.XmlFragment): Block[] {
  if (!(node instanceof Y.XmlElement)) return [];
  const children = node.toArray();
  switch (node.nodeName) {
    case 'paragraph':
      return [{ type: 'paragraph', spans: children.flatMap(spansOf) }];
    case 'bulletList':
    case 'orderedList': {
      const start: unknown = node.getAttribute('start');
      const first = typeof start === 'number' && Number.isSafeInteger(start) ? start : 1;
      const items = children.flatMap((child) => (child instanceof Y.XmlElement ? [blocksOf(child)] : []));
      return [{ type: 'list', start: node.nodeName === 'orderedList' ? first : null, items }];
    }
    default:
      return [];
  }
}

function spansOf(text: Y.XmlElement | Y.XmlText | Y.XmlHook): Span[] {
  if (!(text instanceof Y.XmlText)) return [];
  const runs = text.toDelta() as { insert?: unknown; attributes?: Record<string, unknown> }[];
  return runs.flatMap(({ insert, attributes = {} }) => {
    if (typeof insert !== 'string') return [];
    const span: Span = { text: insert, ...(attributes.bold ? { bold: true } : {}) };
    return [{ ...span, ...(attributes.italic ? { italic: true } : {}) }];
  });
}

function linesOf(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => {
    if (block.type === 'paragraph') return [block.spans.map((span) => span.text).join('')];
    const { start } = block;
    return block.items.flatMap((item, index) => {
      const mark = start === null ? '- ' : `${start + index}. `;
      const indent = ' '.repeat(mark.length);
      return linesOf(item).map((line, at) => (at === 0 ? mark : indent) + line);
    });
  });
}

function wordsIn(record: Y.Map<unknown>, field: string): string {
  const words = record.get(field);
  return words instanceof Y.Text ? words.toString() : '';
}

function plainIn(record: Y.Map<unknown>, field: string, kind: FieldKind): string | null {
  const value = record.get(field);
  return fits(kind, value) ? value : null;
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
