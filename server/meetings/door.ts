// The judgement at sync's door: what a person may do with one document of a card. Asked for a whole crowd at once,
// and read from the database each time.
import type { Db } from '../database/database.ts';
import { together } from '../database/together.ts';
import type { Session } from '../identity/session.ts';
import type { Admission } from '../sync/sync.ts';
import { admissionOf, seatsAtCards } from './seats.ts';
import type { DocumentKind } from '#lib/domain/permission.ts';

interface Asked {
  readonly session: Pick<Session, 'user' | 'area' | 'memberships'>;
  readonly meetingId: string;
  readonly kind: DocumentKind;
  readonly cardId: string;
  /** It is the room's screen that asks, which this person opened. */
  readonly screen?: boolean | undefined;
}

/** Gives the judge: null is what does not exist for a person, which includes a card of another meeting than the address names. */
export function openJudge(
  db: Db
): (
  session: Asked['session'],
  meetingId: string,
  document: Pick<Asked, 'kind' | 'cardId' | 'screen'>
) => Promise<Admission | null> {
  const judge = together(async (asked: readonly Asked[]) => {
    const seats = await seatsAtCards(
      db,
      asked.map(({ session, cardId }) => ({ areaId: session.area.id, userId: session.user.id, cardId }))
    );
    return asked.map(({ session, meetingId, kind, screen }, at) =>
      admissionOf(session, meetingId, { kind, screen }, seats[at])
    );
  });
  return (session, meetingId, { kind, cardId, screen }) =>
    judge({ session, meetingId, kind, cardId, screen });
}
