// GET /api/session: who is asking.
import { problem } from '#lib/protocol/problem.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ locals: { session } }) => {
  if (!session) return problem(401, 'Sign in first');
  const { user, area, memberships } = session;
  return Response.json({ user, area: { id: area.id, name: area.name }, memberships });
};
