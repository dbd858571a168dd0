// POST /api/cards/<cardId>/amendment: what an amendment would change, before the chair makes it by a command.
import * as z from 'zod';
import { amendmentSchema } from '#lib/protocol/command.ts';
import { problem } from '#lib/protocol/problem.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ locals: { session, services }, params, request }) => {
  if (!session) return problem(401, 'Sign in first');
  if (!z.uuid().safeParse(params.cardId).success) return problem(404, 'There is no such card');
  const asked = amendmentSchema.safeParse(await request.json().catch(() => undefined));
  if (!asked.success) return problem(400, 'That is no amendment', asked.error.issues[0]?.message);
  const preview = await services.decisions.preview(session, { ...asked.data, cardId: params.cardId });
  if (!preview) return problem(404, 'There is no such card');
  return preview.ok
    ? Response.json(preview.result, { headers: { 'cache-control': 'no-store' } })
    : problem(409, 'This can’t be amended so', preview.error.message);
};
