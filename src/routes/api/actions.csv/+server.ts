// GET /api/actions.csv: the actions of one's agencies as a spreadsheet; 404 for who sits for none.
import { problem } from '#lib/protocol/problem.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals: { session, services } }) => {
  if (!session) return problem(401, 'Sign in first');
  const csv = await services.followup.csvOf(session);
  if (csv === undefined) return problem(404, 'Not found');
  return new Response(csv, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="actions.csv"'
    }
  });
};
