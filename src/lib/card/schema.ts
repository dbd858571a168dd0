// The card's live documents: their sections, what each may hold, and how much. The guard judges by this
// page and the editor is built from it, because an editor deletes what its own schema lacks.
import type { DocumentKind, Section } from '#lib/domain/permission.ts';

/** Grows when what a decision holds changes its shape. */
export const schemaVersion = 5;

/** The reserved Yjs client id under which the server makes a document's own containers. No person may use it. */
export const serverClient = 1;

export type RootKind = 'map' | 'xml-fragment';

const documentName = /^(cards|protected)\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;
const agencySection = /^agency\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/** Reads a document's name from the wire; undefined where it is none of ours. */
export function parseDocumentName(name: string): { kind: DocumentKind; cardId: string } | undefined {
  const found = documentName.exec(name);
  return found ? { kind: found[1] as DocumentKind, cardId: found[2] ?? '' } : undefined;
}

/** The sections of a document at a card with these agencies, in reading order. */
export function sectionsOf(kind: DocumentKind, agencies: readonly string[]): Section[] {
  if (kind === 'protected') return ['voice', 'safety'];
  return [...agencies.map((id): Section => `agency/${id}`), 'analysis', 'plan', 'questions', 'summary'];
}

/** The kind of Yjs type at a section's root. */
export function rootKind(section: Section): RootKind {
  return section === 'summary' || section === 'voice' ? 'xml-fragment' : 'map';
}

export const analysisParts = ['worries', 'strengths', 'needs'] as const;
export type AnalysisPart = (typeof analysisParts)[number];
export const agencyParts = ['facts', 'opinion'] as const;
export type AgencyPart = (typeof agencyParts)[number];
export const responseKinds = ['support', 'prevention', 'diversion', 'disruption', 'enforcement'] as const;
export type ResponseKind = (typeof responseKinds)[number];
export const responseWords: Record<ResponseKind, string> = {
  support: 'Support to change',
  prevention: 'Prevention',
  diversion: 'Diversion',
  disruption: 'Disruption',
  enforcement: 'Enforcement'
};
export const safetyParts = ['stay', 'leave'] as const;
export type SafetyPart = (typeof safetyParts)[number];

export interface CardMember {
  readonly id: string;
  readonly role: 'victim' | 'harming' | 'child' | 'unborn' | 'other';
}

/**
 * The top-level keys that the server makes in a section, each holding an XmlFragment. Two clients that each
 * made the same one would lose one's words, so no client sets, replaces or deletes any of them.
 */
export function serverMadeKeys(section: Section, members: readonly CardMember[]): string[] {
  switch (section) {
    case 'analysis':
      return [...analysisParts];
    case 'safety': {
      const kept = members.filter((member) => member.role === 'victim' || member.role === 'child');
      return kept.flatMap((member) => safetyParts.map((part) => `${member.id}/${part}`));
    }
    case 'plan': {
      const harming = members.filter((member) => member.role === 'harming');
      return harming.flatMap((member) => responseKinds.map((kind) => `response/${member.id}/${kind}`));
    }
    default:
      if (!agencySection.test(section)) return [];
      return ['family', ...members.map((member) => member.id)].flatMap((of) =>
        agencyParts.map((part) => `${of}/${part}`)
      );
  }
}

/** What a field of an action or a question holds: words that several may type at once, or one plain value or null. */
export type FieldKind = 'words' | 'id' | 'date';
export const actionFields = { what: 'words', memberId: 'id', agencyId: 'id', by: 'date' } as const;
export const questionFields = { text: 'words', agencyId: 'id', answer: 'words' } as const;

const entryId = '[A-Za-z0-9_-]{1,64}';
const actionKey = new RegExp(`^action/(${entryId})$`);
const questionKey = new RegExp(`^(${entryId})$`);

/** The key of an action in the plan. */
export const keyOfAction = (actionId: string) => `action/${actionId}`;

/** The id of the action that stands under a key of the plan. */
export function actionIdOf(key: string): string | undefined {
  return actionKey.exec(key)?.[1];
}

/** The fields of the record that people may put under, or take from, this key of a section; undefined: nothing of theirs stands there. */
export function recordFields(section: Section, key: string): Readonly<Record<string, FieldKind>> | undefined {
  if (section === 'plan' && actionKey.test(key)) return actionFields;
  if (section === 'questions' && questionKey.test(key)) return questionFields;
  return undefined;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const date = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** Whether a text is a day of the calendar, which 2026-02-31 is not. */
function isDay(text: string): boolean {
  const day = date.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return day?.toISOString().startsWith(text) ?? false;
}

/** Whether a plain value may stand in a field of this kind. */
export function fits(kind: FieldKind, value: unknown): value is string | null {
  if (value === null) return kind !== 'words';
  if (typeof value !== 'string') return false;
  return kind === 'id' ? uuid.test(value) : kind === 'date' && isDay(value);
}

interface RichNode {
  /** Its only attributes; each a number, a short string or null. */
  readonly attributes: readonly string[];
  /** The nodes it may hold; 'line' is a run of text with marks. */
  readonly holds: readonly string[];
}

const blocks = ['paragraph', 'bulletList', 'orderedList'];

/** Rich text is paragraphs, lists, bold and italic. The names are the editor's own. */
export const richText = {
  /** What a fragment holds. */
  blocks,
  nodes: {
    paragraph: { attributes: [], holds: ['line'] },
    bulletList: { attributes: [], holds: ['listItem'] },
    orderedList: { attributes: ['start', 'type'], holds: ['listItem'] },
    listItem: { attributes: [], holds: blocks }
  } as Readonly<Record<string, RichNode>>,
  marks: ['bold', 'italic'] as readonly string[]
} as const;

/** What one update, and one document, may be at most. A card is a few pages of prose; these are far beyond it. */
export const limits = {
  /** Bytes of one update on the wire: a whole evening typed offline is well under. */
  updateBytes: 512 * 1024,
  structs: 20_000,
  deleteRanges: 20_000,
  clients: 2_000,
  /** Containers within containers, from the root down: lists in lists in a fragment. */
  depth: 12,
  /** Characters of an attribute's plain value. */
  valueCharacters: 200,
  documentBytes: 8 * 1024 * 1024,
  awarenessBytes: 2048
} as const;
