// What a decision holds, and its one canonical form. The shape is `schemaVersion`'s: what is added to it or
// taken from it makes another version. No telephone, address or narrative has a place in it; the victim's
// voice and the safety plan stand in a part of their own. Carries the DEC rules on form.
import canonicalize from 'canonicalize';
import type { Missing } from '#lib/domain/decision.ts';
import type { Legend } from '#lib/domain/legend.ts';
import type { Section } from '#lib/domain/permission.ts';
import type { Basis, Rating, RecordState } from '#lib/domain/rating.ts';
import type { Block } from './read.ts';
import type {
  AgencyPart,
  AnalysisPart,
  CardMember,
  ResponseKind,
  SafetyPart,
  schemaVersion
} from './schema.ts';

/** Times are ISO in UTC, days YYYY-MM-DD. */
export interface DecisionContent {
  readonly schemaVersion: typeof schemaVersion;
  /** Counted in the area. */
  readonly number: number;
  /** 1 is the lock's. */
  readonly version: number;
  readonly lockedAt: string;
  /** Who held the chair, and so locked. */
  readonly chair: Named;
  readonly area: { readonly id: string; readonly name: string };
  readonly meeting: {
    readonly id: string;
    readonly startsAt: string;
    readonly place: string;
    /** Who was named to the chair when the meeting was scheduled. */
    readonly namedChair: Named;
    /** The confidentiality statement as it read when the meeting opened. */
    readonly statement: string;
    /** When it was read aloud to the room, and by whose word; null where nobody marked that. */
    readonly statementRead: Stated | null;
  };
  readonly card: {
    readonly id: string;
    readonly reference: string;
    /** How many facts, and how much of each document's journal, the decision holds. */
    readonly facts: number;
    readonly journal: { readonly cards: number; readonly protected: number };
  };
  /** What the colours meant on the meeting's day. */
  readonly legend: Legend;
  /** By when, at the family's joint rating, it is to be answered; null where the legend sets no time. */
  readonly responseDue: string | null;
  readonly members: readonly DecidedMember[];
  /** Who was added to the family or mended at the table, and why; not how it read before, which may be another's name. */
  readonly membersChanged: readonly (Stated & {
    readonly memberId: string;
    readonly act: 'added' | 'mended';
    readonly reason: string;
  })[];
  readonly agencies: readonly { readonly id: string; readonly code: string; readonly name: string }[];
  readonly present: readonly Present[];
  /** For whom, by a conflict of interest, the card did not exist. */
  readonly conflicts: readonly Named[];
  readonly notifications: readonly DecidedNotification[];
  readonly information: readonly Information[];
  readonly records: readonly (OfAgency & {
    readonly memberId: string;
    readonly record: RecordState;
    readonly searched: { readonly systems: string; readonly from: string; readonly to: string } | null;
  })[];
  readonly ratings: readonly (OfAgency & {
    readonly memberId: string | null;
    readonly rating: Rating;
    readonly basis: Basis | null;
  })[];
  readonly joint: readonly (Stated & {
    readonly memberId: string | null;
    readonly rating: Rating;
    readonly reason: string;
  })[];
  readonly dissents: readonly (Stated & {
    readonly memberId: string | null;
    readonly agencyId: string | null;
    /** At whose laptop, where it was stated for another agency in the same room. */
    readonly laptopOf: string | null;
    readonly reason: string;
  })[];
  readonly analysis: Readonly<Record<AnalysisPart, readonly Block[]>>;
  readonly actions: readonly DecidedAction[];
  readonly responses: readonly {
    readonly memberId: string;
    readonly kind: ResponseKind;
    readonly blocks: readonly Block[];
  }[];
  readonly questions: readonly {
    readonly id: string;
    readonly text: string;
    readonly agencyId: string | null;
    readonly answer: string;
  }[];
  readonly summary: readonly Block[];
  /** What was missing when the chair locked all the same, and why. */
  readonly passed: { readonly missing: readonly Missing[]; readonly reason: string } | null;
  /** Of the protected class: kept, and in no minutes, export or print. */
  readonly protected: {
    readonly voice: readonly Block[];
    readonly safety: readonly {
      readonly memberId: string;
      readonly part: SafetyPart;
      readonly blocks: readonly Block[];
    }[];
    /** What an amendment changed here; absent where it changed nothing here. */
    readonly amendment?: AmendedPart;
  };
  /** What this version changed of the one before it, and why; absent in the lock's own. */
  readonly amendment?: Amendment;
}

/** How a version came of the one before it. What concerns the protected part stands there. */
export interface Amendment extends AmendedPart {
  readonly amends: { readonly number: number; readonly version: number; readonly hash: string };
  /** Who held the chair when it was made. */
  readonly by: Named;
  readonly at: string;
  readonly reason: string;
}

