// GET /api/meetings/<id>/since?at=ISO: what changed at a meeting since then, in sentences for this person.
import { problem } from '#lib/protocol/problem.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals: { session, services }, params, url }) => {
  if (!session) return problem(401, 'Sign in first');
  const at = new Date(url.searchParams.get('at') ?? '');
  if (Number.isNaN(at.getTime())) return problem(400, 'Say since when, as an ISO time');
  const found = await services.meetings.since(session, params.meetingId, at);
  return found
    ? Response.json(found, { headers: { 'cache-control': 'no-store' } })
    : problem(404, 'Not found');
};
