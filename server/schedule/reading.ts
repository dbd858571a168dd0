// What the pages about scheduling show: one's meetings, what a new one is made of, an agenda. Made for one
// person: what they may not see is not in it, not even as a count. Carries SCHED rules.
import { and, asc, desc, eq, isNull } from 'drizzle-orm';
import { byConcern } from '#lib/domain/agenda.ts';
import type { Grade } from '#lib/domain/family.ts';
import { inLondon, weekAfter } from '#lib/domain/london.ts';
import type { Db } from '../database/database.ts';
import { families } from '../database/schema/families.ts';
import { agencies, memberships, users } from '../database/schema/identity.ts';
import { cardAgencies, cards, conflicts, meetingObservers, meetings } from '../database/schema/meetings.ts';
import { casesOf, type CaseListing } from '../families/cases.ts';
import type { Session } from '../identity/session.ts';

export interface Person {
  readonly id: string;
  readonly name: string;
  /** 'Police, coordinator': what tells two people of one name apart. */
  readonly as: string;
}

export interface AgencyChoice {
  readonly id: string;
  readonly code: string;
  readonly name: string;
}

/** A family that waits for a meeting. */
export interface FamilyChoice {
  readonly caseId: string;
  readonly reference: string;
  /** The victims' names, for the coordinator's own list. */
  readonly name: string;
  readonly members: number;
  /** YYYY-MM-DD, of its newest notification. */
  readonly reported: string;
  readonly incidentType: string;
  readonly grade: Grade | null;
  readonly notReached: boolean;
  /** Why its last meeting carried it to the next; null where it did not. */
  readonly carried: string | null;
  /** Proposed for the next meeting: nothing was decided since its newest notification. */
  readonly proposed: boolean;
}

export interface Choices {
  readonly people: readonly Person[];
  /** Those at every card. */
  readonly core: readonly AgencyChoice[];
  /** Those called card by card. */
  readonly called: readonly AgencyChoice[];
  /** By concern, the highest first. */
  readonly families: readonly FamilyChoice[];
}

/** A new meeting's details as they were the last time: a week after it, with the same people at the same place. */
export interface Proposal {
  /** YYYY-MM-DD; empty where that day has passed. */
  readonly date: string;
  readonly time: string;
  readonly place: string;
  readonly videoLink: string;
  readonly chairId: string;
  readonly deputyId: string;
}

export interface NewMeeting extends Choices {
  readonly proposal: Proposal | null;
}

export interface AgendaCard {
  readonly id: string;
  readonly reference: string;
  readonly name: string;
  readonly members: number;
  readonly reported: string;
  readonly incidentType: string;
  readonly grade: Grade | null;
  readonly calledIds: readonly string[];
  readonly locked: boolean;
}

export interface Agenda extends Choices {
  readonly meeting: {
    readonly id: string;
    readonly startsAt: Date;
    readonly place: string;
    readonly videoLink: string | null;
    readonly state: 'planned' | 'open' | 'closed';
    readonly chairId: string;
    readonly deputyId: string | null;
    readonly observerIds: readonly string[];
  };
  readonly cards: readonly AgendaCard[];
}

/** What a meeting can be made of: who may be named, which agencies there are, which families wait. */
export async function newMeeting(db: Db, session: Session, now: Date): Promise<NewMeeting> {
  const [choices, listing, [last]] = await Promise.all([
    peopleAndAgencies(db, session),
    listed(db, session),
    db
      .select()
      .from(meetings)
      .where(eq(meetings.areaId, session.area.id))
      .orderBy(desc(meetings.startsAt))
      .limit(1)
  ]);
  return { ...choices, families: waiting(listing), proposal: last ? likeLast(last, now) : null };
}

function likeLast(last: typeof meetings.$inferSelect, now: Date): Proposal {
  const { date, time } = inLondon(last.startsAt);
  const next = weekAfter(date);
  return {
    date: next < inLondon(now).date ? '' : next,
    time,
    place: last.place,
    videoLink: last.videoLink ?? '',
    chairId: last.chairId,
    deputyId: last.deputyId ?? ''
  };
}

