// Who is writing where, by agency: a quiet word beside a heading, from presence that the server has stamped.
// No cursors: only a section's name is told, and it goes three seconds after the last key.
import type { LiveDocument } from './LiveDocument.svelte.ts';

/** How long after the last key someone counts as writing. Milliseconds. */
const linger = 3000;

interface Presence {
  readonly writing?: unknown;
  readonly user?: { readonly name?: unknown; readonly agencies?: unknown; readonly role?: unknown };
}

export class Writers {
  readonly #documents: () => readonly LiveDocument[];
  #turn = $state(0);
  #quiet: ReturnType<typeof setTimeout> | undefined;
  #place: string | null = null;
  readonly #release: () => void;

  constructor(documents: () => readonly LiveDocument[]) {
    this.#documents = documents;
    this.#release = $effect.root(() => {
      $effect(() => {
        const all = this.#documents().map((document) => document.awareness);
        // Presence may change while a component is being taken down; state does not, until that is over.
        const again = () => queueMicrotask(() => this.#turn++);
        for (const awareness of all) awareness?.on('change', again);
        return () => {
          for (const awareness of all) awareness?.off('change', again);
        };
      });
    });
  }

  /** Says that this person is writing at a place, until three seconds after the last time this is said. */
  writing(place: string): void {
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.#tell(null), linger);
    if (this.#place !== place) this.#tell(place);
  }

  /** Who else writes at a place: agencies' codes, or a role where there is no agency. */
  at(place: string): string[] {
    return [...new Set(this.all().flatMap((each) => (each.place === place ? each.who : [])))].sort();
  }

  /** Who else writes, and where. */
  all(): { who: string; place: string }[] {
    void this.#turn;
    return this.#documents().flatMap(({ awareness }) =>
      [...(awareness?.getStates() ?? [])].flatMap(([client, state]) => {
        const presence = state as Presence;
        const { writing } = presence;
        if (client === awareness?.clientID || typeof writing !== 'string') return [];
        return [{ who: nameOf(presence), place: writing }];
      })
    );
  }

  close(): void {
    clearTimeout(this.#quiet);
    this.#release();
  }

  #tell(place: string | null): void {
    this.#place = place;
    for (const { awareness } of this.#documents()) awareness?.setLocalStateField('writing', place);
  }
}

function nameOf({ user: who }: Presence): string {
  const codes = Array.isArray(who?.agencies) ? who.agencies.filter((code) => typeof code === 'string') : [];
  if (codes.length > 0) return codes.join(', ');
  return typeof who?.role === 'string' ? who.role : 'Someone';
}
