// The lock of a card, as the chair asks for it: judged, checked and written inside the barrier that sync
// holds, from the documents as they are stored. Nothing but SQL is awaited inside. Carries the DEC rules.
import { and, eq, max, sql } from 'drizzle-orm';
import { proseOf } from '#lib/card/prose.ts';
import { isAccepted, isPassable, missingOn, type Missing } from '#lib/domain/decision.ts';
import { mayLead } from '#lib/domain/permission.ts';
import type { CommandFault, Moved } from '#lib/protocol/command.ts';
import { record } from '../audit/audit.ts';
import type { Database, Queries, Transaction } from '../database/database.ts';
import { actions, decisions } from '../database/schema/decisions.ts';
import { cards } from '../database/schema/meetings.ts';
import type { Session } from '../identity/session.ts';
import { seatAtCard } from '../meetings/seats.ts';
import { loadTable } from '../meetings/table.ts';
import { readVersion, writeVersion } from '../meetings/version.ts';
import type { CardDocuments, Sync } from '../sync/sync.ts';
import { addToChain, holdHead } from './chain.ts';
import { contentOf } from './content.ts';
import type { Locked, LockRequest } from './decisions.ts';
import { readActions, readMaterial, toLock, type Material } from './material.ts';
import { movedSince } from './moved.ts';
import { actionRow } from './planned.ts';

/** A lock that is not done, with what the chair is told. Thrown inside the lock's transaction, which it undoes. */
export class Stopped extends Error {
  override name = 'Stopped';
  readonly fault: CommandFault;
  constructor(fault: CommandFault) {
    super(fault.message);
    this.fault = fault;
  }
}

export const lockedAlready: CommandFault = {
  code: 'locked',
  message: 'This card is locked. Nothing on it can be changed any more.'
};
const notFound: CommandFault = { code: 'not-found', message: 'There is nothing here by that name.' };

/** The meeting of a card that this person may lock now; thrown is what keeps them from it. */
export async function judgeLock(queries: Queries, session: Session, cardId: string) {
  const at = await seatAtCard(queries, session.area.id, session.user.id, cardId);
  if (!at) throw new Stopped(notFound);
  if (!mayLead(at.seat, 'lock'))
    throw new Stopped({ code: 'not-allowed', message: 'Only the chair locks a card.' });
  if (at.card.locked) throw new Stopped(lockedAlready);
  if (at.card.meeting !== 'open')
    throw new Stopped({ code: 'state', message: 'A card is locked while its meeting is open.' });
  return at;
}

/**
 * Writes a card's decision, in the transaction that locks its documents and holds its row.
 * @throws Stopped with what the chair is told; nothing of it is stored then.
 */
export async function writeDecision(
  tx: Transaction,
  session: Session,
  cardId: string,
  request: LockRequest,
  documents: CardDocuments,
  at: Date
): Promise<Locked> {
  const { meetingId, familyId } = await judgeLock(tx, session, cardId);
  const place = { areaId: session.area.id, meetingId, cardId };
  const material = await readMaterial(tx, place, documents);
  if (!material) throw new Stopped(notFound);
  await seenAsItIs(tx, session, material, request.seen);
  const missing = missingOn(toLock(material));
  mayPass(missing, request.reason);
  const head = await holdHead(tx, session.area.id);
  const [last] = await tx
    .select({ version: max(decisions.version) })
    .from(decisions)
    .where(eq(decisions.cardId, cardId));
  const version = (last?.version ?? 0) + 1;
  const content = contentOf(material, {
    number: head.number + 1,
    version,
    at,
    chair: { userId: session.user.id, name: session.user.name },
    missing,
    reason: request.reason
  });
  const { id, hash } = await addToChain(tx, head, content);
  await writeActions(tx, id, material);
  await tx
    .update(cards)
    .set({
      lockedAt: at,
      revealedAt: sql`coalesce(${cards.revealedAt}, ${at.toISOString()}::timestamptz)`,
      version: sql`${cards.version} + 1`
    })
    .where(and(eq(cards.id, cardId), eq(cards.areaId, session.area.id)));
  await record(tx, session, {
    act: 'card-locked',
    purpose: 'the meeting',
    familyId,
    meetingId,
    cardId,
    detail: { number: content.number, version, passed: missing.length }
  });
  const locked: Locked = { number: content.number, version, hash, at: at.toISOString() };
  await request.also?.(tx, locked);
  return locked;
}

