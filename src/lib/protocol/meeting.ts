// What the server tells each person of a meeting over Socket.IO: one `state` on arrival, then `change`s.
// Both are made for that person alone: what they may not see is not in them, not even as a count.
import type { Phase, Stage } from '#lib/domain/course.ts';
import type { Missing } from '#lib/domain/decision.ts';
import type { CallState } from '#lib/domain/call.ts';
import type { Legend } from '#lib/domain/legend.ts';
import type { Basis, Rating, RecordState } from '#lib/domain/rating.ts';
import type { Mode } from './command.ts';

export type CardState = 'waiting' | 'shown' | 'concluded' | 'locked' | 'not-reached';
export type MemberRole = 'victim' | 'harming' | 'child' | 'unborn' | 'other';

export interface MeetingView {
  readonly id: string;
  /** ISO, UTC; so are all times here. */
  readonly startsAt: string;
  readonly place: string;
  /** For whoever attends the whole meeting, and for others while they are called; null otherwise. */
  readonly videoLink: string | null;
  readonly state: 'planned' | 'open' | 'closed';
  readonly statement: string;
  /** Ratings and record states are sealed until the chair reveals them. */
  readonly sealed: boolean;
  /** An invented meeting: one person rehearses, and the others are played. */
  readonly rehearsal: boolean;
  /** What the colours mean on this meeting's day. */
  readonly legend: Legend;
  readonly chair: { readonly userId: string; readonly name: string };
  readonly deputy: { readonly userId: string; readonly name: string } | null;
  readonly openedAt: string | null;
  readonly closedAt: string | null;
  readonly phase: Phase;
  /** Since when this phase; null while gathering. */
  readonly phaseSince: string | null;
  readonly hadBreak: boolean;
  /** When the chair marked the statement as read aloud. */
  readonly statementRead: { readonly by: string; readonly at: string } | null;
  /** Who was named to the chair; `chair` is who holds it now. */
  readonly namedChair: { readonly userId: string; readonly name: string };
}

export interface AgencyView {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly core: boolean;
  readonly kind: 'police' | 'idva' | 'other';
}

/** Someone at the meeting, seen or said to be. */
export interface PersonHere {
  /** The user's id, or `by-hand/<n>` for someone without a screen. */
  readonly key: string;
  readonly userId: string | null;
  readonly name: string;
  readonly agencyIds: readonly string[];
  readonly role: 'chair' | 'deputy' | 'coordinator' | 'rep' | 'observer';
  readonly mode: Mode | null;
  /** Has the board open now. */
  readonly connected: boolean;
  readonly since: string | null;
  /** When their board lost its connection; null while connected, and where that is not known. */
  readonly lostAt: string | null;
  /** When they agreed to the statement as it reads now. */
  readonly agreedAt: string | null;
  /** The family at the table is not theirs to hear: they leave the room and the call for it. Only to those who hear it. */
  readonly askedOut: boolean;
  /** Whether nobody can overhear, as they last said at this meeting; null where they did not say. */
  readonly alone: boolean | null;
}

export interface MemberView {
  readonly id: string;
  readonly role: MemberRole;
  /** 'Unborn child of Ruta Begum' for one. */
  readonly name: string;
  readonly born: string | null;
  /** Whole years at the meeting; null where the birth is not known. */
  readonly age: number | null;
}

export interface NotificationView {
  readonly id: string;
  readonly occurrence: string;
  readonly incidentDate: string | null;
  readonly incidentTime: string | null;
  readonly incidentType: string;
  readonly grade: 'high' | 'medium' | 'standard' | null;
  readonly dash: number | null;
  readonly incomplete: string | null;
  /** Protected: null for those who may not read it. */
  readonly narrative: string | null;
  /** The version for everyone at the table. */
  readonly tableVersion: string | null;
}

