import * as encoding from 'lib0/encoding';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { addAction, appendParagraphs, removeAction, setActionField } from '#lib/card/edit.ts';
import { analysisParts, limits, serverClient } from '#lib/card/schema.ts';
import { judge, type Rights, type Verdict } from './guard.ts';
import { defineRoots } from './roots.ts';

const mine = 'agency/11111111-1111-4111-8111-111111111111';
const theirs = 'agency/22222222-2222-4222-8222-222222222222';
const sections = [mine, theirs, 'analysis', 'plan', 'questions', 'summary'];
const writable = [mine, 'analysis', 'plan', 'questions'];

/** A document as the server makes it, with a colleague's words in their section. */
function card(): Y.Doc {
  const doc = new Y.Doc();
  defineRoots(doc, sections);
  doc.clientID = serverClient;
  doc.transact(() => {
    for (const section of [mine, theirs])
      for (const part of ['facts', 'opinion']) doc.getMap(section).set(`family/${part}`, new Y.XmlFragment());
    for (const part of analysisParts) doc.getMap('analysis').set(part, new Y.XmlFragment());
  });
  const colleague = person(doc, 77);
  appendParagraphs(colleague, theirs, 'family/facts', ['Her own words']);
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(colleague));
  return doc;
}

function person(server: Y.Doc, client: number): Y.Doc {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(server));
  defineRoots(doc, sections);
  doc.clientID = client;
  return doc;
}

function rights(owners: Record<number, string> = { 77: 'colleague' }): Rights {
  return {
    sections: new Set(sections),
    mayWrite: (section) => writable.includes(section),
    ownedByAnother: (client) => owners[client] !== undefined && owners[client] !== 'me'
  };
}

/** What an act by a person sends, as one update. */
function written(doc: Y.Doc, act: (doc: Y.Doc) => void): Uint8Array {
  const before = Y.encodeStateVector(doc);
  const updates: Uint8Array[] = [];
  const keep = (update: Uint8Array) => updates.push(update);
  doc.on('update', keep);
  doc.transact(() => act(doc));
  doc.off('update', keep);
  return updates.length ? Y.mergeUpdates(updates) : Y.encodeStateAsUpdate(doc, before);
}

/** An act by a person of our own, judged. */
function judged(act: (doc: Y.Doc) => void, server = card()): Verdict {
  return judge(server, written(person(server, 5), act), rights());
}

/** One section of structs, written by hand: a run of one client from a clock. */
function forged(
  runs: { client: number; clock: number; structs: ((encoder: encoding.Encoder) => void)[]; claim?: number }[],
  deletes: [client: number, clock: number, length: number][] = []
): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, runs.length);
  for (const { client, clock, structs, claim } of runs) {
    encoding.writeVarUint(encoder, claim ?? structs.length);
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
    for (const write of structs) write(encoder);
  }
  encoding.writeVarUint(encoder, deletes.length);
  for (const [client, clock, length] of deletes)
    for (const number of [client, 1, clock, length]) encoding.writeVarUint(encoder, number);
  return encoding.toUint8Array(encoder);
}

type At = { root: string } | { left: [number, number] } | { parent: [number, number] };
const text = (at: At, words: string, key?: string) => (encoder: encoding.Encoder) => {
  encoding.writeUint8(encoder, 4 | ('left' in at ? 128 : 0) | (key === undefined ? 0 : 32));
  if ('left' in at) for (const number of at.left) encoding.writeVarUint(encoder, number);
  if ('root' in at) {
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarString(encoder, at.root);
  }
  if ('parent' in at) for (const number of [0, ...at.parent]) encoding.writeVarUint(encoder, number);
  if (key !== undefined && !('left' in at)) encoding.writeVarString(encoder, key);
  encoding.writeVarString(encoder, words);
};

const because = (verdict: Verdict) => (verdict.kind === 'refuse' ? verdict.reason : verdict.kind);

/** Where the text of a colleague's paragraph begins. */
function herWords(server: Y.Doc): Y.Item {
  const fragment = server.getMap(theirs).get('family/facts') as Y.XmlFragment;
  const start = (fragment.get(0) as Y.XmlElement).get(0)._start;
  if (!start) throw new Error('nothing written');
  return start;
}

