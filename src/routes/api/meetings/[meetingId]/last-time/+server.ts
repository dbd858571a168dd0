// GET /api/meetings/<id>/last-time: what earlier meetings left open of this meeting's families, for this person.
import { problem } from '#lib/protocol/problem.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals: { session, services }, params }) => {
  if (!session) return problem(401, 'Sign in first');
  const found = await services.followup.lastTime(session, params.meetingId);
  return found ? Response.json(found) : problem(404, 'Not found');
};
