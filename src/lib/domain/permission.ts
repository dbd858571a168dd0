// Who may read and write what, and do what. The server and the browser read this same table, and the
// table is all there is: nothing that is not granted here is allowed. Carries the PERM rules.
import type { Became } from './followup.ts';

/** A person at a meeting: what they are there, which may be several things at once. */
export interface Seat {
  readonly userId: string;
  /** The agencies this person is a rep of. */
  readonly agencies: readonly string[];
  readonly coordinator: boolean;
  readonly administrator: boolean;
  /** Holds the chair now. */
  readonly chair: boolean;
  /** Is the named deputy. */
  readonly deputy: boolean;
  readonly observer: boolean;
}

/** What the table needs to know of a card. */
export interface CardFacts {
  /** The agencies at the card: core ones and those called for it. */
  readonly agencies: readonly string[];
  /** The agencies that speak for the victim (of kind 'idva'). */
  readonly idva: readonly string[];
  readonly police: readonly string[];
  /** Users for whom, by a conflict of interest, the card does not exist. */
  readonly hiddenFrom: readonly string[];
  readonly meeting: 'planned' | 'open' | 'closed';
  readonly locked: boolean;
}

export const documentKinds = ['cards', 'protected'] as const;
export type DocumentKind = (typeof documentKinds)[number];

/** A root of a document: the boundary of writing. */
export type Section = `agency/${string}` | 'analysis' | 'plan' | 'questions' | 'summary' | 'voice' | 'safety';

const hidden = (seat: Seat, card: CardFacts) => card.hiddenFrom.includes(seat.userId);
const sitsFor = (seat: Seat, agencies: readonly string[]) =>
  seat.agencies.some((agency) => agencies.includes(agency));
const repAt = (seat: Seat, card: CardFacts) => sitsFor(seat, card.agencies);

/** Whether the card exists for this person at all. */
export function maySee(seat: Seat, card: CardFacts): boolean {
  if (hidden(seat, card)) return false;
  if (seat.chair || seat.coordinator || seat.deputy || repAt(seat, card)) return true;
  return seat.observer && card.meeting === 'open';
}

/** Whether this person may sync the card's document of this kind: all of it, since whoever syncs it holds it. */
export function mayRead(seat: Seat, card: CardFacts, kind: DocumentKind): boolean {
  if (!maySee(seat, card)) return false;
  if (kind === 'cards') return true;
  return seat.chair || seat.coordinator || repAt(seat, card);
}

/** The protected class outside the documents: narrative, telephones, addresses. */
export function mayReadProtected(seat: Seat, card: CardFacts): boolean {
  return mayRead(seat, card, 'protected');
}

/** Who may write a section, while the card can be written at all. */
export function mayWriteEver(seat: Seat, card: CardFacts, section: Section): boolean {
  if (hidden(seat, card)) return false;
  switch (section) {
    case 'analysis':
    case 'plan':
    case 'questions':
    case 'safety':
      return seat.chair || seat.coordinator || repAt(seat, card);
    case 'summary':
      return seat.chair;
    case 'voice':
      return sitsFor(
        seat,
        card.idva.filter((agency) => card.agencies.includes(agency))
      );
    default: {
      const agency = section.slice('agency/'.length);
      if (!card.agencies.includes(agency)) return false;
      return seat.agencies.includes(agency) || seat.coordinator;
    }
  }
}

/** Whether this person may write this section now. */
export function mayWrite(seat: Seat, card: CardFacts, section: Section): boolean {
  return !card.locked && card.meeting !== 'closed' && mayWriteEver(seat, card, section);
}

/** Acts at a meeting as a whole. */
export function mayLead(
  seat: Seat,
  act:
    | 'open'
    | 'close'
    | 'take'
    | 'give'
    | 'ask'
    | 'show'
    | 'reveal'
    | 'conclude'
    | 'lock'
    | 'phase'
    | 'read'
    | 'stage'
    | 'bring'
    | 'arrange'
    | 'time'
): boolean {
  switch (act) {
    case 'open':
    case 'arrange':
      return seat.chair || seat.coordinator;
    case 'ask':
      return !seat.chair && (seat.deputy || seat.coordinator);
    case 'take':
      return seat.deputy && !seat.chair;
    default:
      return seat.chair;
  }
}

/** Whether this person may put the meeting on the room's screen: whoever has all of its families. */
export function mayProject(seat: Seat): boolean {
  return seat.chair || seat.deputy || seat.coordinator;
}

/** The seat of the room's screen that this person opened: it watches, as an observer does, and has nobody's rights. */
export function screenSeat({ userId }: Seat): Seat {
  return {
    userId,
    agencies: [],
    coordinator: false,
    administrator: false,
    chair: false,
    deputy: false,
    observer: true
  };
}

/** Whether this person, who has a place at the meeting, agrees to its statement: everyone for themselves. */
export function mayAgree(seat: Seat): boolean {
  return seat.chair || seat.deputy || seat.coordinator || seat.observer || seat.agencies.length > 0;
}