interface Stated {
  readonly by: string;
  readonly at: string;
}
/** A fact that was stated for an agency. */
interface StatedFor {
  /** The agency at whose laptop it was stated, for the other that shares it; null where none was. */
  readonly laptopOf: string | null;
}
export interface RecordFact extends Stated, StatedFor {
  readonly memberId: string;
  readonly agencyId: string;
  readonly record: RecordState | null;
  readonly searched: { systems: string; from: string; to: string } | null;
  readonly reason: string | null;
  readonly noted: boolean;
  readonly afterReveal: boolean;
}
export interface RatingFact extends Stated, StatedFor {
  readonly memberId: string | null;
  readonly agencyId: string;
  readonly rating: Rating | null;
  readonly basis: Basis | null;
  readonly reason: string | null;
  readonly noted: boolean;
  readonly afterReveal: boolean;
}
/** Everything that was stated of ratings and records on a card, oldest first. */
export interface RatingHistory {
  readonly ratings: readonly RatingFact[];
  readonly records: readonly RecordFact[];
}
export interface JointFact extends Stated {
  readonly memberId: string | null;
  readonly rating: Rating;
  readonly reason: string;
}
export interface DissentFact extends Stated, StatedFor {
  readonly memberId: string | null;
  readonly agencyId: string | null;
  readonly reason: string;
}
export interface AnswerFact extends Stated {
  readonly actionId: string;
  readonly agencyId: string;
  readonly answer: 'accepted' | 'declined';
  /** The action as it read when it was accepted. */
  readonly reading: string | null;
  readonly reason: string | null;
}
export interface LockFact {
  readonly at: string;
  readonly by: string;
  readonly number: number;
  readonly seal: string;
}
/** A family that this meeting carries to the next. */
export interface CarriedFact extends Stated {
  readonly reason: string;
}
/** A question to one of this person's agencies that nobody has answered yet. */
export interface AskedView {
  readonly questionId: string;
  readonly agencyId: string;
  readonly text: string;
}
export interface LateEditView {
  readonly id: string;
  readonly by: string;
  readonly writtenAt: string | null;
  readonly arrivedAt: string;
  readonly sections: readonly string[];
  readonly text: string;
  /** Late edits that have to come in with it, or before it. */
  readonly needs: readonly string[];
  /** The number of the decision that took it in. */
  readonly takenIn: number | null;
}
/** A later version of the card's decision. */
export interface AmendmentFact extends Stated {
  readonly number: number;
  readonly version: number;
  readonly seal: string;
  readonly reason: string;
}
/** A correction that somebody at the card proposes to the chair. */
export interface ProposalView extends Stated {
  readonly id: string;
  readonly agencyId: string | null;
  readonly section: string | null;
  readonly key: string | null;
  readonly words: string;
  /** The number of the decision that took it in. */
  readonly takenIn: number | null;
}

export interface CardView {
  readonly id: string;
  /** Counted among the cards that this person may see. */
  readonly position: number;
  readonly state: CardState;
  readonly version: number;
  readonly reference: string;
  readonly members: readonly MemberView[];
  readonly agencyIds: readonly string[];
  readonly notifications: readonly NotificationView[];
  readonly revealedAt: string | null;
  /** Before the reveal, one's own agencies' only. The newest of each agency and member; history is asked for. */
  readonly records: readonly RecordFact[];
  readonly ratings: readonly RatingFact[];
  /** Which agencies have rated the family; says nothing of how. */
  readonly ratedAgencyIds: readonly string[];
  readonly joint: readonly JointFact[];
  readonly dissents: readonly DissentFact[];
  readonly answers: readonly AnswerFact[];
  /** Where the table is, or last was, with this family. */
  readonly stage: Stage;
  /** Put off to the end of the agenda, until it is taken back or shown. */
  readonly parked: { readonly by: string; readonly at: string; readonly reason: string | null } | null;
  /** Other families of the agenda that this person may see and that were noted as linked. */
  readonly links: readonly {
    readonly cardId: string;
    readonly together: boolean;
    readonly reason: string;
    readonly by: string;
    readonly at: string;
  }[];
  /** To deputy and coordinator alone: whoever holds the chair may not see this family. */
  readonly notTheChairs: boolean;
  /** Agencies for which the coordinator wrote, until they confirm it. */
  readonly notedAgencyIds: readonly string[];
  readonly lock: LockFact | null;
  readonly carried: CarriedFact | null;
  /** What one's own agencies are still asked here. */
  readonly asked: readonly AskedView[];
  /** What the card lacks for its lock, for whoever holds the chair; null for others, and until it was read. */
  readonly missing: readonly Missing[] | null;
  /** For chair and coordinator; empty for others. */
  readonly lateEdits: readonly LateEditView[];
  /** The versions after the lock's, the oldest first. */
  readonly amendments: readonly AmendmentFact[];
  /** For chair and coordinator all of them, for others their own. */
  readonly proposals: readonly ProposalView[];
}

/** The meeting's time. What is not this person's to see counts in it, and is not named. */
export interface PaceView {
  /** The family at the table, and when its minutes are over; null when none is, or it is another's. */
  readonly present: { readonly cardId: string; readonly dueAt: string } | null;
  /** Foretold, to the minute; null when there is nothing to foretell. */
  readonly endsAt: string | null;
  /** Negative: ahead of the plan. Null before the meeting opens. */
  readonly minutesLate: number | null;
  /** When a family's turn comes, by card; those that had theirs are not in it. */
  readonly upcoming: Readonly<Record<string, UpcomingView>>;
  /** The families that were at the table, in the order of time; one that came back is there again. */
  readonly had: readonly string[];
  /** A family was at the table; for whoever holds the chair also where it was withdrawn since. */
  readonly begun: boolean;
}
export interface UpcomingView {
  /** To the minute. */
  readonly at: string;
  /** Nothing comes between. */
  readonly next: boolean;
  /** The table has gone past it. */
  readonly skipped: boolean;
}

