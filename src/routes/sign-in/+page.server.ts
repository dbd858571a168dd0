// Sign-in by form, through the same door as programs: the limits and the answer are the door's.
import { error, fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

/** Where the person was going: an address of ours, or the meetings. */
function destination(url: URL): string {
  const wanted = URL.parse(url.searchParams.get('to') ?? '/', url);
  return wanted?.origin === url.origin ? wanted.pathname + wanted.search : '/';
}

export const load: PageServerLoad = async ({ locals, url }) => {
  if (locals.session) redirect(303, destination(url));
  const demo = await locals.services.demonstration.cast();
  return { demonstrators: demo?.people ?? [], welcome: url.searchParams.has('welcome') };
};

const faults: Partial<Record<number, string>> = {
  401: 'That email and password don’t go together.',
  429: 'Too many failed sign-ins. Wait a quarter of an hour, or ask your coordinator for a new password link.',
  503: 'Signing in does not work just now. Try again in a moment.'
};

async function signIn(event: RequestEvent, email: string, password: string) {
  const answer = await event.locals.services.identity.handle(
    new Request(new URL('/api/auth/sign-in/email', event.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password })
    }),
    event.getClientAddress()
  );
  if (!answer.ok) {
    return fail(answer.status, { email, fault: faults[answer.status] ?? faults[401] });
  }
  for (const cookie of answer.headers.getSetCookie()) {
    const [pair = '', ...attributes] = cookie.split('; ');
    const at = pair.indexOf('=');
    const maxAge = attributes.find((each) => /^max-age=/i.test(each))?.slice('max-age='.length);
    event.cookies.set(pair.slice(0, at), decodeURIComponent(pair.slice(at + 1)), {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: event.locals.services.config.secure,
      ...(maxAge ? { maxAge: Number(maxAge) } : {})
    });
  }
  redirect(303, destination(event.url));
}

export const actions: Actions = {
  password: async (event) => {
    const form = await event.request.formData();
    const email = String(form.get('email') ?? '');
    return signIn(event, email, String(form.get('password') ?? ''));
  },
  /** In a demonstration alone: sits down as one of its people. */
  demonstration: async (event) => {
    const form = await event.request.formData();
    const demo = await event.locals.services.demonstration.cast();
    const person = demo?.people.find((each) => each.email === form.get('email'));
    if (!demo || !person) error(404, 'Not found');
    return signIn(event, person.email, demo.password);
  }
};
