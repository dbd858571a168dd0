// Sends what a commit made durable: one write to each connection, and one buffer for all who wrote none of it.
import * as Y from 'yjs';
import * as frames from './frames.ts';
import type { Member } from './member.ts';

export interface Stored {
  readonly update: Uint8Array;
  /** Null: the server itself. */
  readonly by: Member | null;
}

/** States that are new since the last delivery. */
export interface News {
  readonly holders: ReadonlySet<unknown>;
  for(member?: Member): Uint8Array | undefined;
}

/** Sends updates and states to those who did not write them, and its acknowledgement to each who wrote. */
export function deliver(
  receivers: Iterable<Member>,
  stored: readonly Stored[],
  news: News,
  acknowledged: ReadonlyMap<Member, number>
): void {
  const framesFor = (member?: Member): Buffer[] => {
    const updates = stored.filter(({ by }) => by === null || by !== member).map(({ update }) => update);
    const states = news.for(member);
    return [
      ...(updates.length > 0 ? [frames.updateMessage(merged(updates))] : []),
      ...(states ? [frames.awarenessMessage(states)] : [])
    ];
  };
  const shared = concat(framesFor());
  const authors = new Set<unknown>(stored.map(({ by }) => by));
  const acknowledgement = (member: Member): Buffer[] => {
    const count = acknowledged.get(member);
    const frame = count === undefined ? undefined : member.saved(count);
    return frame ? [frame] : [];
  };
  const others = new Set(acknowledged.keys());
  for (const member of receivers) {
    others.delete(member);
    const own = authors.has(member) || news.holders.has(member) || acknowledged.has(member);
    const bytes = own ? concat([...framesFor(member), ...acknowledgement(member)]) : shared;
    if (bytes) member.write(bytes);
  }
  // Those who wrote before they asked what the document holds.
  for (const member of others) for (const frame of acknowledgement(member)) member.write(frame);
}

/** Several updates as one: fewer bytes, fewer frames, one transaction for each reader. */
export function merged(updates: readonly Uint8Array[]): Uint8Array {
  const [first] = updates;
  return updates.length === 1 && first ? first : Y.mergeUpdates([...updates]);
}

function concat(parts: readonly Buffer[]): Buffer | undefined {
  return parts.length > 1 ? Buffer.concat(parts) : parts[0];
}
