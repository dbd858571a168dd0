import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const read = (file: string) => fs.readFileSync(path.join(import.meta.dirname, file), 'utf8');

/** The colours that a rule lays down, by name. */
function colours(css: string, selector: string): Record<string, string> {
  const from = css.indexOf(`${selector} {`);
  const body = css.slice(from, css.indexOf('}', from));
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, hex]) => [name, hex])
  );
}

/** WCAG 2's relative luminance. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(one: string | undefined, other: string | undefined): number {
  const [light = 0, dark = 0] = [luminance(one ?? ''), luminance(other ?? '')].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const usual = colours(read('tokens.css'), ':root');
const chosen = colours(read('contrast.css'), ":root[data-contrast='high']");
const preferred = colours(read('contrast.css'), ":root:not([data-contrast='light'])");
const high = { ...usual, ...chosen };

test('EASE5: what is chosen as high contrast and what a device prefers look alike', () => {
  expect(Object.keys(chosen).length).toBeGreaterThan(10);
  expect(preferred).toEqual(chosen);
  expect(Object.keys(usual)).toEqual(expect.arrayContaining(Object.keys(chosen)));
});

test.each([
  ['light', usual, 4.5, 3],
  ['high contrast', high, 7, 4.5]
] as const)('EASE5: in %s, words and edges stand out as far as they should', (_, look, words, edges) => {
  for (const paper of ['paper', 'wash'])
    for (const ink of ['ink', 'quiet', 'act', 'act-pressed'])
      expect.soft(contrast(look[ink], look[paper]), `${ink} on ${paper}`).toBeGreaterThanOrEqual(words);
  for (const tone of ['sealed', 'refused'])
    expect.soft(contrast(look[tone], look[`${tone}-wash`]), tone).toBeGreaterThanOrEqual(words);
  for (const tone of ['red', 'green', 'blue'])
    expect.soft(contrast(look.paper, look[tone]), `the letter on ${tone}`).toBeGreaterThanOrEqual(words);
  expect.soft(contrast(look.ink, look.amber), 'the letter on amber').toBeGreaterThanOrEqual(words);
  for (const ink of ['ink', 'edge', 'waiting'])
    expect.soft(contrast(look[ink], look.paper), ink).toBeGreaterThanOrEqual(edges);
});
