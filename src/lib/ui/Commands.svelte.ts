// Every act that this person may do on this page, by name and with its key: one table, from which the keys are
// taken, the command list is made and the key sheet is read. Whatever owns an act puts it here while it is on
// screen; an act that one may not do is not here. Carries EASE1 to EASE3.
import { getContext, onMount, setContext } from 'svelte';
import { isPressed } from './keys.ts';

export const groups = [
  'Undo',
  'At the table',
  'Chair',
  'This family',
  'Families',
  'Go to',
  'Agenda',
  'Ratings',
  'Writing',
  'My screen',
  'Pages',
  'Help'
] as const;

export interface Command {
  /** What it does, as a button would say it. Never a family's names. */
  readonly name: string;
  readonly group: (typeof groups)[number];
  readonly key?: string;
  /** What its key does at any time, where the name is that of the moment. */
  readonly always?: string;
  /** Left out: the key acts where the focus is, by the part of the page that has it, and is told here only. False: nothing was to do. */
  readonly run?: () => unknown;
  /** A key of the sheet that the list has no use for. */
  readonly unlisted?: boolean;
  /** Its key also acts over an open dialog. */
  readonly overDialogs?: boolean;
  /** Its key means something else in a field. */
  readonly outsideFields?: boolean;
}
/** A command that can be run. */
export type Act = Command & { readonly run: () => unknown };
export type Open = 'list' | 'keys' | null;

const fields = 'textarea, input, select, [role=textbox]';
const isAct = (command: Command): command is Act => command.run !== undefined;

export class Commands {
  #offers = $state.raw<readonly (() => readonly Command[])[]>([]);
  #buttons = $state.raw<readonly symbol[]>([]);
  #open = $state<Open>(null);

  /** In the order of the groups. */
  readonly all = $derived.by((): readonly Command[] => {
    const offered = this.#offers.flatMap((offer) => offer());
    return groups.flatMap((group) => offered.filter((command) => command.group === group));
  });
  readonly listed = $derived(this.all.filter(isAct).filter(({ unlisted }) => !unlisted));

  /** Which of the two dialogs is open. */
  get open(): Open {
    return this.#open;
  }
  /** Opens one of them, where no other dialog is in the way. */
  show(dialog: 'list' | 'keys'): void {
    if (this.#open !== null || !document.querySelector('dialog[open]')) this.#open = dialog;
  }
  /** Closes this one; the other, which may have been opened from it, stays. */
  close(dialog: 'list' | 'keys'): void {
    if (this.#open === dialog) this.#open = null;
  }

  /** Adds acts; gives what takes them away. */
  offer(commands: () => readonly Command[]): () => void {
    this.#offers = [...this.#offers, commands];
    return () => (this.#offers = this.#offers.filter((offer) => offer !== commands));
  }

  /** A place for the list's button. Of all on the page, the last that came shows it. */
  place(place: symbol): () => void {
    this.#buttons = [...this.#buttons, place];
    return () => (this.#buttons = this.#buttons.filter((each) => each !== place));
  }
  isLast(place: symbol): boolean {
    return this.#buttons.at(-1) === place;
  }

  /** Does what a key that was pressed means, if it means anything here. */
  press(event: KeyboardEvent): void {
    if (event.defaultPrevented) return;
    const command = this.all.filter(isAct).find(({ key }) => key !== undefined && isPressed(key, event));
    if (!command) return;
    if (!command.overDialogs && document.querySelector('dialog[open]')) return;
    if (command.outsideFields && (event.target as Element | null)?.closest(fields)) return;
    // A key that is held down does its act once.
    if (event.repeat || command.run() !== false) event.preventDefault();
  }
}

const key = Symbol('commands');

export function provideCommands(commands: Commands): Commands {
  return setContext(key, commands);
}

export function useCommands(): Commands {
  const commands = getContext<Commands | undefined>(key);
  if (!commands) throw new Error('This component stands outside the frame of the pages');
  return commands;
}

/** Offers acts for as long as the component that calls this is on screen. */
export function offer(commands: () => readonly Command[]): void {
  const all = useCommands();
  onMount(() => all.offer(commands));
}
