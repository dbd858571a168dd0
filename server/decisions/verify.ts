// Whether the chain of decisions is whole: every hash computed again from what is stored, number by number,
// area by area, up to the head that stands apart. Reads only, and names the first break. Carries the CHAIN rules.
import { and, asc, eq, gt } from 'drizzle-orm';
import * as z from 'zod';
import type { Db, Queries } from '../database/database.ts';
import { amendments } from '../database/schema/amendments.ts';
import { decisionContents, decisionHeads, decisions } from '../database/schema/decisions.ts';
import { areas } from '../database/schema/identity.ts';
import { asHead, beginning, hashOf, type Head } from './chain.ts';

export interface Verified {
  readonly area: { readonly id: string; readonly name: string };
  /** The head as it stands; written down elsewhere, it proves later that nothing before it was changed. */
  readonly head: Head;
  /** How many decisions were found whole, up to the break if there is one. */
  readonly whole: number;
  /** The first break, as a sentence; null where the chain is whole. */
  readonly broken: string | null;
}

type Row = typeof decisions.$inferSelect & {
  readonly canonical: string | null;
  readonly amendment: typeof amendments.$inferSelect | null;
};

/** What the row says a second time, and must say alike. */
const repeated = z.object({
  schemaVersion: z.number(),
  number: z.number(),
  version: z.number(),
  lockedAt: z.string(),
  chair: z.object({ userId: z.string() }),
  area: z.object({ id: z.string() }),
  meeting: z.object({ id: z.string() }),
  card: z.object({ id: z.string() }),
  amendment: z
    .object({
      amends: z.object({ number: z.number(), version: z.number(), hash: z.string() }),
      by: z.object({ userId: z.string() }),
      at: z.string(),
      reason: z.string()
    })
    .optional()
});

/** The newest version of each card's decision so far, by the card's id. */
type Versions = Map<string, Row>;

const isDigits = /^[0-9a-f]{64}$/;

/** How many decisions are held in memory at a time. */
const page = 100;

/** Verifies every area's chain as it is at one moment, whatever is locked meanwhile. */
export function verify(db: Db): Promise<Verified[]> {
  return db.transaction((tx) => verifyIn(tx), { isolationLevel: 'repeatable read', accessMode: 'read only' });
}

/** Verifies every area's chain as this transaction sees it. */
export async function verifyIn(queries: Queries): Promise<Verified[]> {
  const found = await queries
    .select({ id: areas.id, name: areas.name })
    .from(areas)
    .orderBy(asc(areas.name), asc(areas.id));
  const verified: Verified[] = [];
  for (const area of found) verified.push(await verifyArea(queries, area));
  return verified;
}

async function verifyArea(queries: Queries, area: Verified['area']): Promise<Verified> {
  const [stored] = await queries.select().from(decisionHeads).where(eq(decisionHeads.areaId, area.id));
  const head = asHead(stored);
  let last: Head = { number: 0, hash: beginning };
  const versions: Versions = new Map();
  const report = (broken: string | null): Verified => ({ area, head, whole: last.number, broken });
  for (;;) {
    const rows = await readPage(queries, area.id, last.number);
    for (const row of rows) {
      const fault = faultOf(row, last, versions);
      if (fault) return report(`Decision ${last.number + 1} of ${area.name}: ${fault}`);
      last = { number: row.number, hash: row.hash };
      versions.set(row.cardId, { ...row, canonical: null });
    }
    if (rows.length < page) break;
  }
  if (last.number !== head.number)
    return report(
      last.number < head.number
        ? `Decision ${last.number + 1} of ${area.name}: it is missing; the chain's head is at ${head.number}.`
        : `The head of ${area.name} is at ${head.number}, but there are ${last.number} decisions.`
    );
  if (last.hash !== head.hash)
    return report(`The head of ${area.name}: it does not match decision ${last.number}'s hash.`);
  return report(null);
}

async function readPage(queries: Queries, areaId: string, after: number): Promise<Row[]> {
  const rows = await queries
    .select({ row: decisions, canonical: decisionContents.canonical, amendment: amendments })
    .from(decisions)
    .leftJoin(amendments, eq(amendments.decisionId, decisions.id))
    .leftJoin(decisionContents, eq(decisionContents.decisionId, decisions.id))
    .where(and(eq(decisions.areaId, areaId), gt(decisions.number, after)))
    .orderBy(asc(decisions.number))
    .limit(page);
  return rows.map(({ row, ...beside }) => ({ ...row, ...beside }));
}

/** What is wrong with a decision that follows `last`; undefined where nothing is. */
function faultOf(row: Row, last: Head, versions: Versions): string | undefined {
  if (row.number !== last.number + 1) return `it is missing; the next one stored is ${row.number}.`;
  if (row.previousHash !== last.hash) return "its predecessor's hash is not the one that stands before it.";
  if (!isDigits.test(row.salt)) return 'its salt is not 32 bytes.';
  if (row.canonical === null) return 'its content is missing.';
  if (hashOf(row.salt, row.previousHash, row.canonical) !== row.hash)
    return 'its content does not match its hash.';
  if (!saysTheSame(row, row.canonical)) return 'its row does not match its content.';
  return followsOn(row, row.canonical, versions.get(row.cardId))
    ? undefined
    : 'it does not amend the version before it as it says.';
}

/** A first version amends nothing; each later one amends the newest before it, and says by whom, when and why. */
function followsOn(row: Row, canonical: string, before: Row | undefined): boolean {
  const said = repeated.parse(JSON.parse(canonical)).amendment;
  const { amendment } = row;
  if (!before) return row.version === 1 && !said && !amendment;
  if (!said || !amendment || row.version !== before.version + 1) return false;
  return (
    said.amends.number === before.number &&
    said.amends.version === before.version &&
    said.amends.hash === before.hash &&
    amendment.amends === before.id &&
    amendment.by === said.by.userId &&
    amendment.at.toISOString() === said.at &&
    amendment.reason === said.reason
  );
}

function saysTheSame(row: Row, canonical: string): boolean {
  const said = repeated.safeParse(JSON.parse(canonical));
  if (!said.success) return false;
  const { data } = said;
  return (
    data.schemaVersion === row.schemaVersion &&
    data.number === row.number &&
    data.version === row.version &&
    data.lockedAt === row.lockedAt.toISOString() &&
    data.chair.userId === row.lockedBy &&
    data.area.id === row.areaId &&
    data.meeting.id === row.meetingId &&
    data.card.id === row.cardId
  );
}
