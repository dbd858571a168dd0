// The demonstration's meetings that are over, in the months before this one, so that what follows a meeting and what is
// told over time have something to show. Nobody can wait for months: their rows are laid here with the times of then.
// The decisions are none of these rows: they are locked by the one lock there is, with its clock set back, so that
// their chain is whole and verifies. For the demonstration's area alone.
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type * as Y from 'yjs';
import { addAction, addQuestion, appendParagraphs, setQuestionWords } from '#lib/card/edit.ts';
import { monthOf } from '#lib/domain/months.ts';
import type { Db } from '../database/database.ts';
import { meetingPhases } from '../database/schema/course.ts';
import { auditEvents } from '../database/schema/decisions.ts';
import { actionUpdates } from '../database/schema/followup.ts';
import {
  acceptances,
  attendance,
  cards,
  chairHistory,
  jointRatings,
  meetings,
  ratings
} from '../database/schema/meetings.ts';
import { turns } from '../database/schema/pace.ts';
import { pulseCounts } from '../database/schema/pulse.ts';
import { openDecisions, type Decisions } from '../decisions/decisions.ts';
import { firstStatement } from '../identity/areas.ts';
import type { Session } from '../identity/session.ts';
import { readingOf } from '../meetings/commands/answering.ts';
import { openJudge } from '../meetings/door.ts';
import { addCard, membersOn } from '../schedule/cards.ts';
import type { Services } from '../services.ts';
import { openSync, type Sync } from '../sync/sync.ts';
import { earlier, type EarlierFamily, type EarlierMeeting } from './earlier-words.ts';
import { demoId, people } from './people.ts';
import { write, type Edit } from './writing.ts';

const agencyId = (code: string) => demoId('agency', code);
const userOf = (code: string) =>
  demoId('user', people.find((person) => person.agency === code && person.role === 'rep')?.name ?? '');

interface Hands {
  readonly db: Db;
  readonly sync: Sync;
  readonly decisions: Decisions;
  readonly coordinator: Session;
  readonly chair: Session;
  readonly caseOf: ReadonlyMap<string, string>;
  readonly today: Date;
}

/** Lays them, the oldest first. */
export async function layEarlier(
  { database, log, config, identity: { sessionOf } }: Services,
  who: Pick<Hands, 'coordinator' | 'chair' | 'caseOf' | 'today'>
): Promise<void> {
  let clock = who.today;
  const judge = openJudge(database.db);
  const sync = openSync({ database, log, config, sessionOf, judge, now: () => clock });
  const hands = { ...who, db: database.db, sync, decisions: openDecisions({ database, sync }) };
  for (const meeting of earlier) {
    const at = (minutes: number) => new Date(begun(who.today, meeting.months) + minutes * 60_000);
    const { meetingId, cardIds } = await lay(hands, meeting, at);
    for (const [index, family] of meeting.families.entries()) {
      const turn = (index * meeting.minutes) / meeting.families.length;
      clock = at(turn + 20);
      await decide(hands, family, cardIds[index] ?? '', at(turn + 10));
    }
    await hands.db
      .update(meetings)
      .set({ state: 'closed', closedAt: at(meeting.minutes) })
      .where(eq(meetings.id, meetingId));
  }
  await sync.close();
}

/** Ten o'clock (UTC) of the second Tuesday, so many months ago. */
function begun(today: Date, months: number): number {
  const eighth = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - months, 8, 10));
  return eighth.getTime() + ((9 - eighth.getUTCDay()) % 7) * 86_400_000;
}

