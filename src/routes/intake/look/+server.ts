// What is here already of what a file names.
import { problem } from '#lib/protocol/problem.ts';
import { lookFor } from '#lib/protocol/intake.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ request, locals: { session, services } }) => {
  if (!session) return problem(401, 'Sign in first');
  const wanted = lookFor.safeParse(await request.json().catch(() => undefined));
  if (!wanted.success) return problem(400, 'The question can’t be read');
  const found = await services.intake.look(session, wanted.data);
  return found ? Response.json(found) : problem(404, 'Not found');
};
