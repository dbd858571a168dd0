// Where a server's time goes: the samples of a CPU profile, each counted for the innermost of our parts that its
// stack passes through. So the guard's cost and the append's stand apart without either being switched off.
import fs from 'node:fs';

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

const parts: readonly (readonly [part: string, in_: RegExp])[] = [
  ['guard', /server\/sync\/(guard|decode|grammar|roots)\.ts$/],
  ['append', /(server\/sync\/journal\.ts|node_modules\/postgres\/.*)$/],
  ['presence', /server\/sync\/presence\.ts$/],
  ['sending', /server\/sync\/(delivery|frames)\.ts$/],
  ['applying', /node_modules\/yjs\/.*$/],
  ['reading frames', /node_modules\/ws\/.*$/]
];

/** What V8 calls time that passes in no function. */
const nodes = new Map([
  ['(garbage collector)', 'garbage collection'],
  ['(idle)', 'idle'],
  ['(program)', 'the kernel and Node']
]);

/** Each part's share of the time in which the process did anything. */
export function shares(file: string): { part: string; share: number }[] {
  const profile = JSON.parse(fs.readFileSync(file, 'utf8')) as Profile;
  const parent = new Map<number, number>();
  for (const { id, children = [] } of profile.nodes) for (const child of children) parent.set(child, id);
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const known = new Map<number, string>();
  const partOf = (id: number): string => {
    const before = known.get(id);
    if (before) return before;
    const { callFrame } = byId.get(id) ?? { callFrame: { functionName: '', url: '' } };
    const above = parent.get(id);
    const own = parts.find(([, pattern]) => pattern.test(callFrame.url))?.[0];
    const part =
      own ?? nodes.get(callFrame.functionName) ?? (above === undefined ? 'the rest' : partOf(above));
    known.set(id, part);
    return part;
  };
  const time = new Map<string, number>();
  profile.samples.forEach((id, at) => {
    const part = partOf(id);
    time.set(part, (time.get(part) ?? 0) + (profile.timeDeltas[at] ?? 0));
  });
  time.delete('idle');
  const all = [...time.values()].reduce((sum, each) => sum + each, 0);
  return [...time].map(([part, each]) => ({ part, share: each / all })).sort((a, b) => b.share - a.share);
}
