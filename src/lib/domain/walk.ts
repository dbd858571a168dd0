// The first steps of somebody who rehearses, as their board ticks them off: each is told by what the meeting says
// of them, never by what they clicked. What was done once stays done. Pure. Carries REHEARSE8.

export const chairSteps = [
  'agree',
  'open',
  'show',
  'rate',
  'reveal',
  'conclude',
  'propose',
  'lock',
  'next',
  'close'
] as const;
export const repSteps = ['agree', 'record', 'rate', 'hand', 'answer', 'accept'] as const;
export type WalkStep = (typeof chairSteps)[number] | (typeof repSteps)[number];

/** What of a meeting's state the steps are told by. */
export interface WalkSight {
  readonly you: {
    readonly userId: string;
    readonly agencyIds: readonly string[];
    readonly chair: boolean;
    readonly agreedAt: string | null;
  };
  readonly meeting: { readonly state: 'planned' | 'open' | 'closed' };
  readonly hands: readonly { readonly userId: string | null }[];
  readonly cards: Readonly<Record<string, WalkCard>>;
}
export interface WalkCard {
  readonly state: 'waiting' | 'shown' | 'concluded' | 'locked' | 'not-reached';
  readonly revealedAt: string | null;
  readonly ratedAgencyIds: readonly string[];
  readonly records: readonly { readonly agencyId: string; readonly record: string | null }[];
  readonly joint: readonly { readonly memberId: string | null }[];
  readonly answers: readonly { readonly agencyId: string; readonly answer: 'accepted' | 'declined' }[];
  readonly asked: readonly { readonly questionId: string }[];
  readonly lock: object | null;
}

export interface Walk {
  readonly done: ReadonlySet<WalkStep>;
  /** The questions that wait for an answer of one's own, with their cards. */
  readonly asked: ReadonlyMap<string, string>;
}
export const walkBegins: Walk = { done: new Set(), asked: new Map() };

/** How far somebody is, once they see this. */
export function walkOn(before: Walk, sight: WalkSight): Walk {
  const cards = Object.values(sight.cards);
  const own = (agencyId: string) => sight.you.agencyIds.includes(agencyId);
  const spokenOf = cards.filter(({ state }) => state !== 'waiting' && state !== 'not-reached');
  const now: Record<WalkStep, boolean> = {
    agree: sight.you.agreedAt !== null,
    open: sight.meeting.state !== 'planned',
    show: spokenOf.length > 0,
    record: cards.some(({ records }) => records.some((each) => own(each.agencyId) && each.record !== null)),
    rate: cards.some(({ ratedAgencyIds }) => ratedAgencyIds.some(own)),
    hand: sight.hands.some(({ userId }) => userId === sight.you.userId),
    answer: [...before.asked].some(([id, cardId]) => isAnswered(id, sight.cards[cardId])),
    reveal: cards.some(({ revealedAt }) => revealedAt !== null),
    conclude: cards.some(({ joint }) => joint.some(({ memberId }) => memberId === null)),
    propose: cards.some(({ answers }) => answers.length > 0),
    accept: cards.some(({ answers }) =>
      answers.some((each) => own(each.agencyId) && each.answer === 'accepted')
    ),
    lock: cards.some(({ lock }) => lock !== null),
    next: spokenOf.length > 1,
    close: sight.meeting.state === 'closed'
  };
  const done = new Set([...before.done, ...stepsFor(sight).filter((step) => now[step])]);
  const asked = Object.entries(sight.cards).flatMap(([cardId, card]) =>
    card.asked.map(({ questionId }) => [questionId, cardId] as const)
  );
  return { done, asked: new Map(asked) };
}

/** The steps of this person, each with how it stands; the first that is not done is the one to take now. */
export function walkSteps(
  { done }: Walk,
  sight: Pick<WalkSight, 'you'>
): { readonly step: WalkStep; readonly stands: 'done' | 'now' | 'later' }[] {
  const steps = stepsFor(sight);
  const next = steps.find((step) => !done.has(step));
  return steps.map((step) => ({ step, stands: done.has(step) ? 'done' : step === next ? 'now' : 'later' }));
}

const stepsFor = ({ you }: Pick<WalkSight, 'you'>): readonly WalkStep[] =>
  you.chair ? chairSteps : repSteps;

/** A question that is asked no more was answered, unless its family was locked over it. */
const isAnswered = (questionId: string, card: WalkCard | undefined) =>
  card !== undefined && card.lock === null && !card.asked.some((each) => each.questionId === questionId);
