// A command from its bytes to its answer: parsed, done once, authorised by the permission table on rows that
// it holds, and answered with what everyone may read aloud. Carries the CMD rules.
import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { commandSchema, type Command, type CommandAnswer, type CommandFault } from '#lib/protocol/command.ts';
import type { Transaction } from '../../database/database.ts';
import { cards, meetings } from '../../database/schema/meetings.ts';
import type { Session } from '../../identity/session.ts';
import { plainError } from '../../log.ts';
import { seatAt, seatAtCard } from '../seats.ts';
import {
  inAnotherState,
  locked,
  notFound,
  Refused,
  type Aftermath,
  type AtCard,
  type AtMeeting,
  type CommandOf,
  type Done
} from './acting.ts';
import {
  acceptAction,
  confirmNotes,
  declineAction,
  readCommitted,
  reopenAction,
  tellNotification,
  type Committed
} from './answering.ts';
import { amendCard, proposeCorrection } from './amending.ts';
import { linkFamilies, moveCard, parkCard, withdrawCard } from './arranging.ts';
import { closeMeeting, lockCard } from './closing.ts';
import {
  agreeToStatement,
  askForChair,
  bringEveryone,
  markStatementRead,
  setPhase,
  setStage
} from './coursing.ts';
import { endLaptop, lowerHand, raiseHand, shareLaptop } from './hands.ts';
import { addMember, mendMember, takeOffMember } from './members.ts';
import { DoneBefore, lookUp, once, type Arrived, type CommandNeeds } from './once.ts';
import { answerCall, confirmAlone, makeCall, noteCall } from './calling.ts';
import { addTime } from './adding-time.ts';
import { giveChair, openMeeting, showCard, takeChair } from './leading.ts';
import { excludePerson, setAttendance } from './presence.ts';
import { reveal, setDissent, setJoint, setRating, setRecord } from './stating.ts';

export interface Outcome {
  readonly answer: CommandAnswer;
  /** What follows; absent where nothing was done, or done before. */
  readonly aftermath?: Aftermath;
}

type MeetingCommand = CommandOf<
  | 'hand.raise'
  | 'hand.lower'
  | 'laptop.share'
  | 'laptop.end'
  | 'meeting.open'
  | 'chair.take'
  | 'chair.give'
  | 'card.show'
  | 'attendance.set'
  | 'meeting.phase'
  | 'statement.agree'
  | 'statement.read'
  | 'chair.ask'
  | 'card.stage'
  | 'everyone.bring'
  | 'call.answer'
  | 'call.note'
  | 'overhear.confirm'
  | 'card.move'
  | 'card.park'
  | 'card.withdraw'
  | 'families.link'
>;
type CardCommand = Exclude<
  Command,
  MeetingCommand | CommandOf<'meeting.close' | 'card.lock' | 'member.add' | 'member.mend' | 'member.take-off'>
>;

/** Does one command for a person at a meeting. Never throws: what goes wrong is an answer too. */
export async function perform(
  needs: CommandNeeds,
  session: Session,
  meetingId: string,
  body: unknown
): Promise<Outcome> {
  const parsed = commandSchema.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field =
      issue?.path.join('.') || (issue?.code === 'unrecognized_keys' ? issue.keys[0] : 'type') || '';
    const message = `${field}: ${issue?.message ?? 'not a command'}`;
    return { answer: { ok: false, error: { code: 'malformed', field, message } } };
  }
  const command = parsed.data;
  const hash = createHash('sha256')
    .update(canonicalize({ meetingId, command }) ?? '')
    .digest('hex');
  const arrived = { session, meetingId, command, hash };
  const { db } = needs.database;
  try {
    await lookUp(db, arrived);
    const { result, ...aftermath } = await act(needs, arrived);
    return { answer: { ok: true, result }, aftermath };
  } catch (error) {
    if (error instanceof DoneBefore) return { answer: { ok: true, result: error.result } };
    const fault = faultOf(error);
    if (fault.code === 'unavailable')
      needs.log.error(
        { error: plainError(error), meetingId, type: command.type, userId: session.user.id },
        'a command failed'
      );
    // Sent twice at once, the second may find its own doing in the way: then it was done.
    const again = await lookUp(db, arrived).catch((each: unknown) => each);
    if (again instanceof DoneBefore) return { answer: { ok: true, result: again.result } };
    const answer: CommandAnswer = { ok: false, error: fault };
    // A close that stopped half-way has locked cards all the same, and everyone is to see them.
    return command.type === 'meeting.close' ? { answer, aftermath: {} } : { answer };
  }
}

function faultOf(error: unknown): CommandFault {
  if (error instanceof Refused) return error.fault;
  return { code: 'unavailable', message: 'This could not be done now. Nothing was changed; try again.' };
}

function act(needs: CommandNeeds, arrived: Arrived): Promise<Done> {
  const { command } = arrived;
  switch (command.type) {
    case 'meeting.close':
      return closeMeeting(needs, { ...arrived, command });
    case 'card.lock':
      return lockCard(needs, { ...arrived, command });
    case 'member.add':
      return addMember(needs, { ...arrived, command });
    case 'member.mend':
      return mendMember(needs, { ...arrived, command });
    case 'member.take-off':
      return takeOffMember(needs, { ...arrived, command });
    case 'meeting.open':
    case 'chair.take':
    case 'chair.give':
    case 'card.show':
    case 'attendance.set':
    case 'meeting.phase':
    case 'statement.agree':
    case 'statement.read':
    case 'chair.ask':
    case 'card.stage':
    case 'everyone.bring':
    case 'hand.raise':
    case 'hand.lower':
    case 'laptop.share':
    case 'laptop.end':
    case 'call.answer':
    case 'call.note':
    case 'overhear.confirm':
    case 'card.move':
    case 'card.park':
    case 'card.withdraw':
    case 'families.link':
      return once(needs.database, arrived, (tx) => onMeeting(needs, tx, { ...arrived, command }));
    default:
      return onCardOnce(needs, { ...arrived, command });
  }
}