/** A hand that is up. */
export interface HandView {
  /** The person's key at the meeting. */
  readonly key: string;
  readonly userId: string | null;
  readonly name: string;
  readonly agencyIds: readonly string[];
  readonly mode: Mode | null;
  /** Since when. */
  readonly at: string;
}

/** A laptop that speaks for another agency too, since both sit in the room. */
export interface LaptopView {
  readonly userId: string;
  readonly agencyId: string;
}

/** Somebody is asked in for a family. */
export interface CallView {
  readonly id: string;
  readonly cardId: string;
  /** Set where an agency is asked, whoever of it answers. */
  readonly agencyId: string | null;
  /** Who is asked, or who answered for the agency. */
  readonly userId: string | null;
  readonly name: string;
  readonly by: string;
  readonly at: string;
  readonly state: CallState;
  readonly since: string;
  readonly reason: string | null;
  /** To be answered, or answered, by this person. */
  readonly yours: boolean;
}
/** For who keeps the door of the video call. */
export interface DoorView {
  readonly letIn: readonly DoorEntry[];
  readonly letOut: readonly DoorEntry[];
}
export interface DoorEntry {
  readonly callId: string | null;
  readonly name: string;
  readonly agencyIds: readonly string[];
  readonly why: 'coming' | 'in-5' | 'done' | 'conflict';
}

export interface MeetingState {
  readonly you: {
    readonly userId: string;
    readonly name: string;
    readonly agencyIds: readonly string[];
    readonly chair: boolean;
    readonly deputy: boolean;
    readonly coordinator: boolean;
    readonly observer: boolean;
    readonly administrator: boolean;
    readonly mode: 'room' | 'remote';
    /** When this person agreed to the statement as it reads now. */
    readonly agreedAt: string | null;
    /** One family is spoken of that is not this person's to hear: they leave the room and the call for it. */
    readonly askedOut: boolean;
  };
  readonly meeting: MeetingView;
  readonly agencies: readonly AgencyView[];
  readonly people: readonly PersonHere[];
  /** Of the room and remote, oldest first. */
  readonly hands: readonly HandView[];
  readonly laptops: readonly LaptopView[];
  /** The chair's card; null when none, or when it is not this person's to see. */
  readonly currentCardId: string | null;
  readonly pace: PaceView;
  /** For the cards that this person may see. */
  readonly calls: readonly CallView[];
  /** For chair and coordinator. */
  readonly door: DoorView | null;
  /** By id. */
  readonly cards: Readonly<Record<string, CardView>>;
}

/** The parts that are new; a card that is no longer there to see is null. */
export type MeetingChange = Partial<Omit<MeetingState, 'cards'>> & {
  readonly cards?: Readonly<Record<string, CardView | null>>;
};

/** A state with a change merged into it. */
export function withChange(state: MeetingState, { cards, ...parts }: MeetingChange): MeetingState {
  const merged: Record<string, CardView> = { ...state.cards };
  for (const [id, card] of Object.entries(cards ?? {})) {
    if (card) merged[id] = card;
    else delete merged[id];
  }
  return { ...state, ...parts, cards: merged };
}

/** Said once, to be read aloud or shown for a moment. Holds no family's data. */
export interface Notice {
  readonly kind:
    | 'chair-taken'
    | 'chair-given'
    | 'chair-asked'
    | 'phase'
    | 'bring'
    | 'revealed'
    | 'laptop'
    | 'locked'
    | 'closed'
    | 'late-edit'
    | 'amended'
    | 'called';
  readonly text: string;
  readonly at: string;
  /** Of a `bring`: where everyone is called to. Sent only to those for whom the card is there. */
  readonly place?: { readonly cardId: string; readonly stage: Stage | null };
}

export interface ServerEvents {
  /** The server's time on arrival, by which this browser's clock is set right. */
  clock: (now: string) => void;
  state: (state: MeetingState) => void;
  change: (change: MeetingChange) => void;
  notice: (notice: Notice) => void;
}
export interface ClientEvents {
  command: (command: unknown, answer: (answer: import('./command.ts').CommandAnswer) => void) => void;
}
/** What the room's screen shows: names and words, or references and codes alone. */
export type ScreenKind = 'names' | 'discreet';
/** What `auth` of the connection holds. */
export interface Arrival {
  readonly meetingId: string;
  readonly mode: 'room' | 'remote';
  /** Set where this is no person's board but the room's screen: it is nobody at the meeting, and does nothing. */
  readonly screen?: ScreenKind | undefined;
}
