// Who has just written on which card, by agency: for the chair who is about to close and should not cut anybody
// off. In memory alone, and forgotten after some seconds.
import { maySee } from '#lib/domain/permission.ts';
import { roleOf } from './seats.ts';
import type { Table } from './table.ts';
import { seatAtTable } from './view.ts';

/** How long after the last stored edit somebody counts as writing, in milliseconds. */
const LINGER = 5000;

export interface CardWriters {
  readonly cardId: string;
  /** Agencies' codes, or a role where there is no agency. */
  readonly by: readonly string[];
}

export class RecentWriting {
  readonly #last = new Map<string, { cardId: string; userId: string; at: number }>();

  /** An edit was stored. @param at milliseconds since 1970 */
  wrote({ cardId, userId }: { cardId: string; userId: string }, at: number): void {
    this.#last.set(`${cardId} ${userId}`, { cardId, userId, at });
  }

  /**
   * Who else writes on the cards that this person may see; undefined for all but chair and coordinator.
   * @param now milliseconds since 1970
   */
  seenBy(table: Table, userId: string, now: number): CardWriters[] | undefined {
    const seat = seatAtTable(table, userId);
    if (!seat || !(seat.chair || seat.coordinator)) return undefined;
    for (const [key, { at }] of this.#last) if (at < now - LINGER) this.#last.delete(key);
    const others = [...this.#last.values()].filter((each) => each.userId !== userId);
    return table.cards.flatMap(({ row, facts }) => {
      const here = maySee(seat, facts) ? others.filter(({ cardId }) => cardId === row.id) : [];
      const by = new Set(here.flatMap((each) => namesOf(table, each.userId, facts.agencies)));
      return by.size > 0 ? [{ cardId: row.id, by: [...by].sort() }] : [];
    });
  }
}

function namesOf(table: Table, userId: string, there: readonly string[]): string[] {
  const seat = seatAtTable(table, userId);
  if (!seat) return [];
  const codes = table.agencies.flatMap(({ id, code }) =>
    there.includes(id) && seat.agencies.includes(id) ? [code] : []
  );
  return codes.length > 0 ? codes : [roleOf(seat, there)];
}
