// Forging: an update taken apart into its structs, meddled with, and written again without any of the checks
// that Yjs makes when it writes for an honest document; and bytes that are meddled with as they are.
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { serverClient } from '#lib/card/schema.ts';
import { sections } from './acts.ts';
import { oneOf, type Dice } from './dice.ts';

type Struct = Y.Item | Y.GC | Y.Skip;

interface Run {
  client: number;
  clock: number;
  structs: Struct[];
}

/** An update in pieces. */
export interface Draft {
  runs: Run[];
  deletes: { client: number; clock: number; length: number }[];
}

/** Takes a well-formed update apart. */
export function takeApart(update: Uint8Array): Draft {
  const { structs, ds } = Y.decodeUpdate(update);
  const runs = new Map<number, Run>();
  for (const struct of structs) {
    const { client, clock } = struct.id;
    const run = runs.get(client) ?? { client, clock, structs: [] };
    run.structs.push(struct);
    runs.set(client, run);
  }
  const deletes = [...ds.clients].flatMap(([client, ranges]) =>
    ranges.map(({ clock, len }) => ({ client, clock, length: len }))
  );
  return { runs: [...runs.values()], deletes };
}

/** Writes a draft as it stands, lawful or not. */
export function putTogether({ runs, deletes }: Draft): Uint8Array {
  const encoder = new Y.UpdateEncoderV1();
  const rest = encoder.restEncoder;
  encoding.writeVarUint(rest, runs.length);
  for (const { client, clock, structs } of runs) {
    for (const number of [structs.length, client, Math.max(0, clock)]) encoding.writeVarUint(rest, number);
    for (const struct of structs) struct.write(encoder, 0);
  }
  const clients = [...new Set(deletes.map(({ client }) => client))];
  encoding.writeVarUint(rest, clients.length);
  for (const client of clients) {
    const ranges = deletes.filter((it) => it.client === client);
    encoding.writeVarUint(rest, client);
    encoding.writeVarUint(rest, ranges.length);
    for (const { clock, length } of ranges)
      for (const number of [clock, length]) encoding.writeVarUint(rest, Math.max(0, number));
  }
  return encoder.toUint8Array();
}

/** Changes, cuts, doubles or adds bytes, at one to three places. */
export function meddled(update: Uint8Array, roll: Dice): Uint8Array {
  const bytes = [...update];
  for (let times = roll(3); times >= 0; times--) {
    const at = roll(bytes.length + 1);
    switch (roll(8)) {
      case 0:
        bytes.splice(at, 1 + roll(3));
        break;
      case 1:
        bytes.splice(at, 0, roll(256));
        break;
      case 2:
        bytes.splice(at, 0, ...bytes.slice(roll(bytes.length + 1)).slice(0, 8));
        break;
      case 3:
        bytes[at] = oneOf(roll, [0, 1, 4, 7, 127, 128, 132, 255]);
        break;
      case 4:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << roll(8));
        break;
      default:
        bytes[at] = 32 + roll(96);
    }
  }
  return Uint8Array.from(bytes, (it) => it ?? 0);
}

/** What a forger knows: the document, whose ids there are, and a few of their own. */
export interface Known {
  readonly document: Y.Doc;
  readonly own: readonly number[];
  readonly others: readonly number[];
}

const UNKNOWN = 404;

/** An id: of something that is there, of one's own future, of somebody's, or of nobody. */
function anyId({ document, own, others }: Known, roll: Dice): Y.ID {
  const client = oneOf(roll, [...own, ...others, ...own, ...others, serverClient, UNKNOWN]);
  const end = Y.getState(document.store, client);
  return Y.createID(client, roll(8) === 0 ? end + roll(4) : roll(Math.max(1, end)));
}

/** An undeleted item in one of these sections, if chance finds one. */
export function liveItem(
  { document, own, others }: Known,
  within: readonly string[],
  roll: Dice
): Y.Item | undefined {
  for (let tries = 0; tries < 12; tries++) {
    const structs = document.store.clients.get(oneOf(roll, [...own, ...others])) ?? [];
    const struct = structs[roll(Math.max(1, structs.length))];
    if (!(struct instanceof Y.Item) || struct.deleted) continue;
    let root = struct.parent as Y.AbstractType<unknown>;
    while (root._item) root = root._item.parent as Y.AbstractType<unknown>;
    if (within.includes(Y.findRootTypeKey(root))) return struct;
  }
  return undefined;
}

function anyContent(roll: Dice): Y.Item['content'] {
  switch (roll(11)) {
    case 0:
      return new Y.ContentType(new Y.Map());
    case 1:
      return new Y.ContentType(new Y.XmlText());
    case 2:
      return new Y.ContentType(new Y.XmlElement(oneOf(roll, ['paragraph', 'listItem', 'image'])));
    case 3:
      return new Y.ContentDeleted(1 + roll(3));
    case 4:
      return new Y.ContentFormat(
        oneOf(roll, ['bold', 'link']),
        oneOf(roll, [{}, null, { href: 'x' }]) as never
      );
    case 5:
      return new Y.ContentAny([oneOf(roll, [null, 'x', '2026-12-01', 7, { a: { b: 'c' } }])]);
    case 6:
      return new Y.ContentBinary(new Uint8Array(3));
    case 7:
      return new Y.ContentEmbed({ a: 1 });
    case 8:
      return new Y.ContentType(new Y.Text());
    default:
      return new Y.ContentString(oneOf(roll, ['forged', 'x', '\0', 'été']));
  }
}