/** Whether a card is locked. */
export async function isLocked({ db }: Database, cardId: string): Promise<boolean> {
  const [row] = await db.select({ at: cards.lockedAt }).from(cards).where(eq(cards.id, cardId));
  return row !== undefined && row.at !== null;
}

/** What keeps a card from being locked now, as far as the stored documents and facts say. */
export async function readMissing(
  { db }: Database,
  sync: Pick<Sync, 'read'>,
  cardId: string
): Promise<Missing[]> {
  const [row] = await db.select().from(cards).where(eq(cards.id, cardId));
  const table = row && (await loadTable(db, row.areaId, row.meetingId));
  const card = table?.cards.find((each) => each.row.id === cardId);
  if (!card) return [];
  const prose = await sync.read(cardId, (documents) => proseOf(documents, card.members, card.facts.agencies));
  return missingOn(toLock({ card, prose, actions: readActions(prose) }));
}

async function seenAsItIs(
  tx: Transaction,
  session: Session,
  { table, card, seq }: Material,
  seen: string | undefined
): Promise<void> {
  if (seen === undefined) return;
  const moved = await movedOn(tx, session, { table, card, seq }, seen);
  if (moved.length > 0)
    throw new Stopped({ code: 'changed', message: movedWords(card.reference, moved), moved });
}

/** @throws Stopped where no version of the card reads so. */
async function movedOn(
  queries: Queries,
  session: Session,
  { table, card, seq }: Pick<Material, 'table' | 'card' | 'seq'>,
  seen: string
): Promise<Moved[]> {
  const now = { facts: card.row.version, seq };
  if (seen === writeVersion(now)) return [];
  const read = readVersion(seen);
  const isLater =
    read && (read.facts > now.facts || read.seq.cards > seq.cards || read.seq.protected > seq.protected);
  if (!read || isLater)
    throw new Stopped({
      code: 'malformed',
      field: 'seen',
      message: 'seen: No version of this card reads so'
    });
  return movedSince(queries, card, table.agencies, read, session.user.id);
}

/**
 * What others did on a card since this version of it, which the chair read.
 * @throws Stopped where no version of the card reads so.
 */
export async function readMoved(
  { db }: Database,
  sync: Pick<Sync, 'read'>,
  session: Session,
  { cardId, seen }: { readonly cardId: string; readonly seen: string }
): Promise<Moved[]> {
  const [row] = await db
    .select()
    .from(cards)
    .where(and(eq(cards.id, cardId), eq(cards.areaId, session.area.id)));
  // The documents before the facts: what is stated meanwhile counts as moved.
  const seq = await sync.read(cardId, (documents) => documents.seq);
  const table = row && (await loadTable(db, row.areaId, row.meetingId));
  const card = table?.cards.find((each) => each.row.id === cardId);
  return table && card ? movedOn(db, session, { table, card, seq }, seen) : [];
}

function movedWords(reference: string, moved: readonly Moved[]): string {
  const names = [...new Set(moved.map(({ by }) => by))];
  return `${reference} changed after you read it (${names.join(', ')}). Look again. Nothing was locked.`;
}

function mayPass(missing: readonly Missing[], reason: string | undefined): void {
  const notReady = (message: string) => new Stopped({ code: 'not-ready', message, missing: [...missing] });
  if (!missing.every(isPassable))
    throw notReady("The family's joint rating and its reason are missing. Nothing was locked.");
  if (missing.length > 0 && !reason?.trim())
    throw notReady('Something is missing. Mend it, or say why you lock all the same. Nothing was locked.');
}

/** The plan's actions as rows. */
async function writeActions(tx: Transaction, decisionId: string, material: Material): Promise<void> {
  const { card, actions: planned } = material;
  const { answers } = toLock(material);
  if (planned.length === 0) return;
  const { members, facts, row } = card;
  const at = { areaId: row.areaId, decisionId, cardId: row.id, members, agencies: facts.agencies };
  await tx
    .insert(actions)
    .values(planned.map((action) => actionRow(at, action, isAccepted(action, answers))));
}
