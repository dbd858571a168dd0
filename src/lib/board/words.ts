// The board's words for roles, members, agencies' answers and places on a card. Plain British English.
import type { Stage } from '#lib/domain/course.ts';
import { roleWords } from '#lib/domain/discreet.ts';
import type {
  CardState,
  CardView,
  MeetingState,
  MeetingView,
  MemberView,
  PersonHere
} from '#lib/protocol/meeting.ts';
import type { Mode } from '#lib/protocol/command.ts';
import type { Section } from '#lib/domain/permission.ts';
import type { Absence } from '#lib/domain/roster.ts';

export const memberRoles: Record<MemberView['role'], string> = roleWords;

export const seatWords: Record<PersonHere['role'], string> = {
  chair: 'Chair',
  deputy: 'Deputy',
  coordinator: 'Coordinator',
  rep: 'Rep',
  observer: 'Observer'
};

/** Of somebody remote: whether nobody can overhear, as they said. */
export function aloneWords(alone: boolean | null): string {
  if (alone === null) return 'not yet confirmed alone';
  return alone ? 'alone' : 'somebody can overhear';
}

export const modeWords: Record<Mode, string> = {
  room: 'in the room',
  remote: 'remote',
  papers: 'by papers',
  apologies: 'apologies',
  left: 'has left'
};

export const absenceWords: Record<Absence, string> = { papers: 'By papers', apologies: 'Apologies' };

export const stageWords: Record<Stage, string> = {
  new: 'What is new',
  information: 'Information',
  analysis: 'Analysis',
  ratings: 'Ratings',
  conclusion: 'Conclusion',
  plan: 'Plan'
};

const cardStates: Record<CardState, string> = {
  waiting: '',
  shown: 'opened',
  concluded: 'concluded',
  locked: 'locked',
  'not-reached': 'not reached'
};

/** How a family stands, in the agenda. Of a closed meeting nothing is at the table: each reads what became of it. */
export function agendaWords(
  { id, state, parked, carried }: Pick<CardView, 'id' | 'state' | 'parked' | 'carried'>,
  { meeting, currentCardId }: Pick<MeetingState, 'currentCardId'> & { meeting: Pick<MeetingView, 'state'> }
): string {
  if (meeting.state !== 'closed' && id === currentCardId) return 'now';
  if (carried) return 'carried';
  const over = state === 'locked' || state === 'not-reached';
  return parked && !over ? 'parked' : cardStates[state];
}

/** '0:40', '12:05': how long something has lasted. @param ms milliseconds */
export function howLong(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** 'by Tom Varley, POL': of what was stated at one agency's laptop for another. */
export function atLaptopOf(
  fact: { readonly laptopOf: string | null; readonly by: string },
  code: (id: string | null) => string | undefined
): string {
  return fact.laptopOf === null ? '' : `by ${fact.by}, ${code(fact.laptopOf) ?? 'another agency'}`;
}

/** 'age 9', 'born 2017, age not known', 'age not known'. */
export function ageOf(member: MemberView): string {
  if (member.role === 'unborn') return 'not yet born';
  return member.age === null ? 'age not known' : `age ${member.age}`;
}

/** A date as people write it: 25 Nov, with the year where it is not this meeting's. */
export function dayOf(date: string, meeting: string): string {
  const year = date.slice(0, 4) === meeting.slice(0, 4) ? undefined : 'numeric';
  const format = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year, timeZone: 'UTC' });
  return format.format(new Date(`${date.slice(0, 10)}T12:00:00Z`));
}

/** What a section is called, for the words that come back to their author. */
export function sectionName(
  { section, key, field }: { section: Section; key: string | undefined; field?: string | undefined },
  find: { agency: (id: string) => string | undefined; member: (id: string) => string | undefined }
): string {
  const [first, second] = (key ?? '').split('/');
  const member = (id: string | undefined) => (id && find.member(id)) ?? 'the family';
  switch (section) {
    case 'analysis':
      return `Analysis: ${key ?? ''}`;
    case 'plan':
      if (first === 'action') return 'Plan: an action';
      return `Plan: response to ${member(second)}`;
    case 'questions':
      return field === 'answer' ? 'An answer to a question' : 'A question';
    case 'summary':
      return 'Summary';
    case 'voice':
      return 'The victim’s voice';
    case 'safety':
      return `Safety plan: ${member(first)}`;
    default: {
      const agency = find.agency(section.slice('agency/'.length)) ?? 'An agency';
      return `${agency}, ${second ?? ''} on ${first === 'family' ? 'the family' : member(first)}`;
    }
  }
}

/** What the place is called that presence tells of: a section and what stands under it. */
export function placeName(place: string, find: Names): string {
  const [first = '', second, ...rest] = place.split('/');
  if (first === 'plan' && second === 'actions') return 'Plan: an action';
  if (first === 'questions') return 'Questions';
  const section = first === 'agency' ? `${first}/${second ?? ''}` : first;
  const key = (first === 'agency' ? rest : [second, ...rest]).join('/');
  return sectionName({ section: section as Section, key }, find);
}

/** What is said once words that came back were put where they stood. @param where names the place of a single passage */
export function putBackSaying(where: string | null, put: number, of: number): string {
  if (where !== null)
    return put > 0 ? `Put back: ${where}.` : `${where} has no place for this any more. Copy it.`;
  const all = `${put} ${put === 1 ? 'passage is' : 'passages are'} put back.`;
  return put === of ? all : `${all} ${of - put} had no place any more: copy what you need.`;
}

interface Names {
  agency: (id: string) => string | undefined;
  member: (id: string) => string | undefined;
}

const fieldWords: Readonly<Record<string, string>> = {
  what: 'its words',
  memberId: 'for whom',
  agencyId: 'which agency',
  by: 'by when',
  text: 'its words',
  answer: 'its answer'
};

/** What a section, a part of it or a field is called, where a decision names it. */
export function partName(
  { section, key, field }: { section: string; key: string | null; field?: string | null },
  find: Names
): string {
  if (key === null && !['summary', 'voice'].includes(section)) return sectionTitle(section, find);
  const name = sectionName({ section: section as Section, key: key ?? undefined }, find);
  return field ? `${name}, ${fieldWords[field] ?? field}` : name;
}

/** The fields of an action or a question as they are read, its words first; prose has none. */
export const fieldOrder = ['what', 'memberId', 'agencyId', 'by', 'text', 'answer'];
export const fieldName = (field: string): string => fieldWords[field] ?? field;

/** What a whole section is called. */
export function sectionTitle(section: string, find: Names): string {
  const titles: Readonly<Record<string, string>> = {
    analysis: 'Analysis together',
    plan: 'Plan',
    questions: 'Questions',
    summary: 'Summary',
    voice: 'The victim’s voice',
    safety: 'Safety plan'
  };
  return titles[section] ?? `What ${find.agency(section.slice('agency/'.length)) ?? 'an agency'} brought`;
}

/** A value of an action's or a question's field as people read it. */
export function fieldValue(field: string | null, value: string, find: Names): string {
  if (field === 'agencyId') return find.agency(value) ?? 'an agency not at this card';
  if (field === 'memberId') return find.member(value) ?? 'someone not at this card';
  return field === 'by' ? dayOf(value, '') : value;
}
