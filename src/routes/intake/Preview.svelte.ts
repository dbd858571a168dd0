// What stands in the preview before anything is stored: the file, what was mended and decided, and the plan that
// follows from it. Owns no rule: reading and planning are the domain's. Carries INTAKE15.
import {
  markOf,
  nothingKnown,
  pairName,
  planIntake,
  pregnancyOf,
  type Known,
  type SharedPair
} from '#lib/domain/intake.ts';
import { columns, type Field } from '#lib/domain/notification-columns.ts';
import { readNotifications } from '#lib/domain/notification.ts';
import type { Finding, Mend, ReadRow } from '#lib/domain/notification-row.ts';
import { limits, tableOf, type Table } from '#lib/domain/notification-table.ts';
import { found, summary, type OrderGiven, type Summary } from '#lib/protocol/intake.ts';
import type { ReadFile } from './read.worker.ts';

type Source = { readonly file: File } | { readonly typed: readonly (readonly string[])[] };

export class Preview {
  fileName = $state('');
  /** Why the file can't be read, or an act was not done. */
  refused = $state('');
  busy = $state<'reading' | 'importing' | undefined>();
  done = $state.raw<Summary | undefined>();
  /** What was done last, for people who don't see it. */
  said = $state('');
  mends = $state.raw<readonly Mend[]>([]);
  taken = $state.raw<ReadonlySet<string>>(new Set());
  #source = $state.raw<Source | undefined>();
  #table = $state.raw<Table | undefined>();
  #byHand = $state.raw<Partial<Record<Field, number | null>>>({});
  #pregnancies = $state.raw<ReadonlyMap<string, number | null>>(new Map());
  #decided = $state.raw<ReadonlyMap<string, 'join' | 'apart'>>(new Map());
  #known = $state.raw<Known>(nothingKnown);
  #memo = new Map<number, ReadRow>();

  readonly reading = $derived(
    this.#table && readNotifications(this.#table, this.#byHand, this.mends, this.#memo)
  );
  readonly plan = $derived(this.reading && planIntake(this.reading, this.#known, this.taken));
  readonly table = $derived(this.#table);
  /** Incidents that wait to be put right, or were taken as they are. */
  readonly faulty = $derived(
    (this.plan?.incidents ?? []).filter(
      (planned) => planned.state === 'held' || planned.incomplete !== undefined
    )
  );
  readonly ready = $derived((this.plan?.incidents ?? []).filter((planned) => planned.imported.length > 0));
  readonly here = $derived((this.plan?.incidents ?? []).filter((planned) => planned.state === 'here'));
  readonly pregnant = $derived(
    this.ready.filter((planned) => planned.state === 'new' && pregnancyOf(planned.incident).length > 0)
  );
  readonly undecided = $derived(
    (this.plan?.shared ?? []).filter((pair) => !pair.onOpenMeeting && !this.#decided.has(pairName(pair)))
      .length
  );

  /** Reads a file that was chosen or dropped. */
  async choose(file: File): Promise<void> {
    this.clear();
    if (file.size > limits.bytes) {
      this.refused = `${file.name} has ${(file.size / 1024 / 1024).toFixed(1)} MB, and 5 MB is the most that can be read at once. Split it by date.`;
      return;
    }
    this.busy = 'reading';
    this.fileName = file.name;
    try {
      const { table, rows } = await inWorker(await file.arrayBuffer());
      if ('unreadable' in table) {
        this.refused = `${file.name}: ${table.unreadable}`;
        return;
      }
      this.#memo = new Map(rows);
      this.#table = table;
      this.#source = { file };
      await this.look();
      this.said = `${file.name} is read: ${this.plan?.counts.imported ?? 0} people ready, ${this.faulty.length} incidents to put right.`;
    } catch {
      // The worker or the line broke; the file is as it was, and choosing it again does it.
      this.refused = `${file.name} could not be read. Choose it again.`;
    } finally {
      this.busy = undefined;
    }
  }

  /** Takes a notification that was typed in, as rows of cells under our own headings. */
  type(rows: readonly (readonly string[])[]): void {
    const table = tableOf(rows);
    this.#memo = new Map();
    this.#source = { typed: rows };
    this.#table = 'unreadable' in table ? undefined : table;
  }

  clear(): void {
    this.refused = '';
    this.done = undefined;
    this.fileName = '';
    this.mends = [];
    this.taken = new Set();
    this.#source = undefined;
    this.#table = undefined;
    this.#byHand = {};
    this.#pregnancies = new Map();
    this.#decided = new Map();
    this.#known = nothingKnown;
    this.#memo = new Map();
  }

  /** The column that a field is read from, chosen by hand; null for none. */
  map(field: Field, at: number | null): void {
    this.#memo = new Map();
    this.#byHand = { ...this.#byHand, [field]: at };
    void this.look();
  }

  /** Puts a cell right. */
  mend(finding: Pick<Finding, 'row' | 'field' | 'at'>, value: string): void {
    const at = finding.at ?? (finding.field && this.reading?.mapped.mapping[finding.field]);
    if (at === undefined) return;
    const before = this.#faults();
    this.mends = [
      ...this.mends.filter((mend) => !(mend.row === finding.row && mend.at === at)),
      { row: finding.row, at, value }
    ];
    const left = this.#faults();
    const label = finding.field ? columns[finding.field].label : 'The cell';
    this.said =
      left < before
        ? `${label} in row ${finding.row} is put right. ${left} left.`
        : `${label} in row ${finding.row} is still not right.`;
    void this.look();
  }

  #faults(): number {
    return (this.plan?.incidents ?? []).reduce(
      (sum, planned) => sum + (planned.state === 'here' ? 0 : planned.incident.faults.length),
      0
    );
  }

  unmend(mend: Mend): void {
    this.mends = this.mends.filter((each) => each !== mend);
  }

  take(id: string, take: boolean): void {
    const taken = new Set(this.taken);
    if (take) taken.add(id);
    else taken.delete(id);
    this.taken = taken;
  }

  pregnancyIn(occurrence: string): number | null | undefined {
    return this.#pregnancies.get(occurrence);
  }

  setPregnancy(occurrence: string, row: number | null): void {
    this.#pregnancies = new Map(this.#pregnancies).set(occurrence, row);
  }

  decisionOn(pair: SharedPair): 'join' | 'apart' | undefined {
    return this.#decided.get(pairName(pair));
  }

  decide(pair: SharedPair, decision: 'join' | 'apart'): void {
    this.#decided = new Map(this.#decided).set(pairName(pair), decision);
  }

  /** Asks what the area holds already of what the file names. */
  async look(): Promise<void> {
    const reading = this.reading;
    if (!reading || reading.mapped.missing.length > 0) return;
    const rows = reading.incidents.flatMap((incident) => incident.rows);
    const answer = await fetch('/intake/look', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        occurrences: reading.incidents.flatMap((incident) => incident.occurrence ?? []),
        marks: [...new Set(rows.flatMap((row) => markOf(row) ?? []))]
      })
    }).catch(() => undefined);
    if (!answer?.ok) {
      this.refused =
        'What is here already could not be asked. Importing does not store anything twice all the same.';
      return;
    }
    const told = found.parse(await answer.json());
    this.#known = { here: new Map(told.here.map((each) => [each.occurrence, each])), people: told.people };
  }

