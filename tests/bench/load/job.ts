// What the bench asks of the load generator, and what it gets back; both cross as JSON files.

export type Protocol = 'y-websocket' | 'hocuspocus';

/** A part of a card that somebody may write: a root of the document and a fragment in it. */
export interface Place {
  readonly section: string;
  readonly part: string;
}

export interface Room {
  /** The address of the document, ws://… */
  readonly url: string;
  /** The document's name, for a protocol that says it in each message. */
  readonly name: string;
  /** One of each person's, the typists' first; empty for a server that asks for none. */
  readonly cookies: readonly string[];
  /** Where each typist types. */
  readonly places: readonly Place[];
  /** Where everyone may write. */
  readonly common: Place;
  /** The document as it begins, for a server that starts with an empty one; base64. */
  readonly card?: string;
}

interface Load {
  readonly protocol: Protocol;
  readonly rooms: readonly Room[];
  readonly serverPid: number;
  /** A PostgreSQL whose work is the server's; 0 for none. */
  readonly databasePid: number;
}

/** In each room `people` are connected, and one for each of its places types. */
export interface MeetingJob extends Load {
  readonly workload: 'meeting';
  readonly people: number;
  readonly keysPerSecond: number;
  readonly warmSeconds: number;
  readonly seconds: number;
  /** A forged update, sent once in the middle by the first room's last reader; it must be refused. */
  readonly forge: boolean;
  /** The server's inspector, and the file for a CPU profile of the measured time. */
  readonly profile?: { readonly port: number; readonly file: string };
}
/** Two people replay a recorded conversation as fast as causality allows, before `readers`. */
export interface FirehoseJob extends Load {
  readonly workload: 'firehose';
  readonly readers: number;
}
/** A card of some `bytes` is written; `storm`: then so many join at once. */
export interface FillJob extends Load {
  readonly workload: 'fill';
  readonly bytes: number;
  readonly storm: number;
}
/** One person's first sync of the first room. */
export interface FirstJob extends Load {
  readonly workload: 'first';
}
/** `connections` spread over the rooms, and nothing said; `fill`: each room holds 2,000 keystrokes. */
export interface IdleJob extends Load {
  readonly workload: 'idle';
  readonly connections: number;
  readonly fill: boolean;
}
export type Job = MeetingJob | FirehoseJob | FillJob | FirstJob | IdleJob;

export interface MeetingResult {
  readonly typed: number;
  readonly delivered: number;
  readonly lost: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  /** Per cent of one core. */
  readonly serverCpu: number;
  readonly databaseCpu: number;
  readonly generatorCpu: number;
  readonly foreignCpu: number;
  /** How late the generator's own timers were, p99 in ms. */
  readonly generatorLag: number;
  /** Microseconds of the server's CPU for one keystroke that reached one person. */
  readonly microsPerDelivery: number;
  readonly withDatabase: number;
  readonly rssMB: number;
  readonly forgeryRefused: boolean | null;
  readonly problems: readonly string[];
}
export interface FirehoseResult {
  readonly updates: number;
  readonly updatesPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly serverCpu: number;
  readonly databaseCpu: number;
  readonly foreignCpu: number;
  readonly megabytesOut: number;
  /** Everyone holds the recorded text. */
  readonly converged: boolean;
  readonly problems: readonly string[];
}
export interface FillResult {
  /** Bytes of a first sync. */
  readonly bytes: number;
  readonly characters: number;
  /** Milliseconds until all of the storm had everything. */
  readonly allSynced: number;
  readonly p99: number;
  readonly rssPeakMB: number;
  readonly serverCpu: number;
  readonly foreignCpu: number;
  readonly problems: readonly string[];
}
export interface FirstResult {
  readonly milliseconds: number;
  readonly characters: number;
}
export interface IdleResult {
  readonly rssBeforeMB: number;
  readonly rssAfterMB: number;
  readonly kilobytesEach: number;
  readonly problems: readonly string[];
}
export interface Results {
  meeting: MeetingResult;
  firehose: FirehoseResult;
  fill: FillResult;
  first: FirstResult;
  idle: IdleResult;
}
