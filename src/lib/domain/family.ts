// How a person's name is shown, when two records are read as one person, and how a family that stands in
// several records is told once. Pure: it knows neither tables nor a clock. Carries the FAMILY rules.

export const roles = ['victim', 'harming', 'child', 'unborn', 'other'] as const;
export type FamilyRole = (typeof roles)[number];

export const roleWords: Readonly<Record<FamilyRole, string>> = {
  victim: 'Victim',
  harming: 'Person causing harm',
  child: 'Child',
  unborn: 'Unborn child',
  other: 'Other person'
};

export type Sex = 'F' | 'M' | 'X' | 'U';

/** What is needed of a record to tell whether two are of one person. */
export interface Identity {
  readonly surname: string;
  readonly forenames: string;
  /** YYYY-MM-DD. */
  readonly born: string | null;
}

/** A name as people read it: what was written in capitals becomes 'Begum', "O'Brien", 'McDonald'; the rest stays. */
export function shownName(forenames: string, surname: string): string {
  const whole = [forenames, surname]
    .map((part) => part.trim().replace(/\s+/g, ' '))
    .map((part) => (isCapitals(part) ? titleCase(part) : part))
    .filter((part) => part !== '')
    .join(' ');
  return whole || 'Name not given';
}

/** A name as it is said, in the two parts it is kept in: the last word is the surname. */
export function namesOf(said: string): { forenames: string; surname: string } {
  const words = said.trim().split(/\s+/);
  return { forenames: words.slice(0, -1).join(' '), surname: words.at(-1) ?? '' };
}

/** The name of a child who is not born yet, after the person whose pregnancy it is. */
export function unbornName(parent: string | undefined): string {
  return parent ? `Unborn child of ${parent}` : 'Unborn child';
}

const isCapitals = (part: string) => part.length > 1 && part === part.toUpperCase();

function titleCase(part: string): string {
  return part
    .toLowerCase()
    .replace(/(^|[\s'’-])(\p{L})/gu, (_all, before: string, letter: string) => before + letter.toUpperCase())
    .replace(/\bMc(\p{L})/gu, (_all, letter: string) => `Mc${letter.toUpperCase()}`);
}

/**
 * A name without what different systems write differently: capitals, accents, hyphens, blanks. 'Łukasz' is
 * 'Lukasz' here, because older exports (Windows-1252) have no Ł and write it so.
 */
export function plainName(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/ł/g, 'l')
    .replace(/ø/g, 'o')
    .replace(/ß/g, 'ss')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/**
 * The mark two records share when they are read as one person: the same name and the same date of birth.
 * Undefined without either, because a name alone is no evidence.
 */
export function personMark(person: Identity): string | undefined {
  const surname = plainName(person.surname);
  const forenames = plainName(person.forenames);
  return person.born && surname && forenames ? `${surname}|${forenames}|${person.born}` : undefined;
}

export interface MemberRecord extends Identity {
  readonly id: string;
  readonly role: FamilyRole;
  readonly aka: string | null;
  readonly sex: Sex;
  readonly parentId: string | null;
  readonly personId: string | null;
  readonly basis: string;
}

export interface Member {
  /** The first record's, by which cards, ratings and decisions know this member. */
  readonly id: string;
  /** The other records read as the same person. */
  readonly alsoIds: readonly string[];
  readonly role: FamilyRole;
  /** All roles this person has, the first record's first: who is victim in one report and suspect in another has both. */
  readonly roles: readonly FamilyRole[];
  readonly name: string;
  readonly aka: string | null;
  /** YYYY-MM-DD. */
  readonly born: string | null;
  readonly sex: Sex;
  /** For an unborn child: the member whose pregnancy it is. */
  readonly parentId: string | null;
  readonly personId: string | null;
  /** Where each role comes from. */
  readonly bases: readonly string[];
}

/**
 * A family's members, each person once: records with the same mark become one member with the first one's id.
 * @param records in the order in which they are to win, the first family's first.
 */
export function unite(records: readonly MemberRecord[]): Member[] {
  const byMark = new Map<string, MemberRecord[]>();
  for (const record of records) {
    const mark = record.role === 'unborn' ? undefined : personMark(record);
    const key = mark ?? record.id;
    byMark.set(key, [...(byMark.get(key) ?? []), record]);
  }
  const groups = [...byMark.values()];
  const winner = new Map(
    groups.flatMap((group) => group.map((record) => [record.id, group[0]?.id] as const))
  );
  const nameOf = new Map(records.map((record) => [record.id, shownName(record.forenames, record.surname)]));
  const unborn = new Set<string>();
  return groups.flatMap((group): Member[] => {
    const [first, ...others] = group;
    if (!first) return [];
    const parentId = first.parentId ? (winner.get(first.parentId) ?? first.parentId) : null;
    // One pregnancy told in two reports of the same person is one unborn child.
    if (first.role === 'unborn' && parentId) {
      if (unborn.has(parentId)) return [];
      unborn.add(parentId);
    }
    return [
      {
        id: first.id,
        alsoIds: others.map((other) => other.id),
        role: first.role,
        roles: [...new Set(group.map((record) => record.role))],
        name:
          first.role === 'unborn'
            ? unbornName(parentId ? nameOf.get(parentId) : undefined)
            : shownName(first.forenames, first.surname),
        aka: group.find((record) => record.aka)?.aka ?? null,
        born: first.born,
        sex: group.find((record) => record.sex !== 'U')?.sex ?? 'U',
        parentId,
        personId: first.personId,
        bases: [...new Set(group.map((record) => record.basis))]
      }
    ];
  });
}

export const grades = ['high', 'medium', 'standard'] as const;
export type Grade = (typeof grades)[number];

/** The most serious of the grades given; null where none was. */
export function highestGrade(given: readonly (Grade | null)[]): Grade | null {
  return grades.find((grade) => given.includes(grade)) ?? null;
}

/**
 * Age in whole years on a day; undefined where it can't be told or the birth is later.
 * @param born, on YYYY-MM-DD
 */
export function ageOn(born: string | null, on: string): number | undefined {
  if (!born || born > on) return undefined;
  const years = Number(on.slice(0, 4)) - Number(born.slice(0, 4));
  return on.slice(5) < born.slice(5) ? years - 1 : years;
}

/** F-0001: what people say aloud instead of a name. */
export const familyReference = (number: number) => `F-${String(number).padStart(4, '0')}`;

/** A day as it is written here, 14/11/2026; what is no day is given back. */
export function shownDay(iso: string): string {
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso);
  return day ? `${day[3]}/${day[2]}/${day[1]}` : iso;
}

export const gradeWords: Readonly<Record<Grade, string>> = {
  high: 'High',
  medium: 'Medium',
  standard: 'Standard'
};
