// What a room has applied and the journal has not yet stored: updates, client ids used for the first time,
// and those who wait for it all to be durable.
import { merged, type Stored } from './delivery.ts';
import type { Claim, Entry } from './journal.ts';
import type { Member } from './member.ts';

export interface Applied extends Stored {
  readonly sections: readonly string[];
  readonly authors: readonly number[];
}

/** A row to be, and whose connection it came from. */
export type Row = Entry & Stored;

export class Unstored {
  readonly #want: (urgent: boolean) => void;
  #applied: Applied[] = [];
  #claims: Claim[] = [];
  /** What is being committed. */
  #taken: { readonly rows: readonly Row[]; readonly acks: Map<Member, number> } | undefined;
  /** How many updates of whom are acknowledged once what is applied now is stored. */
  #acks = new Map<Member, number>();
  #waiting: { resolve(): void; reject(error: Error): void }[] = [];

  /** @param want asks the journal to come and take. */
  constructor(want: (urgent: boolean) => void) {
    this.#want = want;
  }

  get isNothing(): boolean {
    return this.#applied.length === 0 && this.#claims.length === 0 && this.#taken === undefined;
  }

  add(applied: Applied): void {
    this.#applied.push(applied);
    this.#want(false);
  }

  claim(claim: Claim): void {
    this.#claims.push(claim);
    this.#want(false);
  }

  /** The member's first `count` updates are stored when everything that is here now is. */
  owe(member: Member, count: number): void {
    this.#acks.set(member, count);
  }

  /** Resolves when nothing is here; rejects where it was abandoned. */
  async settled(): Promise<void> {
    if (this.isNothing) return;
    this.#want(true);
    await new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** Gives what is to be committed, as rows behind `seq`: what one connection wrote in a row is one of them. */
  take(seq: number): { rows: readonly Row[]; claims: readonly Claim[] } {
    const rows = runsByMember(this.#applied).map((run, index) => rowOf(run, seq + index + 1));
    const claims = this.#claims;
    this.#taken = { rows, acks: this.#acks };
    this.#applied = [];
    this.#claims = [];
    this.#acks = new Map();
    return { rows, claims };
  }

  /** What was taken is committed: gives the rows, and who may now be told how much is saved. */
  stored(): { rows: readonly Row[]; acks: ReadonlyMap<Member, number> } {
    const { rows, acks } = this.#taken ?? { rows: [], acks: new Map<Member, number>() };
    this.#taken = undefined;
    if (this.isNothing) {
      for (const [member, count] of this.#acks) acks.set(member, count);
      this.#acks.clear();
    }
    return { rows, acks };
  }

  /** Called after `stored`, when its rows have been sent. */
  release(): void {
    if (this.isNothing) for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  abandon(error: Error): void {
    this.#applied = [];
    this.#claims = [];
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}

function rowOf(run: readonly [Applied, ...Applied[]], seq: number): Row {
  const { by } = run[0];
  return {
    by,
    seq,
    update: merged(run.map(({ update }) => update)),
    userId: by?.session.user.id ?? null,
    sessionId: by?.session.id ?? null,
    sections: [...new Set(run.flatMap(({ sections }) => sections))],
    authors: [...new Set(run.flatMap(({ authors }) => authors))]
  };
}

function runsByMember(applied: readonly Applied[]): [Applied, ...Applied[]][] {
  const runs: [Applied, ...Applied[]][] = [];
  for (const each of applied) {
    const last = runs.at(-1);
    if (last?.[0].by === each.by) last.push(each);
    else runs.push([each]);
  }
  return runs;
}
