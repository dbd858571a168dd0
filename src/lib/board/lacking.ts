// What the open card lacks for its lock, reckoned from what this person has before them by the same check that
// the server makes. It is shown before the act; the server's own answer is what counts. Carries PLAN5.
import type * as Y from 'yjs';
import { actionsIn, blocksOf, fragmentAt, isBlank, questionsIn, responsesTo } from '#lib/card/read.ts';
import { safetyParts, type SafetyPart } from '#lib/card/schema.ts';
import { missingOn, type Missing, type ReadAction } from '#lib/domain/decision.ts';
import type { CardView, MemberView } from '#lib/protocol/meeting.ts';
import { readingOf } from './acceptance.ts';

/** The plan's actions with how each reads now. */
export function readActions(cards: Y.Doc): ReadAction[] {
  return actionsIn(cards).map((action) => ({ ...action, reading: readingOf(action) }));
}

/** What is missing on a card, of its facts and its document. */
export function lackingOn(view: CardView, cards: Y.Doc): Missing[] {
  const { members, agencyIds, joint, answers } = view;
  return missingOn({
    members,
    agencies: agencyIds,
    joint,
    answers,
    actions: readActions(cards),
    answered: members.flatMap(({ id }) => (responsesTo(cards, id).length > 0 ? [id] : [])),
    questions: questionsIn(cards)
  });
}

export interface SafetyGap {
  readonly memberId: string;
  readonly name: string;
  readonly parts: readonly SafetyPart[];
}

/** For which victims and children the safety plan has no word yet, and in which of its parts. */
export function safetyGapsIn(members: readonly MemberView[], kept: Y.Doc): SafetyGap[] {
  return members
    .filter(({ role }) => role === 'victim' || role === 'child')
    .map(({ id, name }) => ({
      memberId: id,
      name,
      parts: safetyParts.filter((part) => isBlank(blocksOf(fragmentAt(kept, 'safety', `${id}/${part}`))))
    }))
    .filter(({ parts }) => parts.length > 0);
}

/** 'Amy Hart (if they leave), Ben Hart'. */
export function gapWords(gaps: readonly SafetyGap[]): string {
  const words = { stay: 'if they stay', leave: 'if they leave' };
  return gaps
    .map(({ name, parts: [part, ...more] }) =>
      part && more.length === 0 ? `${name} (${words[part]})` : name
    )
    .join(', ');
}

/** What a lacking thing is called, and the place on the card where it is mended. */
export function wordsFor(it: Missing, members: readonly MemberView[]): { text: string; href: string } {
  switch (it.kind) {
    case 'joint-rating':
      return { text: 'There is no joint rating of the family with its reason', href: '#conclusion' };
    case 'no-response': {
      const member = members.find(({ id }) => id === it.memberId);
      if (member?.role === 'harming')
        return { text: `Nobody has a response for ${member.name} yet`, href: `#response-${member.id}` };
      return {
        text: `Nothing is planned yet for ${member?.name ?? 'a member of the family'}`,
        href: '#add-action'
      };
    }
    case 'unanswered-question':
      return { text: `Not answered: ${it.text}`, href: `#question-${it.questionId}` };
    default: {
      const what = it.what || 'an action without words';
      const begins = {
        'action-without-owner': 'No owner',
        'action-without-date': 'No date',
        'action-not-accepted': 'Not accepted'
      };
      return { text: `${begins[it.kind]}: ${what}`, href: `#action-${it.actionId}` };
    }
  }
}
