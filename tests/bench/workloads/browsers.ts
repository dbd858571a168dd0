// 'browsers': fifty people on one card, three of them in real browsers with the board open. From a key in one of them
// to the screen of each, its own included: the frame in which the letter is painted.
import { chromium, type Browser, type Page } from '@playwright/test';
import { findPrograms } from '../../prepare/find.ts';
import type { Room } from '../load/job.ts';
import type { Machine } from '../machine.ts';
import { quantiles } from '../measure.ts';
import { targets } from '../targets.ts';
import { on, served, tenth, type Found, type Options, type Row } from './point.ts';

const people = 50;
const typists = 6;
const looking = 3;
const KEY = 1000 / 6; // ms
/** What the one who is measured types stands behind this, so that it can be found among what others type. */
const mark = 'Measured: ';

interface Measured {
  /** By how much of the text stands after the mark: when, in ms since 1970. */
  readonly keys: readonly number[];
  readonly seen: readonly number[];
}

/** Notes in the page when a key is struck, and when a text of each length is on the screen. */
function watchPage(after: string): void {
  const kept = { keys: [] as number[], seen: [] as number[] };
  (window as unknown as { measured: typeof kept }).measured = kept;
  const now = () => performance.timeOrigin + performance.now();
  window.addEventListener('keydown', (event) => event.isTrusted && kept.keys.push(now()), true);
  const painted = (length: number) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        for (let at = kept.seen.length; at < length; at++) kept.seen.push(now());
      };
      port2.postMessage(null);
    });
  const look = () => {
    const text = document.querySelector('article')?.textContent ?? '';
    const from = text.indexOf(after);
    if (from >= 0) painted((/^x*/.exec(text.slice(from + after.length))?.[0] ?? '').length);
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
}

async function open(browser: Browser, room: Room, n: number): Promise<Page> {
  const { host, pathname } = new URL(room.url);
  const origin = `http://${host}`;
  const context = await browser.newContext({ baseURL: origin, viewport: { width: 1440, height: 900 } });
  const [name = '', value = ''] = (room.cookies[n] ?? '').split(/=(.*)/s);
  await context.addCookies([{ name, value, url: origin }]);
  const page = await context.newPage();
  await page.goto(`/meetings/${pathname.split('/')[2] ?? ''}`);
  await page.getByRole('button', { name: 'I am in the room' }).click();
  await page.getByText(/^(Connected|Saved)/).waitFor();
  return page;
}

/** Fifty on one card, three boards: input to screen. */
export async function browsers(machine: Machine, { rounds, seconds }: Options): Promise<Found> {
  const rows: Row[] = [];
  const late: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const target = targets.sameRoom;
    const { own, others, lost, serverCpu } = await on(machine, target, async (standing) => {
      const [room] = await standing.rooms({ cards: 1, people, typists });
      if (!room) throw new Error('There is no card');
      return served(standing, async ({ pid }) => {
        const browser = await chromium.launch({
          executablePath: findPrograms().chromium,
          args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']
        });
        try {
          const pages: Page[] = [];
          for (let n = 0; n < looking; n++) pages.push(await open(browser, room, people - 1 - n));
          const [writer] = pages;
          if (!writer) throw new Error('Nobody writes');
          const load = machine.load({
            workload: 'meeting',
            protocol: target.protocol,
            rooms: [room],
            people: people - looking,
            keysPerSecond: 6,
            warmSeconds: 2.5,
            seconds: seconds + 4,
            serverPid: pid,
            databasePid: standing.databasePid,
            forge: false
          });
          await new Promise((resolve) => setTimeout(resolve, 5000));
          await writer.getByRole('textbox', { name: 'What worries us' }).click();
          await writer.keyboard.type(mark);
          for (const page of pages) {
            await page.getByText(mark.trim()).first().waitFor();
            await page.evaluate(watchPage, mark);
          }
          const count = Math.round((seconds * 1000) / KEY);
          await writer.keyboard.type('x'.repeat(count), { delay: KEY });
          await new Promise((resolve) => setTimeout(resolve, 1500));
          const measured = await Promise.all(
            pages.map((page) => page.evaluate(() => (window as unknown as { measured: Measured }).measured))
          );
          const { serverCpu } = await load;
          const keys = measured[0]?.keys ?? [];
          const times = ({ seen }: Measured) => seen.map((at, length) => at - (keys[length] ?? NaN));
          const [mine, ...theirs] = measured.map(times);
          return {
            own: mine ?? [],
            others: theirs.flat(),
            lost: theirs.reduce((sum, each) => sum + count - each.length, 0),
            serverCpu
          };
        } finally {
          await browser.close();
        }
      });
    });
    for (const [where, times] of [
      ['its own', own],
      ['the others’', others]
    ] as const) {
      const { p50, p99 } = quantiles(times);
      const p95 = [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? NaN;
      rows.push({
        screen: where,
        round,
        keys: times.length,
        'p50 ms': tenth(p50),
        'p95 ms': tenth(p95),
        'p99 ms': tenth(p99),
        lost: where === 'its own' ? 0 : lost,
        'server %': tenth(serverCpu)
      });
      if (where !== 'its own') late.push(p95);
    }
  }
  return {
    title: `'browsers': ${people} people on one card, ${typists} of them typing, ${looking} real browsers with the board open`,
    rows,
    ratios: [{ goal: '< 100', of: 'p95 in ms from a key to another’s screen', values: late }]
  };
}
