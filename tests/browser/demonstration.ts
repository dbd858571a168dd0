// A demonstration of its own for a browser test: the production build, the embedded database, a fresh folder.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Browser, type Page } from '@playwright/test';
import { startServer, type RunningServer } from '../prepare/server.ts';

export interface Demonstration {
  readonly url: string;
  readonly server: RunningServer;
  /** A browser of their own for one of the demonstration's people, signed in, before they go anywhere. */
  sitDown(browser: Browser, name: string): Promise<Page>;
  stop(): Promise<void>;
}

/**
 * Starts `npm run demo`'s own program on a copy of the demonstration that template.ts made.
 * @param origin where people type another address than its own
 */
export async function startDemonstration(origin?: string): Promise<Demonstration> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'same-room-browser-'));
  fs.cpSync(process.env.DEMONSTRATION ?? '', folder, { recursive: true, verbatimSymlinks: true });
  const server = await startServer(
    { DATA_DIR: folder, LOG_LEVEL: 'warn', ...(origin ? { ORIGIN: origin } : {}) },
    'server/cli/demo.ts',
    [],
    'Ctrl+C ends'
  );
  return {
    url: server.url,
    server,
    async sitDown(browser, name) {
      const context = await browser.newContext({ baseURL: origin ?? server.url });
      const page = await context.newPage();
      page.on('pageerror', (error) => expect.soft(error.message, `an error on ${name}'s page`).toBe(''));
      await signIn(page, origin ?? server.url, name);
      return page;
    },
    async stop() {
      await server.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    }
  };
}

/** The widths of a desk, a telephone, and a desk zoomed to 400 %. */
export const widths = [1440, 390, 320];

/** Sits down as somebody as the sign-in page's own form does, without drawing the page each time. */
async function signIn(page: Page, origin: string, name: string): Promise<void> {
  const door = await (await page.request.get('/sign-in')).text();
  const email = new RegExp(`value="([^"]+)"[^<]*(?:<[^>]*>\\s*)*?<strong>${name}`).exec(door)?.[1];
  if (!email) throw new Error(`nobody at the door is called ${name}`);
  const answer = await page.request.post('/sign-in?/demonstration', {
    form: { email },
    headers: { origin, accept: 'text/html' },
    maxRedirects: 0
  });
  expect(answer.status()).toBe(303);
}

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Fails where axe finds anything against WCAG 2.2 AA on the page as it stands. */
export async function expectAccessible(page: Page): Promise<void> {
  // No page of ours holds a frame of another origin, for which alone axe would need a page of its own each time.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .options({ resultTypes: ['violations'] })
    .withTags(rules)
    .analyze();
  const found = [];
  for (const { id, nodes } of violations)
    for (const { target } of nodes) {
      const selector = target.join(' ');
      if (id === 'target-size' && (await isWholeOnceScrolledTo(page, selector))) continue;
      found.push(`${id}: ${selector}`);
    }
  expect(found).toEqual([]);
}

/** A bar that stays in sight lies over the edge of what scrolls beneath it: a target there is judged in the middle. */
async function isWholeOnceScrolledTo(page: Page, selector: string): Promise<boolean> {
  const target = page.locator(selector).first();
  await target.evaluate((element) => element.scrollIntoView({ block: 'center', inline: 'nearest' }));
  const { violations } = await new AxeBuilder({ page })
    .include(selector)
    .withRules(['target-size'])
    .analyze();
  return violations.length === 0;
}
