// What the chair says of single families when the meeting is closed: why one is locked although something is
// missing, which version of it was read, and which are carried to the next meeting. Carries CLOSE2 to CLOSE4.
import type { Transaction } from '../../database/database.ts';
import { carriedCards } from '../../database/schema/carrying.ts';
import type { Session } from '../../identity/session.ts';
import { locked, notFound, Refused, writtenAt, type CommandOf } from './acting.ts';
import type { CommandNeeds } from './once.ts';

type Close = CommandOf<'meeting.close'>;

/** The cards that the chair carries to the next meeting. */
export const carriedIn = ({ carry = [] }: Close): ReadonlySet<string> =>
  new Set((carry ?? []).map(({ cardId }) => cardId));

/** Why this card is locked although something is missing; undefined where the chair gave no reason. */
export const reasonFor = ({ reason, reasons }: Close, cardId: string): string | undefined =>
  reasons?.[cardId] ?? reason ?? undefined;

/** Refuses a close that speaks of a card which is not there for this chair, or carries one that is locked. */
export function sayNamed(
  command: Close,
  { seen, lockedAlready }: { readonly seen: readonly string[]; readonly lockedAlready: readonly string[] }
): void {
  const carried = carriedIn(command);
  const named = [...carried, ...Object.keys(command.reasons ?? {}), ...Object.keys(command.seen ?? {})];
  if (!named.every((cardId) => seen.includes(cardId))) throw notFound();
  if (lockedAlready.some((cardId) => carried.has(cardId))) throw locked();
}

/** Refuses a close, before anything is locked, of cards that others changed since the chair read them. */
export async function nothingMoved(
  { decisions }: CommandNeeds,
  session: Session,
  { seen }: Close,
  ready: readonly string[]
): Promise<void> {
  const found = [];
  for (const cardId of ready) {
    const version = seen?.[cardId];
    if (version === undefined) continue;
    const answer = await decisions.moved(session, cardId, version);
    if (!answer.ok) throw new Refused(answer.error);
    if (answer.moved.length > 0) found.push({ cardId, moved: answer.moved });
  }
  if (found.length === 0) return;
  const message =
    found.length === 1
      ? 'A family changed after you read it. Look again. Nothing was locked.'
      : `${found.length} families changed after you read them. Look again. Nothing was locked.`;
  throw new Refused({ code: 'changed', message, moved: found.flatMap(({ moved }) => moved), cards: found });
}

/** Writes down which families the next meeting is to begin with, and why; answers with their cards. */
export async function carry(tx: Transaction, session: Session, command: Close): Promise<string[]> {
  const wanted = [...new Map((command.carry ?? []).map((each) => [each.cardId, each.reason]))];
  if (wanted.length === 0) return [];
  await tx
    .insert(carriedCards)
    .values(wanted.map(([cardId, reason]) => ({ cardId, reason, by: session.user.id, at: writtenAt })));
  return wanted.map(([cardId]) => cardId);
}
