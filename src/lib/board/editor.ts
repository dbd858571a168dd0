// Makes a rich-text editor on a section's fragment. It is loaded only when someone may write, holds exactly
// what src/lib/card/schema.ts allows, and has nothing that writes unasked: no trailing node, no placeholder.
import { Editor } from '@tiptap/core';
import { Bold } from '@tiptap/extension-bold';
import { Collaboration } from '@tiptap/extension-collaboration';
import { Document } from '@tiptap/extension-document';
import { Italic } from '@tiptap/extension-italic';
import { BulletList, ListItem, OrderedList } from '@tiptap/extension-list';
import { Paragraph } from '@tiptap/extension-paragraph';
import { Text } from '@tiptap/extension-text';
import type { XmlFragment } from 'yjs';

export type Command = 'bold' | 'italic' | 'bullets' | 'numbers';

export interface SectionEditor {
  focus(at?: { x: number; y: number }): void;
  run(command: Command): void;
  isOn(command: Command): boolean;
  destroy(): void;
}

// Tab leaves the editor, as it leaves every field: lists are not indented by it.
const Item = ListItem.extend({
  addKeyboardShortcuts() {
    return { Enter: () => this.editor.commands.splitListItem(this.name) };
  }
});

const names = { bold: 'bold', italic: 'italic', bullets: 'bulletList', numbers: 'orderedList' } as const;

/**
 * Binds an editor to a fragment that the server made.
 * @param told.wrote after each change made here; told.moved whenever the caret or its marks changed; told.left on Escape
 */
export function openEditor(
  element: HTMLElement,
  fragment: XmlFragment,
  label: string,
  told: { wrote: () => void; moved: () => void; left: () => void }
): SectionEditor {
  const editor = new Editor({
    element,
    injectCSS: false,
    extensions: [
      Document,
      Paragraph,
      Text,
      Bold,
      Italic,
      BulletList,
      OrderedList,
      Item,
      Collaboration.configure({ fragment })
    ],
    editorProps: {
      attributes: { role: 'textbox', 'aria-label': label, 'aria-multiline': 'true', spellcheck: 'true' },
      handleKeyDown: (_view, event) => {
        if (event.key !== 'Escape') return false;
        told.left();
        return true;
      }
    },
    onUpdate: ({ transaction }) => {
      // A change that came over the wire is not this person's typing.
      if (!transaction.getMeta('y-sync$')) told.wrote();
    },
    onTransaction: told.moved
  });
  return {
    focus(at) {
      const there = at && editor.view.posAtCoords({ left: at.x, top: at.y });
      editor.commands.focus(there ? there.pos : 'end');
    },
    run(command) {
      const chain = editor.chain().focus();
      if (command === 'bold') chain.toggleBold().run();
      else if (command === 'italic') chain.toggleItalic().run();
      else if (command === 'bullets') chain.toggleBulletList().run();
      else chain.toggleOrderedList().run();
    },
    isOn: (command) => editor.isActive(names[command]),
    destroy: () => editor.destroy()
  };
}
