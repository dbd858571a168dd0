// The export as a spreadsheet's file, however it was asked for.
import { problem } from '#lib/protocol/problem.ts';
import type { Session } from '#server/identity/session.ts';
import type { Services } from '#server/services.ts';

/** A meeting's locked decisions as CSV, one row a decision. */
export async function spreadsheet(
  services: Services,
  session: Session,
  meetingId: string
): Promise<Response> {
  const csv = await services.decisions.csvOf(session, meetingId);
  if (csv === undefined) return problem(404, 'Not found');
  return new Response(csv, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="decisions.csv"'
    }
  });
}
