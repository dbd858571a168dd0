// A decision's content from a card's material. Pure: what is taken from where, field by field, so that what
// has no place in a decision (narrative, telephones, addresses) can't come into it. Carries the DEC rules.
import type { DecidedAction, DecisionContent, Named } from '#lib/card/canonical.ts';
import { schemaVersion } from '#lib/card/schema.ts';
import { isAccepted, type Missing } from '#lib/domain/decision.ts';
import { dueAt } from '#lib/domain/legend.ts';
import type { Material } from './material.ts';

export interface Locking {
  readonly number: number;
  readonly version: number;
  readonly at: Date;
  readonly chair: Named;
  readonly missing: readonly Missing[];
  /** Why the chair passed over what was missing. */
  readonly reason: string | undefined;
}

/** What is decided on a card by this lock. */
export function contentOf(material: Material, locking: Locking): DecisionContent {
  const { area, table, card, prose, seq } = material;
  const { meeting, agencies } = table;
  const { row, stands, facts } = card;
  return {
    schemaVersion,
    number: locking.number,
    version: locking.version,
    lockedAt: locking.at.toISOString(),
    chair: locking.chair,
    area,
    meeting: {
      id: meeting.id,
      startsAt: meeting.startsAt.toISOString(),
      place: meeting.place,
      namedChair: { userId: meeting.chairId, name: table.people.get(meeting.chairId)?.name ?? '' },
      statement: table.statement,
      statementRead: table.course.statementRead && stated(table.course.statementRead)
    },
    card: {
      id: row.id,
      reference: card.reference,
      facts: row.version,
      journal: { cards: seq.cards, protected: seq.protected }
    },
    legend: table.legend,
    responseDue: responseDue(material),
    members: card.members.map(({ id, role, name, born, age }) => ({ id, role, name, born, age })),
    membersChanged: material.membersChanged.map(({ memberId, act, reason, ...fact }) => ({
      ...stated(fact),
      memberId,
      act,
      reason
    })),
    agencies: agencies
      .filter(({ id }) => facts.agencies.includes(id))
      .map(({ id, code, name }) => ({ id, code, name })),
    present: material.present.map((each) => ({
      ...each,
      agreedAt: (each.userId && table.course.agreed.get(each.userId)) || null,
      aloneAt: (each.mode === 'remote' && each.userId && aloneAt(table, each.userId)) || null
    })),
    conflicts: material.conflicts,
    notifications: card.notifications.map((told) => ({
      occurrence: told.occurrence,
      incidentDate: told.incidentDate,
      incidentTime: told.incidentTime,
      incidentType: told.incidentType,
      grade: told.grade,
      dash: told.dash,
      tableVersion: told.tableVersion,
      incomplete: told.incomplete
    })),
    information: prose.information.map((each) => ({
      ...each,
      unconfirmed: material.unconfirmed.has(each.agencyId)
    })),
    records: stands.records.flatMap(({ record, memberId, searched, ...fact }) =>
      record === null ? [] : [{ ...ofAgency(fact), memberId, record, searched: searched && { ...searched } }]
    ),
    ratings: stands.ratings.flatMap(({ rating, memberId, basis, ...fact }) =>
      rating === null ? [] : [{ ...ofAgency(fact), memberId, rating, basis }]
    ),
    joint: stands.joint.map(({ memberId, rating, reason, ...fact }) => ({
      ...stated(fact),
      memberId,
      rating,
      reason
    })),
    dissents: stands.dissents.map(({ memberId, agencyId, laptopOf, reason, ...fact }) => ({
      ...stated(fact),
      memberId,
      agencyId,
      laptopOf,
      reason
    })),
    analysis: prose.analysis,
    actions: decidedActions(material),
    responses: prose.responses,
    questions: prose.questions,
    summary: prose.summary,
    passed: locking.missing.length > 0 ? { missing: locking.missing, reason: locking.reason ?? '' } : null,
    protected: prose.protected
  };
}

function responseDue({ table, card }: Material): string | null {
  const joint = card.stands.joint.find(({ memberId }) => memberId === null);
  const due = joint && dueAt(table.legend, joint.rating, new Date(joint.at));
  return due?.toISOString() ?? null;
}

function decidedActions({ card, actions }: Material): DecidedAction[] {
  const { answers } = card.stands;
  return actions.map((action) => {
    const last = answers.findLast(
      ({ actionId, agencyId }) => actionId === action.id && agencyId === action.agencyId
    );
    return {
      ...action,
      accepted: isAccepted(action, answers),
      answer: last ? { ...stated(last), answer: last.answer, reason: last.reason } : null
    };
  });
}

interface Authored {
  readonly userId: string;
  readonly by: string;
  readonly at: string;
}

const stated = ({ userId, by, at }: Authored) => ({ by: { userId, name: by }, at });

/** Since when nobody can overhear, by the person's own last word. */
function aloneAt({ calls }: Material['table'], userId: string): string | null {
  const said = calls.alone.get(userId);
  return said?.alone ? said.at.toISOString() : null;
}

function ofAgency(
  fact: Authored & {
    readonly agencyId: string;
    readonly reason: string | null;
    readonly noted: boolean;
    readonly laptopOf: string | null;
    readonly afterReveal: boolean;
  }
) {
  const { agencyId, reason, noted, laptopOf, afterReveal } = fact;
  return { ...stated(fact), agencyId, reason, noted, laptopOf, afterReveal };
}
