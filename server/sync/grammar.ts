// What may stand where in a card's documents, for the guard: the schema of src/lib/card/schema.ts, put to the
// containers and contents of an update. Pure. Carries GUARD1 and E10, E13 of GUARD10.
import * as Y from 'yjs';
import {
  actionFields,
  fits,
  limits,
  questionFields,
  recordFields,
  richText,
  rootKind,
  type FieldKind
} from '#lib/card/schema.ts';
import type { Section } from '#lib/domain/permission.ts';

/** A place in a document where something can be put. */
export type Spot =
  | { readonly is: 'map'; readonly section: Section }
  | { readonly is: 'record'; readonly fields: Readonly<Record<string, FieldKind>> }
  | { readonly is: 'words' }
  | { readonly is: 'nodes'; readonly holds: readonly string[]; readonly attributes: readonly string[] }
  | { readonly is: 'line' };

type Container = Y.AbstractType<unknown>;

const fragment: Spot = { is: 'nodes', holds: richText.blocks, attributes: [] };
const words: Spot = { is: 'words' };
const line: Spot = { is: 'line' };
const action: Spot = { is: 'record', fields: actionFields };
const question: Spot = { is: 'record', fields: questionFields };
const nodes = new Map<string, Spot>(
  Object.entries(richText.nodes).map(([name, node]) => [name, { is: 'nodes', ...node }])
);

/** The place that a section's root is. */
export function rootSpot(section: Section): Spot {
  return rootKind(section) === 'xml-fragment' ? fragment : { is: 'map', section };
}

/** The place inside a container that stands at `spot`, under `key` in a map; undefined where the schema has none such. */
export function spotInside(spot: Spot, key: string | null, container: Container): Spot | undefined {
  switch (spot.is) {
    case 'map':
      if (container.constructor === Y.XmlFragment) return fragment; // the server's own
      if (container.constructor !== Y.Map || key === null || !recordFields(spot.section, key))
        return undefined;
      return spot.section === 'plan' ? action : question;
    case 'record':
      return container.constructor === Y.Text ? words : undefined;
    case 'nodes': {
      if (container.constructor === Y.XmlText) return spot.holds.includes('line') ? line : undefined;
      if (container.constructor !== Y.XmlElement) return undefined;
      const { nodeName } = container as Y.XmlElement;
      return spot.holds.includes(nodeName) ? nodes.get(nodeName) : undefined;
    }
    default:
      return undefined;
  }
}

/**
 * Whether a person may put this content at this place, under `key` in a map or as an attribute.
 * Values that a field had one after the other come as one content, where their author's document has kept them
 * to undo; each has to fit, and the last is the one that stands.
 */
export function mayHold(spot: Spot, key: string | null, content: Y.Item['content']): boolean {
  if (!mayTouch(spot, key)) return false;
  if (content instanceof Y.ContentDeleted) return true;
  switch (spot.is) {
    case 'map':
      return content instanceof Y.ContentType && content.type.constructor === Y.Map;
    case 'record': {
      const kind = spot.fields[key ?? ''];
      if (kind === 'words') return content instanceof Y.ContentType && content.type.constructor === Y.Text;
      return (
        kind !== undefined && content instanceof Y.ContentAny && content.arr.every((it) => fits(kind, it))
      );
    }
    case 'words':
      return isText(content);
    case 'nodes':
      if (key !== null) return content instanceof Y.ContentAny && content.arr.every(isAttribute);
      return content instanceof Y.ContentType && spotInside(spot, null, content.type) !== undefined;
    case 'line':
      return isText(content) || (content instanceof Y.ContentFormat && isMark(content));
  }
}

/** Whether a person may set, replace or delete what stands under this key, or (null) in this list, at all. */
export function mayTouch(spot: Spot, key: string | null): boolean {
  switch (spot.is) {
    case 'map':
      return key !== null && recordFields(spot.section, key) !== undefined;
    case 'record':
      return key !== null && Object.hasOwn(spot.fields, key);
    case 'nodes':
      return key === null || spot.attributes.includes(key);
    default:
      return key === null;
  }
}

/** Words. U+0000 is none: PostgreSQL's text can't hold it, and a decision could not be written. */
function isText(content: Y.Item['content']): boolean {
  return content instanceof Y.ContentString && !content.str.includes('\0');
}

function isAttribute(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= limits.valueCharacters;
  return value === null || (typeof value === 'number' && Number.isFinite(value));
}

/** The editor writes `{}` for a mark that begins and null for one that ends. */
function isMark({ key, value }: Y.ContentFormat): boolean {
  if (!richText.marks.includes(key)) return false;
  const given: unknown = value;
  return given === null || given === true || (isPlain(given) && Object.keys(given).length === 0);
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
