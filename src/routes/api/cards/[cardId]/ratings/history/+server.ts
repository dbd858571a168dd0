// GET /api/cards/<cardId>/ratings/history: every rating and record state, as far as this person may know them.
import { problem } from '#lib/protocol/problem.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals: { session, services }, params }) => {
  if (!session) return problem(401, 'Sign in first');
  const history = await services.meetings.history(session, params.cardId);
  return history ? Response.json(history) : problem(404, 'There is no such card');
};
