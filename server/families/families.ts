// The families' face to the others: the coordinator's cases, one family as it is now, and the acts of joining
// and keeping apart. A family is opened only after the audit has it. Carries FAMILY rules.
import { and, eq } from 'drizzle-orm';
import type { Member } from '#lib/domain/family.ts';
import { record } from '../audit/audit.ts';
import type { Database, Transaction } from '../database/database.ts';
import { families } from '../database/schema/families.ts';
import { holds, type Session } from '../identity/session.ts';
import { casesOf, isHidden, type CaseListing } from './cases.ts';
import {
  joinIn,
  joinsOf,
  keepApartIn,
  sharedWith,
  unjoinIn,
  type Join,
  type Refusal,
  type SharedFamily
} from './joins.ts';
import { kinOf, membersOf, notificationsOf, type FamilyNotification } from './kin.ts';

export { kinOf, membersOf, notificationsOf } from './kin.ts';
export { casesOf } from './cases.ts';
export type { CaseListing } from './cases.ts';
export type { FamilyNotification, NotifiedPerson } from './kin.ts';
export type { Join, Refusal, SharedFamily } from './joins.ts';

export interface Family {
  /** The record's that stands for all. */
  readonly id: string;
  readonly reference: string;
  /** The references of what is joined into it. */
  readonly also: readonly string[];
  readonly members: readonly Member[];
  readonly notifications: readonly FamilyNotification[];
  readonly joins: readonly Join[];
  /** Families that share a person with this one, of which nobody has decided yet. */
  readonly shared: readonly SharedFamily[];
}

export interface Families {
  /** The area's cases, the newest first; none for anyone but a coordinator. */
  listCases(session: Session): Promise<CaseListing[]>;
  /**
   * One family, whichever of its records is named; undefined where it does not exist for this person.
   * The opening is in the audit before anything is given.
   * @param purpose what it is opened for, in a few words without a family's data.
   */
  familyOf(session: Session, familyId: string, purpose: string): Promise<Family | undefined>;
  join(session: Session, familyId: string, otherId: string): Promise<Refusal | undefined>;
  unjoin(session: Session, joinId: string): Promise<Refusal | undefined>;
  keepApart(session: Session, familyId: string, otherId: string): Promise<Refusal | undefined>;
  /** Tells the listeners that families of an area have other members now, and waits for them. */
  changed(areaId: string): Promise<void>;
  /** Called after families of an area have changed: by a join, by what was imported. */
  onChanged(listener: (areaId: string) => Promise<void>): void;
}

const notTheirs: Refusal = { refused: 'There is no such family.' };
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Opens the families on a database. */
export function openFamilies({ database }: { readonly database: Database }): Families {
  const { db } = database;
  const listeners: ((areaId: string) => Promise<void>)[] = [];
  const changed = async (areaId: string) => {
    await Promise.all(listeners.map((listener) => listener(areaId)));
  };
  async function changing(session: Session, act: (tx: Transaction) => Promise<Refusal | undefined>) {
    const refusal = await db.transaction(act);
    if (!refusal) await changed(session.area.id);
    return refusal;
  }
  return {
    listCases: async (session) =>
      holds(session, 'coordinator') ? casesOf(db, session.area.id, session.user.id) : [],

    async familyOf(session, familyId, purpose) {
      if (!holds(session, 'coordinator') || !uuid.test(familyId)) return undefined;
      const [own] = await db
        .select({ id: families.id })
        .from(families)
        .where(and(eq(families.id, familyId), eq(families.areaId, session.area.id)));
      if (!own) return undefined;
      const kin = await kinOf(db, familyId);
      const [root, ...others] = kin;
      const ids = kin.map((each) => each.id);
      if (!root || (await isHidden(db, ids, session.user.id))) return undefined;
      await record(db, session, { act: 'family-opened', purpose, familyId: root.id });
      return {
        id: root.id,
        reference: root.reference,
        also: others.map((other) => other.reference),
        members: await membersOf(db, root.id),
        notifications: await notificationsOf(db, root.id),
        joins: await joinsOf(db, kin),
        shared: await sharedWith(db, session.area.id, kin)
      };
    },

    join: (session, familyId, otherId) =>
      mayJoin(session, familyId, otherId)
        ? changing(session, (tx) => joinIn(tx, session, familyId, otherId))
        : Promise.resolve(notTheirs),
    unjoin: (session, joinId) =>
      mayJoin(session, joinId)
        ? changing(session, (tx) => unjoinIn(tx, session, joinId))
        : Promise.resolve(notTheirs),
    keepApart: (session, familyId, otherId) =>
      mayJoin(session, familyId, otherId)
        ? db.transaction((tx) => keepApartIn(tx, session, familyId, otherId))
        : Promise.resolve(notTheirs),
    changed,
    onChanged: (listener) => void listeners.push(listener)
  };
}

const mayJoin = (session: Session, ...ids: string[]) =>
  holds(session, 'coordinator') && ids.every((id) => uuid.test(id));
