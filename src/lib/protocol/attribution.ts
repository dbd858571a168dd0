// Who wrote what on a card, as GET /api/cards/<cardId>/attribution tells chair and coordinator.

/** Text that one person wrote in one go. */
export interface AttributedRun {
  readonly text: string;
  /** Null: the server itself. */
  readonly userId: string | null;
  /** When the first and the last of it was stored: ISO, UTC. */
  readonly at: string;
  readonly until: string;
}

export interface AttributedPart {
  readonly section: string;
  /** The key under the section; null where the section itself is the text. */
  readonly key: string | null;
  /** The field of an action or a question. */
  readonly field: string | null;
  readonly paragraphs: readonly (readonly AttributedRun[])[];
}

export interface CardAttribution {
  readonly cardId: string;
  /** By user id; agencies' codes, also of places that have ended. */
  readonly people: Readonly<Record<string, { readonly name: string; readonly agencies: readonly string[] }>>;
  readonly documents: readonly {
    readonly name: string;
    readonly seq: number;
    readonly parts: readonly AttributedPart[];
  }[];
}
