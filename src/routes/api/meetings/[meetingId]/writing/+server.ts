// GET /api/meetings/<id>/writing: who writes on which card just now, for the chair or coordinator who sits there.
import { problem } from '#lib/protocol/problem.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ locals: { session, services }, params }) => {
  if (!session) return problem(401, 'Sign in first');
  const writing = services.meetings.writing(session, params.meetingId);
  return writing ? Response.json(writing) : problem(404, 'Not found');
};
