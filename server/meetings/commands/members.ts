// A family member added at the table, unborn too, or one whose name, role or birth is mended, with a reason. Ids stay,
// and with them every rating and word; how it read before is kept. Containers in the documents come first, through
// the rooms' own queues: made too early, they harm nobody. Who was added by mistake is taken off again. Carries the
// LINK rules on members.
import { randomUUID } from 'node:crypto';
import { and, eq, max, ne } from 'drizzle-orm';
import { namesOf } from '#lib/domain/family.ts';
import { mayLead } from '#lib/domain/permission.ts';
import { isWrittenOf } from '#lib/card/read.ts';
import type { CardMember } from '#lib/card/schema.ts';
import { record } from '../../audit/audit.ts';
import type { Queries, Transaction } from '../../database/database.ts';
import { memberChanges } from '../../database/schema/course.ts';
import { familyMembers, people } from '../../database/schema/families.ts';
import {
  cardMembers,
  cards,
  dissents,
  jointRatings,
  ratings,
  recordStates
} from '../../database/schema/meetings.ts';
import { seatAtCard, type SeatAtCard } from '../seats.ts';
import {
  inAnotherState,
  locked,
  notAllowed,
  notFound,
  stated,
  writtenAt,
  type CommandOf,
  type Done
} from './acting.ts';
import { once, type Arrived, type CommandNeeds } from './once.ts';

type Command = CommandOf<'member.add' | 'member.mend' | 'member.take-off'>;

/** Adds a member to the family and to its card. */
export async function addMember(
  needs: CommandNeeds,
  arrived: Arrived<CommandOf<'member.add'>>
): Promise<Done> {
  const { session, command } = arrived;
  const { cardId, role, reason, born = null } = command;
  const at = await mayArrange(needs.database.db, arrived);
  if (role !== 'unborn' && !command.name) throw inAnotherState('Give the name, or what is known of it.');
  const memberId = randomUUID();
  await needs.sync.extend(cardId, [{ id: memberId, role }], at.card.agencies);
  return once(needs.database, arrived, async (tx) => {
    const row = await hold(tx, arrived);
    const parentId = role === 'unborn' ? (command.unbornOf ?? null) : null;
    if (parentId && !(await isOn(tx, cardId, parentId))) throw notFound();
    const names = role === 'unborn' ? null : namesOf(command.name ?? '');
    const personId = names ? await writePerson(tx, row.areaId, { ...names, born }) : null;
    const [last] = await tx
      .select({ position: max(cardMembers.position) })
      .from(cardMembers)
      .where(eq(cardMembers.cardId, cardId));
    const position = (last?.position ?? 0) + 1;
    await tx.insert(familyMembers).values({
      ...{ id: memberId, familyId: row.familyId, personId, role, parentId, position },
      basis: 'said at the meeting',
      addedBy: session.user.id
    });
    await tx.insert(cardMembers).values({ cardId, memberId, position });
    await tell(tx, arrived, row, { memberId, act: 'added', reason, role, born, ...names });
    return { result: { ...(await stated(tx, row)).result, memberId } };
  });
}

/** Mends what is left in of name, role and birth. A child that was unborn may be born; nobody becomes unborn. */
export async function mendMember(
  needs: CommandNeeds,
  arrived: Arrived<CommandOf<'member.mend'>>
): Promise<Done> {
  const { command } = arrived;
  const { cardId, memberId, reason } = command;
  const at = await mayArrange(needs.database.db, arrived);
  if (!(await isOn(needs.database.db, cardId, memberId))) throw notFound();
  if (command.role) await needs.sync.extend(cardId, [{ id: memberId, role: command.role }], at.card.agencies);
  return once(needs.database, arrived, async (tx) => {
    const row = await hold(tx, arrived);
    const { member, person } = await readMember(tx, cardId, memberId);
    const role = command.role ?? member.role;
    mayBecome(member.role, role, command.name ?? null);
    const names = command.name ? namesOf(command.name) : person;
    const born = command.born === undefined ? (person?.born ?? null) : command.born;
    const personId =
      role === 'unborn' || !names
        ? null
        : (person?.id ?? (await writePerson(tx, row.areaId, { ...pick(names), born })));
    if (person && names)
      await tx
        .update(people)
        .set({ ...pick(names), born })
        .where(eq(people.id, person.id));
    await tx.update(familyMembers).set({ role, personId }).where(eq(familyMembers.id, memberId));
    await tell(tx, arrived, row, {
      ...{ memberId, act: 'mended', reason, role, born, ...(names ? pick(names) : {}) },
      wasForenames: person?.forenames ?? null,
      wasSurname: person?.surname ?? null,
      wasRole: member.role,
      wasBorn: person?.born ?? null
    });
    return stated(tx, row);
  });
}

