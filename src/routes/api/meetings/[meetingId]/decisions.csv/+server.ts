// GET /api/meetings/<id>/decisions.csv: the same as the JSON beside it, at an address of its own for links.
import { problem } from '#lib/protocol/problem.ts';
import { spreadsheet } from '../spreadsheet.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals: { session, services }, params }) =>
  session ? spreadsheet(services, session, params.meetingId) : problem(401, 'Sign in first');