describe('what people do', () => {
  test('GUARD1: writing in a section of one’s own is accepted, with the section and the author named', () => {
    const verdict = judged((doc) => appendParagraphs(doc, mine, 'family/facts', ['Seen on Monday']));
    expect(verdict).toEqual({ kind: 'accept', sections: [mine], authors: [5] });
  });

  test('GUARD1: actions, lists, marks and their removal are accepted', () => {
    const server = card();
    const me = person(server, 5);
    const steps: ((doc: Y.Doc) => void)[] = [
      (doc) => addAction(doc, { what: 'Locks' }, 'action-one'),
      (doc) => setActionField(doc, 'action-one', 'by', '2026-12-01'),
      (doc) => appendParagraphs(doc, 'analysis', 'worries', ['Alone at night']),
      (doc) => {
        const worries = doc.getMap('analysis').get('worries') as Y.XmlFragment;
        ((worries.get(0) as Y.XmlElement).get(0) as Y.XmlText).format(0, 5, { bold: {} });
        const list = new Y.XmlElement('orderedList');
        list.setAttribute('start', 2 as never);
        list.insert(0, [new Y.XmlElement('listItem')]);
        worries.insert(1, [list]);
      },
      (doc) => (doc.getMap('analysis').get('worries') as Y.XmlFragment).delete(0, 2),
      (doc) => removeAction(doc, 'action-one')
    ];
    for (const step of steps) {
      const update = written(me, step);
      expect(because(judge(server, update, rights()))).toBe('accept');
      Y.applyUpdate(server, update);
    }
  });

  test('GUARD1: a field that was set several times while away, and kept for undo, is accepted', () => {
    const server = card();
    const me = person(server, 5);
    me.gc = false; // as an undo manager keeps what it may have to bring back
    addAction(me, {}, 'action-one');
    const days = ['2026-12-01', '2026-12-02', '2026-12-03', '2026-12-04'];
    for (const day of days) setActionField(me, 'action-one', 'by', day);
    const away = Y.encodeStateAsUpdate(me, Y.encodeStateVector(server));
    const several = Y.decodeUpdate(away).structs.some(
      (it) => it instanceof Y.Item && it.content instanceof Y.ContentAny && it.content.arr.length > 1
    );
    expect(several).toBe(true);
    expect(because(judge(server, away, rights()))).toBe('accept');
  });

  test('GUARD1: words that undo put back between a neighbour and that same neighbour are accepted', () => {
    const server = card();
    const me = person(server, 5);
    addAction(me, { what: 'Locks' }, 'action-one');
    Y.applyUpdate(server, Y.encodeStateAsUpdate(me));
    const record = server.getMap('plan').get('action/action-one') as Y.Map<Y.Text>;
    const { client = 0, clock = 0 } = record.get('what')?._start?.id ?? {};
    const between = (encoder: encoding.Encoder) => {
      encoding.writeUint8(encoder, 4 | 128 | 64);
      for (const number of [client, clock, client, clock]) encoding.writeVarUint(encoder, number);
      encoding.writeVarString(encoder, 'K');
    };
    const update = forged([{ client: 5, clock: Y.getState(server.store, 5), structs: [between] }]);
    expect(because(judge(server, update, rights()))).toBe('accept');
  });

  test('GUARD2: what is known already is acknowledged, whoever sends it', () => {
    const server = card();
    expect(judge(server, Y.encodeStateAsUpdate(server), rights()).kind).toBe('known');
  });

  test('GUARD3: inserting in a section that is not one’s own refuses the whole update', () => {
    const verdict = judged((doc) => {
      appendParagraphs(doc, mine, 'family/facts', ['mine']);
      appendParagraphs(doc, theirs, 'family/facts', ['forged']);
    });
    expect(verdict).toEqual({ kind: 'refuse', reason: 'not-yours-to-write', section: theirs });
  });

  test('GUARD3: deleting in a section that is not one’s own is refused', () => {
    const verdict = judged((doc) => (doc.getMap(theirs).get('family/facts') as Y.XmlFragment).delete(0, 1));
    expect(verdict).toEqual({ kind: 'refuse', reason: 'not-yours-to-write', section: theirs });
  });

  test('GUARD8: a reader’s tidied format marks are ignored, and nothing more than marks', () => {
    const server = card();
    const colleague = person(server, 77);
    const words = (
      (colleague.getMap(theirs).get('family/facts') as Y.XmlFragment).get(0) as Y.XmlElement
    ).get(0) as Y.XmlText;
    words.format(0, 3, { bold: {} });
    Y.applyUpdate(server, Y.encodeStateAsUpdate(colleague));
    const mark = herWords(server);
    const item = [mark, mark.right].find((it) => it?.content instanceof Y.ContentFormat);
    const { client, clock } = item?.id ?? { client: 0, clock: 0 };
    expect(judge(server, forged([], [[client, clock, 1]]), rights()).kind).toBe('tidying');
    expect(because(judge(server, forged([], [[client, clock - 1, 2]]), rights()))).toBe('not-yours-to-write');
  });
});

