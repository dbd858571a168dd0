// The course of a meeting by command: its phases, the statement read and agreed to, the stage of the family that is
// spoken of, everyone called to one place. Nobody is moved by any of it. Carries COURSE rules.
import { eq } from 'drizzle-orm';
import { afterReveal, mayPass, mayStand, type Phase, type Stage } from '#lib/domain/course.ts';
import { mayAgree, mayLead } from '#lib/domain/permission.ts';
import { record } from '../../audit/audit.ts';
import type { Transaction } from '../../database/database.ts';
import { cardStages, meetingPhases, statementActs } from '../../database/schema/course.ts';
import { areas } from '../../database/schema/identity.ts';
import { cards } from '../../database/schema/meetings.ts';
import { readCardCourses, readingOfStatement, readMeetingCourse } from '../course.ts';
import { beginTurn } from '../pacing.ts';
import { seatAtCard } from '../seats.ts';
import {
  inAnotherState,
  locked,
  notAllowed,
  notFound,
  stated,
  writtenAt,
  type AtMeeting,
  type Done
} from './acting.ts';

const words: Record<'open' | 'break' | 'closing', string> = {
  open: 'The meeting goes on.',
  break: 'There is a break. You can go on writing.',
  closing: 'The chair is closing the meeting.'
};

/** The chair calls a break, goes on, or begins to close. Writing goes on in each of them. */
export async function setPhase(
  tx: Transaction,
  { session, seat, meeting, command }: AtMeeting<'meeting.phase'>
): Promise<Done> {
  if (!mayLead(seat, 'phase')) throw notAllowed('Only the chair calls a break or begins to close.');
  const { phase: last } = await readMeetingCourse(tx, meeting.id, '');
  const from: Phase = meeting.state === 'open' ? (last?.phase ?? 'open') : 'closed';
  if (meeting.state !== 'open') throw inAnotherState('The meeting is not open.');
  if (!mayPass(from, command.phase)) return { result: { phase: from } };
  await writePhase(tx, { session, meeting, phase: command.phase });
  // In a break no family's time runs; it runs on when the meeting does.
  const cardId = command.phase === 'open' ? meeting.currentCardId : null;
  await beginTurn(tx, { meetingId: meeting.id, cardId, by: session.user.id });
  return { result: { phase: command.phase }, notice: { kind: 'phase', text: words[command.phase] } };
}

/** Writes which phase a meeting is in from now on. */
export async function writePhase(
  tx: Transaction,
  at: Pick<AtMeeting<'meeting.phase'>, 'session'> & {
    readonly meeting: { readonly id: string };
    readonly phase: Exclude<Phase, 'gathering'>;
  }
): Promise<void> {
  const { session, meeting, phase } = at;
  await tx.insert(meetingPhases).values({ meetingId: meeting.id, phase, by: session.user.id, at: writtenAt });
}

/** Whoever takes part agrees to the statement as it reads now; agreeing again changes nothing. */
export async function agreeToStatement(
  tx: Transaction,
  { session, seat, meeting }: AtMeeting<'statement.agree'>
): Promise<Done> {
  if (!mayAgree(seat)) throw notAllowed('Who has a place at the meeting agrees to its statement.');
  return actOnStatement(tx, { session, meeting, act: 'agreed' });
}

/** The chair marks that the statement was read aloud, or that it was not after all. */
export async function markStatementRead(
  tx: Transaction,
  { session, seat, meeting, command }: AtMeeting<'statement.read'>
): Promise<Done> {
  if (!mayLead(seat, 'read')) throw notAllowed('The chair marks that the statement was read aloud.');
  return actOnStatement(tx, { session, meeting, act: command.read ? 'read' : 'not-read' });
}