/** Takes off again who was added to this card by mistake, as long as nothing is said or written of them. */
export async function takeOffMember(
  needs: CommandNeeds,
  arrived: Arrived<CommandOf<'member.take-off'>>
): Promise<Done> {
  const { cardId, memberId, reason } = arrived.command;
  await mayArrange(needs.database.db, arrived);
  const isWritten = await needs.sync.read(cardId, ({ cards: shared, protected: guarded }) =>
    [shared, guarded].some((document) => isWrittenOf(document, memberId))
  );
  return once(needs.database, arrived, async (tx) => {
    const row = await hold(tx, arrived);
    const { member, person } = await readMember(tx, cardId, memberId);
    if (!(await wasAddedHere(tx, cardId, memberId)))
      throw inAnotherState('Only who was added at this meeting is taken off. Mend the name or the role.');
    if (isWritten || (await isSpokenOf(tx, cardId, memberId)))
      throw inAnotherState('Something is said of them already. Mend the name or the role.');
    await tx.update(familyMembers).set({ removedAt: writtenAt }).where(eq(familyMembers.id, memberId));
    await tx
      .delete(cardMembers)
      .where(and(eq(cardMembers.cardId, cardId), eq(cardMembers.memberId, memberId)));
    await tell(tx, arrived, row, {
      ...{ memberId, act: 'taken-off', reason, role: member.role, born: person?.born ?? null },
      ...(person ? pick(person) : {})
    });
    return stated(tx, row);
  });
}

async function wasAddedHere(tx: Transaction, cardId: string, memberId: string): Promise<boolean> {
  const added = await tx
    .select({ id: memberChanges.id })
    .from(memberChanges)
    .where(
      and(
        eq(memberChanges.cardId, cardId),
        eq(memberChanges.memberId, memberId),
        eq(memberChanges.act, 'added')
      )
    );
  return added.length > 0;
}

/** Whether something is stated of a member, an unborn child is theirs, or they are on another card by now. */
async function isSpokenOf(tx: Transaction, cardId: string, memberId: string): Promise<boolean> {
  const found = await Promise.all([
    ...[recordStates, ratings, jointRatings, dissents].map((stated) =>
      tx.select({ id: stated.id }).from(stated).where(eq(stated.memberId, memberId)).limit(1)
    ),
    tx
      .select({ id: familyMembers.id })
      .from(familyMembers)
      .innerJoin(cardMembers, eq(cardMembers.memberId, familyMembers.id))
      .where(eq(familyMembers.parentId, memberId))
      .limit(1),
    tx
      .select({ id: cardMembers.cardId })
      .from(cardMembers)
      .where(and(eq(cardMembers.memberId, memberId), ne(cardMembers.cardId, cardId)))
      .limit(1)
  ]);
  return found.some((rows) => rows.length > 0);
}

function mayBecome(was: CardMember['role'], role: CardMember['role'], name: string | null): void {
  if (was !== 'unborn' && role === 'unborn') throw inAnotherState('Who is born stays so.');
  if (was === 'unborn' && role !== 'unborn' && !name) throw inAnotherState('Give the child’s name.');
}

const pick = ({ forenames, surname }: { readonly forenames: string; readonly surname: string }) => ({
  forenames,
  surname
});

/** The person's seat at the card, where they may change its family now. */
async function mayArrange(
  queries: Queries,
  { session, meetingId, command }: Arrived<Command>
): Promise<SeatAtCard> {
  const at = await seatAtCard(queries, session.area.id, session.user.id, command.cardId);
  if (!at || at.meetingId !== meetingId) throw notFound();
  if (!mayLead(at.seat, 'arrange')) throw notAllowed('Chair and coordinator change who is in the family.');
  if (at.card.locked) throw locked();
  if (at.card.meeting === 'closed') throw inAnotherState('This meeting is closed.');
  return at;
}

async function hold(tx: Transaction, arrived: Arrived<Command>): Promise<typeof cards.$inferSelect> {
  const [row] = await tx.select().from(cards).where(eq(cards.id, arrived.command.cardId)).for('update');
  if (!row) throw notFound();
  await mayArrange(tx, arrived);
  return row;
}

async function readMember(tx: Transaction, cardId: string, memberId: string) {
  const [found] = await tx
    .select({ member: familyMembers, person: people })
    .from(cardMembers)
    .innerJoin(familyMembers, eq(familyMembers.id, cardMembers.memberId))
    .leftJoin(people, eq(people.id, familyMembers.personId))
    .where(and(eq(cardMembers.cardId, cardId), eq(cardMembers.memberId, memberId)));
  if (!found) throw notFound();
  return found;
}

async function isOn(queries: Queries, cardId: string, memberId: string): Promise<boolean> {
  const found = await queries
    .select({ id: cardMembers.memberId })
    .from(cardMembers)
    .where(and(eq(cardMembers.cardId, cardId), eq(cardMembers.memberId, memberId)));
  return found.length > 0;
}

async function writePerson(
  tx: Transaction,
  areaId: string,
  person: { readonly forenames: string; readonly surname: string; readonly born: string | null }
): Promise<string> {
  const [written] = await tx
    .insert(people)
    .values({ areaId, ...person })
    .returning({ id: people.id });
  if (!written) throw new Error('A person was not written.');
  return written.id;
}

async function tell(
  tx: Transaction,
  { session, meetingId, command }: Arrived<Command>,
  row: typeof cards.$inferSelect,
  change: Omit<typeof memberChanges.$inferInsert, 'cardId' | 'by' | 'at'>
): Promise<void> {
  const { cardId } = command;
  await tx.insert(memberChanges).values({ ...change, cardId, by: session.user.id, at: writtenAt });
  await record(tx, session, {
    act: 'member-changed',
    purpose: 'the meeting',
    familyId: row.familyId,
    meetingId,
    cardId,
    detail: { memberId: change.memberId, [change.act]: true }
  });
}
