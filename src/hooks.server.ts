// Every request meets the services and its session here, and leaves with the headers that guard it.
import { building } from '$app/environment';
import type { Handle, HandleServerError } from '@sveltejs/kit';
import type { Identity } from '#server/identity/identity.ts';
import { readScreen, screenCookie } from '#lib/domain/screen.ts';
import { problem } from '#lib/protocol/problem.ts';
import { services } from '#server/locals.ts';

export const handle: Handle = async ({ event, resolve }) => {
  if (building) return resolve(event);
  const open = await services();
  event.locals.services = open;
  const response = isForeignAct(event.request, open.identity)
    ? problem(403, 'Not from here')
    : event.url.pathname.startsWith('/api/auth/')
      ? await open.identity.handle(event.request, event.getClientAddress())
      : await withSession(event, open.identity, resolve);
  const guarded: Record<string, string> = {
    'x-content-type-options': 'nosniff',
    // Not 'no-referrer': under it browsers send 'Origin: null' with our own forms.
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
    // What a signed-in person saw is not kept on a shared computer.
    'cache-control': response.headers.get('cache-control') ?? 'no-store',
    ...(open.config.secure ? { 'strict-transport-security': 'max-age=31536000' } : {})
  };
  for (const [name, value] of Object.entries(guarded)) response.headers.set(name, value);
  return response;
};

/** Whatever the body calls itself: SvelteKit judges the Origin of forms alone, and another port here is the same site. */
function isForeignAct({ method, headers }: Request, identity: Identity): boolean {
  return method !== 'GET' && method !== 'HEAD' && !identity.isOurOrigin(headers.get('origin'));
}

type Met = Parameters<Handle>[0];

/** Answers with the session known; it is read once for each request. */
async function withSession(event: Met['event'], identity: Identity, resolve: Met['resolve']) {
  event.locals.session = await identity.sessionOf(event.request.headers);
  const { contrast } = readScreen(event.cookies.get(screenCookie));
  return resolve(event, { transformPageChunk: ({ html }) => html.replace('%contrast%', contrast) });
}

export const handleError: HandleServerError = async ({ error, event, status, message }) => {
  // Nothing there, too large, not the right method: the asker's side.
  if (status < 500) return { message };
  const id = crypto.randomUUID().slice(0, 8);
  // The error's own message may quote what somebody wrote; its kind and place do not.
  const { name, stack } = error instanceof Error ? error : { name: typeof error, stack: undefined };
  const where = stack
    ?.split('\n')
    .filter((line) => line.trim().startsWith('at '))
    .slice(0, 8);
  const code =
    (error as { code?: unknown } | null)?.code ??
    (error as { cause?: { code?: unknown } } | null)?.cause?.code;
  (await services()).log.error({ id, route: event.route.id, name, code, where }, 'a request failed');
  return { message: 'Something went wrong on our side. Nothing you wrote is lost where it said saved.', id };
};
