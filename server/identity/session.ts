// Who is asking: the signed-in person as every service takes it.
export type Role = 'rep' | 'coordinator' | 'administrator';

export interface Membership {
  readonly id: string;
  readonly role: Role;
  readonly agency: { readonly id: string; readonly code: string; readonly name: string } | null;
}

export interface Session {
  /** The session's own id, as the audit and the journal name it; never its secret. */
  readonly id: string;
  readonly user: { readonly id: string; readonly name: string; readonly email: string };
  readonly area: {
    readonly id: string;
    readonly name: string;
    readonly demo: boolean;
    /** Invented, and this person's own: they rehearse. */
    readonly rehearsal: boolean;
  };
  /** Those that have not ended; at least one, all in this area. */
  readonly memberships: readonly Membership[];
}

/** Whether the person has this role in the area. */
export function holds(session: Session, role: Role): boolean {
  return session.memberships.some((membership) => membership.role === role);
}
