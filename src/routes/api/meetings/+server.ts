// GET /api/meetings: the signed-in person's meetings, with the cards they may see.
import { problem } from '#lib/protocol/problem.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals: { session, services } }) =>
  session ? Response.json(await services.meetings.list(session)) : problem(401, 'Sign in first');
