// A card's version as other programs are given it, and give it back to the lock as `seen`: it moves with
// every fact and every stored edit. To them it is opaque.
import type { DocumentKind } from '#lib/domain/permission.ts';

export interface CardVersion {
  /** How many facts were stated. */
  readonly facts: number;
  /** How far each document's journal goes. */
  readonly seq: Readonly<Record<DocumentKind, number>>;
}

export function writeVersion({ facts, seq }: CardVersion): string {
  return `${facts}.${seq.cards}.${seq.protected}`;
}

/** Reads a version; undefined where it is none of ours. */
export function readVersion(text: string): CardVersion | undefined {
  const found = /^(\d{1,10})\.(\d{1,15})\.(\d{1,15})$/.exec(text);
  if (!found) return undefined;
  const [facts = 0, ofCards = 0, ofProtected = 0] = found.slice(1).map(Number);
  return { facts, seq: { cards: ofCards, protected: ofProtected } };
}
