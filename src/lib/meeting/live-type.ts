// Makes Yjs types reactive: whoever reads through here, in a component or a derived value, is run again when
// the type changes. A Y.Doc itself is never state: Svelte would wrap it in proxies.
import { createSubscriber } from 'svelte/reactivity';
import type * as Y from 'yjs';

/** Any shared type, as Yjs itself writes it. */
export type SharedType = Y.Doc['share'] extends Map<string, infer T> ? T : never;
/** A shared type under its own name. */
export type NamedType = Y.Map<unknown> | Y.Text | Y.XmlFragment;

const deep = new WeakMap<SharedType, () => void>();
const shallow = new WeakMap<SharedType, () => void>();

/** Subscribes the reader to the type and all within it, and gives it back. */
export function watched<T extends NamedType>(type: T): T {
  const shared = type as unknown as SharedType;
  subscriber(deep, shared, (again) => {
    shared.observeDeep(again);
    return () => shared.unobserveDeep(again);
  })();
  return type;
}

/** Subscribes the reader to the type's own keys or children only. */
export function watchedKeys<T extends NamedType>(type: T): T {
  const shared = type as unknown as SharedType;
  subscriber(shallow, shared, (again) => {
    shared.observe(again);
    return () => shared.unobserve(again);
  })();
  return type;
}

function subscriber(
  kept: WeakMap<SharedType, () => void>,
  type: SharedType,
  observe: (again: () => void) => () => void
): () => void {
  let subscribe = kept.get(type);
  if (!subscribe) {
    subscribe = createSubscriber((update) => observe(update));
    kept.set(type, subscribe);
  }
  return subscribe;
}
