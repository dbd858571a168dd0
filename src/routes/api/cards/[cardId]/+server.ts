// GET /api/cards/<cardId>: a card, its documents, and what this person may write in them.
import { problem } from '#lib/protocol/problem.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals: { session, services }, params }) => {
  if (!session) return problem(401, 'Sign in first');
  const card = await services.meetings.card(session, params.cardId);
  return card ? Response.json(card) : problem(404, 'There is no such card');
};
