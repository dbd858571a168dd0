// What may be shown of people in figures: nothing from which one of them could be read out, also not by comparing
// two answers. Figures are of whole months that are over. Months in which too few took part are taken together
// with the months after them, always in the same way, so that any two periods differ by enough people or not
// at all. Pure. Carries the REPORT rules on what is kept back.

/** Fewer are not told apart. */
export const fewest = 3;

/** Months as YYYY-MM, both counted. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** Months that are taken together, with what they hold. */
export interface Block<T> extends Period {
  readonly held: readonly T[];
}

/**
 * Months in blocks that each hold enough. The months at the end that do not are in none: they wait for more.
 * @param months oldest first, from the beginning of what is known: another beginning would make other blocks
 */
export function blocksOf<T>(
  months: readonly { readonly month: string; readonly held: readonly T[] }[],
  isEnough: (held: readonly T[]) => boolean
): Block<T>[] {
  const blocks: Block<T>[] = [];
  let from: string | null = null;
  let held: readonly T[] = [];
  for (const each of months) {
    if (each.held.length === 0) continue;
    from ??= each.month;
    held = [...held, ...each.held];
    if (!isEnough(held)) continue;
    blocks.push({ from, to: each.month, held });
    [from, held] = [null, []];
  }
  return blocks;
}

/** The blocks that lie wholly in a period. */
export function blocksIn<T>(blocks: readonly Block<T>[], { from, to }: Period): Block<T>[] {
  return blocks.filter((block) => block.from >= from && block.to <= to);
}

/** Whether enough different people are among these. */
export const areEnough = (held: readonly { readonly userId: string }[]) =>
  new Set(held.map(({ userId }) => userId)).size >= fewest;
