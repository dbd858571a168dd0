// One family's live card: its document for everyone and, where this person may read it, the protected one.
// Knows what is saved in both, keeps the words that came back, and says who writes where.
import type * as Y from 'yjs';
import { fragmentAt } from '#lib/card/read.ts';
import { parseDocumentName } from '#lib/card/schema.ts';
import type { DocumentKind, Section } from '#lib/domain/permission.ts';
import {
  LiveDocument,
  type Fate,
  type KeptDocument,
  type Lost,
  type SyncAddress
} from './LiveDocument.svelte.ts';
import { watched, watchedKeys } from './live-type.ts';
import { Writers } from './Writers.svelte.ts';

export interface CardAddress extends SyncAddress {
  readonly cardId: string;
  /** The documents that this person may read. */
  readonly kinds: readonly DocumentKind[];
}

/** How long an act waits for the words, or the card, that it is about. Milliseconds. */
const patience = 5000;
/** How long an answer may take before the line is called lost, in milliseconds. */
const answering = 8000;

export class LiveCard {
  readonly id: string;
  /** The documents this person reads here, by kind. */
  readonly kinds: string;
  readonly writers: Writers;
  readonly #userId: string;
  #documents: readonly LiveDocument[] = [];
  #fate = $state<Fate>('open');
  #lock = $state.raw<{ at: string; by: string } | null>(null);

  /**
   * @param keep is given the words that came back to this author
   * @param kept gives what this device kept of a document, by its name
   */
  constructor(
    { cardId, kinds, ...at }: CardAddress,
    keep: (lost: Lost) => void,
    kept: (name: string) => KeptDocument | undefined
  ) {
    this.id = cardId;
    this.#userId = at.userId;
    this.kinds = kinds.join(' ');
    this.#documents = kinds.map(
      (kind) =>
        new LiveDocument(
          at,
          `${kind}/${cardId}`,
          {
            lost: keep,
            locked: (at, by) => (this.#lock = { at, by }),
            askWhy: () => this.#askWhy()
          },
          kept(`${kind}/${cardId}`)
        )
    );
    this.writers = new Writers(() => this.#documents);
  }

  /** 'gone': the card is no longer this person's to see. */
  get fate(): Fate {
    return this.#fate;
  }
  /** Set the moment that writing stops, before the meeting's own change tells of the lock. */
  get lock(): { at: string; by: string } | null {
    return this.#lock;
  }
  get documents(): readonly LiveDocument[] {
    return this.#documents;
  }
  /** Changes that only this device has. */
  get unsaved(): number {
    return this.#documents.reduce((sum, { saving }) => sum + saving.count, 0);
  }

  /** The live document that holds a section; undefined where this person may not read it. */
  documentOf(section: Section): Y.Doc | undefined {
    return this.#live(section)?.document;
  }

  /** The card's document for everyone at the table. */
  get cards(): Y.Doc | undefined {
    return this.#documents.find((document) => kindOf(document) === 'cards')?.document;
  }

  /** A section's fragment once the server's containers have arrived; whoever reads it is told when it changes. */
  fragment(section: Section, key?: string): Y.XmlFragment | undefined {
    const document = this.documentOf(section);
    if (!document) return undefined;
    if (key !== undefined) watchedKeys(document.getMap(section));
    return fragmentAt(document, section, key);
  }

  /** Reads a whole section through `read`, again whenever anything in it changes. */
  reading<T>(section: Section, read: (document: Y.Doc) => T, otherwise: T): T {
    const document = this.documentOf(section);
    if (!document) return otherwise;
    watched(document.getMap(section));
    return read(document);
  }

  /** Whether the section's document is here, from the server or from this device, so that emptiness means something. */
  arrived(section: Section): boolean {
    return this.#live(section)?.been ?? false;
  }

  /** Waits until the section's document is here, for as long as a slow line may need; says whether it is. */
  async comes(section: Section): Promise<boolean> {
    for (const until = Date.now() + patience; !this.arrived(section) && Date.now() < until;)
      await new Promise((later) => setTimeout(later, 50));
    return this.arrived(section);
  }

  /** Waits until the server has what was written here, for as long as a slow line may need; says whether it has. */
  async settled(): Promise<boolean> {
    for (const until = Date.now() + patience; this.unsaved > 0 && Date.now() < until;)
      await new Promise((later) => setTimeout(later, 50));
    return this.unsaved === 0;
  }

  leaveLine(): void {
    for (const document of this.#documents) document.leaveLine();
  }
  tryAgain(): void {
    for (const document of this.#documents) document.tryAgain();
  }
  wake(): void {
    for (const document of this.#documents) document.wake();
  }
  close(): void {
    this.writers.close();
    for (const document of this.#documents) document.close();
  }

  #live(section: Section): LiveDocument | undefined {
    const kind = section === 'voice' || section === 'safety' ? 'protected' : 'cards';
    return this.#documents.find((document) => kindOf(document) === kind);
  }

  /** All of it at once: whoever closes a card that is gone must find no words left in it. */
  #gone(): void {
    this.#fate = 'gone';
    for (const document of this.#documents) document.giveBack();
  }

  async #askWhy(): Promise<Fate> {
    const ask = (path: string) =>
      fetch(path, { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(answering) });
    try {
      const session = await ask('/api/session');
      const whose = session.ok ? ((await session.json()) as { user: { id: string } }).user.id : null;
      // Another person may have signed in on this browser: for this page that is being signed out.
      if (session.status === 401 || (whose !== null && whose !== this.#userId)) this.#fate = 'signed-out';
      else if ((await ask(`/api/cards/${this.id}`)).status === 404) this.#gone();
      return this.#fate;
    } catch {
      // No answer at all is a lost line: the reason to go on trying.
      return 'open';
    }
  }
}

function kindOf(document: LiveDocument): DocumentKind | undefined {
  return parseDocumentName(document.name)?.kind;
}
