// What is stated at a card, as a board sends it: a rating, the joint rating; how the card stands for somebody then, and
// how a command is refused.
import type { Board } from './boards.ts';

export const rate = (cardId: string, rating: 'red' | 'amber' | 'green' | 'blue' | null, agencyId?: string) =>
  ({ type: 'rating.set', cardId, memberId: null, rating, ...(agencyId ? { agencyId } : {}) }) as const;
export const conclude = (cardId: string) =>
  ({ type: 'joint.set', cardId, memberId: null, rating: 'red', reason: 'Because' }) as const;
export const cardOf = (board: Board, cardId: string) => board.state().cards[cardId];
export const refused = (code: string) => ({ ok: false, error: { code } });