/** The agenda of a meeting of the area; undefined where there is none. A card hidden from the asker is not on it. */
export async function agendaOf(db: Db, session: Session, meetingId: string): Promise<Agenda | undefined> {
  const [[meeting], observers, onAgenda, called, listing, others] = await Promise.all([
    db
      .select()
      .from(meetings)
      .where(and(eq(meetings.id, meetingId), eq(meetings.areaId, session.area.id))),
    db.select().from(meetingObservers).where(eq(meetingObservers.meetingId, meetingId)),
    db
      .select({ card: cards, reference: families.reference })
      .from(cards)
      .innerJoin(families, eq(families.id, cards.familyId))
      .leftJoin(conflicts, and(eq(conflicts.cardId, cards.id), eq(conflicts.userId, session.user.id)))
      .where(
        and(
          eq(cards.meetingId, meetingId),
          eq(cards.areaId, session.area.id),
          isNull(cards.withdrawnAt),
          isNull(conflicts.id)
        )
      )
      .orderBy(asc(cards.position), asc(cards.id)),
    db
      .select({ cardId: cardAgencies.cardId, agencyId: cardAgencies.agencyId })
      .from(cardAgencies)
      .innerJoin(cards, eq(cards.id, cardAgencies.cardId))
      .where(eq(cards.meetingId, meetingId)),
    listed(db, session),
    peopleAndAgencies(db, session)
  ]);
  if (!meeting) return undefined;
  const { id, startsAt, place, videoLink, state, chairId, deputyId } = meeting;
  return {
    ...others,
    families: waiting(listing),
    meeting: {
      ...{ id, startsAt, place, videoLink, state, chairId, deputyId },
      observerIds: observers.map(({ userId }) => userId)
    },
    cards: onAgenda.flatMap(({ card, reference }): AgendaCard[] => {
      const family = listing.find((each) => each.reference === reference || each.also.includes(reference));
      if (!family) return [];
      return [
        {
          ...shown(family),
          // The card's own, as the board says it, also where its family was joined into another since.
          reference,
          id: card.id,
          calledIds: called.flatMap(({ cardId, agencyId }) => (cardId === card.id ? [agencyId] : [])),
          locked: card.lockedAt !== null
        }
      ];
    })
  };
}

const listed = (db: Db, session: Session) => casesOf(db, session.area.id, session.user.id);

function waiting(listing: readonly CaseListing[]): FamilyChoice[] {
  return listing
    .filter(({ meeting }) => meeting === null)
    .sort(byConcern)
    .map((family) => ({
      ...shown(family),
      caseId: family.id,
      notReached: family.notReached,
      carried: family.carried,
      proposed: family.toSchedule
    }));
}

function shown({ reference, name, members, reported, incidentType, grade }: CaseListing) {
  return { reference, name, members: members.length, reported, incidentType, grade };
}

async function peopleAndAgencies(
  db: Db,
  session: Session
): Promise<Pick<Choices, 'people' | 'core' | 'called'>> {
  const [there, held] = await Promise.all([
    db
      .select()
      .from(agencies)
      .where(eq(agencies.areaId, session.area.id))
      .orderBy(asc(agencies.position), asc(agencies.code)),
    db
      .select({ id: users.id, name: users.name, role: memberships.role, agency: agencies.name })
      .from(memberships)
      .innerJoin(users, eq(users.id, memberships.userId))
      .leftJoin(agencies, eq(agencies.id, memberships.agencyId))
      .where(and(eq(memberships.areaId, session.area.id), isNull(memberships.endedAt)))
      .orderBy(asc(users.name), asc(users.id))
  ]);
  const choice = ({ id, code, name }: AgencyChoice): AgencyChoice => ({ id, code, name });
  return {
    people: [...Map.groupBy(held, ({ id }) => id).values()].flatMap(([first, ...rest]) =>
      first ? [{ id: first.id, name: first.name, as: [first, ...rest].map(inWords).join(', ') }] : []
    ),
    core: there.filter(({ core }) => core).map(choice),
    called: there.filter(({ core }) => !core).map(choice)
  };
}

function inWords({ role, agency }: { role: 'rep' | 'coordinator' | 'administrator'; agency: string | null }) {
  return role === 'rep' ? (agency ?? 'no agency') : role;
}
