// The report on attendance in words: what each figure means, said once, for the page and for whoever takes it away.
import { longestDrop, type AttendedMode, type Figures } from './attendance.ts';
import { fewest } from './disclosure.ts';

export const modeWords: Readonly<Record<AttendedMode, string>> = {
  room: 'In the room',
  remote: 'Remote',
  papers: 'Absent, with papers'
};

export const tooFew = `fewer than ${fewest}`;

const minutes = longestDrop / 60_000;

export const definitions: readonly { readonly term: string; readonly means: string }[] = [
  {
    term: 'Who is counted',
    means:
      'Whoever sat for an agency at a meeting that is closed, once for each meeting, as they were last noted: in the room, remote, or absent with papers. In the room and remote only with a board open during the meeting. Chair, coordinators and observers attend the whole and are left out.'
  },
  {
    term: 'What is kept back',
    means: `Counted are whole months that are over. A month in which ${tooFew} different people attended in one way is taken together with the months after it until there are ${fewest}, always in the same way; what lies only partly in the time you chose, or has not yet enough people, is left out. So no figure, and no difference of two, is one person's.`
  },
  {
    term: 'Minutes connected',
    means:
      'From the opening of the meeting to its close, with the board open in at least one window. Time in the room without the board is not seen.'
  },
  {
    term: 'At own families, and waiting',
    means:
      'Connected while a family at which their agency sat was at the table; and the rest, breaks too. Core agencies sit at every family and so hardly wait, wherever they are: compare with care.'
  },
  {
    term: 'Drops, and back after',
    means: `The connection ended and the same person was back within ${minutes} minutes while the meeting went on, and nobody had noted that they left. Reloading the page is one, of a second or two. A line that falls silent is noticed after at most 45 seconds, so a drop shorter than that may not be seen. Half of them were back within the time given.`
  },
  {
    term: 'Minutes saved',
    means: 'Of who attended remotely: the length of the meeting less the minutes connected.'
  },
  {
    term: 'Families with information',
    means:
      'Families on whose card the person wrote in their agency’s part. For who was absent with papers: whatever stands in their agency’s part, also what the coordinator noted.'
  },
  {
    term: 'Families rated before the reveal',
    means: 'Families of which the person had rated the whole or a member before the ratings were revealed.'
  },
  {
    term: 'Questions answered',
    means:
      'Questions to their agency that had an answer at the lock, on cards on which the person wrote among the questions.'
  },
  {
    term: 'Actions accepted',
    means: 'Actions that the person accepted for their agency, at the meeting or after it.'
  },
  {
    term: 'The two questions',
    means:
      'Asked of everyone who sat at a meeting, for seven days after its close. Only how often each answer was given is kept, by month and by how people sat; who answered is kept apart. Answers count here eight days after their month.'
  }
];

/** '1 h 35 min', '35 min'. */
export function inHours(minutesInAll: number): string {
  const [hours, rest] = [Math.floor(minutesInAll / 60), minutesInAll % 60];
  return hours > 0 ? `${hours} h ${rest} min` : `${rest} min`;
}

/** '50 s', '2 min 5 s'. */
export function inSeconds(seconds: number): string {
  const [whole, rest] = [Math.floor(seconds / 60), seconds % 60];
  return whole > 0 ? `${whole} min ${rest} s` : `${rest} s`;
}

/** What a figure is not known of, or does not fit. */
const none = '–';

type Presence = NonNullable<Figures['presence']>;
const present = (words: (presence: Presence) => string | number) => (figures: Figures) =>
  figures.presence ? String(words(figures.presence)) : none;
const given = (kind: keyof Figures['contributions']) => (figures: Figures) =>
  figures.contributions[kind].toFixed(1);

/** Each figure with its name, as it is read. */
export const figureLines: readonly { readonly name: string; readonly words: (of: Figures) => string }[] = [
  { name: 'Times attended', words: ({ times }) => String(times) },
  { name: 'Minutes connected', words: present(({ connected }) => connected) },
  { name: 'At own families', words: present(({ own }) => own) },
  { name: 'Waiting', words: present(({ waiting }) => waiting) },
  { name: 'Minutes saved', words: ({ saved }) => (saved ? String(saved.each) : none) },
  { name: 'Drops in all', words: present(({ drops }) => drops) },
  { name: 'Half back after', words: present(({ back }) => (back === null ? none : inSeconds(back))) },
  { name: 'Families with information', words: given('information') },
  { name: 'Families rated before the reveal', words: given('ratings') },
  { name: 'Questions answered', words: given('questions') },
  { name: 'Actions accepted', words: given('actions') }
];
