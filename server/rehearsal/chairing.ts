// What an invented chair does next, where whoever rehearses is a rep: each family is led through its stages at a
// calm pace, and waits up to a minute for what only the person can do. Pure. Carries REHEARSE6.
import { addAction, addQuestion } from '#lib/card/edit.ts';
import { nextStep, type AgendaFamily, type Step } from '#lib/domain/course.ts';
import { highest, offeredReason } from '#lib/domain/rating.ts';
import type { Act } from '#lib/protocol/command.ts';
import type { CardView } from '#lib/protocol/meeting.ts';
import { families } from './families.ts';
import { agreeing, type Move, type Sight } from './moves.ts';

/** In seconds: how long a stage lasts, how soon the table goes on once the person has done theirs, and how long they are waited for. */
const stage = [16, 20] as const;
const soon = [8, 12] as const;
const patience = [60, 60] as const;

/** What the chair does next. */
export function chairMoves(sight: Sight): Move[] {
  const { state, personId } = sight;
  const { meeting } = state;
  if (meeting.state === 'closed') return [];
  if (meeting.state === 'planned') {
    const here = state.people.some(({ userId, connected }) => userId === personId && connected);
    const opening: Act[] = [{ type: 'meeting.open' }, { type: 'statement.read' }];
    return [...agreeing(state), ...(here ? [{ key: 'open', seconds: [4, 8] as const, acts: opening }] : [])];
  }
  const card = state.cards[state.currentCardId ?? ''];
  const step = nextStep(agendaOf(sight), state.currentCardId, state.pace.had);
  if (!card || card.lock) return [goingOn(step)];
  return [...asking(sight, card), ...leading(sight, card, step)];
}

function agendaOf({ state }: Sight): AgendaFamily[] {
  return Object.values(state.cards)
    .sort((a, b) => a.position - b.position)
    .map(({ id, state: course, stage: at, revealedAt, parked }) => ({
      id,
      state: course,
      stage: at,
      revealed: revealedAt !== null,
      parked: parked !== null
    }));
}

/** From a family that is locked, or none, to the next; after the last the meeting is closed. */
function goingOn(step: Step): Move {
  if (step.kind === 'show')
    return {
      key: `show ${step.cardId}`,
      seconds: [5, 8],
      acts: [{ type: 'card.show', cardId: step.cardId }]
    };
  const closing: Act[] = [
    { type: 'meeting.phase', phase: 'closing' },
    { type: 'meeting.close', reason: 'The rehearsal is over' }
  ];
  return { key: 'close', seconds: [8, 12], acts: closing };
}

/** Goes on when the person has done their part, else after a minute. */
function patiently(done: boolean, key: string, acts: readonly Act[]): Move {
  return done ? { key, seconds: soon, acts } : { key: `${key}, having waited`, seconds: patience, acts };
}

function leading(sight: Sight, card: CardView, step: Step): Move[] {
  const cardId = card.id;
  const own = ownAgency(sight);
  if (step.kind === 'reveal')
    return [
      patiently(card.ratedAgencyIds.includes(own), `reveal ${cardId}`, [{ type: 'ratings.reveal', cardId }])
    ];
  if (card.stage === 'conclusion' && !card.joint.some(({ memberId }) => memberId === null))
    return [concluding(card)];
  if (step.kind !== 'stage') return [locking(sight, card, own)];
  const on: Act = { type: 'card.stage', cardId, stage: step.stage };
  const key = `${step.stage} ${cardId}`;
  if (card.stage !== 'information') return [{ key, seconds: stage, acts: [on] }];
  const asked = sight.written?.questions.filter(({ agencyId }) => agencyId === own) ?? [];
  return [patiently(asked.length > 0 && asked.every(({ answer }) => answer.trim() !== ''), key, [on])];
}

function concluding(card: CardView): Move {
  const given = card.ratings.flatMap(({ memberId, rating }) => (memberId === null && rating ? [rating] : []));
  const rating = highest(given) ?? 'amber';
  const reason = offeredReason(rating, given) ?? 'As the table saw it';
  return {
    key: `conclude ${card.id}`,
    seconds: [8, 12],
    acts: [{ type: 'joint.set', cardId: card.id, memberId: null, rating, reason }]
  };
}

function locking(sight: Sight, card: CardView, own: string): Move {
  const answered = card.answers.some(({ agencyId }) => agencyId === own);
  const reason = 'A rehearsal: the rest is left out';
  return patiently(answered, `lock ${card.id}`, [{ type: 'card.lock', cardId: card.id, reason }]);
}

/** The agency of whoever rehearses. */
function ownAgency({ state, personId }: Sight): string {
  return state.people.find(({ userId }) => userId === personId)?.agencyIds[0] ?? '';
}

/** A question for the person's agency, and, in the plan, an action for it. */
function asking(sight: Sight, card: CardView): Move[] {
  const { written, today } = sight;
  const agencyId = ownAgency(sight);
  const family = families.find(({ occurrence }) =>
    card.notifications.some((notification) => notification.occurrence === occurrence)
  );
  if (written?.cardId !== card.id || !family || !agencyId) return [];
  const cardId = card.id;
  const isOwn = (each: { readonly agencyId: string | null }) => each.agencyId === agencyId;
  if (card.stage === 'information' && !written.questions.some(isOwn))
    return [
      {
        key: `ask ${cardId}`,
        seconds: [4, 8],
        write: { cardId, words: (cards) => addQuestion(cards, { text: family.question, agencyId }) },
        acts: []
      }
    ];
  if (card.stage !== 'plan' || written.actions.some(isOwn)) return [];
  const memberId = card.members.find(({ role }) => role === 'victim')?.id ?? null;
  const by = new Date(Date.parse(`${today}T12:00:00Z`) + 3 * 86_400_000).toISOString().slice(0, 10);
  const action = { what: family.action, agencyId, by, memberId };
  return [
    {
      key: `propose ${cardId}`,
      seconds: [4, 8],
      write: { cardId, words: (cards) => addAction(cards, action) },
      acts: []
    }
  ];
}
