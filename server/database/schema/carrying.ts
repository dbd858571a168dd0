// Families that a meeting carries to the next one, with the reason. Rows are added, never changed.
import { pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { id, now } from './columns.ts';
import { users } from './identity.ts';
import { cards } from './meetings.ts';

export const carriedCards = pgTable(
  'carried_cards',
  {
    id: id(),
    cardId: uuid()
      .notNull()
      .references(() => cards.id),
    reason: text().notNull(),
    by: uuid()
      .notNull()
      .references(() => users.id),
    at: now()
  },
  (t) => [unique('carried_cards_once').on(t.cardId)]
);
