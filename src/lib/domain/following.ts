// Following the chair from family to family: said outright, never inferred from what has the focus. Whoever writes
// is not moved; following waits, and goes on by itself only where it was not left behind. Pure. Carries FOLLOW rules.

export interface Following {
  /** Follows the chair, as this person last said. */
  readonly on: boolean;
  /** The family chosen by hand; what is open while not following, and before the table is anywhere. */
  readonly chosen: string | null;
  /** The family at which following waits, since this person wrote there; null while it does not wait. */
  readonly held: string | null;
}

export const fromTheStart: Following = { on: true, chosen: null, held: null };

/** The family that is open for this person; null where neither they nor the table chose one. */
export function openFor(at: Following, table: string | null): string | null {
  if (!at.on) return at.chosen;
  return at.held ?? table ?? at.chosen;
}

/** Opens a family by hand: another than the table's stops following, and the table's own lets nothing wait. */
export function opened(at: Following, cardId: string, table: string | null): Following {
  return { on: at.on && (cardId === table || table === null), chosen: cardId, held: null };
}

/** A field took the focus: what is open stays open, wherever the chair goes. */
export function writing(at: Following, open: string | null): Following {
  return at.on && at.held === null ? { ...at, held: open } : at;
}

/** The field was left. Following goes on where the table is still here; where it went on, that is offered. */
export function wrote(at: Following, table: string | null): Following {
  return at.held === table || table === null ? { ...at, held: null } : at;
}

/** Goes where the chair is, and follows from there. */
export const follow = (at: Following): Following => ({ ...at, on: true, held: null });

/** Stays at what is open. */
export const stop = (at: Following, open: string | null): Following => ({
  ...at,
  on: false,
  chosen: open,
  held: null
});
