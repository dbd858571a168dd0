// GET /api/meetings/<id>/decisions: what was locked, for coordinator and chair, without the protected class.
// JSON, or CSV for whoever asks for that by `Accept: text/csv` or `?format=csv`.
import { problem } from '#lib/protocol/problem.ts';
import { spreadsheet } from '../spreadsheet.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals: { session, services }, params, request, url }) => {
  if (!session) return problem(401, 'Sign in first');
  const asksForCsv =
    /^text\/csv\b/.test(request.headers.get('accept') ?? '') || url.searchParams.get('format') === 'csv';
  if (asksForCsv) return spreadsheet(services, session, params.meetingId);
  const found = await services.decisions.exportOf(session, params.meetingId);
  return found ? Response.json(found) : problem(404, 'Not found');
};
