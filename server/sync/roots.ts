// Gives a live document its roots, each with its type: Yjs makes a root of any name that an update speaks of,
// and of no particular type, in which neither a guard nor a reader can see what stands.
import * as Y from 'yjs';
import { rootKind } from '#lib/card/schema.ts';
import type { Section } from '#lib/domain/permission.ts';

/** Defines the sections' roots, and those that are there already. */
export function defineRoots(document: Y.Doc, sections: Iterable<string> = []): void {
  for (const name of [...document.share.keys(), ...sections]) {
    if (rootKind(name as Section) === 'xml-fragment') document.getXmlFragment(name);
    else document.getMap(name);
  }
}
