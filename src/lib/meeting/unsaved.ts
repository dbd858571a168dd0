// The words of one author that the server is not known to have, by where they were written. They are read from
// the author's own copy before it is thrown away, so that they come back as text and never as the old update.
// Carries SAVED5.
import * as Y from 'yjs';
import type { Section } from '#lib/domain/permission.ts';
import type { NamedType, SharedType } from './live-type.ts';

/** A run of an author's clocks: from, up to but not including to. One has another client id after a reload. */
export interface Clocks {
  readonly client: number;
  readonly from: number;
  readonly to: number;
}

export interface UnsavedWords {
  readonly section: Section;
  /** The key under the section's root; undefined where the root itself is the text. */
  readonly key: string | undefined;
  /** The field of an action or a question. */
  readonly field: string | undefined;
  readonly lines: readonly string[];
}

/** Where a type stands: the name of its root, the key under it, and the field under that. */
export interface Place {
  readonly section: string;
  readonly key: string | undefined;
  readonly field: string | undefined;
}

/** Finds where in its document a type stands; undefined where it stands in none. */
export function placeOf(type: SharedType | NamedType): Place | undefined {
  const keys: string[] = [];
  let at = type as unknown as SharedType;
  while (at._item) {
    if (at._item.parentSub !== null) keys.unshift(at._item.parentSub);
    const parent: unknown = at._item.parent;
    if (!(parent instanceof Y.AbstractType)) return undefined;
    at = parent;
  }
  for (const [section, root] of at.doc?.share ?? [])
    if (root === at) return { section, key: keys[0], field: keys[1] };
  return undefined;
}

/** The words that were written within these clocks and that still stand in the document. */
export function unsavedWords(document: Y.Doc, clocks: readonly Clocks[]): UnsavedWords[] {
  const found: UnsavedWords[] = [];
  for (const [section, root] of document.share) {
    const lines = new Map<string, { key?: string; field?: string; lines: string[] }>();
    visit(root, [], (path, line) => {
      const [key, field] = path;
      const name = `${key ?? ''}\n${field ?? ''}`;
      const place = lines.get(name) ?? {
        ...(key === undefined ? {} : { key }),
        ...(field === undefined ? {} : { field }),
        lines: []
      };
      place.lines.push(line);
      lines.set(name, place);
    });
    for (const { key, field, lines: text } of lines.values())
      found.push({ section: section as Section, key, field, lines: text });
  }
  return found;

  function visit(
    type: SharedType,
    path: readonly string[],
    tell: (path: readonly string[], line: string) => void
  ): void {
    let line = '';
    let gap = false;
    for (let item = type._start; item; item = item.right) {
      if (item.deleted) continue;
      if (item.content instanceof Y.ContentString) {
        const mine = within(item);
        if (mine === '') gap = line !== '';
        else {
          line += (gap ? ' … ' : '') + mine;
          gap = false;
        }
      } else if (item.content instanceof Y.ContentType) visit(item.content.type, path, tell);
    }
    if (line.trim()) tell(path, line);
    for (const [key, item] of type._map)
      if (!item.deleted && item.content instanceof Y.ContentType)
        visit(item.content.type, path.length < 2 ? [...path, key] : path, tell);
  }

  function within(item: Y.Item): string {
    if (!(item.content instanceof Y.ContentString)) return '';
    const { str } = item.content;
    const { client, clock: start } = item.id;
    return clocks
      .filter((each) => each.client === client)
      .map(({ from, to }) => str.slice(Math.max(0, from - start), Math.max(0, to - start)))
      .join('');
  }
}
