// The face of the meetings: their events over Socket.IO, and what other programs are told of them over HTTP.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { mayProject } from '#lib/domain/permission.ts';
import type { CardAttribution } from '#lib/protocol/attribution.ts';
import type { RatingHistory } from '#lib/protocol/meeting.ts';
import type { Sync } from '../sync/sync.ts';
import { readAttribution } from './attribution.ts';
import type { Database } from '../database/database.ts';
import type { Session } from '../identity/session.ts';
import { statementFor } from './arrival.ts';
import { Gateway, type GatewayNeeds } from './gateway.ts';
import { readHistory } from './history.ts';
import { listMeetings, openCard, type CardListing, type MeetingListing } from './listings.ts';
import { readSince, type Since } from './since.ts';
import { seatAt } from './seats.ts';
import type { CardWriters } from './writing.ts';

export interface Meetings {
  /** Answers an upgrade at /events. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void;
  /** The meetings at which this person has a place, with the cards they may see. */
  list(session: Session): Promise<MeetingListing[]>;
  /** The confidentiality statement of a meeting at which this person has a place; undefined for anyone else. */
  statement(session: Session, meetingId: string): Promise<string | undefined>;
  /** Whether this person may put a meeting on the room's screen. */
  mayProject(session: Session, meetingId: string): Promise<boolean>;
  /** A card for this person, after the audit has it; undefined where it does not exist for them. */
  card(session: Session, cardId: string): Promise<CardListing | undefined>;
  /** Who has just written on which card, for the meeting's chair and coordinator; undefined for anyone else. */
  writing(session: Session, meetingId: string): CardWriters[] | undefined;
  /** Who wrote what on a card, after the audit has it; undefined for all but chair and coordinator. */
  attribution(session: Session, cardId: string): Promise<CardAttribution | undefined>;
  /** How the card's ratings came about, after the audit has the look; undefined where it does not exist for them. */
  history(session: Session, cardId: string): Promise<RatingHistory | undefined>;
  /** What changed at a meeting since then, for this person, after the audit has it; undefined where it is not theirs. */
  since(session: Session, meetingId: string, at: Date): Promise<Since | undefined>;
  /** A meeting was changed by another part: its agenda, its people, a decision. Everyone at it is told. */
  changed(meetingId: string): Promise<void>;
  /** Somebody's right to be here changed or ended. */
  rejudge(whose: { readonly userId?: string; readonly sessionId?: string }): Promise<void>;
  healthy(): boolean;
  /** Who is connected to meetings, and how many wait to be. */
  present(): { readonly connections: number; readonly people: ReadonlySet<string>; readonly waiting: number };
  close(): Promise<void>;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Opens the meetings. Whoever calls it calls `close` when done, before sync and the database are closed. */
export function openMeetings(
  needs: GatewayNeeds & { readonly database: Database; readonly sync: Sync }
): Meetings {
  const gateway = new Gateway(needs);
  return {
    upgrade: (request, stream, head) => gateway.upgrade(request, stream, head),
    list: (session) => listMeetings(needs.database, session),
    statement: async (session, meetingId) =>
      uuid.test(meetingId) ? statementFor(needs.database, session, meetingId) : undefined,
    async mayProject({ area, user }, meetingId) {
      const at = uuid.test(meetingId) && (await seatAt(needs.database.db, area.id, user.id, meetingId));
      return at ? mayProject(at.seat) : false;
    },
    card: async (session, cardId) =>
      uuid.test(cardId) ? openCard(needs.database, needs.sync, session, cardId.toLowerCase()) : undefined,
    since: async (session, meetingId, at) =>
      uuid.test(meetingId) ? readSince(needs.database, session, meetingId, at) : undefined,
    writing: (session, meetingId) => gateway.writing(session.area.id, session.user.id, meetingId),
    attribution: async (session, cardId) =>
      uuid.test(cardId)
        ? readAttribution(needs.database, needs.sync, session, cardId.toLowerCase())
        : undefined,
    history: async (session, cardId) =>
      uuid.test(cardId) ? readHistory(needs.database, session, cardId.toLowerCase()) : undefined,
    changed: (meetingId) => gateway.refresh(meetingId),
    rejudge: (whose) => gateway.rejudge(whose),
    healthy: () => gateway.open,
    present: () => gateway.present(),
    close: () => gateway.close()
  };
}
