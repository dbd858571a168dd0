// Decisions as CSV (RFC 4180) for spreadsheets: one row a decision. A cell that a spreadsheet would take for a
// formula is given an apostrophe, because words of a card are written by many. Carries EXP3 and EXP4.
import { plainText } from '#lib/card/read.ts';
import { ratingWords } from '#lib/domain/rating.ts';
import type { DecisionExport, SharedDecision } from './locked.ts';

/** Tells a spreadsheet that what follows is UTF-8. */
const byteOrderMark = '\uFEFF';

/** What spreadsheets read as the beginning of a formula, also in its wide forms. */
const formula = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** Rows as CSV text, every cell quoted, lines ended by CR LF. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return byteOrderMark + rows.map((row) => `${row.map(cellOf).join(',')}\r\n`).join('');
}

function cellOf(text: string): string {
  const defused = formula.test(text) ? `'${text}` : text;
  return `"${defused.replaceAll('"', '""')}"`;
}

const columns: Readonly<Record<string, (decision: SharedDecision) => string>> = {
  Number: ({ content }) => String(content.number),
  Version: ({ content }) => String(content.version),
  Family: ({ content }) => content.card.reference,
  'Locked at (UTC)': ({ content }) => content.lockedAt,
  'Locked by': ({ content }) => content.chair.name,
  'Joint rating': ({ content }) => lines(ofFamily(content.joint), ({ rating }) => ratingWords[rating]),
  Reason: ({ content }) => lines(ofFamily(content.joint), ({ reason }) => reason),
  'Joint ratings of members': (decision) =>
    lines(decision.content.joint, ({ memberId, rating, reason }) =>
      memberId === null ? '' : `${memberName(decision, memberId)}: ${ratingWords[rating]}. ${reason}`
    ),
  'Ratings of the family by agency': (decision) =>
    lines(
      ofFamily(decision.content.ratings),
      ({ agencyId, rating }) => `${codeOf(decision, agencyId)} ${ratingWords[rating]}`
    ),
  Dissents: (decision) =>
    lines(
      decision.content.dissents,
      ({ agencyId, by, reason }) => `${agencyId ? codeOf(decision, agencyId) : by.name}: ${reason}`
    ),
  Actions: (decision) => lines(decision.content.actions, (action) => actionWords(decision, action)),
  Summary: ({ content }) => plainText(content.summary),
  'Passed over by the chair because': ({ content }) => content.passed?.reason ?? '',
  Amends: ({ content }) => (content.amendment ? String(content.amendment.amends.number) : ''),
  'Amended because': ({ content }) => content.amendment?.reason ?? '',
  Seal: ({ seal }) => seal,
  'Hash (SHA-256)': ({ hash }) => hash
};

/** An export as CSV. */
export function decisionsAsCsv({ decisions }: DecisionExport): string {
  const cells = Object.values(columns);
  const rows = decisions.map((decision) => cells.map((cell) => cell(decision)));
  return csvOf([Object.keys(columns), ...rows]);
}

function ofFamily<T extends { memberId: string | null }>(stated: readonly T[]): T[] {
  return stated.filter(({ memberId }) => memberId === null);
}

function memberName({ content }: SharedDecision, id: string): string {
  return content.members.find((member) => member.id === id)?.name ?? '';
}

function codeOf({ content }: SharedDecision, id: string): string {
  return content.agencies.find((agency) => agency.id === id)?.code ?? '';
}

function actionWords(decision: SharedDecision, action: SharedDecision['content']['actions'][number]): string {
  const owner = action.accepted && action.agencyId ? codeOf(decision, action.agencyId) : "nobody's";
  const forWhom = action.memberId ? ` for ${memberName(decision, action.memberId)}` : '';
  return `${action.what}${forWhom} (${owner}, by ${action.by ?? 'no date'})`;
}

function lines<T>(each: readonly T[], words: (one: T) => string): string {
  return each
    .map(words)
    .filter((line) => line !== '')
    .join('\n');
}
