// The two questions of a closed meeting. GET: whether this person is asked. POST { follow, heard }, each of yes,
// partly and no: counts them, once. 404 for who sat at no such meeting.
import { problem } from '#lib/protocol/problem.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals: { session, services }, params }) => {
  if (!session) return problem(401, 'Sign in first');
  const asked = await services.reports.pulse(session, params.meetingId);
  return asked ? Response.json(asked) : problem(404, 'Not found');
};

export const POST: RequestHandler = async ({ locals: { session, services }, params, request }) => {
  if (!session) return problem(401, 'Sign in first');
  const input: unknown = await request.json().catch(() => undefined);
  const answered = await services.reports.answer(session, params.meetingId, input);
  if (!answered) return problem(404, 'Not found');
  if ('message' in answered) return problem(400, 'Not understood', answered.message);
  return answered.counted
    ? new Response(null, { status: 204 })
    : problem(409, 'Not counted', 'You have answered already, or it is more than seven days ago.');
};
