// Areas as they begin: a name, a confidentiality statement, and the agencies of the pilot's core team.
import type { Queries } from '../database/database.ts';
import { agencies, areas } from '../database/schema/identity.ts';

export interface AgencyStart {
  readonly id?: string;
  readonly code: string;
  readonly name: string;
  readonly core: boolean;
  readonly kind: 'police' | 'idva' | 'other';
}

/** The core team of the One Front Door pilot (North Somerset), and the two agencies that it called card by card. */
export const firstAgencies: readonly AgencyStart[] = [
  { code: 'POL', name: 'Police', core: true, kind: 'police' },
  { code: 'IDV', name: 'IDVA service', core: true, kind: 'idva' },
  { code: 'HEA', name: 'Health', core: true, kind: 'other' },
  { code: 'HOU', name: 'Housing', core: true, kind: 'other' },
  { code: 'CSC', name: "Children's social care", core: true, kind: 'other' },
  { code: 'EHE', name: 'Early help', core: true, kind: 'other' },
  { code: 'SUB', name: 'Drug and alcohol service', core: true, kind: 'other' },
  { code: 'DOF', name: 'Designated officer for allegations (DOFA)', core: true, kind: 'other' },
  { code: 'HIF', name: 'High impact families', core: true, kind: 'other' },
  { code: 'EDU', name: "Schools' lead", core: true, kind: 'other' },
  { code: 'PRO', name: 'Probation', core: false, kind: 'other' },
  { code: 'MHT', name: 'Mental health', core: false, kind: 'other' }
];

/** What is read aloud when a meeting opens; an area changes it to its own. */
export const firstStatement =
  'What is said and written here is confidential. It is shared to keep people safe from domestic abuse, is limited to what that needs, and is not passed on, copied or used for anything else without the agreement of the agency it came from. Nobody tells the person causing harm that this meeting took place. Whoever knows one of the people concerned says so before their family is discussed.';

/** Makes an area with its agencies. Its chain of decisions begins with its first lock. */
export async function insertArea(
  queries: Queries,
  area: {
    id?: string;
    name: string;
    demo: boolean;
    rehearsalOf?: string;
    agencies?: readonly AgencyStart[];
  }
): Promise<string> {
  const { id, name, demo, rehearsalOf } = area;
  const [row] = await queries
    .insert(areas)
    .values({ id, name, demo, rehearsalOf, statement: firstStatement })
    .returning({ id: areas.id });
  if (!row) throw new Error('The area was not made');
  const starts = area.agencies ?? firstAgencies;
  await queries
    .insert(agencies)
    .values(starts.map((agency, position) => ({ ...agency, areaId: row.id, position })));
  return row.id;
}
