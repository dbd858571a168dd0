// Areas, agencies, people who sign in, and what makes them somebody here.
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  index,
  integer,
  pgTable,
  text,
  unique,
  uniqueIndex,
  uuid,
  type AnyPgColumn
} from 'drizzle-orm/pg-core';
import { at, bytes, id, now } from './columns.ts';

export const areas = pgTable('areas', {
  id: id(),
  name: text().notNull(),
  /** Made by the demonstration: holds invented people only, and production refuses to serve it. */
  demo: boolean().notNull().default(false),
  /** Whose rehearsal this is: invented, seen in that person's rehearsing sessions alone. Null: an area like any other. */
  rehearsalOf: uuid().references((): AnyPgColumn => users.id),
  /** Whether ratings and record states stay on the server until the chair reveals them. */
  sealed: boolean().notNull().default(true),
  /** What a meeting plans for each family. */
  minutesPerFamily: integer().notNull().default(15),
  statement: text().notNull(),
  lastFamily: integer().notNull().default(0),
  createdAt: now()
});

export const agencies = pgTable(
  'agencies',
  {
    id: id(),
    areaId: uuid()
      .notNull()
      .references(() => areas.id),
    code: text().notNull(),
    name: text().notNull(),
    /** Core agencies are at every card; the others are called card by card. */
    core: boolean().notNull(),
    /** What the rules need to know of an agency: the police make the version for the table, the IDVA writes the voice. */
    kind: text({ enum: ['police', 'idva', 'other'] })
      .notNull()
      .default('other'),
    position: integer().notNull().default(0)
  },
  (t) => [
    unique('agencies_code').on(t.areaId, t.code),
    check('agencies_kind', sql`${t.kind} in ('police', 'idva', 'other')`)
  ]
);

export const users = pgTable('users', {
  id: id(),
  name: text().notNull(),
  email: text().notNull().unique(),
  emailVerified: boolean().notNull().default(false),
  image: text(),
  createdAt: now(),
  updatedAt: now()
});

export const sessions = pgTable(
  'sessions',
  {
    id: id(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    token: text().notNull().unique(),
    expiresAt: at().notNull(),
    ipAddress: text(),
    userAgent: text(),
    /** When it ends unless somebody moves at it; null: nobody watches it, as for a program. */
    idleAt: at(),
    /** The rehearsal that its person is in: while it is set, nothing of any other area is theirs here. */
    rehearsalAreaId: uuid().references(() => areas.id),
    createdAt: now(),
    updatedAt: now()
  },
  (t) => [index('sessions_user').on(t.userId)]
);

/** What wraps the keys of what a browser keeps while it has no line; a session's own, and its person's a day longer. */
export const deviceKeys = pgTable(
  'device_keys',
  {
    id: id(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Not a reference: the session goes first. */
    sessionId: uuid().notNull().unique(),
    key: bytes().notNull(),
    endsAt: at().notNull(),
    createdAt: now()
  },
  (t) => [index('device_keys_user').on(t.userId)]
);

export const accounts = pgTable(
  'accounts',
  {
    id: id(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    accountId: text().notNull(),
    providerId: text().notNull(),
    accessToken: text(),
    refreshToken: text(),
    idToken: text(),
    accessTokenExpiresAt: at(),
    refreshTokenExpiresAt: at(),
    scope: text(),
    password: text(),
    createdAt: now(),
    updatedAt: now()
  },
  (t) => [index('accounts_user').on(t.userId)]
);

export const verifications = pgTable('verifications', {
  id: id(),
  identifier: text().notNull(),
  value: text().notNull(),
  expiresAt: at().notNull(),
  createdAt: now(),
  updatedAt: now()
});

export const memberships = pgTable(
  'memberships',
  {
    id: id(),
    areaId: uuid()
      .notNull()
      .references(() => areas.id),
    userId: uuid()
      .notNull()
      .references(() => users.id),
    role: text({ enum: ['rep', 'coordinator', 'administrator'] }).notNull(),
    /** A rep without an agency has a place only by a meeting: an independent chair, an observer. */
    agencyId: uuid().references(() => agencies.id),
    createdAt: now(),
    endedAt: at(),
    endedBy: uuid().references(() => users.id)
  },
  (t) => [
    uniqueIndex('memberships_once')
      .on(t.areaId, t.userId, t.role, t.agencyId)
      .where(sql`${t.endedAt} is null`),
    index('memberships_user').on(t.userId),
    check('memberships_role', sql`${t.role} in ('rep', 'coordinator', 'administrator')`)
  ]
);

/** One-time links: an invitation into an area, or a new password. Only the token's hash is kept. */
export const invitations = pgTable('invitations', {
  id: id(),
  areaId: uuid()
    .notNull()
    .references(() => areas.id),
  kind: text({ enum: ['invitation', 'renewal'] }).notNull(),
  email: text().notNull(),
  name: text().notNull(),
  role: text({ enum: ['rep', 'coordinator', 'administrator'] }),
  agencyId: uuid().references(() => agencies.id),
  tokenHash: text().notNull().unique(),
  expiresAt: at().notNull(),
  usedAt: at(),
  createdBy: uuid().references(() => users.id),
  createdAt: now()
});

/** Failed sign-ins, for the limits per account and per address. The keys are hashes. */
export const signInFailures = pgTable(
  'sign_in_failures',
  { id: id(), key: text().notNull(), at: now() },
  (t) => [index('sign_in_failures_key').on(t.key, t.at)]
);
