// People, families and the notifications that make a case of them.
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  unique,
  uniqueIndex,
  uuid
} from 'drizzle-orm/pg-core';
import { at, id, now } from './columns.ts';
import { areas, users } from './identity.ts';

export const people = pgTable(
  'people',
  {
    id: id(),
    areaId: uuid()
      .notNull()
      .references(() => areas.id),
    surname: text().notNull(),
    forenames: text().notNull(),
    aka: text(),
    born: date({ mode: 'string' }),
    sex: text({ enum: ['F', 'M', 'X', 'U'] })
      .notNull()
      .default('U'),
    createdAt: now()
  },
  (t) => [index('people_name').on(t.areaId, t.surname, t.born)]
);

export const families = pgTable(
  'families',
  {
    id: id(),
    areaId: uuid()
      .notNull()
      .references(() => areas.id),
    /** F-0001 and on, per area; what people say aloud instead of a name. */
    reference: text().notNull(),
    createdAt: now()
  },
  (t) => [unique('families_reference').on(t.areaId, t.reference)]
);

export const familyMembers = pgTable(
  'family_members',
  {
    id: id(),
    familyId: uuid()
      .notNull()
      .references(() => families.id),
    /** Absent for an unborn child, who has a record of its own but no name or birth yet. */
    personId: uuid().references(() => people.id),
    role: text({ enum: ['victim', 'harming', 'child', 'unborn', 'other'] }).notNull(),
    /** The family member whose pregnancy this is, for an unborn child. */
    parentId: uuid(),
    /** Where the role comes from: the notification's row, or who said so. */
    basis: text().notNull(),
    position: integer().notNull(),
    addedBy: uuid().references(() => users.id),
    addedAt: now(),
    removedAt: at()
  },
  (t) => [
    index('family_members_family').on(t.familyId),
    check('family_members_role', sql`${t.role} in ('victim', 'harming', 'child', 'unborn', 'other')`),
    check('family_members_person', sql`(${t.role} = 'unborn') = (${t.personId} is null)`)
  ]
);

/** Two incidents' families found to be one. Nothing is moved, so undoing loses nothing. */
export const familyJoins = pgTable(
  'family_joins',
  {
    id: id(),
    areaId: uuid()
      .notNull()
      .references(() => areas.id),
    familyId: uuid()
      .notNull()
      .references(() => families.id),
    intoId: uuid()
      .notNull()
      .references(() => families.id),
    joinedBy: uuid()
      .notNull()
      .references(() => users.id),
    joinedAt: now(),
    undoneBy: uuid().references(() => users.id),
    undoneAt: at()
  },
  (t) => [
    uniqueIndex('family_joins_one')
      .on(t.familyId)
      .where(sql`${t.undoneAt} is null`),
    check('family_joins_other', sql`${t.familyId} <> ${t.intoId}`)
  ]
);

/** Families that share a person and were looked at and kept apart, so that nobody is asked twice. */
export const familiesKeptApart = pgTable('families_kept_apart', {
  id: id(),
  areaId: uuid()
    .notNull()
    .references(() => areas.id),
  familyId: uuid()
    .notNull()
    .references(() => families.id),
  otherId: uuid()
    .notNull()
    .references(() => families.id),
  keptBy: uuid()
    .notNull()
    .references(() => users.id),
  keptAt: now(),
  undoneAt: at()
});

export const cases = pgTable(
  'cases',
  {
    id: id(),
    areaId: uuid()
      .notNull()
      .references(() => areas.id),
    familyId: uuid()
      .notNull()
      .references(() => families.id)
      .unique(),
    openedAt: now()
  },
  (t) => [index('cases_area').on(t.areaId)]
);

export const imports = pgTable('imports', {
  id: id(),
  areaId: uuid()
    .notNull()
    .references(() => areas.id),
  fileName: text().notNull(),
  rows: integer().notNull(),
  incidents: integer().notNull(),
  importedBy: uuid()
    .notNull()
    .references(() => users.id),
  importedAt: now()
});

/** A police report. Narrative, telephones and addresses are of the protected class. */
export const notifications = pgTable(
  'notifications',
  {
    id: id(),
    areaId: uuid()
      .notNull()
      .references(() => areas.id),
    caseId: uuid()
      .notNull()
      .references(() => cases.id),
    importId: uuid().references(() => imports.id),
    occurrence: text().notNull(),
    reported: date({ mode: 'string' }).notNull(),
    incidentDate: date({ mode: 'string' }),
    incidentTime: text(),
    incidentType: text().notNull(),
    domesticAbuse: boolean(),
    grade: text({ enum: ['high', 'medium', 'standard'] }),
    dash: integer(),
    encompassSent: boolean(),
    narrative: text().notNull(),
    /** What the police's rep or the coordinator made of the narrative for everyone at the table. */
    tableVersion: text(),
    tableVersionBy: uuid().references(() => users.id),
    /** Taken although rows of it were faulty; says which and why. */
    incomplete: text(),
    addedBy: uuid()
      .notNull()
      .references(() => users.id),
    addedAt: now()
  },
  (t) => [
    unique('notifications_occurrence').on(t.areaId, t.occurrence),
    index('notifications_case').on(t.caseId),
    check('notifications_dash', sql`${t.dash} is null or ${t.dash} between 0 and 24`)
  ]
);

/** One row of a notification: a person as the police wrote them. Known by occurrence, role, name as written and birth. */
export const notificationPeople = pgTable(
  'notification_people',
  {
    id: id(),
    areaId: uuid()
      .notNull()
      .references(() => areas.id),
    notificationId: uuid()
      .notNull()
      .references(() => notifications.id),
    memberId: uuid()
      .notNull()
      .references(() => familyMembers.id),
    /** The row's identity, made of those four fields. */
    key: text().notNull(),
    /** The spreadsheet's row number, header = 1; absent when typed in. */
    row: integer(),
    role: text().notNull(),
    written: jsonb().$type<Record<string, string>>().notNull(),
    /** The fields left out because their cells were faulty when the incident was taken as incomplete. */
    leftOut: text().array().notNull().default([]),
    address: text(),
    town: text(),
    postcode: text(),
    telephone: text(),
    safeToCall: text(),
    toVictim: text(),
    toHarming: text(),
    school: text(),
    childPresent: text({ enum: ['yes', 'no', 'unknown'] }),
    strangulation: boolean(),
    weapon: boolean(),
    pregnant: boolean()
  },
  (t) => [
    unique('notification_people_key').on(t.areaId, t.key),
    index('notification_people_member').on(t.memberId)
  ]
);
