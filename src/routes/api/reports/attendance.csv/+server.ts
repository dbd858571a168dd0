// GET /api/reports/attendance.csv: the report as a spreadsheet, with the page's own ?last= or ?from= and ?to=.
import { problem } from '#lib/protocol/problem.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals: { session, services }, url }) => {
  if (!session) return problem(401, 'Sign in first');
  const csv = await services.reports.csvOf(session, Object.fromEntries(url.searchParams));
  if (csv === undefined) return problem(404, 'Not found');
  return new Response(csv, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="attendance.csv"'
    }
  });
};
