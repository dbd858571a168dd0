// What a played person does next, by what they see: moves, each with how long a human takes over it. Pure: it is
// asked anew at each sight, so that whoever begins in the middle of a meeting goes on from there. A rep's moves are
// here, a chair's in chairing.ts. Carries REHEARSE5.
import { createHash } from 'node:crypto';
import type * as Y from 'yjs';
import { appendParagraphs, setQuestionWords } from '#lib/card/edit.ts';
import type { PlannedAction, Question } from '#lib/card/read.ts';
import { canonicalAction } from '#lib/domain/action.ts';
import type { Act } from '#lib/protocol/command.ts';
import type { CardView, MeetingState } from '#lib/protocol/meeting.ts';
import { families, type Brought } from './families.ts';
import type { Player } from './people.ts';

export interface Sight {
  /** The meeting as this player is shown it. */
  readonly state: MeetingState;
  /** Who rehearses. */
  readonly personId: string;
  /** What stands written on the card at the table; undefined until it was read. */
  readonly written:
    | {
        readonly cardId: string;
        readonly actions: readonly PlannedAction[];
        readonly questions: readonly Question[];
      }
    | undefined;
  /** YYYY-MM-DD, in London. */
  readonly today: string;
}

export interface Move {
  /** The same move has the same key at every sight; it is made once. */
  readonly key: string;
  /** How long it takes: from so many seconds to so many. */
  readonly seconds: readonly [number, number];
  /** Writes on a card, before it acts. */
  readonly write?: { readonly cardId: string; readonly words: (cards: Y.Doc) => unknown };
  readonly acts: readonly Act[];
}

/** Rates long after the others. */
const late = 'CSC';
/** Says once that it does not agree. */
const dissenting = 'CSC';
/** Raises a hand once, and lowers it. */
const asking = 'HEA';

/** What a rep does next. */
export function repMoves(player: Player, sight: Sight): Move[] {
  const { state } = sight;
  if (!player.agency || state.meeting.state === 'closed') return [];
  const { id: agencyId, code } = player.agency;
  const card = state.cards[state.currentCardId ?? ''];
  return [
    ...agreeing(state),
    ...Object.values(state.cards).flatMap((each) => answering(each, agencyId)),
    ...(card && !card.lock && state.meeting.state === 'open'
      ? [
          ...bringing(card, agencyId, code),
          ...rating(card, agencyId, code),
          ...raising(state, card, player),
          ...accepting(sight, card, agencyId),
          ...disagreeing(card, agencyId, code)
        ]
      : [])
  ];
}

/** Whoever is there agrees to the statement. */
export function agreeing({ you, meeting }: MeetingState): Move[] {
  if (you.agreedAt !== null || meeting.state === 'closed') return [];
  return [{ key: 'agree', seconds: [1, 4], acts: [{ type: 'statement.agree' }] }];
}

/** What an agency brings of the family on a card; nothing of a family that is none of ours. */
export function broughtOf(card: CardView, code: string): Brought | undefined {
  const family = families.find(({ occurrence }) =>
    card.notifications.some((notification) => notification.occurrence === occurrence)
  );
  return family?.brought[code];
}

const victimOf = (card: CardView) => card.members.find(({ role }) => role === 'victim')?.id;
const recordOf = (card: CardView, agencyId: string) =>
  card.records.find((fact) => fact.agencyId === agencyId && fact.memberId === victimOf(card))?.record ?? null;

function bringing(card: CardView, agencyId: string, code: string): Move[] {
  const brought = broughtOf(card, code);
  const memberId = victimOf(card);
  if (!brought || !memberId || recordOf(card, agencyId) !== null) return [];
  const { record, facts = [], opinion = [] } = brought;
  const section = `agency/${agencyId}` as const;
  const words = (cards: Y.Doc) => {
    if (facts.length > 0) appendParagraphs(cards, section, 'family/facts', facts);
    if (opinion.length > 0) appendParagraphs(cards, section, 'family/opinion', opinion);
  };
  return [
    {
      key: `bring ${card.id}`,
      seconds: [3, 12],
      ...(facts.length + opinion.length > 0 ? { write: { cardId: card.id, words } } : {}),
      acts: [{ type: 'record.set', cardId: card.id, memberId, record }]
    }
  ];
}

function rating(card: CardView, agencyId: string, code: string): Move[] {
  const given = broughtOf(card, code)?.rating;
  if (!given || recordOf(card, agencyId) === null || card.ratedAgencyIds.includes(agencyId)) return [];
  const basis = recordOf(card, agencyId) === 'known' ? 'own-record' : 'heard';
  return [
    {
      key: `rate ${card.id}`,
      seconds: code === late ? [30, 40] : [4, 14],
      acts: [{ type: 'rating.set', cardId: card.id, memberId: null, rating: given, basis }]
    }
  ];
}

function raising(state: MeetingState, card: CardView, { userId, agency }: Player): Move[] {
  const own = state.hands.find((hand) => hand.userId === userId);
  if (own)
    return [{ key: `lower ${own.at}`, seconds: [20, 30], acts: [{ type: 'hand.lower', key: own.key }] }];
  if (agency?.code !== asking || card.position !== 1 || recordOf(card, agency.id) === null) return [];
  return [{ key: 'raise', seconds: [5, 10], acts: [{ type: 'hand.raise' }] }];
}

function answering(card: CardView, agencyId: string): Move[] {
  if (card.lock) return [];
  return card.asked
    .filter((question) => question.agencyId === agencyId)
    .map(({ questionId }) => ({
      key: `answer ${questionId}`,
      seconds: [5, 12],
      write: {
        cardId: card.id,
        words: (cards: Y.Doc) =>
          setQuestionWords(cards, questionId, 'answer', 'We will look today, and tell the IDVA what we find.')
      },
      acts: []
    }));
}

/** An action as it reads now is accepted; one that is still being written has no day yet, or reads otherwise soon. */
function accepting({ written }: Sight, card: CardView, agencyId: string): Move[] {
  if (written?.cardId !== card.id) return [];
  return written.actions
    .filter((action) => action.agencyId === agencyId && action.by !== null && action.what.trim() !== '')
    .map((action) => ({
      actionId: action.id,
      reading: createHash('sha256').update(canonicalAction(action)).digest('hex')
    }))
    .filter(({ actionId, reading }) => {
      const last = card.answers.findLast((answer) => answer.actionId === actionId);
      return last?.agencyId !== agencyId || last.reading !== reading;
    })
    .map(({ actionId, reading }) => ({
      key: `accept ${actionId} ${reading}`,
      seconds: [5, 10],
      acts: [{ type: 'action.accept', cardId: card.id, actionId, reading }]
    }));
}

function disagreeing(card: CardView, agencyId: string, code: string): Move[] {
  const concluded = card.joint.some(({ memberId }) => memberId === null);
  if (code !== dissenting || card.position !== 1 || !concluded) return [];
  if (card.dissents.some((dissent) => dissent.agencyId === agencyId)) return [];
  const reason = 'The children were on the stairs both times. We would have said more about them.';
  return [
    {
      key: `dissent ${card.id}`,
      seconds: [5, 10],
      acts: [{ type: 'dissent.set', cardId: card.id, memberId: null, reason }]
    }
  ];
}