async function onMeeting(
  needs: CommandNeeds,
  tx: Transaction,
  { session, meetingId, command }: Arrived<MeetingCommand>
): Promise<Done> {
  const [meeting] = await tx
    .select()
    .from(meetings)
    .where(and(eq(meetings.id, meetingId), eq(meetings.areaId, session.area.id)))
    .for('no key update');
  const at = await seatAt(tx, session.area.id, session.user.id, meetingId);
  if (!meeting || !at) throw notFound();
  const held: Omit<AtMeeting<MeetingCommand['type']>, 'command'> = { ...at, session, meeting };
  switch (command.type) {
    case 'meeting.open':
      return openMeeting(tx, { ...held, command }, needs.connected(meetingId));
    case 'chair.take':
      return takeChair(tx, { ...held, command });
    case 'chair.give':
      return giveChair(tx, { ...held, command });
    case 'card.show':
      return showCard(tx, { ...held, command });
    case 'attendance.set':
      return setAttendance(tx, { ...held, command });
    case 'meeting.phase':
      return setPhase(tx, { ...held, command });
    case 'statement.agree':
      return agreeToStatement(tx, { ...held, command });
    case 'statement.read':
      return markStatementRead(tx, { ...held, command });
    case 'chair.ask':
      return askForChair(tx, { ...held, command });
    case 'card.stage':
      return setStage(tx, { ...held, command });
    case 'everyone.bring':
      return bringEveryone(tx, { ...held, command });
    case 'hand.raise':
      return raiseHand(tx, { ...held, command });
    case 'hand.lower':
      return lowerHand(tx, { ...held, command });
    case 'laptop.share':
      return shareLaptop(tx, { ...held, command });
    case 'laptop.end':
      return endLaptop(tx, { ...held, command });
    case 'call.answer':
      return answerCall(tx, { ...held, command });
    case 'call.note':
      return noteCall(tx, { ...held, command });
    case 'overhear.confirm':
      return confirmAlone(tx, { ...held, command });
    case 'card.move':
      return moveCard(tx, { ...held, command });
    case 'card.park':
      return parkCard(tx, { ...held, command });
    case 'card.withdraw':
      return withdrawCard(tx, { ...held, command });
    case 'families.link':
      return linkFamilies(tx, { ...held, command });
  }
}

async function onCardOnce(needs: CommandNeeds, arrived: Arrived<CardCommand>): Promise<Done> {
  const { command } = arrived;
  const { cardId } = command;
  // Before the transaction: the rooms' own commits may have to come first.
  const committed = readsDocuments(command)
    ? await needOf(needs, arrived, () => needs.sync.read(cardId, readCommitted))
    : undefined;
  return once(needs.database, arrived, async (tx) => {
    const [row] = await tx
      .select()
      .from(cards)
      .where(and(eq(cards.id, cardId), eq(cards.meetingId, arrived.meetingId)))
      .for('update');
    const at = await seatAtCard(tx, arrived.session.area.id, arrived.session.user.id, cardId);
    if (!row || !at) throw notFound();
    return onCard(needs, tx, { ...at, session: arrived.session, row }, command, committed);
  });
}

const readsDocuments = ({ type }: CardCommand) =>
  type === 'action.accept' ||
  type === 'action.decline' ||
  type === 'action.reopen' ||
  type === 'notes.confirm';

/** Reads a card's documents only for somebody for whom the card exists. */
async function needOf<T>(
  { database }: CommandNeeds,
  { session, meetingId, command }: Arrived<CardCommand>,
  read: () => Promise<T>
): Promise<T> {
  const at = await seatAtCard(database.db, session.area.id, session.user.id, command.cardId);
  if (!at || at.meetingId !== meetingId) throw notFound();
  return read();
}

function onCard(
  needs: CommandNeeds,
  tx: Transaction,
  held: Omit<AtCard<CardCommand['type']>, 'command'>,
  command: CardCommand,
  committed: Committed = { actions: [], seq: 0 }
): Promise<Done> {
  // A conflict of interest is a matter of reading, whatever state the card is in.
  if (command.type === 'person.exclude') return excludePerson(tx, { ...held, command });
  if (command.type === 'card.amend') return amendCard(needs, tx, { ...held, command });
  if (command.type === 'correction.propose') return proposeCorrection(tx, { ...held, command });
  if (held.row.lockedAt) throw locked();
  if (held.card.meeting === 'closed') throw inAnotherState('This meeting is closed.');
  switch (command.type) {
    case 'record.set':
      return setRecord(tx, { ...held, command });
    case 'rating.set':
      return setRating(tx, { ...held, command });
    case 'ratings.reveal':
      return reveal(tx, { ...held, command });
    case 'joint.set':
      return setJoint(tx, { ...held, command });
    case 'dissent.set':
      return setDissent(tx, { ...held, command });
    case 'action.accept':
      return acceptAction(tx, { ...held, command }, committed);
    case 'action.decline':
      return declineAction(tx, { ...held, command }, committed);
    case 'action.reopen':
      return reopenAction(tx, { ...held, command }, committed);
    case 'notification.tell':
      return tellNotification(tx, { ...held, command });
    case 'call.make':
      return makeCall(tx, { ...held, command });
    case 'time.add':
      return addTime(tx, { ...held, command });
    case 'notes.confirm':
      return confirmNotes(tx, { ...held, command }, committed);
  }
}
