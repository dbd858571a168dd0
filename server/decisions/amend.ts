// An amendment of a locked card, as the chair asks for it: judged on rows that are held, made of the documents as
// they were locked with the chosen late edits in them, and written as the next version in the area's chain.
// The version before it is read and never touched. Carries the AMEND rules.
import { and, desc, eq } from 'drizzle-orm';
import { canonicalText, type Change, type DecisionContent } from '#lib/card/canonical.ts';
import { proseOf, type Prose } from '#lib/card/prose.ts';
import { sealOf } from '#lib/domain/decision.ts';
import { mayAmend } from '#lib/domain/permission.ts';
import type { CommandOf } from '../meetings/commands/acting.ts';
import { record } from '../audit/audit.ts';
import type { Queries, Transaction } from '../database/database.ts';
import { amendments, takenIn } from '../database/schema/amendments.ts';
import { actions, decisionContents, decisions } from '../database/schema/decisions.ts';
import { users } from '../database/schema/identity.ts';
import type { Session } from '../identity/session.ts';
import type { SeatAtCard } from '../meetings/seats.ts';
import type { Sync } from '../sync/sync.ts';
import { amendedContent, proseIn, type Amending } from './amended.ts';
import { addToChain, holdHead } from './chain.ts';
import { Stopped } from './lock.ts';
import { readActions } from './material.ts';
import { actionRow } from './planned.ts';
import { choose, notedFor, readCorrections, stopped, takenBefore, told } from './taking.ts';

export type AmendRequest = Pick<
  CommandOf<'card.amend'>,
  'cardId' | 'amends' | 'lateEditIds' | 'corrections' | 'reason'
>;

export interface Amended {
  readonly number: number;
  readonly version: number;
  readonly hash: string;
  readonly seal: string;
  /** The number of the decision that it amends. */
  readonly amends: number;
  /** ISO, UTC. */
  readonly at: string;
}

/** What an amendment would change, before it is made. */
export interface Preview {
  readonly amends: { readonly number: number; readonly version: number };
  readonly changed: readonly Change[];
  /** Of the protected part: it comes into no minutes and no export. */
  readonly protected: readonly Change[];
}

type Reading = Pick<Sync, 'lateEdits' | 'withLateEdits'>;

interface Last {
  readonly id: string;
  readonly hash: string;
  readonly content: DecisionContent;
}

interface Made {
  readonly content: DecisionContent;
  readonly last: Last;
}

/**
 * Writes the next version of a card's decision, in a transaction that holds the card's row.
 * @throws Stopped with what the chair is told; nothing of it is stored then.
 */
export async function writeAmendment(
  tx: Transaction,
  sync: Reading,
  session: Session,
  at: SeatAtCard,
  request: AmendRequest,
  now: Date
): Promise<Amended> {
  const head = await holdHead(tx, session.area.id);
  const { content, last } = await make(tx, sync, session, at, request, now, head.number + 1);
  const { id, hash } = await addToChain(tx, head, content);
  await tx.insert(amendments).values({
    decisionId: id,
    amends: last.id,
    by: session.user.id,
    at: now,
    reason: request.reason
  });
  const taken = [
    ...request.lateEditIds.map((lateEditId) => ({ decisionId: id, lateEditId })),
    ...request.corrections.flatMap(({ proposalId }) => (proposalId ? [{ decisionId: id, proposalId }] : []))
  ];
  if (taken.length > 0) await tx.insert(takenIn).values(taken);
  await writeNewActions(tx, id, session.area.id, last.content, content);
  const { number, version } = content;
  await record(tx, session, {
    act: 'card-amended',
    purpose: 'an amendment',
    familyId: at.familyId,
    meetingId: at.meetingId,
    cardId: at.cardId,
    detail: { number, version, lateEditIds: request.lateEditIds, corrections: request.corrections.length }
  });
  return { number, version, hash, seal: sealOf(hash), amends: last.content.number, at: now.toISOString() };
}

