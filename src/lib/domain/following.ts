// Following the chair from family to family: said outright, never inferred from what has the focus. Whoever writes
// is not moved; following waits, and goes on by itself only where it was not left behind. Pure. Carries FOLLOW rules.

export interface Following {
  /** Follows the chair, as this person last said. */
  readonly on: boolean;
  /** The family chosen by hand; what is open while not following, and while no family is at the table. */
  readonly chosen: string | null;
  /** After how many families at the table that was chosen, with none there; null where one was. */
  readonly after: number | null;
  /** The family at which following waits, since this person wrote there; null while it does not wait. */
  readonly held: string | null;
}

export const fromTheStart: Following = { on: true, chosen: null, after: null, held: null };

/** Where the table is, and the families it had, in the order of time; it may have had one more than once. */
export interface Table {
  readonly at: string | null;
  readonly had: readonly string[];
}

/**
 * The family that is open for this person; null where neither they nor the table chose one. Between two families that
 * is the last one still, unless they opened another since.
 */
export function openFor(at: Following, table: Table): string | null {
  if (!at.on) return at.chosen;
  const since = at.after === table.had.length ? at.chosen : null;
  return at.held ?? table.at ?? since ?? table.had.at(-1) ?? at.chosen;
}

/** Opens a family by hand: another than the table's stops following, and the table's own lets nothing wait. */
export function opened(at: Following, cardId: string, table: Table): Following {
  const none = table.at === null;
  return {
    on: at.on && (none || cardId === table.at),
    chosen: cardId,
    after: none ? table.had.length : null,
    held: null
  };
}

/** A field took the focus: what is open stays open, wherever the chair goes. */
export function writing(at: Following, open: string | null): Following {
  return at.on && at.held === null ? { ...at, held: open } : at;
}

/** The field was left. Following goes on where it leads nowhere else; where the table went on, that is offered. */
export function wrote(at: Following, table: Table): Following {
  const free = { ...at, held: null };
  const leads = openFor(free, table);
  return leads === at.held || leads === null ? free : at;
}

/** Goes where the chair is, and follows from there. */
export const follow = (at: Following): Following => ({ ...at, on: true, after: null, held: null });

/** Stays at what is open. */
export const stop = (at: Following, open: string | null): Following => ({
  ...at,
  on: false,
  chosen: open,
  after: null,
  held: null
});