const KEYS = [
  'what',
  'by',
  'start',
  'action/entry-no-1',
  'entry-no-1',
  'family/facts',
  'worries',
  '__proto__'
];

/** Ways to forge one item. */
const itemWays: readonly ((item: Y.Item, known: Known, roll: Dice) => void)[] = [
  (item, _, roll) => (item.parent = oneOf(roll, [...sections, 'ratings']) as never),
  (item, known, roll) => (item.parent = anyId(known, roll) as never),
  (item, known, roll) => (item.origin = anyId(known, roll)),
  (item, known, roll) => (item.rightOrigin = anyId(known, roll)),
  (item, known, roll) => {
    const beside = liveItem(known, sections, roll);
    if (!beside) return;
    item.origin = Y.createID(beside.id.client, beside.id.clock + beside.length - 1);
    item.rightOrigin = beside.right?.id ?? null;
  },
  (item, _, roll) => {
    item.origin = item.rightOrigin = null;
    item.parent ??= oneOf(roll, sections) as never;
  },
  (item, _, roll) => (item.parentSub = oneOf(roll, [null, ...KEYS])),
  (item, _, roll) => (item.content = anyContent(roll)),
  (item, _, roll) => {
    if (item.content instanceof Y.ContentString) item.content.str += oneOf(roll, ['x', ' and more', '\0']);
  }
];

/** Ways to forge an update as a whole. */
const draftWays: readonly ((draft: Draft, known: Known, roll: Dice) => void)[] = [
  // E2: by another's name, from where that other's structs end.
  ({ runs }, { document, own, others }, roll) => {
    const run = runs.length > 0 ? oneOf(roll, runs) : undefined;
    if (!run) return;
    run.client = oneOf(roll, [...own, ...others, serverClient, UNKNOWN]);
    if (roll(4)) run.clock = Y.getState(document.store, run.client);
  },
  ({ runs }, _, roll) => {
    const run = runs.length > 0 ? oneOf(roll, runs) : undefined;
    if (run) run.clock += oneOf(roll, [-3, -2, -1, 1, 2, 30]);
  },
  ({ runs }, _, roll) => {
    const run = runs.length > 0 ? oneOf(roll, runs) : undefined;
    run?.structs.splice(roll(run.structs.length), 1);
  },
  ({ runs }, _, roll) => {
    const run = runs.length > 0 ? oneOf(roll, runs) : undefined;
    if (run)
      run.structs.push(oneOf(roll, run.structs.length > 0 ? run.structs : [new Y.GC(Y.createID(0, 0), 1)]));
  },
  ({ runs }, _, roll) => {
    const run = runs.length > 0 ? oneOf(roll, runs) : undefined;
    const at = roll(Math.max(1, run?.structs.length ?? 0));
    const old = run?.structs[at];
    if (run && old) run.structs[at] = new (roll(2) ? Y.GC : Y.Skip)(old.id, old.length);
  },
  (draft, known, roll) => {
    const { client, clock } = anyId(known, roll);
    draft.deletes.push({ client, clock, length: oneOf(roll, [0, 1, 1, 2, 5, 1000]) });
  },
  (draft, _, roll) => void draft.runs.push(...draft.runs.slice(0, roll(2))),
  (draft) => void draft.runs.reverse(),
  (draft) => void (draft.runs = []),
  // E1: words that go on where one's own ended, under another root's name.
  (draft, { document, own }, roll) => {
    const client = oneOf(roll, own);
    const clock = Math.max(0, Y.getState(document.store, client) - 1 - roll(2));
    const root = oneOf(roll, sections);
    draft.runs = [{ client, clock, structs: [words(Y.createID(client, clock), null, root)] }];
  },
  // The same, beside something that stands elsewhere.
  (draft, known, roll) => {
    const client = oneOf(roll, known.own);
    const clock = Math.max(0, Y.getState(known.document.store, client) - roll(3));
    draft.runs = [{ client, clock, structs: [words(Y.createID(client, clock), anyId(known, roll), null)] }];
  }
];

function words(id: Y.ID, origin: Y.ID | null, root: string | null): Y.Item {
  return new Y.Item(id, null, origin, null, null, root as never, null, new Y.ContentString('forged'));
}

/** Forges a draft in one way, of its items' or of its own. */
export function forge(draft: Draft, known: Known, roll: Dice): void {
  const items = draft.runs.flatMap(({ structs }) => structs).filter((it) => it instanceof Y.Item);
  if (items.length > 0 && roll(2)) oneOf(roll, itemWays)(oneOf(roll, items), known, roll);
  else oneOf(roll, draftWays)(draft, known, roll);
}

/** Deletes something that is there, in one of these sections. */
export function deleteSome(draft: Draft, known: Known, within: readonly string[], roll: Dice): void {
  const doomed = liveItem(known, within, roll);
  if (!doomed) return;
  const { client, clock } = doomed.id;
  const from = roll(doomed.length);
  draft.deletes.push({ client, clock: clock + from, length: 1 + roll(doomed.length - from) });
}
