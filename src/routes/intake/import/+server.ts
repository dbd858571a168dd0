// The import itself: the file as it was chosen, or a notification as it was typed in, and what was decided of it.
import { problem } from '#lib/protocol/problem.ts';
import { order, typedTable } from '#lib/protocol/intake.ts';
import { limits } from '#lib/domain/notification-table.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ request, locals: { session, services } }) => {
  if (!session) return problem(401, 'Sign in first');
  const form = await request.formData().catch(() => undefined);
  const file = form?.get('file');
  const typed = typedTable.safeParse(json(form?.get('typed')));
  const decided = order.safeParse(json(form?.get('order')) ?? {});
  if (!decided.success || !(file instanceof File || typed.success))
    return problem(400, 'The import can’t be read');
  if (file instanceof File && file.size > limits.bytes) return problem(413, 'The file is too large');
  const source =
    file instanceof File
      ? { fileName: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }
      : { typed: typed.data ?? [] };
  const done = await services.intake.importRows(session, source, decided.data);
  if (!done) return problem(404, 'Not found');
  return 'refused' in done ? problem(409, done.refused) : Response.json(done);
};

function json(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // told by the schema
  }
}
