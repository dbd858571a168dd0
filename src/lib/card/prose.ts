// What stands written on a card, as a decision keeps it: each part that has words, in the order of the
// agencies and members given. Carries the DEC rules on prose.
import type * as Y from 'yjs';
import type { Section } from '#lib/domain/permission.ts';
import type { DecisionContent, Information } from './canonical.ts';
import { actionsIn, blocksOf, fragmentAt, isBlank, questionsIn, responsesTo, type Block } from './read.ts';
import { agencyParts, safetyParts, type CardMember } from './schema.ts';

export type Prose = Pick<
  DecisionContent,
  'analysis' | 'responses' | 'questions' | 'summary' | 'protected'
> & {
  readonly information: readonly Omit<Information, 'unconfirmed'>[];
  readonly actions: ReturnType<typeof actionsIn>;
};

/** Reads both documents of a card. An action or question without any word is none. */
export function proseOf(
  documents: { readonly cards: Y.Doc; readonly protected: Y.Doc },
  members: readonly CardMember[],
  agencies: readonly string[]
): Prose {
  const { cards, protected: kept } = documents;
  return {
    information: agencies.flatMap((agencyId) => {
      const parts = partsBy(cards, agencyId, members);
      return parts.length > 0 ? [{ agencyId, parts }] : [];
    }),
    analysis: {
      worries: blocksIn(cards, 'analysis', 'worries'),
      strengths: blocksIn(cards, 'analysis', 'strengths'),
      needs: blocksIn(cards, 'analysis', 'needs')
    },
    actions: actionsIn(cards),
    responses: members.flatMap(({ id: memberId }) =>
      responsesTo(cards, memberId).map((response) => ({ memberId, ...response }))
    ),
    questions: questionsIn(cards).filter(({ text, answer }) => (text + answer).trim() !== ''),
    summary: blocksIn(cards, 'summary'),
    protected: {
      voice: blocksIn(kept, 'voice'),
      safety: members.flatMap(({ id: memberId }) =>
        safetyParts.flatMap((part) => {
          const blocks = blocksIn(kept, 'safety', `${memberId}/${part}`);
          return isBlank(blocks) ? [] : [{ memberId, part, blocks }];
        })
      )
    }
  };
}

function partsBy(cards: Y.Doc, agencyId: string, members: readonly CardMember[]): Information['parts'] {
  return [null, ...members.map(({ id }) => id)].flatMap((memberId) =>
    agencyParts.flatMap((part) => {
      const blocks = blocksIn(cards, `agency/${agencyId}`, `${memberId ?? 'family'}/${part}`);
      return isBlank(blocks) ? [] : [{ memberId, part, blocks }];
    })
  );
}

function blocksIn(document: Y.Doc, section: Section, key?: string): Block[] {
  const blocks = blocksOf(fragmentAt(document, section, key));
  return isBlank(blocks) ? [] : blocks;
}
