import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { addAction, appendParagraphs } from '#lib/card/edit.ts';
import type { CardView, MemberView } from '#lib/protocol/meeting.ts';
import { gapWords, lackingOn, safetyGapsIn, wordsFor } from './lacking.ts';

const member = (id: string, role: MemberView['role']): MemberView => ({
  id,
  role,
  name: `The ${role}`,
  born: null,
  age: null
});
const members = [
  member('00000000-0000-4000-8000-000000000001', 'victim'),
  member('00000000-0000-4000-8000-000000000002', 'harming'),
  member('00000000-0000-4000-8000-000000000003', 'child')
];
const [victim, harming, child] = members;
const view = { members, agencyIds: [], joint: [], answers: [] } as unknown as CardView;

test('PLAN5: whom nothing is planned for is named, and each empty part of the safety plan', () => {
  const cards = new Y.Doc();
  const unplanned = () =>
    lackingOn(view, cards)
      .filter(({ kind }) => kind === 'no-response')
      .map((it) => wordsFor(it, members).text);
  expect(unplanned()).toEqual([
    'Nothing is planned yet for The victim',
    'Nobody has a response for The harming yet',
    'Nothing is planned yet for The child'
  ]);
  addAction(cards, { what: 'Change the locks', memberId: victim?.id ?? null });
  cards.getMap('plan').set(`response/${harming?.id}/disruption`, new Y.XmlFragment());
  expect(unplanned()).toHaveLength(2);
  appendParagraphs(cards, 'plan', `response/${harming?.id}/disruption`, ['Bail visits']);
  expect(unplanned()).toEqual(['Nothing is planned yet for The child']);

  const kept = new Y.Doc();
  for (const id of [victim?.id, child?.id])
    for (const part of ['stay', 'leave']) kept.getMap('safety').set(`${id}/${part}`, new Y.XmlFragment());
  expect(gapWords(safetyGapsIn(members, kept))).toBe('The victim, The child');
  appendParagraphs(kept, 'safety', `${victim?.id}/stay`, ['A bag at her sister’s']);
  expect(gapWords(safetyGapsIn(members, kept))).toBe('The victim (if they leave), The child');
  appendParagraphs(kept, 'safety', `${victim?.id}/leave`, ['Not by the front door']);
  expect(gapWords(safetyGapsIn(members, kept))).toBe('The child');
});
