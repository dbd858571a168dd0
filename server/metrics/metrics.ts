// What the house counts of itself, as Prometheus reads it. Labels are words from short lists of our own: no id, no
// name, nothing that somebody wrote. Carries HEALTH4 and HEALTH5.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What the live documents and meetings tell as it happens. */
export interface Measure {
  /** A commit succeeded: how long its oldest update had waited for it in all, and the statement took, in ms. */
  stored(rows: number, delay: number, took: number): void;
  commitFailed(): void;
  /** A room was dropped because what waited in it could not be stored. */
  roomDropped(): void;
  refused(reason: string): void;
  /** A reader who did not read was dropped. */
  readerDropped(): void;
  /** How the upgrade of a sync connection was answered. */
  upgraded(status: number): void;
  /** A command was answered; `type` is one of the protocol's. */
  commanded(type: string, result: string): void;
}

/** What is looked at when somebody asks. */
export interface Present {
  readonly rooms: number;
  readonly syncConnections: number;
  readonly meetingConnections: number;
  /** Different people, over all their windows. */
  readonly people: number;
  /** Who waits to be let in. */
  readonly waiting: number;
  /** How long the oldest update has been waiting to be stored, in ms. */
  readonly behind: number;
}

export interface Metrics {
  readonly measure: Measure;
  /** Everything, as Prometheus text. */
  text(present: Present): Promise<string>;
  readonly contentType: string;
  close(): void;
}

export const unmeasured: Measure = {
  stored: () => undefined,
  commitFailed: () => undefined,
  roomDropped: () => undefined,
  refused: () => undefined,
  readerDropped: () => undefined,
  upgraded: () => undefined,
  commanded: () => undefined
};

const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function openMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Counter({ name: `same_room_${name}`, help, labelNames, registers });
  const histogram = (name: string, help: string) =>
    new Histogram({ name: `same_room_${name}`, help, buckets: SECONDS, registers });
  const gauge = (name: string, help: string) => new Gauge({ name: `same_room_${name}`, help, registers });
  const delay = histogram('append_delay_seconds', 'From an update’s acceptance to its being durable.');
  const commit = histogram('commit_seconds', 'The journal’s statement.');
  const rows = counter('journal_rows_total', 'Rows that the journal stored.');
  const failures = counter('commit_failures_total', 'Statements of the journal that failed.');
  const roomsDropped = counter(
    'rooms_dropped_total',
    'Rooms loaded afresh because they could not be stored.'
  );
  const refused = counter('updates_refused_total', 'Updates that were refused, by reason.', ['reason']);
  const dropped = counter('readers_dropped_total', 'Readers dropped because they did not read.');
  const upgrades = counter('sync_upgrades_total', 'Sync connections asked for, by answer.', ['status']);
  const commands = counter('commands_total', 'Commands, by type and result.', ['type', 'result']);
  const gauges = {
    rooms: gauge('rooms', 'Documents open in memory.'),
    syncConnections: gauge('sync_connections', 'Connections to documents.'),
    meetingConnections: gauge('meeting_connections', 'Connections to meetings.'),
    people: gauge('people', 'Different people connected.'),
    waiting: gauge('waiting', 'Connections that wait to be let in.')
  };
  const behind = gauge('journal_behind_seconds', 'Age of the oldest update that waits to be stored.');
  return {
    contentType: registry.contentType,
    measure: {
      stored(count, waited, took) {
        rows.inc(count);
        delay.observe(waited / 1000);
        commit.observe(took / 1000);
      },
      commitFailed: () => failures.inc(),
      roomDropped: () => roomsDropped.inc(),
      refused: (reason) => refused.inc({ reason }),
      readerDropped: () => dropped.inc(),
      upgraded: (status) => upgrades.inc({ status }),
      commanded: (type, result) => commands.inc({ type, result })
    },
    text(present) {
      for (const [name, each] of Object.entries(gauges)) each.set(present[name as keyof typeof gauges]);
      behind.set(present.behind / 1000);
      return registry.metrics();
    },
    close: () => registry.clear()
  };
}
