// POST /api/session/moved: somebody moves at this browser. From the first of these on, standing idle ends the session.
import { problem } from '#lib/protocol/problem.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ locals: { session, services } }) => {
  if (!session) return problem(401, 'Sign in first');
  await services.identity.moved(session);
  return new Response(null, { status: 204 });
};