  /** Imports what is ready. Nothing was stored before this, and if it fails, nothing is. */
  async import(): Promise<void> {
    if (!this.#source || !this.plan) return;
    this.busy = 'importing';
    this.refused = '';
    const form = new FormData();
    if ('file' in this.#source) form.set('file', this.#source.file);
    else form.set('typed', JSON.stringify(this.#source.typed));
    form.set('order', JSON.stringify(this.#order()));
    try {
      const answer = await fetch('/intake/import', { method: 'POST', body: form });
      const body: unknown = await answer.json();
      if (answer.ok) this.done = summary.parse(body);
      else this.refused = String((body as { title?: unknown }).title ?? 'Nothing was imported. Try again.');
    } catch {
      // The answer was lost, and perhaps not the import: importing again stores nothing twice.
      this.refused = 'There was no answer from the server. Import again: nothing is stored twice.';
    } finally {
      this.busy = undefined;
    }
  }

  #order(): OrderGiven {
    const pairs = (decision: 'join' | 'apart') =>
      (this.plan?.shared ?? [])
        .filter((pair) => this.#decided.get(pairName(pair)) === decision)
        .map(({ a, b }) => ({ a, b }));
    return {
      columns: this.#byHand,
      mends: [...this.mends],
      taken: [...this.taken],
      pregnancies: [...this.#pregnancies].map(([occurrence, row]) => ({ occurrence, row })),
      joins: pairs('join'),
      apart: pairs('apart')
    };
  }
}

/** Reads a file's bytes in a thread of its own. */
function inWorker(bytes: ArrayBuffer): Promise<ReadFile> {
  const worker = new Worker(new URL('./read.worker.ts', import.meta.url), { type: 'module' });
  return new Promise<ReadFile>((resolve, reject) => {
    worker.onmessage = (event: MessageEvent<ReadFile>) => resolve(event.data);
    worker.onerror = () => reject(new Error('The file could not be read.'));
    worker.postMessage(bytes, [bytes]);
  }).finally(() => worker.terminate());
}
