// The real server, ended at once at seeded moments while three people type at six keys a second. What each had
// received of the others, and what was marked saved, is compared with the text after the start, character by
// character. Each round ends with something in flight. `npm run faults` plays a hundred.
import { hashPassword } from 'better-auth/crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { fragmentAt } from '#lib/card/read.ts';
import { openDatabase } from '#server/database/database.ts';
import { accounts } from '#server/database/schema/identity.ts';
import { load } from '#server/sync/documents.ts';
import { sitDown, until, type Peer } from '../actors/peer.ts';
import { layTable, type Table, type Who } from '../actors/table.ts';
import { dice, type Dice } from '../fuzz/dice.ts';
import { freshDatabase, type Place } from '../house.ts';
import { startServer } from '../prepare/server.ts';

const password = 'four unrelated words';
const rounds = process.env.FAULTS === 'long' ? 100 : 10;
const first = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000_000);
const KEY = 1000 / 6; // ms
const typists: Who[] = ['police', 'health', 'idva'];
let place: Place;
let table: Table;
const cookies = new Map<Who, string>();

const open = () => openDatabase({ dataDir: place.env.DATA_DIR ?? '', databaseUrl: place.env.DATABASE_URL });

beforeAll(async () => {
  place = await freshDatabase();
  const database = await open();
  table = await layTable(database.db);
  for (const who of typists) {
    const userId = table.people[who];
    const known = { userId, accountId: userId, providerId: 'credential' };
    await database.db.insert(accounts).values({ ...known, password: await hashPassword(password) });
  }
  await database.close();
});
afterAll(() => place.remove());

async function signIn(url: string, who: Who): Promise<string> {
  const answer = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: `${who}-${table.people[who]}@example.org`, password })
  });
  if (!answer.ok) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`);
  return answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
}

/** A person who types into a paragraph of their own, a letter at a time. */
interface Typist {
  readonly peer: Peer;
  readonly head: string;
  /** What was typed, and how much of it had been when so many updates were sent. */
  text: string;
  readonly lengths: { readonly count: number; readonly length: number }[];
  key(letter: string): void;
  /** Resolves in the very turn in which the next key is struck. */
  struck(): Promise<void>;
}

/** Every paragraph of the field that all write in, in its order. */
function paragraphs(document: Y.Doc): string[] {
  const field = fragmentAt(document, 'analysis', 'worries');
  return (field?.toArray() ?? []).map((each) => (each as Y.XmlElement).toArray().join(''));
}

function typist(peer: Peer, head: string): Typist {
  const words = new Y.XmlText(head);
  const paragraph = new Y.XmlElement('paragraph');
  peer.doc.transact(() => {
    paragraph.insert(0, [words]);
    fragmentAt(peer.doc, 'analysis', 'worries')?.push([paragraph]);
  });
  const waiting: (() => void)[] = [];
  const self: Typist = {
    peer,
    head,
    text: head,
    lengths: [{ count: peer.sent(), length: head.length }],
    key(letter) {
      words.insert(self.text.length, letter);
      self.text += letter;
      self.lengths.push({ count: peer.sent(), length: self.text.length });
      for (const tell of waiting.splice(0)) tell();
    },
    struck: () => new Promise((resolve) => waiting.push(resolve))
  };
  return self;
}

/** How much of what this person typed was promised: marked saved, or seen by another. */
function promised(of: Typist, all: readonly Typist[]): string {
  const counts = of.peer.house.flatMap((each) => (each.kind === 'saved' ? [each.count] : []));
  const saved = of.lengths.filter(({ count }) => count <= Math.max(0, ...counts)).at(-1)?.length ?? 0;
  const seen = all
    .filter((each) => each !== of)
    .map(({ peer }) => paragraphs(peer.doc).find((text) => text.startsWith(of.head)) ?? '');
  for (const text of seen) expect(of.text.startsWith(text), `${text} of ${of.text}`).toBe(true);
  return of.text.slice(0, Math.max(saved, ...seen.map(({ length }) => length)));
}

interface Line {
  readonly typed: string;
  readonly promised: string;
}

/**
 * Types until the server is ended, at a moment of the dice at which something is in flight: so many milliseconds
 * after a key, and if by then all is saved, sooner after the next one. Gives what was typed and what was promised.
 */
async function round(number: number, roll: Dice): Promise<Line[]> {
  const server = await startServer(place.env);
  for (const who of typists) if (!cookies.has(who)) cookies.set(who, await signIn(server.url, who));
  const url = `${server.url.replace('http', 'ws')}/sync/${table.meetingId}`;
  const peers = await Promise.all(
    typists.map((who) =>
      sitDown({ url, document: `cards/${table.cardId}`, cookie: cookies.get(who) ?? '' }, true)
    )
  );
  try {
    await until('all have come in', () => peers.every((peer) => peer.settled()));
    const all = peers.map((peer, n) => typist(peer, `[${number} ${typists[n]}] `));
    const letters = () => String.fromCharCode(97 + roll(26));
    const timers = all.map((each, n) =>
      setTimeout(() => timers.push(setInterval(() => each.key(letters()), KEY)), (n * KEY) / 3)
    );
    await until('they type', () => all.every(({ text, head }) => text.length > head.length));
    await new Promise((resolve) => setTimeout(resolve, 400 + roll(1200)));
    for (let most = 8; ; most /= 2) {
      await Promise.race(all.map((each) => each.struck()));
      const wait = roll(most);
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      if (peers.some((peer) => !peer.settled())) break;
    }
    const killed = server.kill();
    for (const timer of timers) clearInterval(timer);
    for (const { provider } of peers) provider.shouldConnect = false;
    await killed;
    await until('the lines are gone', () => peers.every(({ provider }) => !provider.wsconnected));
    return all.map((each) => ({ typed: each.text, promised: promised(each, all) }));
  } finally {
    for (const peer of peers) peer.leave();
    await server.kill();
  }
}

async function stored(): Promise<string[]> {
  const database = await open();
  const found = await load(database.db, `cards/${table.cardId}`);
  await database.close();
  return found ? paragraphs(found.document) : [];
}

test('JOURNAL6: kill -9 at seeded moments while three type loses no letter that another was shown or that was marked saved', async () => {
  const lines: Line[] = [];
  let letters = 0;
  for (let number = 0; number < rounds; number++) {
    const played = await round(number, dice(first + number));
    lines.push(...played);
    const kept = await stored();
    for (const { typed, promised } of lines) {
      const found = kept.filter((text) => text.startsWith(typed.slice(0, typed.indexOf(']'))));
      expect(found.length, `seed ${first + number}: ${typed}`).toBeLessThanOrEqual(1);
      const [text = ''] = found;
      expect(text.startsWith(promised), `seed ${first + number}: '${promised}' in '${text}'`).toBe(true);
      expect(typed.startsWith(text), `seed ${first + number}: '${text}' of '${typed}'`).toBe(true);
    }
    letters += played.reduce((sum, { promised }) => sum + promised.length, 0);
  }
  console.log(
    `${place.kind}: ${rounds} rounds, each with something in flight; seeds from ${first}; ${letters} letters promised, none missing`
  );
}, 3_600_000);
