// A rating's history in sentences: who, when, what before, why, and how it came to be said. Carries RATE10.
import type { Rating } from '#lib/domain/rating.ts';
import type { RatingFact } from '#lib/protocol/meeting.ts';

interface Words {
  word(rating: Rating): string;
  clock(at: string): string;
  code(agencyId: string): string | undefined;
}

/** One line for each time that an agency rated, newest first. @param facts its own of one row, oldest first */
export function historyLines(facts: readonly RatingFact[], words: Words): string[] {
  return facts
    .map((fact, index) => {
      const before = facts[index - 1]?.rating;
      const said = fact.rating ? words.word(fact.rating) : 'Taken back';
      const parts = [
        before ? `${said}, before that ${words.word(before)}` : said,
        `${fact.by}${fact.laptopOf ? `, ${words.code(fact.laptopOf) ?? 'another agency'}, for them` : ''}`,
        ...(fact.noted ? ['Noted by the coordinator'] : []),
        ...(fact.basis === 'heard' ? ['On what was heard at the table'] : []),
        ...(fact.reason ? [`Because: ${fact.reason.replace(/[.\s]+$/, '')}`] : []),
        ...(fact.afterReveal ? ['Given after the reveal'] : [])
      ];
      return `${words.clock(fact.at)} ${parts.join('. ')}.`;
    })
    .toReversed();
}