describe('GUARD10: the known attacks, by name', () => {
  test('GUARD10: E1 an overlap that names another parent', () => {
    // The attacker once wrote in a section that is closed to them now, and goes on there under another's name.
    const plain = card();
    Y.applyUpdate(plain, forged([{ client: 6, clock: 0, structs: [text({ root: 'summary' }, 'ab')] }]));
    const bypass = forged([{ client: 6, clock: 1, structs: [text({ root: 'questions' }, 'bX')] }]);
    expect(because(judge(plain, bypass, rights()))).toBe('overlap');
  });

  test('GUARD10: E2 another’s client id, and the server’s', () => {
    const server = card();
    const update = written(person(server, 77), (doc) => appendParagraphs(doc, mine, 'family/facts', ['x']));
    expect(because(judge(server, update, rights()))).toBe('another-author');
    const reserved = written(person(server, serverClient), (doc) =>
      appendParagraphs(doc, mine, 'family/facts', ['x'])
    );
    expect(because(judge(server, reserved, rights()))).toBe('another-author');
  });

  test('GUARD10: E3 deleting what somebody has yet to write', () => {
    const server = card();
    const ahead = Y.getState(server.store, 77);
    expect(judge(server, forged([], [[77, ahead, 50]]), rights()).kind).toBe('gap');
    expect(judge(server, forged([], [[404, 0, 50]]), rights()).kind).toBe('gap');
  });

  test('GUARD10: E4 a struct that stands on its own future', () => {
    const update = forged([{ client: 5, clock: 0, structs: [text({ left: [5, 3] }, 'x')] }]);
    expect(because(judge(card(), update, rights()))).toBe('malformed');
  });

  test('GUARD10: E6 ten bytes that claim thirty million structs cost nothing', () => {
    const update = forged([{ client: 5, clock: 0, structs: [], claim: 30_000_000 }]);
    const before = process.memoryUsage().heapUsed;
    expect(because(judge(card(), update, rights()))).toBe('malformed');
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(20 * 1024 * 1024);
  });

  test('GUARD10: E7 root names in an update that would be parked', () => {
    const server = card();
    const update = forged([
      { client: 5, clock: 9, structs: [text({ root: 'one' }, 'x'), text({ root: 'two' }, 'x')] }
    ]);
    expect(judge(server, update, rights())).toEqual({
      kind: 'refuse',
      reason: 'unknown-section',
      section: 'one'
    });
    expect([...server.share.keys()].sort()).toEqual([...sections].sort());
  });

  test('GUARD10: E8 bytes after the end', () => {
    const update = written(person(card(), 5), (doc) => addAction(doc));
    expect(because(judge(card(), new Uint8Array([...update, 0]), rights()))).toBe('malformed');
  });

  test('GUARD10: E9 structs and deletions of no length', () => {
    const empty = forged([{ client: 5, clock: 0, structs: [text({ root: 'summary' }, '')] }]);
    expect(because(judge(card(), empty, rights()))).toBe('malformed');
    expect(because(judge(card(), forged([], [[77, 0, 0]]), rights()))).toBe('malformed');
  });

  test('GUARD10: E10 values within values, deep enough to break a reader', () => {
    for (const depth of [4, 4000, 100_000]) {
      const update = forged([
        {
          client: 5,
          clock: 0,
          structs: [
            (encoder) => {
              encoding.writeUint8(encoder, 8 | 32);
              encoding.writeVarUint(encoder, 1);
              encoding.writeVarString(encoder, 'plan');
              encoding.writeVarString(encoder, 'action/deep-values');
              encoding.writeVarUint(encoder, 1);
              for (let level = 0; level < depth; level++)
                encoding.writeUint8Array(encoder, Uint8Array.of(117, 1));
              encoding.writeUint8(encoder, 126);
            }
          ]
        }
      ]);
      expect(['content', 'malformed']).toContain(because(judge(card(), update, rights())));
    }
  });

  test('GUARD10: E11 structs that wait for each other', () => {
    const update = forged([
      { client: 5, clock: 0, structs: [text({ left: [6, 0] }, 'x')] },
      { client: 6, clock: 0, structs: [text({ left: [5, 0] }, 'x')] }
    ]);
    expect(judge(card(), update, rights()).kind).toBe('gap');
  });

  test('GUARD10: E12 one client twice', () => {
    const run = { client: 5, clock: 0, structs: [text({ root: 'summary' }, 'x')] };
    expect(because(judge(card(), forged([run, run]), rights()))).toBe('malformed');
  });

  test('GUARD10: E13 what the schema does not have: list entries in a map, strange keys, replaced containers', () => {
    const acts: ((doc: Y.Doc) => void)[] = [
      (doc) => doc.getMap('plan').set('__proto__', 'x'),
      (doc) => doc.getMap('plan').set('action/ok-enough', 'a plain value'),
      (doc) => doc.getMap('plan').set('action/with a blank', new Y.Map()),
      (doc) => doc.getMap('plan').set('action/with-bytes', new Uint8Array(3)),
      (doc) => doc.getMap('plan').set('action/strange', new Y.Map([['toString', 'x']])),
      (doc) => doc.getMap('plan').set('action/badly-dated', new Y.Map([['by', 'tomorrow']])),
      (doc) => doc.getMap('plan').set('action/no-such-day', new Y.Map([['by', '2026-02-31']])),
      (doc) => doc.getMap('plan').set('action/unkeepable', new Y.Map([['what', new Y.Text('\0')]])),
      (doc) => doc.getMap('analysis').set('worries', new Y.XmlFragment()),
      (doc) => doc.getMap('analysis').delete('worries'),
      (doc) => doc.getMap(mine).set('more', new Y.XmlFragment()),
      (doc) => doc.getMap('questions').set('a-sub-document', new Y.Doc()),
      (doc) => (doc.getMap('analysis').get('needs') as Y.XmlFragment).insert(0, [new Y.XmlElement('image')]),
      (doc) => (doc.getMap('analysis').get('needs') as Y.XmlFragment).insert(0, [new Y.XmlText('bare')])
    ];
    for (const act of acts) expect(because(judged(act)), act.toString()).toBe('content');
    const listed = forged([{ client: 5, clock: 0, structs: [text({ root: 'plan' }, 'hidden')] }]);
    expect(because(judge(card(), listed, rights()))).toBe('content');
  });

  test('GUARD10: E14 what would be parked is asked for again, and never parked', () => {
    const server = card();
    const me = person(server, 5);
    const first = written(me, (doc) => addAction(doc, {}, 'the-first'));
    const second = written(me, (doc) => addAction(doc, {}, 'the-second'));
    expect(judge(server, second, rights()).kind).toBe('gap');
    expect(judge(server, Y.mergeUpdates([first, second]), rights()).kind).toBe('accept');
    expect(server.store.pendingStructs).toBeNull();
  });

  test('GUARD10: E18 what waits for another’s words, three thousand times, is asked for again and merged nowhere', () => {
    const server = card();
    for (let clock = 0; clock < 3000; clock++) {
      const update = forged([{ client: 5, clock: 0, structs: [text({ left: [6, clock] }, 'x')] }]);
      expect(judge(server, update, rights()).kind).toBe('gap');
    }
    expect(server.store.pendingStructs).toBeNull();
    expect(server.store.clients.has(5)).toBe(false);
  });

  test('GUARD10: a root that no card has', () => {
    expect(because(judged((doc) => doc.getMap('ratings').set('x', 1)))).toBe('unknown-section');
  });

  test('GUARD6: more than a card can want is refused before it is looked at', () => {
    expect(because(judge(card(), new Uint8Array(limits.updateBytes + 1), rights()))).toBe('too-large');
  });
});
