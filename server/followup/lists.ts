// The lists of actions: an agency's own, the coordinator's to chase, and what the home page says of both. The
// opening of each list is in the audit before it is given. Carries the TUESDAY and CHASE rules on lists.
import { desc, eq } from 'drizzle-orm';
import { becameWords, byDue, isFree, tally, waitsFor, type Tally } from '#lib/domain/followup.ts';
import { inLondon } from '#lib/domain/london.ts';
import type { AgencyName, FollowedAction } from '#lib/protocol/followup.ts';
import { record } from '../audit/audit.ts';
import type { Db } from '../database/database.ts';
import { reminders } from '../database/schema/followup.ts';
import { users } from '../database/schema/identity.ts';
import { csvOf } from '../decisions/csv.ts';
import { holds, type Session } from '../identity/session.ts';
import { lettersTo, readReps, type Letter } from './letters.ts';
import { readFollowings } from './reading.ts';

/** What a rep's agencies have to do. Each list by its day, the earliest first. */
export interface AgencyActions {
  /** Today in London, YYYY-MM-DD. */
  readonly today: string;
  readonly agencies: readonly AgencyName[];
  /** They name an agency of hers, and it has answered nothing. */
  readonly toAnswer: readonly FollowedAction[];
  readonly open: readonly FollowedAction[];
  /** Nobody's, at tables where an agency of hers sits: it may volunteer. */
  readonly free: readonly FollowedAction[];
  /** Ended, the newest first. */
  readonly ended: readonly FollowedAction[];
}

/** The actions of the person's agencies; undefined for who sits for none. */
export async function actionsFor(db: Db, session: Session, now: Date): Promise<AgencyActions | undefined> {
  const listed = await ownActions(db, session, now);
  if (!listed) return undefined;
  const { today, agencies, toAnswer, open, free, ended } = listed;
  const all = [...toAnswer, ...open, ...free, ...ended];
  await opened(db, session, 'actions-opened', 'the agency’s actions', all);
  return { today, agencies, toAnswer, open, free, ended };
}

async function ownActions(db: Db, session: Session, now: Date): Promise<AgencyActions | undefined> {
  const mine = new Set(
    session.memberships.flatMap(({ role, agency }) => (role === 'rep' && agency?.id) || [])
  );
  if (mine.size === 0) return undefined;
  const { agencies, cards } = await readFollowings(db, session);
  const all = cards.flatMap((card) => card.actions).sort(byDue);
  const isMine = ({ ownerId }: FollowedAction) => ownerId !== null && mine.has(ownerId);
  const asks = (action: FollowedAction) => [...mine].some((id) => isWaitingFor(action, id));
  const lastSaid = ({ history }: FollowedAction) => history.at(-1)?.at ?? '';
  return {
    today: inLondon(now).date,
    agencies: agencies.filter(({ id }) => mine.has(id)),
    toAnswer: all.filter(asks),
    open: all.filter((action) => isMine(action) && action.state === 'open'),
    free: all.filter((action) => action.may.accept.length > 0 && !asks(action)),
    ended: all
      .filter((action) => isMine(action) && action.state !== 'open')
      .sort((a, b) => (lastSaid(a) < lastSaid(b) ? 1 : -1))
  };
}

const isWaitingFor = (action: FollowedAction, agencyId: string) =>
  waitsFor(
    { agencyId: action.named?.id ?? null, accepted: action.accepted, due: action.due },
    action,
    agencyId
  );

const columns: Readonly<Record<string, (action: FollowedAction) => string>> = {
  Family: ({ reference }) => reference,
  Action: ({ what }) => what,
  For: ({ member }) => member ?? '',
  Agency: ({ owner }) => owner?.name ?? 'Nobody’s',
  By: ({ due }) => due ?? '',
  'What became of it': ({ state }) => becameWords[state],
  On: ({ history, state }) => (state === 'open' ? '' : (history.at(-1)?.on ?? '')),
  Note: ({ history, state }) => (state === 'open' ? '' : (history.at(-1)?.note ?? '')),
  Decision: ({ decision }) => String(decision),
  Meeting: ({ startsAt }) => inLondon(new Date(startsAt)).date
};

