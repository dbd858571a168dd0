// What every workload is made of: a target stood up and taken down, points in turn (A B A B), rows to print, and
// ours over theirs to hold against a goal.
import type { Machine, Started } from '../machine.ts';
import { spread } from '../measure.ts';
import type { Standing, Target } from '../targets.ts';

export type Row = Record<string, string | number>;

/** What one workload found. */
export interface Found {
  readonly title: string;
  readonly rows: readonly Row[];
  /** A goal, and what each round gave. */
  readonly ratios: readonly {
    readonly goal: string;
    readonly of: string;
    readonly values: readonly number[];
  }[];
}

export interface Options {
  readonly rounds: number;
  /** Of measured typing. */
  readonly seconds: number;
  /** Of the point at which a keystroke's cost is measured. */
  readonly meetings: number;
}

/** A meeting as the pilot's were: who is there, and how many of them type. */
export const size = { people: 25, typists: 3 };
export const tenth = (value: number) => Math.round(value * 10) / 10;

/** Stands a target up, and takes it down again whatever happens. */
export async function on<T>(
  machine: Machine,
  target: Target,
  act: (standing: Standing) => Promise<T>
): Promise<T> {
  const standing = await target.stand(machine);
  try {
    return await act(standing);
  } finally {
    await standing.remove();
  }
}

export async function served<T>(
  standing: Standing,
  act: (server: Started) => Promise<T>,
  inspector?: number
): Promise<T> {
  const server = await standing.start(inspector);
  try {
    return await act(server);
  } finally {
    await server.stop();
  }
}

/** Least, middle and greatest of each ratio, beside its goal. */
export const verdicts = ({ ratios }: Found): Row[] =>
  ratios.map(({ of, goal, values }) => ({ 'Same Room': of, goal, ...spread(values) }));
