// The order of an agenda: families by concern at first, then as the coordinator puts them. Someone who may
// not see a family orders the others around it. Pure. Carries the SCHED rules on order.
import { grades, type Grade } from './family.ts';

/**
 * For sorting: the highest grade of concern first, then the longest waiting, then the reference.
 * @param reported YYYY-MM-DD
 */
export function byConcern(
  a: { readonly grade: Grade | null; readonly reported: string; readonly reference: string },
  b: { readonly grade: Grade | null; readonly reported: string; readonly reference: string }
): number {
  const concern = ({ grade }: { grade: Grade | null }) => (grade ? grades.indexOf(grade) : grades.length);
  return (
    concern(a) - concern(b) ||
    a.reported.localeCompare(b.reported) ||
    a.reference.localeCompare(b.reference, 'en', { numeric: true })
  );
}

/** The order with one moved a place up (-1) or down (1); unchanged at either end. */
export function moved(order: readonly string[], id: string, by: -1 | 1): string[] {
  const from = order.indexOf(id);
  const other = order[from + by];
  if (from < 0 || other === undefined) return [...order];
  return order.map((each) => (each === id ? other : each === other ? id : each));
}

/** The order with one taken out and put where another stands. */
export function movedTo(order: readonly string[], id: string, place: number): string[] {
  if (!order.includes(id)) return [...order];
  const rest = order.filter((each) => each !== id);
  return rest.toSpliced(Math.max(0, Math.min(place, rest.length)), 0, id);
}

/**
 * The whole order, with the visible ones put as wanted and the others left in their places; undefined where
 * `wanted` does not name exactly the visible ones.
 */
export function reordered(
  whole: readonly string[],
  hidden: ReadonlySet<string>,
  wanted: readonly string[]
): string[] | undefined {
  const visible = new Set(whole.filter((id) => !hidden.has(id)));
  const named = new Set(wanted);
  if (named.size !== wanted.length || !equal(named, visible)) return undefined;
  const next = wanted.values();
  return whole.map((id) => (hidden.has(id) ? id : (next.next().value ?? id)));
}

const equal = (a: ReadonlySet<string>, b: ReadonlySet<string>) =>
  a.size === b.size && [...a].every((each) => b.has(each));
