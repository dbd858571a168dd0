// The meeting as a board shows it where others see the screen: members by their role. Pure. Carries DISCREET1.
import { roleNames } from '#lib/domain/discreet.ts';
import type { CardView, MeetingState } from '#lib/protocol/meeting.ts';

/** The same meeting without a family member's name in it. */
export function withoutNames(state: MeetingState): MeetingState {
  const cards = Object.entries(state.cards).map(([id, card]): [string, CardView] => {
    const names = roleNames(card.members);
    const members = card.members.map((member) => ({ ...member, name: names.get(member.id) ?? '' }));
    return [id, { ...card, members }];
  });
  return { ...state, cards: Object.fromEntries(cards) };
}
