// GET /api/cards/<cardId>/attribution: who wrote what, for chair and coordinator.
import { problem } from '#lib/protocol/problem.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals: { session, services }, params }) => {
  if (!session) return problem(401, 'Sign in first');
  const found = await services.meetings.attribution(session, params.cardId);
  return found
    ? Response.json(found, { headers: { 'cache-control': 'no-store' } })
    : problem(404, 'There is no such card');
};