export interface AmendedPart {
  readonly lateEdits: readonly {
    readonly id: string;
    readonly by: Named;
    /** By the author's device; null where it did not say. */
    readonly writtenAt: string | null;
    readonly arrivedAt: string;
    readonly sections: readonly Section[];
  }[];
  /** Corrections in words. They stand beside what was decided and replace none of it. */
  readonly corrections: readonly {
    /** The part that it is about; null: the record as a whole. */
    readonly about: { readonly section: Section; readonly key: string | null } | null;
    readonly words: string;
    /** Who proposed it; null: who made the amendment. */
    readonly proposed: (Stated & { readonly agencyId: string | null }) | null;
  }[];
  readonly changed: readonly Change[];
}

/** One part of the card as it read before and as it reads now; null: it was not there, or is gone. */
export interface Change {
  readonly section: Section;
  readonly key: string | null;
  /** The field of an action or a question; null: the part is prose, given as plain text. */
  readonly field: string | null;
  readonly before: string | null;
  readonly after: string | null;
}

export interface Named {
  readonly userId: string;
  readonly name: string;
}

interface Stated {
  readonly by: Named;
  readonly at: string;
}

interface OfAgency extends Stated {
  readonly agencyId: string;
  readonly reason: string | null;
  /** Written down by the coordinator for the agency. */
  readonly noted: boolean;
  /** At whose laptop, where it was stated for another agency in the same room. */
  readonly laptopOf: string | null;
  readonly afterReveal: boolean;
}

export interface DecidedMember {
  readonly id: string;
  readonly role: CardMember['role'];
  readonly name: string;
  readonly born: string | null;
  /** Whole years at the meeting. */
  readonly age: number | null;
}

/** Someone who was there, or sent word. */
export interface Present {
  /** Null: someone without an account, written down by hand. */
  readonly userId: string | null;
  readonly name: string;
  readonly agencies: readonly string[];
  readonly role: 'chair' | 'deputy' | 'coordinator' | 'rep' | 'observer';
  /** Null: nobody said how, but the card was open on this person's screen. */
  readonly mode: 'room' | 'remote' | 'papers' | 'apologies' | null;
  /** When the card was first open on this person's screen. */
  readonly openedAt: string | null;
  /** When the person left, where they did before the lock. */
  readonly leftAt: string | null;
  /** When the person agreed to the statement as it read at this meeting; null where they did not. */
  readonly agreedAt: string | null;
  /** When the person, who was remote, said that nobody could overhear; null where they did not, or were not. */
  readonly aloneAt: string | null;
}

export interface DecidedNotification {
  readonly occurrence: string;
  readonly incidentDate: string | null;
  readonly incidentTime: string | null;
  readonly incidentType: string;
  readonly grade: 'high' | 'medium' | 'standard' | null;
  readonly dash: number | null;
  /** The version that the police's rep or the coordinator made for everyone at the table. */
  readonly tableVersion: string | null;
  readonly incomplete: string | null;
}

export interface Information {
  readonly agencyId: string;
  /** Some of it was written by the coordinator, and the agency had not confirmed it. */
  readonly unconfirmed: boolean;
  readonly parts: readonly {
    /** Null: of the family. */
    readonly memberId: string | null;
    readonly part: AgencyPart;
    readonly blocks: readonly Block[];
  }[];
}

export interface DecidedAction {
  readonly id: string;
  readonly what: string;
  readonly memberId: string | null;
  readonly agencyId: string | null;
  readonly by: string | null;
  /** SHA-256, hex, of the action's canonical form. */
  readonly reading: string;
  /** Accepted by its agency as it reads; where not, it is nobody's. */
  readonly accepted: boolean;
  /** The agency's last answer, whatever it read then. */
  readonly answer:
    (Stated & { readonly answer: 'accepted' | 'declined'; readonly reason: string | null }) | null;
}

/** What may leave the card's own table: all but the protected part and who had a conflict. */
export type SharedContent = Omit<DecisionContent, 'protected' | 'conflicts'>;

/** A decision's content without what no minutes and no export hold. */
export function withoutProtected(content: DecisionContent): SharedContent {
  const { protected: _protected, conflicts: _conflicts, ...shared } = content;
  return shared;
}

/**
 * The canonical form, RFC 8785: the same content gives the same text, whatever order its keys were filled in.
 * Half a letter (a lone surrogate, which editing can leave behind) has no UTF-8, and is read as U+FFFD.
 */
export function canonicalForm(content: DecisionContent): string {
  return canonicalText(content);
}

/** Any part of a decision's content in the same form, to compare it with another. */
export function canonicalText(part: object): string {
  const text = canonicalize(wellFormed(part));
  if (text === undefined) throw new TypeError('a decision without content');
  return text;
}

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, wellFormed(each)]));
}