/** The meeting as it stands open, with who came and went. */
async function lay(
  { db, sync, coordinator, chair, caseOf }: Hands,
  meeting: EarlierMeeting,
  at: (minutes: number) => Date
): Promise<{ meetingId: string; cardIds: string[] }> {
  const areaId = coordinator.area.id;
  const by = chair.user.id;
  const meetingId = randomUUID();
  const event = { areaId, meetingId, purpose: 'the meeting' };
  return db.transaction(async (tx) => {
    await tx.insert(meetings).values({
      ...{ id: meetingId, areaId, chairId: by, heldBy: by, createdBy: coordinator.user.id },
      ...{ place: 'Committee room 2, and by video', state: 'open', startsAt: at(0), openedAt: at(0) },
      ...{ statement: firstStatement, minutesPerFamily: 25 }
    });
    await tx.insert(chairHistory).values({ meetingId, userId: by, act: 'named', by, at: at(0) });
    await tx.insert(meetingPhases).values([
      { meetingId, phase: 'open', by, at: at(0) },
      { meetingId, phase: 'closed', by, at: at(meeting.minutes) }
    ]);
    const cardIds: string[] = [];
    for (const { occurrence, called } of meeting.families) {
      const chosen = { caseId: caseOf.get(occurrence) ?? '', agencyIds: called.map(agencyId) };
      cardIds.push(await addCard(tx, sync, coordinator, meetingId, chosen));
    }
    await tx.insert(turns).values(
      cardIds.map((cardId, index) => ({
        ...{ meetingId, cardId, by },
        at: at((index * meeting.minutes) / cardIds.length)
      }))
    );
    const attended = Object.entries(meeting.attended).map(([name, how]) => ({
      userId: demoId('user', name),
      ...how
    }));
    await tx
      .insert(attendance)
      .values(attended.map(({ userId, mode }) => ({ meetingId, userId, mode, by: userId, at: at(0) })));
    await tx.insert(auditEvents).values(
      attended.flatMap(({ userId, mode, stays = [] }) =>
        stays.flatMap(([from, to]) => {
          const connection = randomUUID();
          return [
            { ...event, userId, act: 'connected', at: at(from), detail: { mode, connection } },
            { ...event, userId, act: 'disconnected', at: at(to), detail: { connection } }
          ];
        })
      )
    );
    await tx.insert(pulseCounts).values(
      (['room', 'remote'] as const).map((mode) => {
        const { follow, heard } = meeting.pulse[mode];
        return {
          ...{ areaId, month: monthOf(at(0)), mode },
          ...{ followYes: follow[0], followPartly: follow[1], followNo: follow[2] },
          ...{ heardYes: heard[0], heardPartly: heard[1], heardNo: heard[2] }
        };
      })
    );
    return { meetingId, cardIds };
  });
}

/** A family as its table left it: what was written and stated, the lock, and what became of its actions. */
async function decide(
  { db, decisions, chair, today }: Hands,
  family: EarlierFamily,
  cardId: string,
  at: Date
): Promise<void> {
  const areaId = chair.area.id;
  const by = chair.user.id;
  const day = (from: Date, days: number) =>
    new Date(from.getTime() + days * 86_400_000).toISOString().slice(0, 10);
  const members = await membersOn(db, cardId);
  const planned = family.actions.map((action, index) => ({
    ...action,
    actionId: `earlier-${index + 1}`,
    terms: {
      what: action.what,
      agencyId: agencyId(action.agency),
      by: day(action.became ? at : today, action.days),
      memberId: members.find(({ role }) => role === 'victim')?.id ?? null
    }
  }));
  await write(db, cardId, at, [
    ...family.said.map(({ agency, line }) => ({
      userId: userOf(agency),
      section: `agency/${agencyId(agency)}` as const,
      edit: (doc: Y.Doc) => void appendParagraphs(doc, `agency/${agencyId(agency)}`, 'family/facts', [line])
    })),
    ...planned.map(({ agency, terms, actionId }) => ({
      userId: userOf(agency),
      section: 'plan' as const,
      edit: (doc: Y.Doc) => void addAction(doc, terms, actionId)
    })),
    ...(family.question ? [asked(family.question)] : []),
    {
      userId: by,
      section: 'summary',
      edit: (doc) => void appendParagraphs(doc, 'summary', undefined, [family.why])
    }
  ]);
  await db
    .update(cards)
    .set({ shownAt: new Date(at.getTime() - 600_000), revealedAt: at })
    .where(eq(cards.id, cardId));
  await db.insert(ratings).values(
    Object.entries(family.ratings).map(([code, rating]) => ({
      ...{ cardId, by: userOf(code), at, agencyId: agencyId(code), rating, basis: 'own-record' as const },
      ...{ noted: false, afterReveal: false }
    }))
  );
  await db.insert(jointRatings).values({ cardId, by, at, rating: family.joint, reason: family.why });
  const accepted = planned.filter((action) => action.accepted);
  await db.insert(acceptances).values(
    accepted.map(({ agency, actionId, terms }) => ({
      ...{ cardId, by: userOf(agency), at, actionId, agencyId: agencyId(agency) },
      ...{ answer: 'accepted' as const, reading: readingOf(terms) }
    }))
  );
  const locked = await decisions.lock(chair, cardId, { reason: 'The rest is agreed between the agencies' });
  if (!locked.ok) throw new Error(`An earlier family was not locked: ${locked.error.message}`);
  const ended = planned.flatMap(({ agency, actionId, terms, became }) =>
    became
      ? [
          {
            ...{ areaId, cardId, actionId, agencyId: agencyId(agency), by: userOf(agency) },
            ...{ state: became.state, note: became.note, noted: false },
            ...{ on: terms.by, at: new Date(`${terms.by}T15:00:00Z`) }
          }
        ]
      : []
  );
  if (ended.length > 0) await db.insert(actionUpdates).values(ended);
}

const asked = ({ agency, text, answer }: NonNullable<EarlierFamily['question']>): Edit => ({
  userId: userOf(agency),
  section: 'questions',
  edit: (doc) =>
    setQuestionWords(doc, addQuestion(doc, { text, agencyId: agencyId(agency) }), 'answer', answer)
});
