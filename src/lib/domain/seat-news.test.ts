import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Nearness } from './pace.ts';
import { seatNews, type Needed } from './seat-news.ts';

const family = (near: Nearness, cardId = 'a'): Needed => ({ cardId, reference: `F-${cardId}`, near });
const kinds = (before: Needed[] | undefined, now: Needed[]) => seatNews(before, now).map(({ kind }) => kind);

test('REMOTE2: somebody is told five minutes before, at next and at now, each once', () => {
  expect(kinds([family('later')], [family('five')])).toEqual(['five']);
  expect(kinds([family('five')], [family('five')])).toEqual([]);
  expect(kinds([family('five')], [family('next')])).toEqual(['next']);
  expect(kinds([family('next')], [family('now')])).toEqual(['now']);
  expect(kinds([family('later')], [family('now')])).toEqual(['now']);
  expect(seatNews([family('later')], [family('five')])[0]).toMatchObject({
    text: 'F-a is up in about 5 minutes.',
    plain: 'Same Room: you are needed in about 5 minutes'
  });
});

test('REMOTE2: an estimate that moves away and comes back is told again only when it is nearer than before', () => {
  expect(kinds([family('next')], [family('five')])).toEqual([]);
  expect(kinds([family('next')], [family('later')])).toEqual([]);
  expect(kinds([family('now')], [family('next')])).toEqual([]);
});

test('REMOTE2: a family that is passed over, put off or gone is told at once; of the last, nothing of which it was', () => {
  expect(kinds([family('five')], [family('skipped')])).toEqual(['skipped']);
  expect(kinds([family('later')], [family('parked')])).toEqual(['parked']);
  expect(kinds([family('skipped')], [family('skipped')])).toEqual([]);
  const [gone] = seatNews([family('next')], []);
  expect(gone).toMatchObject({ kind: 'gone', text: 'A family is no longer on your agenda.' });
});

test('REMOTE2: on arrival only what is near is told', () => {
  expect(kinds(undefined, [family('later', 'a'), family('skipped', 'b'), family('parked', 'c')])).toEqual([]);
  expect(kinds(undefined, [family('now', 'a'), family('next', 'b')])).toEqual(['now', 'next']);
});

test('REMOTE3: what is told outside the page names no family', () => {
  const near = fc.constantFrom<Nearness>('later', 'five', 'next', 'now', 'skipped', 'parked');
  const some = fc.uniqueArray(fc.record({ cardId: fc.constantFrom('a', 'b', 'c'), near }), {
    selector: ({ cardId }) => cardId
  });
  fc.assert(
    fc.property(fc.option(some, { nil: undefined }), some, (before, now) => {
      const named = (list: typeof now) => list.map(({ cardId, near: how }) => family(how, cardId));
      for (const { plain, cardId } of seatNews(before && named(before), named(now)))
        expect(plain).not.toContain(`F-${cardId}`);
    })
  );
});