/** Whether this person may say that somebody is here, away or has left: for oneself, or for the room. */
export function maySayPresent(seat: Seat, userId: string | undefined): boolean {
  return seat.chair || seat.coordinator || userId === seat.userId;
}

/** Whether this person may declare a conflict of interest: one's own, or, for the room, anybody's. */
export function mayExclude(seat: Seat, card: CardFacts, userId: string): boolean {
  return maySee(seat, card) && (seat.chair || seat.coordinator || userId === seat.userId);
}

/**
 * Whether this person may state a fact (record, rating, dissent) for an agency at the card.
 * @param shared the agencies for which this person's laptop speaks as well, because they share a room and it
 */
export function mayStateFor(
  seat: Seat,
  card: CardFacts,
  agency: string,
  shared: readonly string[] = []
): boolean {
  return (
    maySee(seat, card) &&
    card.agencies.includes(agency) &&
    (seat.agencies.includes(agency) || seat.coordinator || (repAt(seat, card) && shared.includes(agency)))
  );
}

/** Whether this person may let another agency's laptop speak for this one, or end it: its own rep, or for the room. */
export function mayShareLaptop(seat: Seat, agency: string): boolean {
  return seat.chair || seat.coordinator || seat.agencies.includes(agency);
}

/** Whether this person may raise or lower a hand: their own, or, for the room, anybody's. Who observes, listens. */
export function mayRaiseHand(seat: Seat, userId: string | undefined): boolean {
  if (seat.chair || seat.coordinator) return true;
  return userId === seat.userId && (seat.deputy || seat.agencies.length > 0);
}

/** Whether this person may accept or decline an action for the agency that is to do it: nobody can for another's. */
export function mayAnswerFor(seat: Seat, card: CardFacts, agency: string): boolean {
  return maySee(seat, card) && card.agencies.includes(agency) && seat.agencies.includes(agency);
}

/** Whether this person may make the notification's version for the table. */
export function mayTell(seat: Seat, card: CardFacts): boolean {
  return (
    maySee(seat, card) &&
    (seat.coordinator ||
      sitsFor(
        seat,
        card.police.filter((agency) => card.agencies.includes(agency))
      ))
  );
}

/** Whether this person may ask somebody in for a card, and let them into the video call and out of it. */
export function mayAsk(seat: Seat, card: CardFacts): boolean {
  return maySee(seat, card) && (seat.chair || seat.coordinator);
}

/**
 * Whether the link to the video call is this person's: always of who attends the whole meeting, and of others
 * while they are called in.
 * @param core the agencies that attend the whole
 */
export function mayHaveLink(seat: Seat, core: readonly string[], called: boolean): boolean {
  return seat.chair || seat.deputy || seat.coordinator || seat.observer || sitsFor(seat, core) || called;
}

/** What was decided and what became of it: whoever has a place at the locked card, with an action or without. */
export function mayReadOutcome(seat: Seat, card: CardFacts): boolean {
  return card.locked && maySee(seat, card);
}

/**
 * Whether this person may say what became of an action: the agency that has it, or the coordinator for it. What
 * is nobody's was done by nobody; the coordinator alone ends it.
 * @param ownerId the agency that has it; null: nobody's.
 */
export function mayEnd(seat: Seat, card: CardFacts, ownerId: string | null, state: Became): boolean {
  if (!mayReadOutcome(seat, card)) return false;
  if (seat.coordinator) return ownerId !== null || state !== 'done';
  return ownerId !== null && sitsFor(seat, [ownerId]);
}

/** Whether this person may say that the outcome was told: the IDVA's agency to a victim, the coordinator to the referrer. */
export function mayTellOutcome(seat: Seat, card: CardFacts, whom: 'victim' | 'referrer'): boolean {
  if (!mayReadOutcome(seat, card)) return false;
  if (whom === 'referrer') return seat.coordinator;
  return sitsFor(
    seat,
    card.idva.filter((agency) => card.agencies.includes(agency))
  );
}

/** Late edits, exports and attribution: what stands beside the card. */
export function mayReadBeside(seat: Seat, card: CardFacts): boolean {
  return !hidden(seat, card) && (seat.chair || seat.coordinator);
}

/** Whether this person may bring late edits and corrections into a locked card, by an amendment; after the close too. */
export function mayAmend(seat: Seat, card: CardFacts): boolean {
  return card.locked && !hidden(seat, card) && seat.chair;
}

/** Whether this person may propose a correction of a locked card to the chair; it decides nothing. */
export function mayPropose(seat: Seat, card: CardFacts): boolean {
  return card.locked && !hidden(seat, card) && (seat.chair || seat.coordinator || repAt(seat, card));
}

/** Whether this person may read how meetings are attended: figures alone, of nobody by name. */
export function mayReadReports(who: Pick<Seat, 'coordinator' | 'administrator'>): boolean {
  return who.coordinator || who.administrator;
}
