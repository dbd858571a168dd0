// Who sits at the table, by agency: what is known of an agency that has nobody here. Pure.

/** How an agency without anybody here took part: it sent its papers, or no more than its apologies. */
export type Absence = 'papers' | 'apologies';

interface Attending {
  readonly agencyIds: readonly string[];
  readonly mode: 'room' | 'remote' | Absence | 'left' | null;
}

/** The agencies that sent papers or apologies and have nobody here; papers outweigh apologies. */
export function absences(people: readonly Attending[]): ReadonlyMap<string, Absence> {
  const here = new Set(
    people.filter(({ mode }) => mode === 'room' || mode === 'remote').flatMap(({ agencyIds }) => agencyIds)
  );
  const found = new Map<string, Absence>();
  for (const { agencyIds, mode } of people)
    if (mode === 'papers' || mode === 'apologies')
      for (const id of agencyIds) if (!here.has(id) && found.get(id) !== 'papers') found.set(id, mode);
  return found;
}
