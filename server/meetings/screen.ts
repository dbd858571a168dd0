// What is left of a meeting's view for the screen that hangs in the room: nobody knows who passes the door. It is an
// observer's view, and of that neither the way into the video call nor, where the screen is discreet, a name or
// a word that was told of a family. Pure. Carries SCREEN1 and SCREEN2.
import { roleNames } from '#lib/domain/discreet.ts';
import type { CardView, MeetingState, ScreenKind } from '#lib/protocol/meeting.ts';

/** Cuts an observer's view to what the room's screen may hold. */
export function onScreen(state: MeetingState, screen: ScreenKind): MeetingState {
  const cards = Object.entries(state.cards).map(([id, card]) => [
    id,
    // What whoever opened the screen proposed of a locked card is theirs and the chair's.
    { ...(screen === 'discreet' ? discreetly(card) : card), proposals: [] }
  ]);
  return {
    ...state,
    meeting: { ...state.meeting, videoLink: null },
    door: null,
    calls: [],
    cards: Object.fromEntries(cards) as MeetingState['cards']
  };
}

/** Everything that was said in words may name somebody. */
function discreetly(card: CardView): CardView {
  const names = roleNames(card.members);
  return {
    ...card,
    members: card.members.map((member) => ({ ...member, name: names.get(member.id) ?? '' })),
    notifications: card.notifications.map((notification) => ({ ...notification, tableVersion: null })),
    records: card.records.map((fact) => ({ ...fact, searched: null, reason: null })),
    ratings: card.ratings.map((fact) => ({ ...fact, reason: null })),
    joint: card.joint.map((fact) => ({ ...fact, reason: '' })),
    dissents: card.dissents.map((fact) => ({ ...fact, reason: '' })),
    answers: card.answers.map((fact) => ({ ...fact, reason: null, reading: null })),
    links: card.links.map((link) => ({ ...link, reason: '' })),
    parked: card.parked && { ...card.parked, reason: null },
    carried: card.carried && { ...card.carried, reason: '' },
    amendments: card.amendments.map((fact) => ({ ...fact, reason: '' }))
  };
}
