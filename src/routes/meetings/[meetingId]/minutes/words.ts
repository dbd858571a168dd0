// The minutes' words: names in the place of ids, times as people read them in London, what was passed over.
import type { DecidedMember, Present, SharedContent } from '#lib/card/canonical.ts';
import type { Missing } from '#lib/domain/decision.ts';
import { roleWords } from '#lib/domain/family.ts';
import { inLondon } from '#lib/domain/london.ts';

export const basisWords = { 'own-record': 'on its own record', heard: 'on what was heard at the table' };

const seatWords: Record<Present['role'], string> = {
  chair: 'chair',
  deputy: 'deputy chair',
  coordinator: 'coordinator',
  rep: '',
  observer: 'observer'
};

/** How people were at a card, in the order in which the minutes name them. */
const ways: readonly { readonly mode: Present['mode']; readonly how: string }[] = [
  { mode: 'room', how: 'In the room' },
  { mode: 'remote', how: 'Remote' },
  { mode: null, how: 'Had the card open' },
  { mode: 'papers', how: 'Sent papers' },
  { mode: 'apologies', how: 'Apologies' }
];

const shortDay = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC'
});

/** '24 Nov 2026', of a day as YYYY-MM-DD. */
export const dayWords = (day: string) => shortDay.format(new Date(`${day}T12:00:00Z`));

/** '24 Nov 2026, 11:58' in London, of a time in UTC. */
export function momentWords(at: string): string {
  const { date, time } = inLondon(new Date(at));
  return `${dayWords(date)}, ${time}`;
}

export const clockWords = (at: string) => inLondon(new Date(at)).time;

/** Finds the names of a decision's members and agencies. */
export function namesIn({ members, agencies }: Pick<SharedContent, 'members' | 'agencies'>) {
  const agency = (id: string | null) => agencies.find((each) => each.id === id);
  return {
    member: (id: string | null) => members.find((each) => each.id === id)?.name ?? 'someone not at this card',
    agency: (id: string | null) => agency(id)?.name ?? 'an agency not at this card',
    code: (id: string | null) => agency(id)?.code ?? ''
  };
}

/** 'Child, born 4 Mar 2017 (9)'. */
export function memberWords({ role, born, age }: DecidedMember): string {
  if (role === 'unborn') return roleWords.unborn;
  const birth = born === null ? 'birth not known' : `born ${dayWords(born)}`;
  return `${roleWords[role]}, ${birth}${age === null ? '' : ` (${age})`}`;
}

/** Who was there, by how they were. */
export function presentByMode(present: readonly Present[]): { how: string; people: Present[] }[] {
  return ways
    .map(({ mode, how }) => ({ how, people: present.filter((person) => person.mode === mode) }))
    .filter(({ people }) => people.length > 0);
}

/** 'POL, deputy chair; agreed to the statement 10:01; left 10:42'. */
export function presentWords(person: Present, code: (id: string) => string): string {
  const what = [...person.agencies.map(code), seatWords[person.role]].filter((each) => each !== '');
  const agreed = person.agreedAt ? [`agreed to the statement ${clockWords(person.agreedAt)}`] : [];
  const alone = person.aloneAt ? [`alone ${clockWords(person.aloneAt)}`] : [];
  const left = person.leftAt ? [`left ${clockWords(person.leftAt)}`] : [];
  return [...(what.length > 0 ? [what.join(', ')] : []), ...agreed, ...alone, ...left].join('; ');
}

/** What was missing when the chair locked all the same. */
export function missingWords(missing: Missing, memberName: (id: string) => string): string {
  switch (missing.kind) {
    case 'joint-rating':
      return 'no joint rating';
    case 'no-response':
      return `no action or response for ${memberName(missing.memberId)}`;
    case 'action-not-accepted':
      return `action not accepted: ${missing.what}`;
    case 'action-without-owner':
      return `action without an owner: ${missing.what}`;
    case 'action-without-date':
      return `action without a date: ${missing.what}`;
    case 'unanswered-question':
      return `question without an answer: ${missing.text}`;
  }
}
