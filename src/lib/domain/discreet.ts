// What the members of a family are called where names are not to be seen: by their role, counted where there are
// several of one, so that two children can be told apart and the same child is the same on every screen. Pure.

interface Known {
  readonly id: string;
  readonly role: 'victim' | 'harming' | 'child' | 'unborn' | 'other';
}

export const roleWords: Record<Known['role'], string> = {
  victim: 'Victim',
  harming: 'Person causing harm',
  child: 'Child',
  unborn: 'Unborn child',
  other: 'Other family member'
};

/** 'Victim', 'Child 1', 'Child 2': by member, counted in the order in which the family is given. */
export function roleNames(members: readonly Known[]): ReadonlyMap<string, string> {
  const alike = Map.groupBy(members, ({ role }) => role);
  return new Map(
    members.map((member) => {
      const same = alike.get(member.role) ?? [];
      const name = roleWords[member.role];
      return [member.id, same.length > 1 ? `${name} ${same.indexOf(member) + 1}` : name];
    })
  );
}
