// What an amendment changed, part by part: the words before and after. What stands in the protected document is
// told apart, because no minutes and no export hold it. Pure. Carries AMEND2.
import canonicalize from 'canonicalize';
import type { Section } from '#lib/domain/permission.ts';
import type { Change } from './canonical.ts';
import type { Prose } from './prose.ts';
import { plainText, type Block } from './read.ts';
import { actionFields, keyOfAction, questionFields } from './schema.ts';

export interface Changes {
  readonly shared: readonly Change[];
  readonly protected: readonly Change[];
}

/** Whether a section stands in the protected document. */
export const isProtected = (section: string) => section === 'voice' || section === 'safety';

/** The parts that read differently, in the order of the card. A change of bold or italic alone has the same words twice. */
export function changesBetween(before: Prose, after: Prose): Changes {
  const [old, now] = [partsOf(before), partsOf(after)];
  const changed = [...new Set([...now.keys(), ...old.keys()])].flatMap((name): Change[] => {
    const [was, is] = [old.get(name), now.get(name)];
    const part = is ?? was;
    if (!part || was?.whole === is?.whole) return [];
    const { section, key, field } = part;
    return [{ section, key, field, before: was?.words ?? null, after: is?.words ?? null }];
  });
  return {
    shared: changed.filter(({ section }) => !isProtected(section)),
    protected: changed.filter(({ section }) => isProtected(section))
  };
}

interface Part {
  readonly section: Section;
  readonly key: string | null;
  readonly field: string | null;
  readonly words: string;
  /** With its marks, to compare by. */
  readonly whole: string;
}

function partsOf(prose: Prose): Map<string, Part> {
  const parts = new Map<string, Part>();
  const add = (part: Part) => parts.set(`${part.section}\n${part.key ?? ''}\n${part.field ?? ''}`, part);
  const rich = (section: Section, key: string | null, blocks: readonly Block[]) => {
    if (blocks.length > 0)
      add({ section, key, field: null, words: plainText(blocks), whole: canonicalize(blocks) ?? '' });
  };
  const plain = (section: Section, key: string, field: string, value: string | null) => {
    if (value !== null && value !== '') add({ section, key, field, words: value, whole: value });
  };
  for (const { agencyId, parts: brought } of prose.information)
    for (const { memberId, part, blocks } of brought)
      rich(`agency/${agencyId}`, `${memberId ?? 'family'}/${part}`, blocks);
  for (const [key, blocks] of Object.entries(prose.analysis)) rich('analysis', key, blocks);
  for (const action of prose.actions)
    for (const field of Object.keys(actionFields) as (keyof typeof actionFields)[])
      plain('plan', keyOfAction(action.id), field, action[field]);
  for (const { memberId, kind, blocks } of prose.responses)
    rich('plan', `response/${memberId}/${kind}`, blocks);
  for (const question of prose.questions)
    for (const field of Object.keys(questionFields) as (keyof typeof questionFields)[])
      plain('questions', question.id, field, question[field]);
  rich('summary', null, prose.summary);
  rich('voice', null, prose.protected.voice);
  for (const { memberId, part, blocks } of prose.protected.safety)
    rich('safety', `${memberId}/${part}`, blocks);
  return parts;
}

/** The lines that went and the lines that came, without those that stand unchanged before and after them. */
export function linesChanged({ before, after }: Pick<Change, 'before' | 'after'>): {
  readonly gone: readonly string[];
  readonly come: readonly string[];
} {
  const linesOf = (words: string | null) => (words === null ? [] : words.split('\n'));
  const [gone, come] = [linesOf(before), linesOf(after)];
  const shorter = Math.min(gone.length, come.length);
  let start = 0;
  while (start < shorter && gone[start] === come[start]) start++;
  let end = 0;
  while (end < shorter - start && gone.at(-1 - end) === come.at(-1 - end)) end++;
  return { gone: gone.slice(start, gone.length - end), come: come.slice(start, come.length - end) };
}
