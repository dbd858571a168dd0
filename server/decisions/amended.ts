// The content of an amendment, from the version before it and the documents with late edits in them. Pure: what
// was stated, who was there and what was decided stay as they were locked. Carries AMEND2 and AMEND4.
import type {
  Amendment,
  AmendedPart,
  DecidedAction,
  DecisionContent,
  Information,
  Named
} from '#lib/card/canonical.ts';
import { changesBetween, isProtected } from '#lib/card/changes.ts';
import type { Prose } from '#lib/card/prose.ts';
import { canonicalAction } from '#lib/domain/action.ts';
import type { ReadAction } from '#lib/domain/decision.ts';

export interface Amending {
  readonly number: number;
  readonly amends: Amendment['amends'];
  readonly by: Named;
  readonly at: Date;
  readonly reason: string;
  readonly lateEdits: AmendedPart['lateEdits'];
  readonly corrections: AmendedPart['corrections'];
  /** Agencies for which somebody who is none of theirs wrote one of these late edits. */
  readonly noted: ReadonlySet<string>;
}

/** What the prose of a decision was made of, to compare it with what is stored. */
export function proseIn(content: DecisionContent): Prose {
  const { information, analysis, actions, responses, questions, summary, protected: kept } = content;
  return {
    information: information.map(({ agencyId, parts }) => ({ agencyId, parts })),
    analysis,
    actions: actions.map(({ id, what, memberId, agencyId, by }) => ({ id, what, memberId, agencyId, by })),
    responses,
    questions,
    summary,
    protected: { voice: kept.voice, safety: kept.safety }
  };
}

/** The next version of a decision. */
export function amendedContent(
  last: DecisionContent,
  prose: Prose,
  actions: readonly ReadAction[],
  amending: Amending
): DecisionContent {
  const changed = changesBetween(proseIn(last), prose);
  const { number, amends, by, at, reason, lateEdits, corrections } = amending;
  const ofProtected = {
    lateEdits: lateEdits.filter(({ sections }) => sections.some(isProtected)),
    corrections: corrections.filter(({ about }) => about && isProtected(about.section)),
    changed: changed.protected
  };
  const touched = Object.values(ofProtected).some((each) => each.length > 0);
  return {
    ...last,
    number,
    version: last.version + 1,
    information: prose.information.map((each) => ({
      ...each,
      unconfirmed: amending.noted.has(each.agencyId) || wasUnconfirmed(last.information, each.agencyId)
    })),
    analysis: prose.analysis,
    actions: actions.map((action) => decidedAgain(last.actions, action)),
    responses: prose.responses,
    questions: prose.questions,
    summary: prose.summary,
    protected: { ...prose.protected, ...(touched ? { amendment: ofProtected } : {}) },
    amendment: {
      amends,
      by,
      at: at.toISOString(),
      reason,
      lateEdits: lateEdits.filter((each) => !ofProtected.lateEdits.includes(each)),
      corrections: corrections.filter((each) => !ofProtected.corrections.includes(each)),
      changed: changed.shared
    }
  };
}

const wasUnconfirmed = (information: readonly Information[], agencyId: string) =>
  information.some((each) => each.agencyId === agencyId && each.unconfirmed);

/** An action keeps its acceptance while it reads as it was accepted; a new one, or one reworded, is nobody's. */
function decidedAgain(before: readonly DecidedAction[], action: ReadAction): DecidedAction {
  const was = before.find(({ id }) => id === action.id);
  const same = was !== undefined && canonicalAction(was) === canonicalAction(action);
  return { ...action, accepted: same && was.accepted, answer: was?.answer ?? null };
}
