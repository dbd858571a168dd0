// What one cell says, or why it can't be what its column holds. A fault holds the incident back until a person
// has mended or waived it; a note is said and holds nothing back. Never looks at a clock: dates are judged by
// the row's own. Carries INTAKE rules.
import type { Field } from './notification-columns.ts';

/** What a cell is read as, with a remark: the rest of a sentence that begins with the column's name and its value. */
export interface Read<T> {
  readonly value?: T;
  readonly fault?: string;
  readonly note?: string;
}

export type Role = 'victim' | 'harming' | 'child' | 'other';

const roleNames: Readonly<Record<Role, readonly string[]>> = {
  victim: ['victim', 'vic', 'aggrieved', 'injured party', 'ip', 'complainant', 'survivor'],
  harming: [
    'suspect',
    'susp',
    'offender',
    'perpetrator',
    'perp',
    'accused',
    'alleged perpetrator',
    'person causing harm'
  ],
  child: ['child', 'ch', 'linked child', 'dependant', 'dependent', 'young person'],
  other: [
    'other',
    'oth',
    'witness',
    'relative',
    'other person',
    'third party',
    'informant',
    'household member'
  ]
};
const gradeNames = {
  high: ['high', 'h', 'red'],
  medium: ['medium', 'med', 'm'],
  standard: ['standard', 'std', 's']
} as const;
const sexNames = {
  F: ['f', 'female', 'woman', 'girl'],
  M: ['m', 'male', 'man', 'boy'],
  X: ['x', 'non-binary', 'other'],
  U: ['u', 'unk', 'unknown', 'n/k', 'nk', 'not known', '']
} as const;
const yes = ['y', 'yes', 'true', '1'];
const no = ['n', 'no', 'false', '0'];
const unknown = ['', 'u', 'unk', 'unknown', 'n/k', 'nk', 'not known', '?'];

const named = <N extends string>(
  names: Readonly<Record<N, readonly string[]>>,
  text: string
): N | undefined => {
  const word = text.trim().toLowerCase();
  for (const name in names) if (names[name].includes(word)) return name;
  return undefined;
};

export function readRole(text: string): Read<Role> {
  if (text === '') return { fault: 'is missing (victim, suspect, child or other)' };
  const value = named(roleNames, text);
  return value ? { value } : { fault: 'is not a role (victim, suspect, child or other)' };
}

export function readGrade(text: string): Read<'high' | 'medium' | 'standard'> {
  if (unknown.includes(text.toLowerCase())) return {};
  const value = named(gradeNames, text);
  return value ? { value } : { fault: 'is not a grade (High, Medium or Standard)' };
}

/** DASH has 24 questions. */
export function readDash(text: string): Read<number> {
  if (unknown.includes(text.toLowerCase())) return {};
  const number = /^\d+([.,]0+)?$/.test(text) ? Number.parseInt(text, 10) : undefined;
  if (number === undefined) return { fault: 'is not a number from 0 to 24' };
  return number <= 24 ? { value: number } : { fault: 'is more than 24, and DASH has 24 questions' };
}

export function readSex(text: string): Read<'F' | 'M' | 'X' | 'U'> {
  const value = named(sexNames, text);
  return value ? { value } : { value: 'U', note: 'is read as not known' };
}

export function readFlag(text: string): Read<boolean> {
  const word = text.toLowerCase();
  if (yes.includes(word)) return { value: true };
  if (no.includes(word)) return { value: false };
  return unknown.includes(word) ? {} : { note: 'is neither Y nor N: kept as written' };
}

export function readPresent(text: string): Read<'yes' | 'no' | 'unknown'> {
  if (text === '') return {};
  const flag = readFlag(text);
  if (flag.note) return flag.note ? { note: flag.note } : {};
  return { value: flag.value === undefined ? 'unknown' : flag.value ? 'yes' : 'no' };
}

/** Day, month, year in this order, as British systems write it; or the year first. Times after the date are let go. */
export function readDate(text: string): Read<string> {
  if (text === '') return {};
  const date = text.replace(/[T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$/, '');
  const british = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(date);
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(date);
  if (/^\d{1,2}[/.-]\d{1,2}[/.-]\d{2}$/.test(date))
    return { fault: 'needs a year of four digits (day/month/year)' };
  const [year, month, day] = british
    ? [Number(british[3]), Number(british[2]), Number(british[1])]
    : [Number(iso?.[1]), Number(iso?.[2]), Number(iso?.[3])];
  if (!isDay(year, month, day)) return { fault: 'is not a date (day/month/year)' };
  return { value: `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}` };
}

function isDay(year: number, month: number, day: number): boolean {
  if (!(year >= 1880 && year <= 2200 && month >= 1 && month <= 12 && day >= 1)) return false;
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

const pad = (number: number, digits: number) => String(number).padStart(digits, '0');

export function readTime(text: string): Read<string> {
  if (unknown.includes(text.toLowerCase())) return {};
  const found = /^(\d{1,2})[:.]?(\d{2})(?::\d{2})?$/.exec(text);
  const hours = Number(found?.[1]);
  const minutes = Number(found?.[2]);
  if (!found || hours > 23 || minutes > 59) return { fault: 'is not a time (hours:minutes)' };
  return { value: `${pad(hours, 2)}:${pad(minutes, 2)}` };
}

/** A postcode in capitals with its blank; 'NFA' and the like are said and let go. */
export function readPostcode(text: string): Read<string> {
  if (text === '') return {};
  if (/^(nfa|no fixed (abode|address)|n\/?k|unk|unknown|not known)$/i.test(text))
    return { note: 'is kept as written' };
  const found = /^([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})$/.exec(text.toUpperCase());
  if (!found) return { fault: 'is not a postcode' };
  const value = `${found[1]} ${found[2]}`;
  return value === text ? { value } : { value, note: `is read as ${value}` };
}

/** Excel writes a long number as 4.82641E+09 when it saves, and its last digits are lost. */
export function readOccurrence(text: string): Read<string> {
  if (text === '') return { fault: 'is missing' };
  if (/^\d+([.,]\d+)?E\+?\d+$/i.test(text))
    return { fault: 'was shortened by a spreadsheet: the last digits are lost' };
  return { value: text };
}

/** A phone may be called by whoever holds it: what is written about when is kept word for word. */
export function readSafe(text: string): Read<string> {
  if (text === '') return {};
  return yes.concat(no).includes(text.toLowerCase())
    ? { value: text }
    : { value: text, note: 'is kept as written' };
}

/** How long a cell may be, in characters. */
const longest = (field: Field) => (field === 'narrative' ? 20_000 : field === 'address' ? 500 : 200);

/** What is wrong with a cell whatever its column; undefined where nothing is. */
export function textFault(field: Field | undefined, text: string): string | undefined {
  const most = field ? longest(field) : 20_000;
  if (text.length > most) return `has ${text.length} characters, ${most} at most`;
  // A database can't keep these, and no spreadsheet means them.
  return text.includes('\0') || /[\uD800-\uDFFF]/u.test(text)
    ? "holds a character that can't be kept"
    : undefined;
}

/** Whether a spreadsheet would calculate with the cell. It is text to us, and is never evaluated. */
export const isFormula = (text: string) => /^[=@\t\r]/.test(text) || /^[+-](?![\d\s]|$)/.test(text);
