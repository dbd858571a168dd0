// What one board keeps on this device and found there: each document by its name, the meeting as last seen, and
// words that came back. Where nothing can be kept it answers as if there had never been anything.
// Carries OFFLINE6 and OFFLINE7.
import type { Kept as KeptWord } from '../KeptWords.svelte.ts';
import type { KeptDocument } from '../LiveDocument.svelte.ts';
import { countOf } from '../Saving.ts';
import type { DocumentNote, MeetingNote, Note } from './content.ts';
import { soon, type Found, type Keeping, type Keepsake } from './Keeping.ts';
import { openKeeping } from './open.ts';

interface FoundOf<T extends Note> extends Found {
  readonly note: T;
}

const nothing = new Uint8Array();

export class KeptBoard {
  readonly #keeping: Keeping | undefined;
  readonly #meetingId: string;
  readonly #found: readonly Found[];
  readonly #documents: Map<string, FoundOf<DocumentNote>[]>;
  readonly #meeting: Keepsake | undefined;
  readonly #words: Keepsake | undefined;
  #closed = false;
  /** The meeting as this device last saw it. */
  readonly meeting: MeetingNote | undefined;
  /** Words that came back to this person on an earlier visit. */
  readonly words: readonly KeptWord[];

  constructor(keeping: Keeping | undefined, meetingId: string) {
    this.#keeping = keeping;
    this.#meetingId = meetingId;
    this.#found = (keeping?.found ?? []).filter(({ note }) => note.meetingId === meetingId);
    const meetings = this.#of('meeting').sort((a, b) => b.at - a.at);
    const words = this.#of('words');
    this.#documents = Map.groupBy(this.#of('document'), ({ note }) => note.name);
    this.meeting = meetings[0]?.note;
    this.words = words.flatMap(({ note }) => note.words);
    this.#meeting = keeping?.file(meetings);
    this.#words = keeping?.file(words);
  }

  /** @param line whether there is a server to ask for the keys */
  static async open(meetingId: string, line: boolean): Promise<KeptBoard> {
    return new KeptBoard(await openKeeping(line), meetingId);
  }

  /** Whose it is; undefined where nothing is kept. */
  get userId(): string | undefined {
    return this.#keeping?.userId;
  }
  /** Documents with changes that the server is not known to have. */
  get unsentNames(): string[] {
    return [...this.#documents].filter(([, found]) => changesOf(found).length > 0).map(([name]) => name);
  }

  /** How many changes wait here that no open document holds. */
  get waiting(): number {
    return [...this.#documents.values()].reduce((sum, found) => sum + countOf(changesOf(found)), 0);
  }

  /**
   * What to go on from with a document; whoever asks first takes it over.
   * @param whole without a line, also what holds nothing that is not saved
   */
  document(name: string, whole: boolean): KeptDocument {
    const found = this.#documents.get(name) ?? [];
    this.#documents.delete(name);
    const changes = changesOf(found);
    const lostAt = whole ? (this.meeting?.lostAt ?? Date.now()) : Date.now();
    return {
      keepsake: this.#keeping?.file(found),
      meetingId: this.#meetingId,
      restored:
        found.length > 0 && (whole || changes.length > 0)
          ? { states: found.map(({ bytes }) => bytes), changes, lostAt }
          : undefined
    };
  }

  /** Keeps the meeting as it is seen now; null: not any more. A meeting that is closed is not kept. */
  keepMeeting(seen: Pick<MeetingNote, 'state' | 'lostAt' | 'openId'> | null): void {
    const note = { kind: 'meeting', meetingId: this.#meetingId, ...seen } as MeetingNote;
    const worth = seen !== null && seen.state.meeting.state !== 'closed';
    const within = worth && seen.lostAt === null ? soon.seen : soon.now;
    this.#meeting?.keep(() => (worth ? { note, bytes: nothing } : undefined), within);
  }

  /** Keeps the words that came back to their author, until none is left. */
  keepWords(words: readonly KeptWord[]): void {
    const note = { kind: 'words', meetingId: this.#meetingId, words } as const;
    this.#words?.keep(() => (words.length > 0 ? { note, bytes: nothing } : undefined), soon.now);
  }

  async flush(): Promise<void> {
    await this.#keeping?.flush();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#keeping?.close();
  }

  #of<K extends Note['kind']>(kind: K): FoundOf<Extract<Note, { kind: K }>>[] {
    return this.#found.filter(
      (found): found is FoundOf<Extract<Note, { kind: K }>> => found.note.kind === kind
    );
  }
}

/** A change that two tabs kept is one. */
function changesOf(found: readonly FoundOf<DocumentNote>[]): DocumentNote['changes'] {
  const all = found.flatMap(({ note }) => note.changes);
  const once = new Map(all.map((change) => [JSON.stringify(change), change]));
  return [...once.values()].sort((a, b) => a.at - b.at);
}
