// Who is signed in and how they have their screen, for the frame of every page.
import { readScreen, screenCookie } from '#lib/domain/screen.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async ({ locals, cookies }) => {
  const { session } = locals;
  const { idleMinutes } = locals.services.config;
  const screen = readScreen(cookies.get(screenCookie));
  if (!session) {
    const demo = (await locals.services.demonstration.cast()) !== null;
    return { session: null, demo, rehearsal: false, idleMinutes, screen };
  }
  const roles = session.memberships.map((membership) => membership.role);
  const agencies = session.memberships.flatMap(({ agency }) => (agency ? [agency.code] : []));
  return {
    session: { name: session.user.name, area: session.area.name, roles, agencies },
    demo: session.area.demo,
    rehearsal: session.area.rehearsal,
    idleMinutes,
    screen
  };
};