/** What the same request would change. */
export async function previewAmendment(
  tx: Transaction,
  sync: Reading,
  session: Session,
  at: SeatAtCard,
  request: Omit<AmendRequest, 'reason'>
): Promise<Preview> {
  const asked = { ...request, reason: '' };
  const { content, last } = await make(tx, sync, session, at, asked, new Date(), 0);
  return {
    amends: { number: last.content.number, version: last.content.version },
    changed: content.amendment?.changed ?? [],
    protected: content.protected.amendment?.changed ?? []
  };
}

async function make(
  tx: Transaction,
  sync: Reading,
  session: Session,
  at: SeatAtCard,
  request: AmendRequest,
  now: Date,
  number: number
): Promise<Made> {
  if (!mayAmend(at.seat, at.card))
    throw at.card.locked
      ? new Stopped({ code: 'not-allowed', message: 'Only the chair amends a decision.' })
      : stopped('state', 'This card is not locked yet. Write on the card itself.');
  const last = await lastOf(tx, session, request);
  const edits = await sync.lateEdits(at.cardId, tx);
  const before = await takenBefore(tx, at.cardId, edits);
  const chosen = choose(edits, before, request.lateEditIds);
  const read = async (ids: ReadonlySet<string>) => {
    const documents = await sync.withLateEdits(tx, at.cardId, ids);
    return proseOf(
      documents,
      last.content.members,
      last.content.agencies.map(({ id }) => id)
    );
  };
  sameAsDecided(last.content, await read(before));
  const prose = await read(new Set([...before, ...request.lateEditIds]));
  const amending: Amending = {
    number,
    amends: { number: last.content.number, version: last.content.version, hash: last.hash },
    by: { userId: session.user.id, name: session.user.name },
    at: now,
    reason: request.reason,
    lateEdits: await told(tx, chosen),
    corrections: await readCorrections(tx, at.cardId, request),
    noted: await notedFor(tx, chosen)
  };
  return { last, content: amendedContent(last.content, prose, readActions(prose), amending) };
}

/** The card's newest version, if it is still the one that the chair read. */
async function lastOf(queries: Queries, session: Session, request: AmendRequest): Promise<Last> {
  const [row] = await queries
    .select({ row: decisions, canonical: decisionContents.canonical, by: users.name, at: amendments.at })
    .from(decisions)
    .leftJoin(decisionContents, eq(decisionContents.decisionId, decisions.id))
    .leftJoin(amendments, eq(amendments.decisionId, decisions.id))
    .leftJoin(users, eq(users.id, amendments.by))
    .where(and(eq(decisions.cardId, request.cardId), eq(decisions.areaId, session.area.id)))
    .orderBy(desc(decisions.version))
    .limit(1);
  if (!row) throw stopped('not-found', 'There is nothing here by that name.');
  if (row.canonical === null) throw stopped('state', 'The content of this decision was erased.');
  if (request.amends && request.amends !== row.row.version)
    throw new Stopped({
      code: 'changed',
      message: `${row.by ?? 'Somebody'} amended this decision meanwhile. Look again. Nothing was amended.`
    });
  return { id: row.row.id, hash: row.row.hash, content: JSON.parse(row.canonical) as DecisionContent };
}

/** What is amended is what was decided: documents that read otherwise were meddled with, and nothing is made of them. */
function sameAsDecided(content: DecisionContent, prose: Prose): void {
  if (canonicalText(proseIn(content)) === canonicalText(prose)) return;
  throw stopped('state', 'What is stored differs from what was decided. Nothing was amended.');
}

/** Actions that came in, or read otherwise now, as rows; the others stay bound as they were. */
async function writeNewActions(
  tx: Transaction,
  decisionId: string,
  areaId: string,
  last: DecisionContent,
  content: DecisionContent
): Promise<void> {
  const before = new Map(last.actions.map((action) => [action.id, canonicalText(action)]));
  const moved = content.actions.filter((action) => before.get(action.id) !== canonicalText(action));
  if (moved.length === 0) return;
  const at = {
    areaId,
    decisionId,
    cardId: content.card.id,
    members: content.members,
    agencies: content.agencies.map(({ id }) => id)
  };
  await tx.insert(actions).values(moved.map((action) => actionRow(at, action, action.accepted)));
}
