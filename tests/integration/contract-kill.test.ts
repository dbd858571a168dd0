// Three people type, and the process is killed: what another was shown, or was acknowledged, is there after the
// start. As another program meets it: unmodified y-websocket clients at the demonstration.
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  demonstration,
  everyone,
  type Demonstration,
  type MeetingListed,
  type Writer
} from '../actors/outsider.ts';
import { until } from '../actors/peer.ts';

const typists = ['Peter', 'Hannah', 'Ines'];
let demo: Demonstration;
let people: Awaited<ReturnType<typeof everyone>>;
let meeting: MeetingListed;

beforeAll(async () => {
  demo = await demonstration();
  people = await everyone(demo.url);
  [meeting] = (await (await people.who('Joy')).get<MeetingListed[]>('/api/meetings')) as [MeetingListed];
}, 120_000);
afterAll(() => demo.stop());

const savedBy = (writer: Writer) => Math.max(0, ...writer.said.map(({ count = 0 }) => count));

test('CONTRACT21: kill -9 while three people type loses nothing that another was shown or that was acknowledged', async () => {
  const cardId = meeting.cards[3]?.id ?? '';
  const open = async (name: string, acks: boolean) =>
    (await people.who(name)).open(meeting.id, `cards/${cardId}`, acks);
  const known = new Set<string>();
  let counted = 0;
  for (let round = 0; counted < 2 && round < 6; round++) {
    const reader = await open('Joy', false);
    const writers = await Promise.all(typists.map((name) => open(name, true)));
    await until('the first syncs are acknowledged', () => writers.every((each) => savedBy(each) >= 1));
    const typed = writers.map(() => [] as string[]);
    const type = () =>
      writers.forEach((writer, n) => {
        const words = `[${round} ${typists[n]} ${typed[n]?.length}]`;
        typed[n]?.push(words);
        writer.paragraph(writer.fragment('analysis', 'worries'), words);
      });
    const typing = setInterval(type, 2);
    await until('all are under way', () => writers.every((each) => savedBy(each) > 25));
    for (let burst = 0; burst < 5; burst++) type();
    const inFlight = writers.some((each, n) => savedBy(each) < (typed[n]?.length ?? 0) + 1);
    clearInterval(typing);
    for (const each of [reader, ...writers]) each.provider.shouldConnect = false;
    await demo.again('kill');
    const shown = reader.text('analysis');
    writers.forEach((each, n) => {
      // The first update of a connection is its answer to the server's first step.
      for (const words of typed[n]?.slice(0, savedBy(each) - 1) ?? []) known.add(words);
      for (const words of typed[n] ?? []) if (shown.includes(words)) known.add(words);
    });
    for (const each of [reader, ...writers]) each.leave();
    const after = await open('Sam', false);
    const text = after.text('analysis');
    expect([...known].filter((words) => !text.includes(words))).toEqual([]);
    expect(text.split(`[${round} Peter 0]`).length).toBe(2); // once
    after.leave();
    if (inFlight) counted++;
  }
  expect(counted).toBe(2);
  expect(known.size).toBeGreaterThan(100);
}, 120_000);
