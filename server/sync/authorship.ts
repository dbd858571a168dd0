// Who wrote what, of what stands in a document: every run of text by the user whose row of the journal brought it.
// A struct's client id and clock lead to that row, also once the document was compacted: the journal stays beside
// its base. No field of a document is asked, since anybody may write anything there. Carries WHO1 and WHO2.
import { asc, eq } from 'drizzle-orm';
import * as Y from 'yjs';
import { rootKind } from '#lib/card/schema.ts';
import type { DocumentKind, Section } from '#lib/domain/permission.ts';
import type { Queries } from '../database/database.ts';
import { journal } from '../database/schema/sync.ts';
import { load, nameOf } from './documents.ts';

/** Text that one person wrote in one go. */
export interface WrittenRun {
  readonly text: string;
  /** Null: the server itself. */
  readonly userId: string | null;
  /** When the first and the last of it was stored. */
  readonly at: Date;
  readonly until: Date;
}

export interface WrittenPart {
  readonly section: Section;
  readonly key: string | null;
  /** The field of an action or a question. */
  readonly field: string | null;
  readonly paragraphs: readonly (readonly WrittenRun[])[];
}

export interface WrittenDocument {
  readonly kind: DocumentKind;
  /** How far the journal goes that this was read from. */
  readonly seq: number;
  readonly parts: readonly WrittenPart[];
}

/** What one person stores within so long of each other is one run, in milliseconds. */
const ONE_GO = 60_000;

type Container = Y.AbstractType<unknown>;
interface Stored {
  readonly from: number;
  readonly userId: string | null;
  readonly at: Date;
}
/** By client id, in the order of the clocks. */
type Rows = ReadonlyMap<number, readonly Stored[]>;

/** Reads who wrote what in one of a card's documents; undefined where there is no such document. */
export async function readAuthorship(
  queries: Queries,
  kind: DocumentKind,
  cardId: string
): Promise<WrittenDocument | undefined> {
  const stored = await load(queries, nameOf(kind, cardId));
  if (!stored) return undefined;
  const rows = await readRows(queries, stored.id);
  const { document, seq } = stored;
  const parts = [...document.share.keys()].flatMap((section) => partsOf(document, section as Section, rows));
  document.destroy();
  return { kind, seq, parts };
}

async function readRows(queries: Queries, documentId: string): Promise<Rows> {
  const stored = await queries
    .select({ update: journal.update, userId: journal.userId, at: journal.at })
    .from(journal)
    .where(eq(journal.documentId, documentId))
    .orderBy(asc(journal.seq));
  const rows = new Map<number, Stored[]>();
  for (const { update, userId, at } of stored)
    for (const [client, from] of Y.parseUpdateMeta(update).from) {
      const known = rows.get(client);
      if (known) known.push({ from, userId, at });
      else rows.set(client, [{ from, userId, at }]);
    }
  return rows;
}

function partsOf(document: Y.Doc, section: Section, rows: Rows): WrittenPart[] {
  const part = (key: string | null, field: string | null, paragraphs: WrittenRun[][]): WrittenPart[] =>
    paragraphs.length > 0 ? [{ section, key, field, paragraphs }] : [];
  if (rootKind(section) === 'xml-fragment')
    return part(null, null, paragraphsIn(document.getXmlFragment(section) as unknown as Container, rows));
  return standing(document.getMap(section)).flatMap(([key, item]) => {
    const inside = insideOf(item);
    if (!(inside instanceof Y.Map)) return inside ? part(key, null, paragraphsIn(inside, rows)) : [];
    return standing(inside).flatMap(([field, value]) => {
      const words = insideOf(value);
      if (words) return part(key, field, paragraphsIn(words, rows));
      const [plain] = value.content.getContent() as unknown[];
      return typeof plain === 'string' ? part(key, field, [[runOf(plain, value.id, rows)]]) : [];
    });
  });
}

/** The entries of a map that stand, in the order of their keys. */
function standing(map: Y.Map<unknown>): [string, Y.Item][] {
  return [...map._map].filter(([, item]) => !item.deleted).sort(([a], [b]) => (a < b ? -1 : 1));
}

const insideOf = (item: Y.Item): Container | undefined =>
  item.content instanceof Y.ContentType ? (item.content.type as Container) : undefined;

/** The lines of text within a container, each as its runs, in reading order. */
function paragraphsIn(container: Container, rows: Rows): WrittenRun[][] {
  const paragraphs: WrittenRun[][] = [];
  const runs: WrittenRun[] = [];
  for (let item = container._start; item; item = item.right) {
    if (item.deleted) continue;
    const inside = insideOf(item);
    if (inside) paragraphs.push(...paragraphsIn(inside, rows));
    else if (item.content instanceof Y.ContentString) addRuns(runs, item.content.str, item.id, rows);
  }
  return runs.length > 0 ? [runs, ...paragraphs] : paragraphs;
}

/** Puts an item's text behind what stands, cut where another row brought it. */
function addRuns(runs: WrittenRun[], text: string, { client, clock }: Y.ID, rows: Rows): void {
  const stored = rows.get(client) ?? [];
  let at = placeOf(stored, clock);
  for (let done = 0; done < text.length; at++) {
    const next = stored[at + 1];
    const end = next ? Math.min(text.length, next.from - clock) : text.length;
    const run = runOf(text.slice(done, end), Y.createID(client, clock + done), rows);
    const last = runs.at(-1);
    if (
      last &&
      last.userId === run.userId &&
      run.at.getTime() - last.until.getTime() <= ONE_GO &&
      run.at >= last.at
    )
      runs[runs.length - 1] = { ...last, text: last.text + run.text, until: run.at };
    else runs.push(run);
    done = end;
  }
}

function runOf(text: string, { client, clock }: Y.ID, rows: Rows): WrittenRun {
  const stored = rows.get(client) ?? [];
  const row = stored[placeOf(stored, clock)];
  if (!row) throw new Error(`no row of the journal holds clock ${clock} of client ${client}`);
  return { text, userId: row.userId, at: row.at, until: row.at };
}

/** The last of these rows that begins at or before this clock. */
function placeOf(stored: readonly Stored[], clock: number): number {
  let [low, high] = [0, stored.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((stored[middle]?.from ?? 0) <= clock) low = middle;
    else high = middle - 1;
  }
  return low;
}
