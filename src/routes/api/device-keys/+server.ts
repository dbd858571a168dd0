// POST /api/device-keys: what wraps the keys of what this browser keeps. A POST, because the first one makes it.
import { problem } from '#lib/protocol/problem.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ locals: { session, services } }) => {
  if (!session) return problem(401, 'Sign in first');
  return Response.json({
    ...(await services.deviceKeys.of(session)),
    idleMinutes: services.config.idleMinutes
  });
};
