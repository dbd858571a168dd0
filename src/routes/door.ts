// What a page asks before anything else: who is this, and is it theirs? A person without the role is
// answered as if there were nothing there.
import { error, redirect } from '@sveltejs/kit';
import type { Role, Session } from '#server/identity/session.ts';

interface Asked {
  readonly locals: { readonly session: Session | null };
  readonly url: URL;
}

/** The signed-in person's session; sends anyone else to sign in first and then back here. */
export function signedIn({ locals, url }: Asked): Session {
  // A form's act ('?/invite') is not a place to come back to; a filter is.
  const place = url.pathname + (url.search.startsWith('?/') ? '' : url.search);
  if (!locals.session) redirect(303, `/sign-in?to=${encodeURIComponent(place)}`);
  return locals.session;
}

/** The session of a person with this role; for others there is nothing here. */
export function signedInAs(role: Role, asked: Asked): Session {
  const session = signedIn(asked);
  if (!session.memberships.some((membership) => membership.role === role)) error(404, 'Not found');
  return session;
}
