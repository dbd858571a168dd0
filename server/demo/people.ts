// Everyone of the demonstration's area. All are invented. Ids are made from their names, so that they are
// the same on every machine and can be told without a database.
import { createHash } from 'node:crypto';
import { firstAgencies } from '../identity/areas.ts';

export const password = 'same-room-demo';
export const areaName = 'Portavon (demonstration)';

/** Those an area begins with: the pilot's core team, and two that are called card by card. */
const agencies = firstAgencies;

export type DemoRole = 'chair' | 'deputy' | 'coordinator' | 'rep' | 'observer' | 'administrator';

export interface DemoPerson {
  readonly name: string;
  /** As in the meeting that is open. */
  readonly role: DemoRole;
  readonly agency?: string;
}

export const people: readonly DemoPerson[] = [
  { name: 'Joy Okafor', role: 'chair' },
  { name: 'Sam Malik', role: 'deputy', agency: 'CSC' },
  { name: 'Carys Bevan', role: 'coordinator' },
  { name: 'Peter Ashdown', role: 'rep', agency: 'POL' },
  { name: 'Meera Lal', role: 'rep', agency: 'POL' },
  { name: 'Ines Duarte', role: 'rep', agency: 'IDV' },
  { name: 'Kate Rowntree', role: 'rep', agency: 'IDV' },
  { name: 'Hannah Osei', role: 'rep', agency: 'HEA' },
  { name: 'Liam Doyle', role: 'rep', agency: 'HEA' },
  { name: 'Priya Nair', role: 'rep', agency: 'HOU' },
  { name: 'Grace Whitlock', role: 'rep', agency: 'HOU' },
  { name: 'Callum Reid', role: 'rep', agency: 'CSC' },
  { name: 'Efua Mensah', role: 'rep', agency: 'EHE' },
  { name: 'Stella Brandt', role: 'rep', agency: 'SUB' },
  { name: 'Duncan Frame', role: 'rep', agency: 'DOF' },
  { name: 'Ewan Hollis', role: 'rep', agency: 'HIF' },
  { name: 'Uma Chandra', role: 'rep', agency: 'EDU' },
  { name: 'Dana Kowalska', role: 'rep', agency: 'PRO' },
  { name: 'Tom Varley', role: 'rep', agency: 'MHT' },
  { name: 'Ola Berg', role: 'observer' },
  { name: 'Ruth Adeyemi', role: 'administrator' }
];

/** The id that a thing of the demonstration has everywhere. */
export function demoId(kind: 'area' | 'agency' | 'user', name: string): string {
  const hex = createHash('sha256').update(`same-room demonstration ${kind} ${name}`).digest('hex');
  // A version 8 UUID: made from a name, by a rule of our own.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export const emailOf = (person: DemoPerson) => `${person.name.toLowerCase().replace(' ', '.')}@demo.example`;

/** What `npm run demo -- --accounts` prints. */
export function accounts() {
  return people.map((person) => {
    const agency = agencies.find((each) => each.code === person.agency);
    return {
      email: emailOf(person),
      name: person.name,
      role: person.role,
      agency: agency ? { id: demoId('agency', agency.code), code: agency.code, name: agency.name } : null
    };
  });
}