/** The agency's own actions, open and ended, as CSV; undefined for who sits for none. */
export async function actionsAsCsv(db: Db, session: Session, now: Date): Promise<string | undefined> {
  const listed = await ownActions(db, session, now);
  if (!listed) return undefined;
  const rows = [...listed.toAnswer, ...listed.open, ...listed.ended];
  await opened(db, session, 'export-made', 'the agency’s actions', rows);
  const cells = Object.values(columns);
  return csvOf([Object.keys(columns), ...rows.map((action) => cells.map((cell) => cell(action)))]);
}

/** An agency on the list to chase. */
export interface Chased {
  readonly agency: AgencyName;
  /** Open ones, the earliest day first. */
  readonly actions: readonly FollowedAction[];
  readonly tally: Tally;
  /** How many wait for its answer. */
  readonly waiting: number;
  readonly letters: readonly Letter[];
  readonly reminded: readonly { readonly at: string; readonly by: string; readonly way: 'copied' | 'mail' }[];
}

export interface Chase {
  readonly today: string;
  readonly tally: Tally;
  readonly nobodys: readonly FollowedAction[];
  /** Those with something open or to answer, who is overdue longest first. */
  readonly agencies: readonly Chased[];
}

/** The coordinator's one list; undefined for anyone else. */
export async function chaseFor(
  db: Db,
  session: Session,
  now: Date,
  origin: string
): Promise<Chase | undefined> {
  if (!holds(session, 'coordinator')) return undefined;
  const today = inLondon(now).date;
  const areaId = session.area.id;
  const [followings, reps, reminded] = await Promise.all([
    readFollowings(db, session),
    readReps(db, areaId),
    db
      .select({ row: reminders, by: users.name })
      .from(reminders)
      .innerJoin(users, eq(users.id, reminders.by))
      .where(eq(reminders.areaId, areaId))
      .orderBy(desc(reminders.at))
  ]);
  const open = followings.cards
    .flatMap((card) => card.actions)
    .filter(({ state }) => state === 'open')
    .sort(byDue);
  const familyOf = new Map(followings.cards.map(({ row }) => [row.id, row.familyId]));
  const isHidden = ({ cardId }: FollowedAction, userId: string) =>
    followings.hiddenFrom(familyOf.get(cardId) ?? '').includes(userId);
  const agencies = followings.agencies.flatMap((agency): Chased[] => {
    const actions = open.filter(({ ownerId }) => ownerId === agency.id);
    const waiting = open.filter((action) => isWaitingFor(action, agency.id));
    if (actions.length + waiting.length === 0) return [];
    const letters = lettersTo(agency, reps.get(agency.id) ?? [], {
      actions,
      waiting,
      isHidden,
      today,
      origin
    });
    const last = reminded.filter(({ row }) => row.agencyId === agency.id);
    return [
      {
        ...{ agency, actions, letters, tally: tally(actions, today), waiting: waiting.length },
        reminded: last.map(({ row, by }) => ({ at: row.at.toISOString(), by, way: row.way }))
      }
    ];
  });
  await opened(db, session, 'actions-opened', 'the list to chase', open);
  return {
    today,
    tally: tally(open, today),
    nobodys: open.filter(isFree),
    agencies: agencies.sort((a, b) => byDue({ due: a.tally.firstDue }, { due: b.tally.firstDue }))
  };
}

/** What the home page says: of one's agencies, and to a coordinator of everyone's. No family is in it. */
export interface Head {
  readonly today: string;
  readonly mine: (Tally & { readonly toAnswer: number }) | null;
  readonly everyones: Tally | null;
}

export async function headFor(db: Db, session: Session, now: Date): Promise<Head> {
  const today = inLondon(now).date;
  const own = await ownActions(db, session, now);
  const everyones = holds(session, 'coordinator')
    ? (await readFollowings(db, session)).cards.flatMap((card) => card.actions)
    : null;
  return {
    today,
    mine: own ? { ...tally(own.open, today), toAnswer: own.toAnswer.length } : null,
    everyones: everyones && tally(everyones, today)
  };
}

async function opened(
  db: Db,
  session: Session,
  act: 'actions-opened' | 'export-made',
  purpose: string,
  actions: readonly FollowedAction[]
): Promise<void> {
  const cardIds = [...new Set(actions.map(({ cardId }) => cardId))];
  await record(db, session, { act, purpose, detail: { cardIds } });
}
