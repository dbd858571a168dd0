// What other programs are given over HTTP: a person's meetings, and a card with what they may write on it.
// What is not theirs is answered as what does not exist. Carries the SEAT rules.
import { and, asc, desc, eq, inArray, isNull } from 'drizzle-orm';
import { sectionsOf } from '#lib/card/schema.ts';
import {
  documentKinds,
  mayRead,
  mayHaveLink,
  maySee,
  mayWrite,
  type CardFacts,
  type Section
} from '#lib/domain/permission.ts';
import { courseOf } from '#lib/domain/standing.ts';
import type { CardState, MemberView } from '#lib/protocol/meeting.ts';
import { record } from '../audit/audit.ts';
import type { Database } from '../database/database.ts';
import { families } from '../database/schema/families.ts';
import { agencies, memberships, users } from '../database/schema/identity.ts';
import {
  cardAgencies,
  cards,
  conflicts,
  jointRatings,
  meetingObservers,
  meetings
} from '../database/schema/meetings.ts';
import type { Session } from '../identity/session.ts';
import type { Sync } from '../sync/sync.ts';
import { cardFactsOf, hasPlace, roleOf, seatAtCard, seatOf, type SeatRole } from './seats.ts';
import { readMembers } from './card-families.ts';
import { writeVersion } from './version.ts';

export interface MeetingListing {
  readonly id: string;
  /** ISO, UTC. */
  readonly startsAt: string;
  readonly place: string;
  /** For whoever attends the whole meeting; whoever is called in gets it on the board, with the call. */
  readonly videoLink: string | null;
  /** The name of who holds the chair. */
  readonly chair: string;
  readonly state: 'planned' | 'open' | 'closed';
  readonly role: SeatRole;
  readonly cards: readonly {
    readonly id: string;
    /** Counted among the cards that this person may see. */
    readonly position: number;
    readonly state: CardState;
    readonly family: { readonly reference: string };
  }[];
}

export interface CardListing {
  readonly id: string;
  readonly meetingId: string;
  /** Opaque; moves with every fact and every stored edit. */
  readonly version: string;
  readonly members: readonly MemberView[];
  readonly agencies: readonly {
    readonly id: string;
    readonly code: string;
    readonly name: string;
    readonly core: boolean;
  }[];
  readonly documents: readonly {
    readonly name: string;
    readonly sections: readonly { readonly name: Section; readonly mayWrite: boolean }[];
  }[];
}

/** The meetings at which this person has a place, the newest first. */
export async function listMeetings({ db }: Database, session: Session): Promise<MeetingListing[]> {
  const areaId = session.area.id;
  const userId = session.user.id;
  const [all, held, observed, agenda, there, joint, hidden] = await Promise.all([
    db
      .select({ meeting: meetings, chair: users.name })
      .from(meetings)
      .innerJoin(users, eq(users.id, meetings.heldBy))
      .where(eq(meetings.areaId, areaId))
      .orderBy(desc(meetings.startsAt)),
    db
      .select({ role: memberships.role, agencyId: memberships.agencyId })
      .from(memberships)
      .where(
        and(eq(memberships.areaId, areaId), eq(memberships.userId, userId), isNull(memberships.endedAt))
      ),
    db
      .select({ meetingId: meetingObservers.meetingId })
      .from(meetingObservers)
      .where(eq(meetingObservers.userId, userId)),
    db
      .select({ row: cards, reference: families.reference })
      .from(cards)
      .innerJoin(families, eq(families.id, cards.familyId))
      .where(and(eq(cards.areaId, areaId), isNull(cards.withdrawnAt)))
      .orderBy(asc(cards.position), asc(cards.id)),
    db
      .select({
        cardId: cardAgencies.cardId,
        id: agencies.id,
        kind: agencies.kind,
        core: agencies.core
      })
      .from(cardAgencies)
      .innerJoin(agencies, eq(agencies.id, cardAgencies.agencyId))
      .where(eq(agencies.areaId, areaId)),
    db
      .selectDistinct({ cardId: jointRatings.cardId })
      .from(jointRatings)
      .innerJoin(cards, eq(cards.id, jointRatings.cardId))
      .where(and(eq(cards.areaId, areaId), isNull(jointRatings.memberId))),
    db.select().from(conflicts).where(eq(conflicts.userId, userId))
  ]);
  const core = [...new Set(there.flatMap((agency) => (agency.core ? [agency.id] : [])))];
  const agenciesAt = Map.groupBy(there, ({ cardId }) => cardId);
  const cardsAt = Map.groupBy(agenda, ({ row }) => row.meetingId);
  const concluded = new Set(joint.map(({ cardId }) => cardId));
  const hiddenCards = Map.groupBy(hidden, ({ cardId }) => cardId);
  return all.flatMap(({ meeting, chair }): MeetingListing[] => {
    const observer = observed.some(({ meetingId }) => meetingId === meeting.id);
    const seat = seatOf(userId, { meeting, memberships: held, observer });
    const table = (cardsAt.get(meeting.id) ?? []).map(({ row, reference }) => ({
      row,
      reference,
      facts: cardFactsOf(row, meeting.state, agenciesAt.get(row.id) ?? [], hiddenCards.get(row.id) ?? [])
    }));
    const facts = table.map((card): CardFacts => card.facts);
    if (!hasPlace(seat, facts)) return [];
    const seen = table.filter((card) => maySee(seat, card.facts));
    return [
      {
        id: meeting.id,
        startsAt: meeting.startsAt.toISOString(),
        place: meeting.place,
        videoLink: mayHaveLink(seat, core, false) ? meeting.videoLink : null,
        chair,
        state: meeting.state,
        role: roleOf(
          seat,
          facts.flatMap((each) => each.agencies)
        ),
        cards: seen.map(({ row, reference }, index) => ({
          id: row.id,
          position: index + 1,
          state: courseOf({ ...row, concluded: concluded.has(row.id) }),
          family: { reference }
        }))
      }
    ];
  });
}

/**
 * A card for this person; undefined where it does not exist for them. The opening is in the audit before
 * anything is given.
 */
export async function openCard(
  { db }: Database,
  sync: Sync,
  session: Session,
  cardId: string
): Promise<CardListing | undefined> {
  const at = await seatAtCard(db, session.area.id, session.user.id, cardId);
  if (!at) return undefined;
  const { seat, card, meetingId, familyId } = at;
  await record(db, session, { act: 'card-opened', purpose: 'the meeting', familyId, meetingId, cardId });
  // The facts before the documents: a version may be older than what it is given for, never newer.
  const [[row], members, atCard] = await Promise.all([
    db
      .select({ version: cards.version, startsAt: meetings.startsAt })
      .from(cards)
      .innerJoin(meetings, eq(meetings.id, cards.meetingId))
      .where(eq(cards.id, cardId)),
    readMembers(db, [cardId]),
    db
      .select()
      .from(agencies)
      .where(inArray(agencies.id, [...card.agencies, meetingId]))
      .orderBy(asc(agencies.position), asc(agencies.code))
  ]);
  const seq = await sync.read(cardId, (documents) => documents.seq);
  return {
    id: cardId,
    meetingId,
    version: writeVersion({ facts: row?.version ?? 0, seq }),
    members: members.map(({ member }) => member),
    agencies: atCard.map(({ id, code, name, core }) => ({ id, code, name, core })),
    documents: documentKinds
      .filter((kind) => mayRead(seat, card, kind))
      .map((kind) => ({
        name: `${kind}/${cardId}`,
        sections: sectionsOf(kind, card.agencies).map((name) => ({
          name,
          mayWrite: mayWrite(seat, card, name)
        }))
      }))
  };
}
