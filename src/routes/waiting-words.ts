// What waits for a meeting, as a coordinator's home says it.

/** '4 families wait for a meeting: 1 carried over, 2 not reached at the last one.' */
export function waitingWords({
  toSchedule,
  carried,
  notReached
}: {
  readonly toSchedule: number;
  readonly carried: number;
  readonly notReached: number;
}): string {
  const waiting =
    toSchedule === 1 ? '1 family waits for a meeting' : `${toSchedule} families wait for a meeting`;
  const left = [
    ...(carried > 0 ? [`${carried} carried over`] : []),
    ...(notReached > 0 ? [`${notReached} not reached at the last one`] : [])
  ];
  return left.length > 0 ? `${waiting}: ${left.join(', ')}.` : `${waiting}.`;
}