async function actOnStatement(
  tx: Transaction,
  at: Pick<AtMeeting<'statement.agree'>, 'session' | 'meeting'> & {
    readonly act: 'read' | 'not-read' | 'agreed';
  }
): Promise<Done> {
  const { session, meeting, act } = at;
  if (meeting.state === 'closed') throw inAnotherState('This meeting is closed.');
  const [area] = await tx.select().from(areas).where(eq(areas.id, meeting.areaId));
  const statement = meeting.statement ?? area?.statement ?? '';
  const { agreed, statementRead } = await readMeetingCourse(tx, meeting.id, statement);
  const standsSo = {
    read: statementRead !== null,
    'not-read': statementRead === null,
    agreed: agreed.has(session.user.id)
  };
  if (standsSo[act]) return { result: {} };
  await tx.insert(statementActs).values({
    meetingId: meeting.id,
    by: session.user.id,
    at: writtenAt,
    act,
    reading: readingOfStatement(statement)
  });
  await record(tx, session, {
    act: act === 'agreed' ? 'statement-agreed' : 'statement-read',
    purpose: 'the meeting',
    meetingId: meeting.id,
    detail: act === 'not-read' ? { read: false } : undefined
  });
  return { result: {} };
}

/** Says where the table is with the family that is spoken of. What was stated stays stated, going back too. */
export async function setStage(
  tx: Transaction,
  { session, seat, meeting, command }: AtMeeting<'card.stage'>
): Promise<Done> {
  const [row] = await tx.select().from(cards).where(eq(cards.id, command.cardId)).for('update');
  const at = await seatAtCard(tx, meeting.areaId, session.user.id, command.cardId);
  if (!row || !at || at.meetingId !== meeting.id) throw notFound();
  if (!mayLead(seat, 'stage')) throw notAllowed('The chair says where the table is.');
  if (row.lockedAt) throw locked();
  if (meeting.state !== 'open') throw inAnotherState('The meeting is not open.');
  if (meeting.currentCardId !== row.id) throw inAnotherState('The table is at another family.');
  const [area] = await tx.select().from(areas).where(eq(areas.id, meeting.areaId));
  if (!mayStand(command.stage, row.revealedAt !== null || area?.sealed === false))
    throw inAnotherState('Reveal the ratings first.');
  if ((await stageOf(tx, row.id)) === command.stage) return { result: { version: row.version } };
  await writeStage(tx, { session, cardId: row.id, stage: command.stage });
  return stated(tx, row);
}

/** A reveal brings the table to the ratings. */
export async function stageAfterReveal(
  tx: Transaction,
  at: { readonly session: AtMeeting<'card.stage'>['session']; readonly cardId: string }
): Promise<void> {
  const before = await stageOf(tx, at.cardId);
  const stage = afterReveal(before);
  if (stage !== before) await writeStage(tx, { ...at, stage });
}

async function stageOf(tx: Transaction, cardId: string): Promise<Stage> {
  return (await readCardCourses(tx, [cardId])).get(cardId)?.stage ?? 'new';
}

async function writeStage(
  tx: Transaction,
  at: {
    readonly session: AtMeeting<'card.stage'>['session'];
    readonly cardId: string;
    readonly stage: Stage;
  }
): Promise<void> {
  const { session, cardId, stage } = at;
  await tx.insert(cardStages).values({ cardId, stage, by: session.user.id, at: writtenAt });
}

/** Calls everyone who may see a family to it, or to a place on its card. Who is called stays where they are until they go. */
export async function bringEveryone(
  tx: Transaction,
  { session, seat, meeting, command }: AtMeeting<'everyone.bring'>
): Promise<Done> {
  const at = await seatAtCard(tx, meeting.areaId, session.user.id, command.cardId);
  if (!at || at.meetingId !== meeting.id) throw notFound();
  if (!mayLead(seat, 'bring')) throw notAllowed('The chair calls everyone to one place.');
  if (meeting.state !== 'open') throw inAnotherState('The meeting is not open.');
  const { cardId, stage } = command;
  return {
    result: {},
    notice: {
      kind: 'bring',
      text: 'The chair asks everyone to one place.',
      place: { cardId, stage: stage ?? null },
      cardId
    }
  };
}

/** Deputy or coordinator ask the chair for the chair. The chair alone is told, and not why: it may be a conflict. */
export async function askForChair(
  _tx: Transaction,
  { session, seat, meeting }: AtMeeting<'chair.ask'>
): Promise<Done> {
  if (!mayLead(seat, 'ask')) throw notAllowed('Deputy and coordinator ask the chair to hand over.');
  if (meeting.state === 'closed') throw inAnotherState('This meeting is closed.');
  return {
    result: {},
    notice: {
      kind: 'chair-asked',
      text: `${session.user.name} asks you to hand over the chair for a while.`,
      to: meeting.heldBy
    }
  };
}
